"""Where the benches run: engines and databases of their own, and a server as in production."""

import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "house"))

import packages
from folder import Folder
from processes import Child, Environment, ended_with_us, run, start, stop, wait_until, why
from say import Trouble, step
from server import data_folder, engines, stop_all

ROOT = packages.ROOT
PYTHON = str(packages.PYTHON)
DATABASES = {"small": "stigen_bench", "big": "stigen_bench_big"}
# As docs/running.md says for two cores.
GUNICORN = ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--backlog", "2048"]
UVICORN = ["--lifespan", "off", "--no-access-log", "--timeout-graceful-shutdown", "5"]


class Place:
    def __init__(self, folder: Folder, running: list[Child]) -> None:
        self.folder, self.running = folder, running
        self.prepared: set[str] = set()
        self.bodies = folder.path / "bodies"
        self.bodies.mkdir(exist_ok=True)
        self.env = packages.environment() | {
            "STIGEN_ENV": "production",
            "STIGEN_DATA": str(folder.path),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1",
            "MAIL_FROM": "bench@stigen.example",
            "MUNICIPALITY": "Skärviks kommun",
            "STIGEN_DEMO": "false",
            "BARE_BODIES": str(self.bodies),
            "SITE_URL": "http://127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site"), str(HERE / "bare")]),
            "PYTHONWARNINGS": "ignore",
        }

    def with_database(self, which: str) -> Environment:
        url = re.sub(r"(postgres(?:ql)?://[^/]*)/[^?]*", rf"\1/{DATABASES[which]}", self.env["DATABASE_URL"], count=1)
        return self.env | {"DATABASE_URL": url}

    def manage(self, which: str, *command: str, failing: str) -> None:
        self._run([PYTHON, "manage.py", *command], which, failing)

    def _run(self, command: list[str], which: str, failing: str) -> None:
        run(command, log=self.folder.logs / "prepare.log", env=self.with_database(which), cwd=ROOT, failing=failing)

    def prepare(self, which: str) -> None:
        """A database of that size, made when it is not there; once a run."""
        if which in self.prepared:
            return
        self.prepared.add(which)
        reach = [PYTHON, str(HERE.parent / "house" / "database.py")]
        self._run(reach, which, "The bench's database could not be made.")
        with step(f"Prepares the {which} database"):
            self.manage(which, "prepare", failing="The database could not be prepared.")
        if which == "small":
            with step("Loads the demo municipality"):
                self.manage(which, "demo", "--yes-in-production", failing="The demo could not be loaded.")

    def gather_files(self) -> None:
        """Once for each state of the files: compressing them takes longer than a bench."""
        with step("Compiles the texts and gathers the static files"):
            self.manage("small", "messages", "--compile", failing="The texts could not be compiled.")
            places = [ROOT / "site" / "static", *ROOT.glob("site/*/static"), *ROOT.glob("*/static")]
            files = sorted(file for place in places for file in place.rglob("*") if file.is_file())
            state = "\n".join(f"{file} {file.stat().st_mtime_ns}" for file in [*files, ROOT / "requirements.lock"])
            known = self.folder.path / "static-files.txt"
            if not known.exists() or known.read_text(encoding="utf-8") != state:
                self.manage("small", "collectstatic", "--noinput", failing="The static files could not be gathered.")
                known.write_text(state, encoding="utf-8")

    def lay(self, act: str, *words: str, which: str = "small") -> Any:
        """An act of laying.py, done inside the site."""
        command = [PYTHON, str(HERE / "laying.py"), act, *words]
        done = subprocess.run(
            command, env=self.with_database(which), cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Trouble(f"The bench could not {act}: {done.stderr[-2000:]}")
        return json.loads(done.stdout.splitlines()[-1])

    @contextlib.contextmanager
    def server(self, which: str = "small", *, page_cache: bool = True) -> Iterator["Server"]:
        port = free_port()
        env = self.with_database(which) | {
            "PAGE_CACHE_SECONDS": "600" if page_cache else "0",
            "SITE_URL": f"http://127.0.0.1:{port}",
            "DJANGO_SETTINGS_MODULE": "bare_settings",
        }
        command = ["gunicorn", "bare_wsgi:application", "--bind", f"127.0.0.1:{port}", *GUNICORN]
        with self._serving("web", command, port, env) as server:
            yield server

    @contextlib.contextmanager
    def live_server(self, which: str = "small") -> Iterator["Server"]:
        """The process that holds event streams, as docker-compose.yml starts it."""
        port = free_port()
        command = ["uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(port), *UVICORN]
        with self._serving("live", command, port, self.with_database(which)) as server:
            yield server

    @contextlib.contextmanager
    def _serving(self, name: str, command: list[str], port: int, env: Environment) -> Iterator["Server"]:
        log = self.folder.logs / f"{name}.log"
        child = start(
            f"the {name} server", [PYTHON, "-m", *command], log=log, env=env, cwd=ROOT, stop_signal=signal.SIGTERM
        )
        self.running.append(child)
        with ended_with_us(child):
            server = Server(port)
            if not wait_until(server.is_up, seconds=60, child=child):
                raise Trouble(f"The {name} server does not answer.{why(log)}")
            try:
                yield server
            finally:
                stop(child)
                self.running.remove(child)


class Server:
    def __init__(self, port: int) -> None:
        self.port = port

    def is_up(self) -> bool:
        try:
            self.get("/health/live")
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def get(self, path: str, **headers: str) -> tuple[bytes, dict[str, str]]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read(), {name.lower(): value for name, value in answer.headers.items()}

    def ask(self, do: str, requests: list[dict[str, Any]], *, client: str = "client.py", **more: Any) -> dict[str, Any]:
        """Hand the requests to a client in a process of its own."""
        order = {"do": do, "host": "127.0.0.1", "port": self.port, "requests": requests, **more}
        done = subprocess.run(
            [PYTHON, str(HERE / client)], input=json.dumps(order), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Trouble(f"The bench's client gave up: {done.stderr[-2000:]}")
        return json.loads(done.stdout)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def bench_place() -> Iterator[Place]:
    folder = Folder(data_folder() / "bench")
    running: list[Child] = []
    try:
        folder.open(what="script/bench")
        packages.make_ready(for_tests=False)
        place = Place(folder, running)
        engines(folder, place.env, running)
        place.gather_files()
        yield place
    finally:
        stop_all(running)
        folder.close()
