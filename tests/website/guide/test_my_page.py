"""Min sida with the whole guide behind it: few questions, however much is booked and read."""

import pytest
from django.utils import timezone, translation

from courses.models import Completion, Course, Programme, ProgrammeItem
from courses.queries import approver_of, requests_to_decide
from courses.services.booking import book_place
from courses.services.interest import note_interest
from courses.services.occasions import create_occasion
from guide.models import StepPage
from guide.progress import path_progress, reading_of, where_left_off
from guide.services.reading import mark_read, note_opened
from people.models import Unit
from tests.courses.conftest import DAY, plan_for, two_days
from tests.support.cast import make_person


@pytest.fixture
def soon():
    """Pages ask the clock of the machine."""
    return timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + 30 * DAY


@pytest.fixture
def plan(cast, soon):
    course = Course.objects.create(slug="tva-dagar", title="Tjänstedesign i två dagar", hours=14, days=2)

    def plan_one(number, *, on=course):
        sessions = two_days(soon + 3 * number * DAY)
        plan = plan_for(sessions[0].starts_at)
        return create_occasion(on, plan=plan, sessions=sessions, facilitators=[cast.facilitator])

    return plan_one


@pytest.fixture
def programme(guide):
    """As the demo has it: read the six steps, go a course."""
    way = Programme.objects.create(slug="grund", title="Grundväg", is_for_everyone=True)
    steps = StepPage.objects.filter(locale=guide.locale).order_by("number")
    for step in steps:
        ProgrammeItem.objects.create(
            programme=way, position=step.number, kind="read", title=step.title, key=str(step.translation_key)
        )
    known = Course.objects.create(slug="introduktion", title="Introduktion", hours=2)
    ProgrammeItem.objects.create(programme=way, position=7, kind="attend", title="Gå kursen", course=known)
    return known


@pytest.mark.parametrize("bookings", [1, 50])
@pytest.mark.parametrize("who", ["employee", "manager", "administrator"])
def test_my_page_asks_little_whoever_looks_and_however_much_is_theirs(
    client, cast, programme, plan, step, soon, bookings, who, django_assert_max_num_queries
):
    person, now = getattr(cast, who), timezone.now()
    for number in range(bookings):
        book_place(plan(number), person=person, now=now)
    Completion.objects.create(person=person, course=programme, completed_on=now.date(), recorded_at=now)
    note_interest(programme, person=person, now=now)
    mark_read(step, person=person, now=now)
    client.force_login(person)
    page = client.get("/min-sida/").text
    assert "2 av 7 klara" in page
    with django_assert_max_num_queries(15):
        client.get("/min-sida/")


def test_a_manager_with_many_requests_asks_no_more(client, cast, programme, plan, django_assert_max_num_queries):
    Course.objects.update(needs_approval=True)
    for number in range(10):
        book_place(plan(number), person=make_person(f"Person {number}", "Prov", unit=cast.school), now=timezone.now())
    client.force_login(cast.manager)
    assert "10 personer i din enhet" in client.get("/min-sida/").text
    with django_assert_max_num_queries(15):
        client.get("/min-sida/")


def test_a_request_waits_for_the_nearest_manager_and_nobody_else(cast, plan):
    """The same answer as climbing the tree person by person; one's own request goes to the next one up."""
    Course.objects.update(needs_approval=True)
    Unit.objects.filter(pk=cast.schools.pk).update(manager=cast.administrator)
    class_room = Unit.objects.create(
        code="T-KLASS", name="Klass", parent=cast.school, administration=cast.schools, starts_on=cast.school.starts_on
    )
    pupil = make_person("Nora", "Längst ner", unit=class_room)
    people = [cast.employee, cast.manager, pupil, cast.outsider, make_person("Noa", "Ingenstans")]
    for number, person in enumerate(people):
        book_place(plan(number), person=person, now=timezone.now())
    day = timezone.localdate()
    for manager in (cast.manager, cast.administrator, cast.outsider, cast.employee):
        found = {booking.person for booking in requests_to_decide(manager, day=day)}
        assert found == {person for person in people if approver_of(person, day=day) == manager}
    assert {booking.person for booking in requests_to_decide(cast.manager, day=day)} == {cast.employee, pupil}


def test_where_one_left_off_is_the_same_with_the_path_at_hand(guide, step, cast, now):
    with translation.override("sv"):
        note_opened(step, person=cast.employee, now=now)
        for read in (3, 4, 5, 6, 1, 2):
            reading = reading_of(cast.employee)
            path = path_progress(cast.employee, reading)
            assert where_left_off(cast.employee, reading, path) == where_left_off(cast.employee, reading)
            mark_read(StepPage.objects.get(number=read, locale=step.locale), person=cast.employee, now=now)
            note_opened(step, person=cast.employee, now=now + DAY)
