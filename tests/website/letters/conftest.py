import pytest

from letters.models import Letter
from letters.services.writing import write_letter
from tests.support.smtp import FakeMailServer


@pytest.fixture
def mail_server(settings):
    """A mail server that listens, and the settings that point at it."""
    server = FakeMailServer()
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    yield server
    server.close()


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.EMAIL_HOST = ""
    settings.MAILBOX = tmp_path / "mailbox"
    return settings.MAILBOX


@pytest.fixture
def write(cast, now):
    """Writes a letter to the employee: `write("booked:1")`."""

    def write(key="booked:1", **changes):
        said = {"kind": "booked", "person": cast.employee, "subject": f"Om {key}", "text": "Hej på dig\n", "now": now}
        return write_letter(key=key, **(said | changes))[0]

    return write


@pytest.fixture
def states():
    """The states of all letters by key."""
    return lambda: dict(Letter.objects.order_by("key").values_list("key", "state"))
