"""What every test may use: the cast, a moment that stands still, and roles laid in place."""

import datetime as dt
import gc
import os
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings

if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
    pytest.exit("The tests run on real engines: start them with script/test.", returncode=2)

# A loaded machine says nothing about the code: what is to be quick is measured by script/bench.
settings.register_profile("stigen", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("stigen")
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Walkthroughs come last: the browser's event loop stays in this thread, where Django would refuse to query."""
    items.sort(key=lambda item: "walkthroughs" in item.path.parts)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: migrating makes so much rubbish that looking it over each time takes a sixth."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With CI=true nothing may be passed over in silence: a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and os.environ.get("CI") == "true" and exitstatus == 0:
        reporter.write_line(f"CI=true: {len(skipped)} skipped tests are failures.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def new_edition():
    """What an earlier test's reader was shown is kept for nobody: it may have been rolled back since."""
    from shared.public_pages import start_new_edition

    start_new_edition()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Roles are laid once for the whole run; tests that flush the database lay them again."""
    from people.services.roles import lay_roles

    with django_db_blocker.unblock():
        lay_roles()


@pytest.fixture
def cast(db):
    from django.contrib.auth.models import Group

    from people.services.roles import lay_roles
    from tests.support.cast import make_cast

    if not Group.objects.exists():
        lay_roles()
    return make_cast()


@pytest.fixture
def now() -> dt.datetime:
    """A Tuesday in March at nine, Swedish time. A moment to hand to services, not the clock of the machine."""
    return dt.datetime(2027, 3, 2, 9, 0, tzinfo=STOCKHOLM)
