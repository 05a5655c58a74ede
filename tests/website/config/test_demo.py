"""The demo municipality: invented, exact, the same every time, and polite to what is there."""

import datetime as dt
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from config.demo import PASSWORD, Demo
from config.demo.courses import TWO_DAYS
from config.demo.names import draw_name
from courses.evaluation_results import over_occasions
from courses.models import Booking, BookingEvent, Completion, Course, Occasion, Programme
from guide.models import StepPage
from insight.models import Goal
from people.models import Employment, Person, Unit

# A Wednesday.
NOW = "2027-03-03T10:00:00+01:00"
FIRST_NAMES = [("Zahra", "Hammar"), ("Sara", "Marković")]
TODAY = dt.date(2027, 3, 3)


def lay_demo(now: str = NOW) -> None:
    call_command("demo", now=dt.datetime.fromisoformat(now), verbosity=0, stdout=Silence())


class Silence:
    def write(self, text: str) -> None: ...

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False


@pytest.fixture(scope="module")
def skarvik(django_db_setup, django_db_blocker):
    """Laid once for the module, rolled back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        lay_demo()
        # Once, and not anew after each test: what is deferred to the end would be checked and rolled back every time.
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _laid(skarvik, db): ...


def snapshot() -> list:
    return [
        list(Person.objects.order_by("pk").values_list("employee_id", "email", "given_name", "family_name")),
        list(
            Employment.objects.order_by("pk").values_list("person__employee_id", "unit__code", "starts_on", "ends_on")
        ),
        list(Unit.objects.order_by("code").values_list("code", "name", "manager__employee_id")),
        list(Occasion.objects.order_by("pk").values_list("course__slug", "starts_at", "places")),
        list(Booking.objects.order_by("pk").values_list("person__employee_id", "state", "created_at")),
        list(Completion.objects.order_by("pk").values_list("person__employee_id", "completed_on", "withdrawn_at")),
    ]


def trained() -> Counter:
    rows = Completion.objects.filter(course__slug=TWO_DAYS, withdrawn_at=None)
    return Counter(rows.values_list("person_id", flat=True))


def test_there_are_nine_administrations_and_every_unit_has_a_manager():
    assert Unit.objects.filter(parent=None).count() == 9
    assert Unit.objects.count() > 80
    assert not Unit.objects.filter(manager=None).exists()


def test_2400_people_are_employed_today_each_counted_in_one_place():
    main = Employment.objects.on(TODAY).filter(is_main=True)
    assert main.count() == main.values("person").distinct().count() == 2400
    assert Employment.objects.exclude(ends_on=None).count() >= 250


def test_412_unique_people_are_trained_though_more_seats_were_taken():
    counted = trained()
    assert len(counted) == 412
    assert sum(counted.values()) > 412
    assert set(counted) <= set(Employment.objects.on(TODAY).values_list("person_id", flat=True))
    assert Completion.objects.exclude(withdrawn_at=None).exists()


def test_the_goal_was_passed_on_the_way():
    goal = Goal.objects.get(course__slug=TWO_DAYS)
    a_year_ago = Completion.objects.filter(
        course__slug=TWO_DAYS, withdrawn_at=None, completed_on__lt=TODAY - dt.timedelta(days=400)
    )
    assert goal.people == 300
    assert 0 < a_year_ago.values("person").distinct().count() < 300


def test_everybody_lives_at_skarvik_example_and_only_the_log_ins_can_log_in():
    assert not Person.objects.exclude(email__endswith="@skarvik.example").exists()
    able = [person for person in Person.objects.all() if person.has_usable_password()]
    assert {person.email.partition("@")[0] for person in able} == {
        "medarbetare", "chef", "processledare", "hr", "redaktor", "admin",
    }  # fmt: skip
    assert all(person.check_password(PASSWORD) for person in able)


def test_chef_manages_the_unit_of_medarbetare():
    employee = Person.objects.get(email="medarbetare@skarvik.example")
    unit = employee.employments.on(TODAY).get(is_main=True).unit
    assert unit.manager.email == "chef@skarvik.example"


def test_names_reach_from_the_swedish_letters_to_the_very_long():
    names = [person.get_full_name() for person in Person.objects.all()]
    assert all(any(letter in name for name in names) for letter in "åäöéÅÄÖ")
    assert max(map(len, names)) > 75


def test_no_occasion_has_more_people_than_places_and_none_waits_beside_an_empty_one():
    holding = Booking.objects.filter(state__in=Booking.HOLDING)
    held = dict(holding.order_by().values_list("occasion").annotate(Count("id")))
    waiting = set(Booking.objects.filter(state="waiting").values_list("occasion_id", flat=True))
    for occasion in Occasion.objects.all():
        assert held.get(occasion.pk, 0) <= occasion.places
        if occasion.pk in waiting:
            assert held[occasion.pk] == occasion.places
    assert waiting


def test_every_booking_ends_its_log_in_its_state():
    last = dict(BookingEvent.objects.order_by("booking_id", "at", "id").values_list("booking_id", "state"))
    assert last == dict(Booking.objects.values_list("id", "state"))


def test_an_occasion_this_week_has_places_left_and_another_is_full():
    now = dt.datetime.fromisoformat(NOW)
    soon = Occasion.objects.filter(
        course__slug=TWO_DAYS, starts_at__gt=now, starts_at__lt=now + dt.timedelta(hours=48)
    ).get()
    assert soon.booking_closes_at > now
    assert soon.bookings.filter(state="booked").count() < soon.places
    assert [session.starts_at.astimezone(timezone.get_default_timezone()).hour for session in soon.sessions.all()] == [
        9,
        9,
    ]


def test_the_programme_is_on_everyones_page():
    programme = Programme.objects.get(slug="grundvag")
    assert programme.is_for_everyone
    assert [item.key for item in programme.items.filter(kind="read")] == [
        str(step.translation_key) for step in StepPage.objects.filter(locale__language_code="sv").order_by("number")
    ]
    assert programme.items.filter(kind="read").count() == 6
    assert [item.course.slug for item in programme.items.filter(kind="attend")][-1] == TWO_DAYS


def test_a_second_run_changes_nothing_even_another_day():
    before = snapshot()
    lay_demo()
    lay_demo("2027-03-09T08:00:00+01:00")
    assert snapshot() == before


def test_a_second_run_keeps_what_someone_did():
    person = Person.objects.get(email="medarbetare@skarvik.example")
    person.set_password("mitt-eget-losenord")
    person.given_name = "Ellinor"
    person.save()
    lay_demo()
    person.refresh_from_db()
    assert person.given_name == "Ellinor"
    assert person.check_password("mitt-eget-losenord")


def test_production_is_refused_unless_asked_for(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        lay_demo()


def test_chance_is_the_same_every_time():
    names = [[draw_name(demo.chance("staff")) for _turn in range(3)] for demo in (Demo(None, print), Demo(None, print))]
    assert names[0] == names[1]
    first = Person.objects.order_by("employee_id").values_list("given_name", "family_name")
    # What this seed gave the day it was chosen: if it changes, so does every demo.
    assert list(first[9:11]) == FIRST_NAMES


def test_closed_evaluations_show_figures_over_occasions():
    found = over_occasions(Course.objects.get(slug=TWO_DAYS))
    assert len(found.series) == 5
    assert all(row.spread.answers >= 5 for series in found.series for row in series.rows)
    assert len(found.evaluations) > 3
