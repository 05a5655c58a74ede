"""`script/test` and `script/lint`: every check, each with its time; all failures are gathered before it ends."""

import hashlib
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import packages
from folder import Folder
from processes import Child, Environment, ended_with_us, start, stop
from say import Stopped, Trouble, complain, say, show_done
from server import data_folder, engines, guarded, stop_all, stop_now

from tests.support.addresses import with_drawer

ROOT = packages.ROOT
PYTHON = str(packages.PYTHON)
CI = os.environ.get("CI") == "true"
# About half of all tests of rooms.
GUIDE = "tests/website/guide"
# Redis has sixteen drawers: the rooms' tests use the first, the walkthroughs the tenth.
GUIDES_DRAWER = 5
CLOSING = re.compile(r"^=*\s*((?:\d+ \w+(?:, )?)+) in [\d.]+s.*$", re.MULTILINE)


@dataclass
class Check:
    name: str
    command: list[str]
    env: Environment = field(default_factory=dict)
    # What to do about a failure, where the output does not say it.
    hint: str = ""


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_now)
    arguments = sys.argv[1:]
    if arguments[:1] == ["--lint"]:
        return guarded(lambda: lint(arguments[1:]))
    return guarded(lambda: check_all(arguments))


def lint(arguments: list[str]) -> int:
    packages.make_ready(for_tests=True)
    logs = data_folder() / "test" / "log"
    logs.mkdir(parents=True, exist_ok=True)
    env = packages.environment() | {"STIGEN_ENV": "test", "STIGEN_DATA": str(logs.parent)}
    # Nothing here asks an engine; the settings want their addresses all the same.
    env |= {"DATABASE_URL": "postgresql:///stigen", "REDIS_URL": "redis://localhost/0"}
    if "--fix" in arguments:
        fixes = [
            _module("Puts the lint right", "ruff", "check", "--fix", "--quiet", "."),
            _module("Formats", "ruff", "format", "--quiet", "."),
        ]
        _run_some(fixes, env, logs, at_once=1)
    return _tell(_run_some(lint_checks(), env, logs, at_once=2))


def check_all(arguments: list[str]) -> int:
    began = time.monotonic()
    everything = "--all" in arguments
    chosen = [word for word in arguments if word != "--all"]
    say("Stigen is checked." if not chosen else "These tests are run: " + " ".join(chosen))
    folder = Folder(data_folder() / "test")
    running: list[Child] = []
    try:
        folder.open(what="script/test")
        packages.make_ready(for_tests=True)
        env = packages.environment() | {"STIGEN_ENV": "test", "STIGEN_DATA": str(folder.path)}
        env["DJANGO_SETTINGS_MODULE"] = "config.settings"
        env.pop("STIGEN_DEMO", None)
        engines(folder, env, running, careless=True)
        if chosen:
            return _run_chosen(chosen, env, everything=everything)
        tests = _tests(env, everything=everything)
        tables = _name_of_tables()
        lay = Check("Tables laid, once for all tests", [PYTHON, "script/house/tables.py", tables])
        failed = _run_some([lay, *lint_checks(), *_checks_on_engines()], env, folder.logs, at_once=2)
        if all(check is not lay for check, _log in failed):
            env["TEST_TEMPLATE"] = tables
        # Beside each other: a browser mostly waits, and each has a database and a drawer in Redis of its own. The long
        # runs start and kill servers against the clock, and get more room.
        failed += _run_some(tests, env, folder.logs, at_once=2 if everything else 3)
        return _tell(failed, folder=folder, seconds=time.monotonic() - began)
    finally:
        stop_all(running)
        folder.close()


def _module(name: str, *command: str, hint: str = "") -> Check:
    return Check(name, [PYTHON, "-W", "ignore", "-m", *command], hint=hint)


def _manage(name: str, *command: str, hint: str = "", env: Environment | None = None) -> Check:
    return Check(name, [PYTHON, "-W", "ignore", "manage.py", *command], env or {}, hint)


def _templates() -> list[str]:
    places = sorted([*ROOT.glob("*/templates"), *ROOT.glob("site/*/templates")])
    return [str(place.relative_to(ROOT)) for place in places]


def _typed() -> list[str]:
    """The acts and the questions of every room, and what all rooms stand on."""
    whole = ["site/shared", "site/config", "workers"]
    rooms = [room for room in (*ROOT.glob("*/"), *ROOT.glob("site/*/")) if str(room.relative_to(ROOT)) not in whole]
    parts = [room / part for room in rooms for part in ("services", "services.py", "queries", "queries.py", "rules.py")]
    found = [str(part.relative_to(ROOT)) for part in parts if part.exists()]
    return [*whole, *sorted(found)]


def lint_checks() -> list[Check]:
    here = "script/lint --fix puts most of it right."
    return [
        _module("Types (mypy)", "mypy", "--no-error-summary", *_typed()),
        _module("Form (ruff format)", "ruff", "format", "--check", ".", hint=here),
        _module("Lint (ruff)", "ruff", "check", ".", hint=here),
        _module("Templates (djlint)", "djlint", "--lint", "--quiet", *_templates()),
        Check("Rooms and arrows (import contracts)", [str(packages.VENV / "bin" / "lint-imports"), "--no-cache"]),
        _manage("Translations complete", "messages", "--check", hint="manage.py messages adds what is missing."),
    ]


