"""The contract of the API: occasions planned, copied, published; places kept; and what a list can be asked."""

import datetime as dt

import pytest
from django.utils import timezone

from courses import planning_api
from courses.models import Booking, Occasion, Reservation
from courses.services.agenda import ItemPlan, set_agenda
from courses.services.booking import book_place
from courses.services.reservations import reserve_places
from letters.models import Letter
from tests.courses import test_api
from tests.courses.conftest import DAY, HOUR, two_days
from tests.courses.test_booking import fill
from tests.courses.test_bookings_api import assert_refused

call, start = test_api.call, test_api.start


@pytest.fixture
def asked(course, start, cast):
    return {
        "course": course.slug,
        "places": 12,
        "facilitators": [],
        "sessions": [
            {"start": plan.starts_at.isoformat(), "end": plan.ends_at.isoformat(), "place": plan.place}
            for plan in two_days(start)
        ],
    }


def test_an_occasion_is_planned_read_changed_and_published(call, asked, cast, start):
    made = call("post", "occasions/led/", cast.facilitator, asked)
    assert made.status_code == 201
    plan = made.json()
    occasion = Occasion.objects.get(pk=plan["id"])
    assert (plan["state"], plan["places"], plan["facilitators"]) == ("draft", 12, [cast.facilitator.email])
    assert dt.datetime.fromisoformat(plan["booking_closes_at"]) == start - DAY
    address = f"occasions/{occasion.pk}/plan/"
    assert call("get", address, cast.facilitator).json() == plan

    plan["sessions"].pop()
    plan |= {"places": 5, "is_hidden": True, "administrations": [cast.schools.code]}
    changed = call("put", address, cast.facilitator, plan)
    assert (changed.status_code, changed.json()) == (200, plan)
    assert occasion.sessions.count() == 1
    for _twice in range(2):
        published = call("post", f"occasions/{occasion.pk}/publish/", cast.facilitator)
        assert (published.status_code, published.json()) == (200, plan | {"state": "open"})


def test_what_another_changes_while_it_is_published_stands(call, plan_occasion, cast, monkeypatch):
    """The other change lands between the reading of the right and the writing."""
    draft = plan_occasion(state="draft", places=4)
    may = planning_api.planned_occasion

    def then_another_changes(request, pk):
        occasion = may(request, pk)
        Occasion.objects.filter(pk=pk).update(places=7)
        return occasion

    monkeypatch.setattr(planning_api, "planned_occasion", then_another_changes)
    published = call("post", f"occasions/{draft.pk}/publish/", cast.facilitator).json()
    assert (published["state"], published["places"]) == ("open", 7)


def test_what_can_not_be_is_refused_with_its_code_and_nothing_is_changed(call, occasion, asked, cast):
    fill(occasion, cast.employee, cast.colleague, now=timezone.now())
    address = f"occasions/{occasion.pk}/plan/"
    plan = call("get", address, cast.facilitator).json()
    first, second = plan["sessions"]
    for wrong, code in (
        ({"places": 1}, "places_below_booked"),
        ({"sessions": [first, second | {"start": first["start"]}]}, "sessions_overlap"),
        ({"sessions": [first | {"end": first["start"]}, second]}, "ends_before_start"),
        ({"facilitators": []}, "no_facilitator"),
    ):
        assert_refused(call("put", address, cast.facilitator, plan | wrong), code)
    for wrong in (
        {"sessions": []},
        {"sessions": [first | {"id": 999999}]},
        {"sessions": [first, second | {"id": first["id"]}]},
        {"course": "finns-inte"},
        {"state": "cancelled"},
        {"facilitators": [cast.outsider.email]},
        {"administrations": [cast.school.code]},
        {"places": "många"},
    ):
        assert_refused(call("put", address, cast.facilitator, plan | wrong), "invalid", 400)
    assert call("get", address, cast.facilitator).json() == plan


def test_a_copy_is_a_draft_with_the_same_distances_and_clocks(call, occasion, cast, start):
    Occasion.objects.filter(pk=occasion.pk).update(places=7, min_places=3)
    set_agenda(occasion.sessions.first(), [ItemPlan(0, "Välkomna")])
    reserve_places(occasion, unit=cast.school, places=2, until=occasion.offers_until, now=timezone.now())
    day = timezone.localdate(start) + 200 * DAY
    answer = call("post", f"occasions/{occasion.pk}/copy/", cast.facilitator, {"start": day.isoformat()})
    assert answer.status_code == 201
    copy = Occasion.objects.get(pk=answer.json()["id"])
    assert (copy.state, copy.places, copy.min_places) == ("draft", 7, 3)
    assert [timezone.localtime(each.starts_at).hour for each in copy.sessions.all()] == [9, 9]
    assert timezone.localdate(copy.starts_at) == day
    assert {each.pk for each in copy.sessions.all()}.isdisjoint(each.pk for each in occasion.sessions.all())
    assert [item.what for item in copy.sessions.first().agenda.all()] == ["Välkomna"]
    assert (copy.reservations.get().unit, copy.reservations.get().places) == (cast.school, 2)
    assert answer.json()["not_reserved"] == []
    wrong = call("post", f"occasions/{occasion.pk}/copy/", cast.facilitator, {"start": "1999-01-01"})
    assert_refused(wrong, "invalid", 400)


