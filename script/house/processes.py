"""Starting processes that end with us, and ending them in order."""

import contextlib
import ctypes
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from say import FULL, Stopped, Trouble, in_a_sentence

Environment = dict[str, str]
# With less than this left (bytes), what failed, failed for lack of room, whatever its last words are.
ROOM_TO_SAY_WHY = 1_000_000


@dataclass
class Child:
    """A process of ours. Each leads a group of its own, so that the terminal's Ctrl-C reaches only us."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 8.0

    def is_alive(self) -> bool:
        return self.process.poll() is None


def start(
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    env: Environment | None = None,
    cwd: Path | None = None,
    owner: "Owner | None" = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    patience: float = 8.0,
) -> Child:
    with log.open("ab", buffering=0) as output:
        try:
            # On a full disk the child could not even write down what is wrong: better to meet it here.
            output.write(f"── {time.strftime('%Y-%m-%d %H:%M:%S')} {shlex.join(command)}\n".encode())
        except OSError as error:
            error.filename = str(log)
            raise in_a_sentence(error, doing="Writing a log") from error
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_die_with_parent(stop_signal),  # noqa: PLW1509 - we have one thread only
            **(owner.as_options() if owner else {}),
        )
    return Child(name, process, log, stop_signal, patience)


@dataclass(frozen=True)
class Owner:
    """The unprivileged user that PostgreSQL runs as when we are root."""

    uid: int
    gid: int

    def as_options(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def _die_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """On Linux the kernel stops a child whose parent was killed outright; elsewhere the next start does (folder.py)."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return None
    parent = os.getpid()

    def ask_the_kernel() -> None:
        prctl(1, int(stop_signal), 0, 0, 0)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    return ask_the_kernel


def stop(*children: Child) -> None:
    """Ask all of them at once, wait for each, and end what has not listened."""
    for child in children:
        if child.is_alive():
            with contextlib.suppress(OSError):
                child.process.send_signal(child.stop_signal)
    for child in children:
        try:
            child.process.wait(child.patience)
        except subprocess.TimeoutExpired:
            end_group(child.process.pid)
            child.process.wait()
        # What the leader may have left behind; its group is ours alone.
        end_group(child.process.pid)


def end_group(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)


def run(
    command: Sequence[str],
    *,
    log: Path,
    env: Environment | None = None,
    cwd: Path | None = None,
    owner: Owner | None = None,
    failing: str,
) -> None:
    """Run to the end, or raise `failing` with the last lines of what it said."""
    job = start(failing, command, log=log, env=env, cwd=cwd, owner=owner, patience=5)
    finish(job, failing=failing)


def finish(job: Child, *, failing: str) -> None:
    with ended_with_us(job):
        code = job.process.wait()
    if code != 0:
        raise Trouble(f"{failing}{why(job.log)}")


@contextlib.contextmanager
def ended_with_us(*children: Child) -> Iterator[None]:
    try:
        yield
    except (Exception, Stopped, KeyboardInterrupt):
        stop(*children)
        raise


def why(log: Path, lines: int = 12) -> str:
    """The end of a log, or a plain word for what it means."""
    text = last_lines(log, lines)
    if FULL in text or shutil.disk_usage(log.parent).free < ROOM_TO_SAY_WHY:
        return f" The disk is full: free some space and start again (the log is {log})."
    return f" The log, {log}, ends with:\n\n{text}\n" if text else f" (Its log is {log}.)"


def last_lines(log: Path, lines: int) -> str:
    with contextlib.suppress(OSError):
        with log.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 16_000))
            text = file.read().decode(errors="replace")
        return "\n".join("    " + line for line in text.rstrip().splitlines()[-lines:])
    return ""


def command_of(pid: int) -> str:
    """The command line of a running process, or nothing."""
    answer = (
        subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
        if _has_ps()
        else None
    )
    if answer is not None:
        return answer.stdout.strip() if answer.returncode == 0 else ""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return ""


def _has_ps() -> bool:
    # A slim Debian has no ps, but it has /proc.
    return not Path("/proc/self/cmdline").exists()


def wait_until(answers: Callable[[], bool], *, seconds: float, child: Child | None = None) -> bool:
    """True as soon as it answers; False when the time is up or the child has died."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if child is not None and not child.is_alive():
            return False
        if answers():
            return True
        time.sleep(0.05)
    return False
