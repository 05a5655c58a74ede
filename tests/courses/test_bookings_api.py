"""The contract of the API: what one does with one's own bookings."""

import datetime as dt

import pytest
from django.utils import timezone

from courses.models import Booking, Interest, Offer
from courses.services.booking import book_place, cancel_booking
from courses.services.needs import ask_for_needs
from tests.courses import test_api
from tests.courses.conftest import DAY, two_days
from tests.courses.test_booking import fill, state_of
from tests.support.forgetting import forget

call, start = test_api.call, test_api.start


@pytest.fixture
def booking(occasion, cast):
    return book_place(occasion, person=cast.employee, now=timezone.now())[0]


def assert_refused(answer, code, status=409):
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_a_move_answers_the_new_booking_and_twice_the_same(call, booking, plan_occasion, cast, start):
    there = plan_occasion(sessions=two_days(start + 7 * DAY))
    answers = [call("post", f"bookings/{booking.pk}/move/", cast.employee, {"occasion": there.pk}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert (answers[0].json()["occasion"], answers[0].json()["state"]) == (there.pk, "booked")
    assert state_of(booking) == "moved"


def test_a_move_to_a_full_occasion_is_refused_or_waits(call, booking, plan_occasion, cast, start):
    there = plan_occasion(sessions=two_days(start + 7 * DAY), places=1)
    fill(there, cast.colleague, now=timezone.now())
    path = f"bookings/{booking.pk}/move/"
    assert_refused(call("post", path, cast.employee, {"occasion": there.pk}), "occasion_full")
    waits = call("post", path, cast.employee, {"occasion": there.pk, "wait": True}).json()
    assert (waits["state"], state_of(booking)) == ("waiting", "booked")
    history = call("get", f"bookings/{waits['id']}/history/", cast.employee).json()
    assert (history["position"], history["moves_from"]) == (1, booking.occasion_id)


def test_a_draft_and_an_unknown_occasion_are_moved_to_alike(call, booking, plan_occasion, cast):
    draft = plan_occasion(state="draft")
    answers = [
        call("post", f"bookings/{booking.pk}/move/", cast.employee, {"occasion": pk}) for pk in (draft.pk, 999_999)
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize("body", [{}, {"occasion": "x"}, {"occasion": -1}, {"occasion": 2**70}, []])
def test_what_can_not_be_read_is_400(call, booking, cast, body):
    assert call("post", f"bookings/{booking.pk}/move/", cast.employee, body).status_code == 400
    assert state_of(booking) == "booked"


def test_a_place_is_handed_to_a_colleague_by_address(call, booking, cast):
    path = f"bookings/{booking.pk}/hand-over/"
    forget("hand-over-misses:")
    unknown = call("post", path, cast.employee, {"to": "ingen@skarvik.example"})
    oneself = call("post", path, cast.employee, {"to": cast.employee.email})
    assert unknown.json() == oneself.json()
    assert_refused(unknown, "not_to_them")
    assert call("post", path, cast.employee, {"to": "ingen"}).status_code == 400
    assert call("post", path, cast.employee, {"to": cast.colleague.email.upper()}).json()["state"] == "handed_over"
    assert Booking.objects.get(person=cast.colleague).state == "booked"


def test_an_offer_is_listed_and_answered_once(call, occasion, cast):
    now = timezone.now()
    first, _second = fill(occasion, cast.employee, cast.colleague, now=now)
    fill(occasion, cast.outsider, cast.hr, now=now)
    cancel_booking(first, by=cast.employee, now=now)
    (offer,) = call("get", "offers/", cast.outsider).json()["results"]
    assert offer["occasion"] == occasion.pk
    assert dt.datetime.fromisoformat(offer["expires_at"]) > now
    assert call("post", f"offers/{offer['id']}/accept/", cast.hr).status_code == 404
    for _ in range(2):
        assert call("post", f"offers/{offer['id']}/accept/", cast.outsider).json()["state"] == "booked"
    assert_refused(call("post", f"offers/{offer['id']}/decline/", cast.outsider), "offer_answered")
    assert call("get", "offers/", cast.outsider).json()["count"] == 0


def test_a_declined_offer_goes_to_the_next(call, occasion, cast):
    now = timezone.now()
    first, _second = fill(occasion, cast.employee, cast.colleague, now=now)
    _one, two = fill(occasion, cast.outsider, cast.hr, now=now)
    cancel_booking(first, by=cast.employee, now=now)
    offer = Offer.objects.get()
    assert call("post", f"offers/{offer.pk}/decline/", cast.outsider).json()["state"] == "cancelled"
    assert_refused(call("post", f"offers/{offer.pk}/accept/", cast.outsider), "offer_lapsed")
    assert state_of(two) == "offered"


def test_needs_are_told_where_they_are_asked(call, booking, occasion, cast):
    path = f"bookings/{booking.pk}/needs/"
    assert_refused(call("put", path, cast.employee, {"food": "Vegan"}), "needs_not_asked")
    ask_for_needs(occasion, asks=True)
    told = {"food": "Vegan", "hearing_loop": True, "wheelchair": False, "other": ""}
    assert call("put", path, cast.employee, told).json() == told
    assert call("get", path, cast.employee).json() == told
    assert call("put", path, cast.employee, {"food": "x" * 251}).status_code == 400


def test_the_history_speaks_the_readers_language(call, booking, cast):
    body = call("get", f"bookings/{booking.pk}/history/", cast.employee).json()
    assert (body["state"], body["position"], len(body["history"])) == ("booked", None, 1)
    assert body["history"][0]["says"].startswith("Du bokades")


def test_interest_is_noted_once_listed_and_ended(call, course, cast):
    made = [call("post", "interests/", cast.employee, {"course": course.slug}) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 200]
    pk = made[0].json()["id"]
    assert call("get", "interests/", cast.employee).json()["count"] == 1
    assert call("get", "interests/", cast.outsider).json()["count"] == 0
    assert call("delete", f"interests/{pk}/", cast.outsider).status_code == 404
    assert [call("delete", f"interests/{pk}/", cast.employee).status_code for _ in range(2)] == [204, 204]
    assert Interest.objects.get().ended_at is not None
    assert call("post", "interests/", cast.employee, {"course": "finns-inte"}).status_code == 400


def test_a_clash_is_told_before_booking(call, booking, plan_occasion, cast):
    other = plan_occasion()
    address = f"occasions/{other.pk}/clashes/"
    clashes = call("get", address, cast.employee).json()["results"]
    assert [clash["other_occasion"] for clash in clashes] == [booking.occasion_id] * 2
    backwards = call("get", f"{address}?order=-start&leads=false", cast.employee).json()["results"]
    assert backwards == clashes[::-1]
    assert call("get", f"{address}?leads=true", cast.employee).json()["count"] == 0
    assert call("get", address, cast.outsider).json()["results"] == []
    assert call("get", f"occasions/{plan_occasion(state='draft').pk}/clashes/", cast.employee).status_code == 404


@pytest.mark.parametrize(
    ("method", "what"),
    [("post", "move/"), ("post", "hand-over/"), ("get", "history/"), ("get", "needs/"), ("put", "needs/")],
)
def test_anothers_booking_does_not_exist(call, booking, cast, method, what):
    body = {"occasion": 1, "to": cast.outsider.email}
    assert call(method, f"bookings/{booking.pk}/{what}", cast.outsider, body).status_code == 404
    assert call(method, f"bookings/{booking.pk}/{what}", None, body).status_code == 401
    assert state_of(booking) == "booked"


def test_bookings_are_filtered_and_ordered(call, booking, plan_occasion, cast, start):
    later = plan_occasion(sessions=two_days(start + 7 * DAY))
    earlier = plan_occasion(sessions=two_days(start - 7 * DAY))
    bookings = [booking, *(book_place(each, person=cast.employee, now=timezone.now())[0] for each in (later, earlier))]
    cancel_booking(booking, by=cast.employee, now=timezone.now())
    one, two, three = (each.pk for each in bookings)

    def found(query):
        return [each["id"] for each in call("get", f"bookings/?{query}", cast.employee).json()["results"]]

    assert found("") == [three, two, one]
    assert found("order=start") == [three, one, two]
    assert found("order=-start&state=booked") == [two, three]
    assert found("state=booked&state=cancelled") == [three, two, one]
    assert found("course=tva-dagar") == [three, two, one]
    assert found("course=annan") == []
    for query in ("state=borta", "order=slump"):
        assert call("get", f"bookings/?{query}", cast.employee).status_code == 400
