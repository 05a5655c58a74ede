"""`script/server`: the whole site on one machine, for development and for showing it."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import packages
from engines import start_postgres, start_redis
from folder import Folder
from processes import Child, Environment, ended_with_us, finish, run, start, stop, wait_until, why
from say import Stopped, Trouble, complain, in_a_sentence, say, step

ROOT = packages.ROOT
PYTHON = str(packages.PYTHON)
HERE = Path(__file__).resolve().parent
# What `manage.py` in another terminal must know.
FOR_MANAGE = ["DATABASE_URL", "REDIS_URL", "STIGEN_ENV", "STIGEN_DEMO", "SECRET_KEY", "PORT"]
# The line by which `manage.py prepare` says that the tables are there.
UP_TO_DATE = "The database is up to date."
LOG_INS = ["medarbetare", "chef", "processledare", "hr", "redaktor", "admin"]


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_now)
    return guarded(serve)


def guarded(work: Callable[[], int]) -> int:
    """Runs `work`, and turns what can go wrong into a sentence and an exit code."""
    try:
        return work()
    except Trouble as trouble:
        complain(f"\n{trouble}")
    except OSError as error:
        complain(f"\n{in_a_sentence(error, doing='Starting Stigen')}")
    except (Stopped, KeyboardInterrupt):
        return 130
    return 1


def stop_now(number: int, _frame: FrameType | None) -> None:
    # From here on we are stopping: a second Ctrl-C must not leave anything behind.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped(signal.Signals(number).name)


def serve() -> int:
    began = time.monotonic()
    if len(sys.argv) > 1:
        raise Trouble("script/server takes no arguments; PORT and STIGEN_DATA stand before it: PORT=8001 script/server")
    port, host = _port(), os.environ.get("HOST", "127.0.0.1")
    folder = Folder(data_folder())
    running: list[Child] = []
    try:
        folder.open(what="Stigen")
        _need_free(host, port)
        say("Stigen starts.")
        packages.make_ready(for_tests=False)
        env = _environment(folder, port)
        texts = start("", [PYTHON, "-m", "config.compile_texts"], log=folder.logs / "texts.log", env=env, cwd=ROOT)
        with ended_with_us(texts):
            state = engines(folder, env, running)
        finish(texts, failing="The texts could not be compiled.")
        _start_site(folder, env, running, state=state, host=host, port=port)
        address = f"http://localhost:{port}/" if host == "127.0.0.1" else f"http://{host}:{port}/"
        folder.remember(running, address=address)
        folder.write_engines({name: env[name] for name in FOR_MANAGE})
        with step("Waits for the first page"):
            _wait_for_page(host, port, running)
        _welcome(address, folder, demo=env["STIGEN_DEMO"] == "true", seconds=time.monotonic() - began)
        _watch(running)
    except (Stopped, KeyboardInterrupt):
        say("\n")
        return 0
    finally:
        if running:
            with step("Stops the site and its engines"):
                stop_all(running)
        folder.close()


def data_folder() -> Path:
    return Path(os.environ.get("STIGEN_DATA") or ROOT / "var").expanduser().absolute()


def _port() -> int:
    given = os.environ.get("PORT") or "8000"
    if given.isdigit() and 0 < int(given) < 65536:
        return int(given)
    raise Trouble(f"PORT must be a number between 1 and 65535, not {given!r}.")


def _need_free(host: str, port: int) -> None:
    """Said before anything is started, not after a minute of work."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Trouble(
                    f"Port {port} is in use by another program: stop that one, or choose another port with "
                    f"PORT={port + 1} script/server."
                ) from None
            raise Trouble(f"Port {port} can't be used ({error.strerror}): choose another with PORT=8000.") from None


def _environment(folder: Folder, port: int) -> Environment:
    env = packages.environment()
    env |= {"STIGEN_ENV": "development", "STIGEN_DATA": str(folder.path), "PORT": str(port)}
    env.setdefault("SECRET_KEY", folder.secret_key())
    env["DJANGO_SETTINGS_MODULE"] = "config.settings"
    return env


