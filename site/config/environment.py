"""Strict readers of the environment: a value is right, or the site refuses to start and says why."""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

_REQUIRED = object()


def read_text(name: str, default: Any = _REQUIRED) -> str:
    """The value of `name`, or the content of the file that `NAME_FILE` points at (for secrets)."""
    file_name = os.environ.get(f"{name}_FILE", "")
    if file_name:
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE points at {file_name}: {error.strerror}.") from error
    value = os.environ.get(name, "")
    if value:
        return value
    if default is _REQUIRED:
        raise ImproperlyConfigured(f"{name} must be set (or {name}_FILE, for a secret in a file).")
    return default


def read_flag(name: str, *, default: bool) -> bool:
    value = read_text(name, "").strip().lower()
    if value == "":
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")


def read_number(name: str, *, default: int, at_least: int = 0) -> int:
    value = read_text(name, "").strip()
    if value == "":
        return default
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
    if number < at_least:
        raise ImproperlyConfigured(f"{name} must be at least {at_least}, not {number}.")
    return number


def read_list(name: str, *, default: list[str] | None = None) -> list[str]:
    """Words set apart by commas; without a default there must be one."""
    value = read_text(name) if default is None else read_text(name, "")
    return [word.strip() for word in value.split(",") if word.strip()] if value else list(default or [])


def read_choice(name: str, choices: set[str], *, default: str) -> str:
    value = read_text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(sorted(choices))}, not {value!r}.")
    return value


def read_database(name: str = "DATABASE_URL") -> dict[str, Any]:
    """Django's settings for the PostgreSQL that `name` points at; sockets are given as `?host=/folder`."""
    url = read_text(name)
    if not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured(f"{name} must begin with postgresql://.")
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except Exception as error:
        raise ImproperlyConfigured(f"{name} can't be read: {error}") from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
    }
