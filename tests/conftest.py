"""What every test may use: the cast, a moment that stands still, and roles laid in place."""

import datetime as dt
import os
from zoneinfo import ZoneInfo

import pytest

if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
    pytest.exit("The tests run on real engines: start them with script/test.", returncode=2)

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Roles are laid once for the whole run; tests that flush the database lay them again."""
    from people.services.roles import lay_roles

    with django_db_blocker.unblock():
        lay_roles()


@pytest.fixture
def cast(db):
    from people.services.roles import lay_roles
    from tests.support.cast import make_cast

    lay_roles()
    return make_cast()


@pytest.fixture
def now() -> dt.datetime:
    """A Tuesday in March at nine, Swedish time. A moment to hand to services, not the clock of the machine."""
    return dt.datetime(2027, 3, 2, 9, 0, tzinfo=STOCKHOLM)
