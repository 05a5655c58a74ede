"""The folder that holds everything a running Stigen keeps (STIGEN_DATA), and who may use it now."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import tempfile
import time
from pathlib import Path

from processes import Child, command_of, end_group
from say import Trouble, in_a_sentence

NEW_NEEDS = 300_000_000
USED_NEEDS = 50_000_000


class Folder:
    """One folder, one running Stigen: held by a lock that the system lets go when we end, however we end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.logs = path / "log"
        self._running = path / "running.json"
        self._lock: int | None = None
        self.sockets = Path()

    def open(self, *, what: str) -> None:
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise in_a_sentence(error, doing=f"Keeping data in {self.path}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(
                f"{what} already runs on {self.path} ({self._who_runs()}). Stop that one with Ctrl-C, or set "
                "STIGEN_DATA to another folder (and PORT to another port) to run a second one beside it."
            ) from None
        self._clear_what_was_left()
        self._look_for_room()
        # Sockets have a short private folder: their path may be at most some 100 bytes, and ours may be long.
        self.sockets = Path(tempfile.mkdtemp(prefix="stigen-"))

    def _who_runs(self) -> str:
        known = self._read()
        return f"process {known['pid']}" + (f" at {known['address']}" if known.get("address") else "") if known else "?"

    def _look_for_room(self) -> None:
        needs = USED_NEEDS if (self.path / "postgres").exists() else NEW_NEEDS
        free = shutil.disk_usage(self.path).free
        if free < needs:
            raise Trouble(
                f"The disk is full: {self.path} has {free // 1_000_000} MB left and Stigen needs "
                f"{needs // 1_000_000} MB. Free some space, or set STIGEN_DATA to a folder on another disk."
            )

    def remember(self, children: list[Child], *, address: str = "") -> None:
        """Write down what runs, so that the next start can end what a sudden death left behind."""
        known = {
            "pid": os.getpid(),
            "address": address,
            "sockets": str(self.sockets),
            "children": [{"pid": child.process.pid, "name": child.name} for child in children],
        }
        self._running.write_text(json.dumps(known), encoding="utf-8")

    def _read(self) -> dict:
        try:
            return json.loads(self._running.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}

    def _clear_what_was_left(self) -> None:
        known = self._read()
        sockets = known.get("sockets", "")
        for child in known.get("children", []):
            # The number may belong to someone else by now: only a process that names our folders is ours.
            command = command_of(child["pid"])
            if command and any(ours and ours in command for ours in (sockets, str(self.path), str(Path.cwd()))):
                _end_leftover(child["pid"])
        if sockets and Path(sockets).name.startswith("stigen-"):
            shutil.rmtree(sockets, ignore_errors=True)
        self._running.unlink(missing_ok=True)

    def close(self) -> None:
        if self._lock is None:
            return
        with contextlib.suppress(OSError):
            self._running.unlink(missing_ok=True)
            (self.path / "engines.env").unlink(missing_ok=True)
        if self.sockets.name.startswith("stigen-"):
            shutil.rmtree(self.sockets, ignore_errors=True)
        os.close(self._lock)
        self._lock = None

    def secret_key(self) -> str:
        """The key of this folder's cookies: made once, readable by its owner only."""
        file = self.path / "secret-key"
        with contextlib.suppress(FileNotFoundError):
            return file.read_text(encoding="ascii").strip()
        key = secrets.token_urlsafe(50)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write(key)
        return key

    def write_engines(self, urls: dict[str, str]) -> None:
        """Where the engines are, for `manage.py` in another terminal."""
        file = self.path / "engines.env"
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.writelines(f"{name}={value}\n" for name, value in urls.items())


def _end_leftover(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGTERM)
        for _ in range(60):
            time.sleep(0.05)
            os.kill(pid, 0)
    end_group(pid)