def _checks_on_engines() -> list[Check]:
    production = {
        "STIGEN_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": "https://stigen.example",
        "ALLOWED_HOSTS": "stigen.example",
        "TRUSTED_PROXIES": "1",
        "MAIL_FROM": "stigen@stigen.example",
    }
    return [
        _manage("No migration is missing", "makemigrations", "--check", "--dry-run"),
        _manage("Production settings", "check", "--deploy", "--fail-level", "WARNING", env=production),
        _module("Texts compiled", "config.compile_texts"),
    ]


def _name_of_tables() -> str:
    """Another name for each state of what lays them."""
    digest = hashlib.sha256()
    for file in (ROOT / "requirements-dev.lock", *sorted(ROOT.glob("**/migrations/*.py"))):
        if ".venv" not in file.parts:
            digest.update(file.read_bytes())
    return f"stigen_tables_{digest.hexdigest()[:12]}"


def _tests(env: Environment, *, everything: bool) -> list[Check]:
    part = "" if everything else " and not long"
    walks = _module("Walkthroughs in a browser", "pytest", "tests/walkthroughs", "-m", f"walkthrough{part}")
    guide = _module("Tests of the guide", "pytest", GUIDE, "-m", f"not walkthrough{part}")
    rooms = _module("Tests of the rooms", "pytest", f"--ignore={GUIDE}", "-m", f"not walkthrough{part}")
    guide.env = {"TEST_DATABASE": "test_stigen_guide", "REDIS_URL": with_drawer(env["REDIS_URL"], GUIDES_DRAWER)}
    if shutil.which("nice"):
        # Who walks through the site meets it as alone on the machine as can be.
        guide.command, rooms.command = (["nice", "-n", "5", *each.command] for each in (guide, rooms))
    tests = [guide, rooms, walks]
    if not _has_browser(env):
        sentence = (
            "No Chromium was found, so nobody walks through the site: install it (Debian or Ubuntu: apt-get install "
            "chromium; macOS: brew install --cask chromium), or name one with CHROMIUM=/path/to/it."
        )
        if CI:
            raise Trouble(sentence)
        say(f"  {sentence}")
        tests.pop()
    return tests


def _has_browser(env: Environment) -> bool:
    ask = "import sys; from tests.support.browser import find_chromium; sys.exit(find_chromium() is None)"
    return subprocess.run([PYTHON, "-c", ask], cwd=ROOT, env=env, check=False).returncode == 0


def _run_chosen(chosen: list[str], env: Environment, *, everything: bool) -> int:
    marks = [] if everything or "-m" in chosen else ["-m", "not long"]
    command = [PYTHON, "-m", "pytest", *marks, *chosen]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, start_new_session=True) as tests:
        try:
            return tests.wait()
        except Stopped:
            stop(Child("pytest", tests, Path(os.devnull), signal.SIGINT))
            raise


def _run_some(checks: list[Check], env: Environment, logs: Path, *, at_once: int) -> list[tuple[Check, Path]]:
    """Runs them, `at_once` at a time, and answers those that failed with their output."""
    waiting, failed = list(checks), []
    at_work: list[tuple[Check, Child, float]] = []
    while waiting or at_work:
        while waiting and len(at_work) < at_once:
            check = waiting.pop(0)
            log = logs / (re.sub(r"\W+", "-", check.name.lower()).strip("-") + ".log")
            log.unlink(missing_ok=True)
            job = start(check.name, check.command, log=log, env=env | check.env, cwd=ROOT, stop_signal=signal.SIGINT)
            at_work.append((check, job, time.monotonic()))
        with ended_with_us(*(job for _check, job, _began in at_work)):
            time.sleep(0.05)
            for each in [each for each in at_work if not each[1].is_alive()]:
                at_work.remove(each)
                check, job, began = each
                good = job.process.returncode == 0
                show_done(check.name, time.monotonic() - began, good=good, note=_closing_line(job.log))
                if not good:
                    failed.append((check, job.log))
    return failed


def _closing_line(log: Path) -> str:
    found = CLOSING.findall(log.read_text(encoding="utf-8", errors="replace")) if log.exists() else []
    return found[-1] if found else ""


def _tell(failed: list[tuple[Check, Path]], *, folder: Folder | None = None, seconds: float = 0) -> int:
    for check, log in failed:
        complain(f"\n── {check.name} ──\n{log.read_text(encoding='utf-8', errors='replace')[-20_000:].rstrip()}")
        if check.hint:
            complain(check.hint)
    if failed:
        complain(f"\nFailed: {', '.join(check.name for check, _log in failed)}.")
    if folder is not None:
        counts: dict[str, int] = {}
        for name in ("tests-of-the-guide", "tests-of-the-rooms", "walkthroughs-in-a-browser"):
            log = folder.logs / f"{name}.log"
            for number, word in re.findall(r"(\d+) (\w+)", _closing_line(log)):
                counts[word] = counts.get(word, 0) + int(number)
        say("\n" + ", ".join(f"{number} {word}" for word, number in counts.items()) + f" in {seconds:.1f}s")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
