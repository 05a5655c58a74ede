"""How the site writes its log: plain lines for a person at a terminal, JSON for a machine that gathers logs.

Each line carries the request's id and the person's number, never a name, an address or what a form held.
"""

import contextvars
import logging
from typing import Any

# Set by the middleware; here, because the settings read this file and may import nothing that reads them.
request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
person_id: contextvars.ContextVar[int | None] = contextvars.ContextVar("person_id", default=None)


class WhoAndWhat(logging.Filter):
    """Adds the request and the person to every line, whoever wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        if getattr(record, "person_id", None) is None:
            record.person_id = person_id.get()
        return True


def logging_settings(*, as_json: bool, level: str) -> dict[str, Any]:
    machine = {
        "()": "pythonjsonlogger.json.JsonFormatter",
        "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s %(person_id)s",
        "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
        "datefmt": "%Y-%m-%dT%H:%M:%S%z",
    }
    person = {"format": "{asctime} {levelname} {name}: {message}", "style": "{", "datefmt": "%H:%M:%S"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"who_and_what": {"()": "config.logs.WhoAndWhat"}},
        "formatters": {"line": machine if as_json else person},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["who_and_what"]},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Our own line about each request says more than Django's about some.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            # A line for each page that is saved, published or indexed.
            "django_tasks": {"level": "WARNING"},
            "wagtail": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            # A server's own loggers write through ours, in one form.
            "uvicorn": {"handlers": [], "level": "INFO", "propagate": True},
            "uvicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
            "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
        },
    }
