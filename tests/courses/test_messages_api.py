"""The contract of the API: what whoever leads says to the people of an occasion."""

import uuid

import pytest
from django.utils import timezone

from courses.models import Booking, MessageReceiver, Occasion, OccasionMessage
from courses.services.messaging import write_messages
from letters.models import Letter
from people.roles import FACILITATOR
from people.services.roles import give_role
from tests.courses import test_api
from tests.courses.conftest import DAY, two_days
from tests.courses.test_booking import fill
from tests.courses.test_bookings_api import assert_refused

call, start = test_api.call, test_api.start


@pytest.fixture
def path(occasion, cast):
    fill(occasion, cast.employee, cast.colleague, now=timezone.now())
    return f"occasions/{occasion.pk}/messages/"


def body(**changes):
    return {"key": str(uuid.uuid4()), "to": "booked", "subject": "Hej", "text": "Ta med en kopp."} | changes


def test_a_message_is_sent_once_and_listed(call, path, cast):
    sent = body(receivers=2)
    answers = [call("post", path, cast.facilitator, sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    assert (answers[0].json()["receivers"], answers[0].json()["sent"]) == (2, 0)
    assert write_messages(now=timezone.now()) == 2
    Letter.objects.filter(kind="message").update(state=Letter.State.SENT, sent_at=timezone.now())
    (one,) = call("get", path, cast.facilitator).json()["results"]
    assert (one["key"], one["by"], one["sent"]) == (sent["key"], "Frida Fors", 2)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": "everyone"}, "to"),
        ({"to": "missing"}, "session"),
        ({"to": "missing", "session": 999999}, "session"),
        ({"subject": " "}, "subject"),
        ({"text": "x" * 5001}, "text"),
        ({"key": "1"}, "key"),
    ],
)
def test_what_can_not_be_read_is_400_at_its_field(call, path, cast, changes, field):
    answer = call("post", path, cast.facilitator, body(**changes))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not OccasionMessage.objects.exists()


def test_rules_say_no_with_a_code_and_nothing_is_half_sent(call, path, plan_occasion, cast, start):
    assert_refused(call("post", path, cast.facilitator, body(to="waiting")), "nobody_there")
    assert_refused(call("post", path, cast.facilitator, body(receivers=3)), "list_changed")
    assert not OccasionMessage.objects.exists()
    other = plan_occasion(sessions=two_days(start + 7 * DAY))
    fill(other, cast.employee, now=timezone.now())
    sent = body()
    call("post", path, cast.facilitator, sent)
    assert_refused(call("post", f"occasions/{other.pk}/messages/", cast.facilitator, sent), "message_elsewhere")
    assert MessageReceiver.objects.count() == 2


def test_those_missing_on_a_day_that_has_begun_are_written_to(call, plan_occasion, cast, start):
    held = plan_occasion(sessions=two_days(start - 40 * DAY))
    fill(held, cast.employee, now=start - 60 * DAY)
    sent = body(to="missing", session=held.sessions.first().pk)
    assert call("post", f"occasions/{held.pk}/messages/", cast.facilitator, sent).json()["receivers"] == 1


def test_an_occasion_is_cancelled_with_one_text(call, path, occasion, cast):
    cancel = f"occasions/{occasion.pk}/cancel/"
    assert call("post", cancel, cast.facilitator, {"why": ""}).status_code == 400
    for _ in range(2):
        assert call("post", cancel, cast.facilitator, {"why": "Salen läcker"}).status_code == 204
    assert set(Booking.objects.values_list("state", "events__why")) >= {("cancelled", "Salen läcker")}


def test_hr_and_everyone_else_neither_read_nor_write(call, path, occasion, cast):
    give_role(cast.outsider, role=FACILITATOR)
    cancel = f"occasions/{occasion.pk}/cancel/"
    for somebody, status in ((cast.hr, 403), (cast.employee, 404), (cast.outsider, 404), (None, 401)):
        assert call("get", path, somebody).status_code == status
        assert call("post", path, somebody, body()).status_code == status
        assert call("post", cancel, somebody, {"why": "Nej"}).status_code == status
    assert Occasion.objects.get().state == "open"
    assert not OccasionMessage.objects.exists()
