"""`/health/live` and `/health/ready`, for those who watch over the site.

Answered before anything else: no session, no allowed host, no redirect to TLS, because a watcher comes by the
machine's own address. Nothing here is secret: what fails is named, never where or with which password.
"""

import functools
import logging
import time
from collections.abc import Callable
from typing import Any

import psycopg
import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from letters.queries import oldest_due

log = logging.getLogger(__name__)
# A watcher asks every few seconds and gives up soon: better a quick no than a slow one.
PATIENCE = 2


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = {"/health/live": live, "/health/ready": ready}.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response = answer()
        response["Cache-Control"] = "no-store"
        return response


def live() -> JsonResponse:
    """The process answers; restart it when it does not."""
    return JsonResponse({"status": "live"})


def ready() -> JsonResponse:
    """This process can serve people now; send them elsewhere when it can't."""
    parts = {"database": _look(_database), "redis": _look(_redis)}
    if parts["database"]["ok"]:
        parts["migrations"] = _look(_migrations)
        parts["letters"] = _look(_letters)
    is_ready = all(part["ok"] for part in parts.values())
    body = {"status": "ready" if is_ready else "not ready", **parts}
    return JsonResponse(body, status=200 if is_ready else 503)


def _look(question: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    began = time.monotonic()
    try:
        answer = {"ok": True} | question()
    except Exception as error:  # noqa: BLE001 - whatever it is, the watcher must hear that it is broken
        # The words of the error may name hosts and users: they belong in the log.
        log.warning("Health: %s: %s", question.__name__.strip("_"), error)
        answer = {"ok": False, "trouble": "does not answer"}
    return answer | {"ms": round((time.monotonic() - began) * 1000, 1)}


def _database() -> dict[str, Any]:
    # Beside the pool: a pool that is waiting for a dead server would keep the watcher waiting too.
    known = connection.settings_dict
    parts = {
        "dbname": known["NAME"], "user": known["USER"], "password": known["PASSWORD"], "host": known["HOST"],
        "port": known["PORT"], **{name: value for name, value in known["OPTIONS"].items() if name != "pool"},
    }  # fmt: skip
    wanted = {name: value for name, value in parts.items() if value} | {"connect_timeout": PATIENCE}
    with psycopg.connect(**wanted) as direct:
        direct.execute(f"SET statement_timeout = {PATIENCE * 1000}")
        direct.execute("SELECT 1")
    return {}


def _redis() -> dict[str, Any]:
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE) as server:
        server.ping()
    return {}


def _migrations() -> dict[str, Any]:
    applied = MigrationRecorder(connection).applied_migrations()
    known = _known_migrations()
    pending = sorted(".".join(key) for key, stands_for in known if not _is_applied(key, stands_for, applied))
    return {"ok": not pending, "pending": len(pending), "first": pending[:5]}


@functools.cache
def _known_migrations() -> list[tuple[tuple[str, str], list[tuple[str, str]]]]:
    """Read from the disk once: they can't change under a running process."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return [(key, list(migration.replaces)) for key, migration in loader.disk_migrations.items()]


def _is_applied(key: tuple[str, str], stands_for: list[tuple[str, str]], applied: Any) -> bool:
    return key in applied or (bool(stands_for) and all(each in applied for each in stands_for))


def _letters() -> dict[str, Any]:
    """A worker that is connected but takes nothing looks healthy from everywhere else: letters lie waiting."""
    now = timezone.now()
    oldest = oldest_due(now=now)
    age = max(0, round((now - oldest).total_seconds())) if oldest else 0
    limit = settings.LETTERS_LATE_AFTER
    return {"ok": age < limit, "oldest_due_seconds": age, "late_after": limit}
