"""A real site for walkthroughs: its own database made from the demo, a web server, a worker with its beat."""

import contextlib
import datetime as dt
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import redis
from psycopg import sql

from tests.support.addresses import with_database, with_drawer
from tests.support.mailbox import Mailbox

ROOT = Path(__file__).resolve().parents[2]
# What decides how the demo's database looks: with any of it changed, it is laid anew.
MAKERS = [
    "**/migrations/*.py",
    "site/config/demo/**/*.py",
    "site/guide/content/**/*.md",
    "site/people/roles.py",
    "pyproject.toml",
]
# Redis has sixteen drawers: the tests of functions use the first, the site of the walkthroughs this one.
DRAWER = 9


class Site:
    def __init__(self, data: Path, database: str, port: int) -> None:
        self.data = data
        self.url = f"http://localhost:{port}"
        self.mailbox = Mailbox(data / "mailbox")
        self.database_url = with_database(os.environ["DATABASE_URL"], database)
        self.redis_url = with_drawer(os.environ["REDIS_URL"], DRAWER)
        self.env = os.environ | {
            "STIGEN_ENV": "development",
            "STIGEN_DEMO": "true",
            "STIGEN_DATA": str(data),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "SITE_URL": self.url,
            "PORT": str(port),
            "DATABASE_POOL": "10",
        }
        self.port = port
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def manage(self, *arguments: str, **env: str) -> str:
        """`site.manage("api_token", "hr@skarvik.example")` answers what the command prints."""
        answer = subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", *arguments],
            cwd=ROOT, env=self.env | env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert answer.returncode == 0, f"manage.py {' '.join(arguments)} failed:\n{answer.stdout}{answer.stderr}"
        return answer.stdout.strip()

    def rows(self, query: str, *values: object) -> list[tuple]:
        """The site's own database, beside its back: for checking what a walk left there."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def start(self, name: str, *command: str) -> None:
        with (self.data / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", *command],
                cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def start_web(self) -> None:
        self.start(
            "web", "uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(self.port),
            "--lifespan", "off", "--no-access-log", "--timeout-graceful-shutdown", "1",
        )  # fmt: skip
        self.wait_for_web()

    def start_worker(self) -> None:
        self.start(
            "worker", "celery", "--app", "workers.celery", "worker", "--beat", "--concurrency", "1",
            "--loglevel", "INFO", "--schedule", str(self.data / "timetable"),
        )  # fmt: skip

    def stop(self, name: str, number: signal.Signals = signal.SIGTERM) -> None:
        process = self.processes.pop(name, None)
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            pass
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop_all(self) -> None:
        for name in list(self.processes):
            self.stop(name)

    def wait_for_web(self, path: str = "/", seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(self.url + path, timeout=20):
                    return
            except urllib.error.HTTPError as error:
                if error.code < 500:
                    return
            except OSError:
                pass
            if self.processes["web"].poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(f"The web server does not answer:\n{self.log('web')}")

    def log(self, name: str) -> str:
        return (self.data / f"{name}.log").read_text(errors="replace")[-6000:]


@contextlib.contextmanager
def running_site() -> Iterator[Site]:
    base = Path(os.environ.get("STIGEN_DATA") or ROOT / "var" / "test") / "walkthroughs"
    name = f"stigen_walk_{os.getpid()}"
    data = base / name
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    template = _demo_template(base)
    with _server() as server:
        _drop(server, name)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    site = Site(data, name, free_port())
    # What an earlier run's pages and pictures left in the cache points at files that went with it.
    redis.Redis.from_url(site.redis_url).flushdb()
    _share_static_files(site, base)
    try:
        site.start_worker()
        site.start_web()
        yield site
    finally:
        site.stop_all()
        with _server() as server:
            _drop(server, name)
        shutil.rmtree(data, ignore_errors=True)


def _demo_template(base: Path) -> str:
    """A database with the demo laid today, made once for each state of the code that lays it."""
    digest = hashlib.sha256(dt.date.today().isoformat().encode())
    for pattern in MAKERS:
        for file in sorted(ROOT.glob(pattern)):
            if ".venv" not in file.parts:
                digest.update(file.read_bytes())
    name = f"stigen_demo_{digest.hexdigest()[:12]}"
    with _server() as server:
        # Two runs at once lay it once.
        server.execute("SELECT pg_advisory_lock(hashtext('stigen demo template'))")
        known = {row[0] for row in server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'stigen_demo_%'")}
        if name in known:
            return name
        for old in known:
            _drop(server, old)
        unfinished = f"unfinished_{name}"
        _drop(server, unfinished)
        tables = os.environ.get("TEST_TEMPLATE") or "template1"
        begin = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(begin.format(sql.Identifier(unfinished), sql.Identifier(tables)))
        site = Site(base, unfinished, 8000)
        careless = {"PGOPTIONS": "-c synchronous_commit=off"}
        site.manage("prepare", "--demo-if-empty", **careless)
        server.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name))
        )
    return name


def _share_static_files(site: Site, base: Path) -> None:
    """Gathered once and kept: named by content, so an old file beside a new one does no harm."""
    (site.data / "static").symlink_to(base / "static")
    (base / "static").mkdir(exist_ok=True)
    site.manage("messages", "--compile")
    site.manage("collectstatic", "--noinput", "-v", "0")


def _server() -> psycopg.Connection:
    return psycopg.connect(with_database(os.environ["DATABASE_URL"], "postgres"), autocommit=True)


def _drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(answers: "callable", *, seconds: float = 10, what: str = "it") -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answers():
            return
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {seconds} s")