def engines(folder: Folder, env: Environment, running: list[Child], *, careless: bool = False) -> str:
    """PostgreSQL and Redis: those that are named, else embedded ones. Answers what the database holds (database.py)."""
    if not env.get("DATABASE_URL"):
        new = not (folder.path / "postgres").exists()
        with step("Makes and starts PostgreSQL" if new else "Starts PostgreSQL"):
            child, env["DATABASE_URL"] = start_postgres(folder, careless=careless)
            running.append(child)
            folder.remember(running)
    if not env.get("REDIS_URL"):
        with step("Starts Redis"):
            child, env["REDIS_URL"] = start_redis(folder)
            running.append(child)
            folder.remember(running)
    ask = [PYTHON, str(HERE / "database.py")]
    answer = subprocess.run(ask, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if answer.returncode:
        raise Trouble(f"The database that DATABASE_URL names does not answer: {answer.stdout.strip()}")
    _reach_redis(env)
    return answer.stdout.strip()


def _reach_redis(env: Environment) -> None:
    ask = "import os, redis; redis.from_url(os.environ['REDIS_URL'], socket_connect_timeout=5, socket_timeout=5).ping()"
    answer = subprocess.run([PYTHON, "-c", ask], env=env, capture_output=True, text=True, check=False)
    if answer.returncode:
        reason = answer.stderr.strip().splitlines()[-1:]
        raise Trouble(f"The Redis that REDIS_URL names does not answer: {' '.join(reason)}")


def _start_site(folder: Folder, env: Environment, running: list[Child], *, state: str, host: str, port: int) -> None:
    """The database as this version wants it, the demo where there is nothing, files, web server and worker.

    Loading the site's code takes seconds in each process, so they load it while the database is made ready.
    """
    wants = os.environ.get("STIGEN_DEMO", "true").lower() not in {"0", "false", "no", "off"}
    new = wants and state == "empty"
    env["STIGEN_DEMO"] = "true" if new or (wants and state == "demo") else "false"
    manage = [PYTHON, "-W", "ignore", "manage.py"]
    log = folder.logs / "prepare.log"
    log.unlink(missing_ok=True)
    preparing = start(
        "", [*manage, "prepare", *(["--demo-if-empty"] if new else [])], log=log, cwd=ROOT,
        # Nothing here is worth waiting for the disk at every step: what is lost by a power cut is made again.
        env=env | {"PGOPTIONS": "-c synchronous_commit=off"},
    )  # fmt: skip
    with ended_with_us(preparing):
        with step("Gathers the static files"):
            files = [*manage, "collectstatic", "--noinput"]
            failing = "The static files could not be gathered."
            run(files, log=folder.logs / "files.log", env=env, cwd=ROOT, failing=failing)
        running.append(_start_web(folder, env, host, port))
        folder.remember([*running, preparing])
        with step("Brings the database up to date"):
            up_to_date = wait_until(lambda: UP_TO_DATE in log.read_text("utf-8"), seconds=3600, child=preparing)
            if not up_to_date or not new:
                finish(preparing, failing="The database could not be prepared.")
        # Not before the tables are there: it looks for work at once.
        running.append(_start_worker(folder, env))
        folder.remember([*running, preparing])
        if new:
            with step("Loads the demo municipality Skärvik"):
                finish(preparing, failing="The demo could not be loaded.")


def _start_web(folder: Folder, env: Environment, host: str, port: int) -> Child:
    return start(
        "the web server",
        [
            PYTHON, "-m", "uvicorn", "config.asgi:application", "--host", host, "--port", str(port), "--workers", "2",
            "--lifespan", "off", "--no-access-log", "--timeout-graceful-shutdown", "2",
        ],
        log=folder.logs / "web.log", env=env, cwd=ROOT, patience=6,
    )  # fmt: skip


def _start_worker(folder: Folder, env: Environment) -> Child:
    return start(
        "the worker",
        [
            PYTHON, "-W", "ignore", "-m", "celery", "--app", "workers.celery", "worker", "--beat", "--concurrency",
            "2", "--loglevel", "INFO", "--schedule", str(folder.sockets / "timetable"),
        ],
        log=folder.logs / "worker.log", env=env, cwd=ROOT, patience=8,
    )  # fmt: skip


def _wait_for_page(host: str, port: int, running: list[Child]) -> None:
    until = time.monotonic() + 90
    url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/"
    last = "nothing"
    while time.monotonic() < until:
        _notice_deaths(running)
        try:
            with urllib.request.urlopen(url, timeout=20):
                return
        except urllib.error.HTTPError as error:
            last = f"{error.code}"
            if error.code == 404:  # an empty guide: the site is up all the same
                return
        except OSError:
            pass
        time.sleep(0.2)
    web = next(child for child in running if child.name == "the web server")
    raise Trouble(f"The web server does not answer as it should ({last}).{why(web.log)}")


def _notice_deaths(running: list[Child]) -> None:
    for child in running:
        if not child.is_alive():
            name = child.name[0].upper() + child.name[1:]
            raise Trouble(f"{name} has stopped by itself (exit code {child.process.returncode}).{why(child.log)}")


def _watch(running: list[Child]) -> None:
    while True:
        _notice_deaths(running)
        time.sleep(0.5)


def _welcome(address: str, folder: Folder, *, demo: bool, seconds: float) -> None:
    say(f"\nStigen is at {address} ({seconds:.0f} seconds)")
    if demo:
        say("Log in with the password stigen-demo as")
        for name in LOG_INS:
            say(f"  {name}@skarvik.example")
    say(f"\nLogs and data are in {folder.path}. Ctrl-C stops it.")


def stop_all(running: list[Child]) -> None:
    """First those who use the engines, then the engines."""
    engine_names = {"PostgreSQL", "Redis"}
    stop(*(child for child in running if child.name not in engine_names))
    stop(*(child for child in running if child.name == "Redis"))
    stop(*(child for child in running if child.name == "PostgreSQL"))


if __name__ == "__main__":
    raise SystemExit(main())
