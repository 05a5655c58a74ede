"""Processes of the site beside the test: on the test's own database, so that they can be killed for real."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    """The test's database, as another process is told of it."""
    said = connection.settings_dict
    options = {"host": said["HOST"], "port": said["PORT"]}
    address = urlencode({name: value for name, value in options.items() if value})
    return f"postgresql://{quote(said['USER'])}:{quote(said['PASSWORD'])}@/{said['NAME']}?{address}"


def environment(**changes: str) -> dict[str, str]:
    return {
        **os.environ,
        "STIGEN_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url(),
        "EMAIL_HOST": settings.EMAIL_HOST,
        "EMAIL_PORT": str(settings.EMAIL_PORT),
        "STIGEN_DATA": str(settings.MAILBOX.parent),
        **changes,
    }


def start(*command: str, **changes: str) -> subprocess.Popen:
    """`start("manage.py", "send_letters")`; the caller ends it."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", *command],
        cwd=ROOT,
        env=environment(**changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