def test_planning_is_for_those_who_may_and_lead(call, occasion, asked, cast):
    plan = call("get", f"occasions/{occasion.pk}/plan/", cast.facilitator).json()
    draft = Occasion.objects.create(
        course=occasion.course, state="draft", places=1, starts_at=occasion.starts_at, ends_at=occasion.ends_at,
        booking_closes_at=occasion.starts_at, cancel_until=occasion.starts_at, offers_until=occasion.starts_at,
    )  # fmt: skip
    assert_refused(call("post", "occasions/led/", cast.outsider, asked), "permission_denied", 403)
    for method, path, body in (
        ("get", "plan/", None), ("put", "plan/", plan), ("post", "publish/", None), ("get", "reservations/", None),
        ("post", "reservations/", {"unit": cast.school.code, "places": 1, "until": plan["offers_until"]}),
    ):  # fmt: skip
        assert call(method, f"occasions/{occasion.pk}/{path}", cast.outsider, body).status_code == 404
        assert call(method, f"occasions/{occasion.pk}/{path}", cast.hr, body).status_code == 403
    assert call("post", f"occasions/{draft.pk}/copy/", cast.facilitator, {"start": "2027-03-01"}).status_code == 404
    assert Occasion.objects.count() == 2


def test_places_are_kept_named_and_let_go(call, plan_occasion, cast, start):
    occasion = plan_occasion(places=6)
    address = f"occasions/{occasion.pk}/reservations/"
    asked = {"unit": cast.school.code, "places": 2, "until": occasion.offers_until.isoformat()}
    made = call("post", address, cast.facilitator, asked)
    assert (made.status_code, made.json()["used"]) == (201, 0)
    assert_refused(call("post", address, cast.facilitator, asked), "already_reserved")
    one = f"reservations/{made.json()['id']}/"
    assert [each["id"] for each in call("get", "reservations/", cast.manager).json()["results"]] == [made.json()["id"]]
    for _twice in range(2):
        named = call("post", f"{one}name/", cast.manager, {"person": cast.employee.email})
        assert (named.status_code, named.json()["state"]) == (200, "booked")
    assert_refused(call("post", f"{one}name/", cast.manager, {"person": "ingen@skarvik.example"}), "invalid", 400)
    assert_refused(call("post", f"{one}name/", cast.manager, {"person": cast.outsider.email}), "not_of_the_unit")
    for path, method in ((one, "get"), (one, "delete"), (f"{one}name/", "post")):
        assert call(method, path, cast.outsider, {"person": cast.outsider.email}).status_code == 404
    (kept,) = call("get", f"{address}?unit={cast.school.code}&order=-until", cast.facilitator).json()["results"]
    assert kept["used"] == 1
    assert call("delete", one, cast.facilitator).json()["released_at"]
    assert Reservation.objects.get().released_at is not None
    assert Booking.objects.get().state == "booked"


def test_after_the_last_moment_those_who_lead_are_asked(call, occasion, cast):
    booking = book_place(occasion, person=cast.employee, now=timezone.now())[0]
    address = f"bookings/{booking.pk}/ask/"
    assert_refused(call("post", address, cast.employee, {"why": "Sjuk"}), "not_needed")
    Occasion.objects.update(cancel_until=timezone.now() - HOUR)
    assert [call("post", address, cast.employee, {"why": "Sjuk"}).json() for _twice in range(2)] == [
        {"receivers": 1}, {"receivers": 0},
    ]  # fmt: skip
    assert call("post", address, cast.outsider, {"why": "Sjuk"}).status_code == 404
    assert Letter.objects.filter(kind="late_change").count() == 1


@pytest.mark.parametrize(
    ("path", "orders"),
    [
        ("courses/", ("title", "-title", "hours")),
        ("occasions/", ("start", "-start")),
        ("occasions/led/", ("start", "-start")),
        ("occasions/{}/participants/", ("name", "queue", "-queue")),
        ("occasions/{}/messages/", ("newest", "oldest")),
        ("occasions/{}/reservations/", ("until", "-until", "unit")),
        ("bookings/", ("newest", "start", "-start")),
        ("offers/", ("expires", "-expires")),
        ("interests/", ("newest", "oldest")),
        ("certificates/", ("newest", "oldest")),
        ("requests/", ("start", "-start", "answer_by", "oldest")),
        ("tasks/", ("due", "-due", "title")),
        ("programmes/", ("title", "-title")),
        ("occasions/{}/hand-ins/", ("task", "name", "newest", "oldest")),
        ("occasions/{}/certificates/", ("name", "newest")),
        ("occasions/{}/eligible/", ("name", "interest")),
        ("completions/", ("newest", "oldest")),
        ("courses/tva-dagar/tasks/", ("due", "newest", "oldest")),
        ("programme-parts/", ("kind", "title")),
        ("missed-days/", ("start", "-start")),
        ("reservations/", ("until", "-until", "unit")),
        ("occasions/{}/clashes/", ("start", "-start")),
        ("occasions/{}/sessions/{day}/open-points/", ("standing", "noted", "-noted")),
        ("participants/{booking}/make-up/", ("start", "-start")),
    ],
)
def test_each_list_is_ordered_and_paged_and_says_what_it_does_not_know(call, occasion, cast, path, orders):
    booking = book_place(occasion, person=cast.employee, now=timezone.now())[0]
    path = path.format(occasion.pk, day=occasion.sessions.first().pk, booking=booking.pk)
    for order in orders:
        body = call("get", f"{path}?order={order}&page_size=1", cast.facilitator).json()
        assert set(body) == {"count", "next", "previous", "results"}
    for wrong in ("order=slump", "farg=rod", "page=99"):
        answer = call("get", f"{path}?{wrong}", cast.facilitator)
        assert_refused(answer, *(("not_found", 404) if "page" in wrong else ("invalid", 400)))
    says = call("get", f"{path}?farg=rod", cast.facilitator).json()["errors"]["farg"][0]
    assert "order" in says
