"""Databases beside the tests' own: a copy of it, to fill in another way."""

import contextlib
from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from guide.queries import forget_fixed_addresses


def copy_database(name: str) -> None:
    """A database as the tests' own stands now. Nobody may be connected to that: this process lets go of it first."""
    original = connection.settings_dict["NAME"]
    drop_database(name)
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')


def drop_database(name: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def in_database(name: str) -> Iterator[None]:
    """This process works on that database, outside every transaction."""
    before = connection.settings_dict["NAME"]
    _change_to(name)
    try:
        yield
    finally:
        _change_to(before)


def _change_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    forget_fixed_addresses()
    ContentType.objects.clear_cache()
