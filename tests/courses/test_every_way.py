"""Every act in every order with a moving clock: whatever people do, the rules hold after each step.

The rules are looked at in two ways: by the house's own proof (`courses.checks`), and by counting rows here, which
knows nothing of how the services think. An act that the rules refuse must have changed nothing.
"""

import datetime as dt
import os

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from courses.checks import find_faults
from courses.models import Attendance, Booking, Completion, Course, MadeUpDay, Occasion, Offer, Reservation, Session
from courses.own_days import days_of
from courses.services.approval import approve_request, lapse_requests, refuse_request
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place, cancel_booking, give_place, give_place_to
from courses.services.leaving import cancel_for_those_who_left
from courses.services.making_up import make_up_day
from courses.services.moving import hand_over_place, move_booking
from courses.services.occasions import cancel_occasion, change_occasion, create_occasion
from courses.services.offers import accept_offer, decline_offer, lapse_offers
from courses.services.reservations import decide_who_may_book, name_for_place, release_reservation, reserve_places
from people.models import Employment, Person, Unit
from people.roles import FACILITATOR
from people.services.roles import give_role
from shared.rules import RuleBroken
from tests.conftest import STOCKHOLM
from tests.courses.conftest import DAY, HOUR, plan_for, two_days
from tests.courses.test_occasions import plans_of

MONDAY = dt.datetime(2027, 3, 1, 9, 0, tzinfo=STOCKHOLM)
PEOPLE = st.integers(0, 6)
WHICH = st.integers(0, 30)
# What the clock alone makes true until the next sweep, a minute later in the house.
WAITS_FOR_A_SWEEP = {"offer_not_lapsed", "request_not_lapsed", "reservation_not_released"}


class EveryWay(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.now = MONDAY
        # By completion: the days the course had when it was recorded.
        self.days_then = {}
        self.people = [make_someone(f"Person {number}") for number in range(7)]
        self.facilitator = make_someone("Frida")
        give_role(self.facilitator, role=FACILITATOR)
        self.settle_the_people()
        self.open = Course.objects.create(slug="oppen", title="Öppen", hours=14)
        self.asked = Course.objects.create(slug="fragad", title="Frågad", hours=14, needs_approval=True)
        self.plan(course=self.open, places=2, ahead=14)
        self.plan(course=self.open, places=1, ahead=21)
        self.plan(course=self.asked, places=1, ahead=28)

    def settle_the_people(self):
        """Two administrations, one with a school below; the last person is employed nowhere."""
        made = {"starts_on": dt.date(2015, 1, 1)}
        schools = Unit.objects.create(code="P-BUF", name="Skolor", **made)
        school = Unit.objects.create(code="P-BUF-1", name="Åsaskolan", parent=schools, administration=schools, **made)
        care = Unit.objects.create(code="P-VOF", name="Omsorg", **made)
        self.units, self.tops = [schools, school, care], [schools, care]
        for person, unit in zip(self.people, [school, care, schools, school, care, schools], strict=False):
            Employment.objects.create(person=person, unit=unit, **made)

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    def plan(self, *, course, places, ahead):
        start = (self.now + ahead * DAY).replace(hour=9)
        return create_occasion(
            course, plan=plan_for(start, places=places), sessions=two_days(start), facilitators=[self.facilitator]
        )

    # What there is to act on, chosen by a number that may be too large.
    def occasion(self, which):
        occasions = list(Occasion.objects.order_by("id"))
        return occasions[which % len(occasions)]

    def booking(self, which, *states):
        bookings = Booking.objects.select_related("person", "occasion__course").order_by("id")
        found = list(bookings.filter(state__in=states) if states else bookings)
        return found[which % len(found)] if found else None

    def reservation(self, which):
        found = list(Reservation.objects.select_related("unit", "occasion").order_by("-released_at", "id"))
        return found[which % len(found)]

    def attempt(self, act, *args, **kwargs):
        """A refusal is an answer, and one that leaves everything as it was."""
        before = everything()
        try:
            with transaction.atomic():
                return act(*args, now=self.now, **kwargs)
        except RuleBroken as refusal:
            broken = refusal
        assert broken.sentence
        assert broken.code != "rule_broken"
        assert everything() == before
        return None

    @rule(hours=st.sampled_from([1, 5, 24, 72, 200]))
    def the_clock_goes(self, hours):
        self.now += hours * HOUR

    @rule()
    def the_sweeps_run(self):
        lapse_offers(now=self.now)
        lapse_requests(now=self.now)
        cancel_for_those_who_left(now=self.now)

    @rule(who=PEOPLE)
    def someone_leaves_the_municipality(self, who):
        yesterday = timezone.localdate(self.now) - DAY
        Employment.objects.filter(person=self.people[who], ends_on=None).update(ends_on=yesterday)

    @rule(who=PEOPLE, where=WHICH, wait=st.booleans())
    def someone_books(self, who, where, wait):
        self.attempt(book_place, self.occasion(where), person=self.people[who], wait=wait)

    @rule(who=PEOPLE, where=WHICH)
    def someone_books_or_waits(self, who, where):
        self.attempt(book_place, self.occasion(where), person=self.people[who], wait=True)

    @precondition(lambda self: Booking.objects.exists())
    @rule(which=WHICH, by_hand=st.booleans())
    def someone_cancels(self, which, by_hand):
        booking = self.booking(which, *Booking.LIVE) or self.booking(which)
        by = self.facilitator if by_hand else booking.person
        self.attempt(cancel_booking, booking, by=by, why="Sjuk")

    @precondition(lambda self: Offer.objects.exists())
    @rule(which=WHICH, yes=st.booleans())
    def someone_answers(self, which, yes):
        offers = list(Offer.objects.select_related("booking__person").order_by("answer", "id"))
        offer = offers[which % len(offers)]
        self.attempt(accept_offer if yes else decline_offer, offer, by=offer.booking.person)

    @precondition(lambda self: Booking.objects.filter(state="asked").exists())
    @rule(which=WHICH, yes=st.booleans())
    def someone_decides(self, which, yes):
        asked = self.booking(which, "asked")
        if yes:
            self.attempt(approve_request, asked, by=self.facilitator)
        else:
            self.attempt(refuse_request, asked, by=self.facilitator, why="Inte nu")

    @precondition(lambda self: Booking.objects.exists())
    @rule(which=WHICH, where=WHICH, wait=st.booleans(), by_hand=st.booleans())
    def someone_moves(self, which, where, wait, by_hand):
        booking = self.booking(which, "booked", "asked") or self.booking(which)
        by = self.facilitator if by_hand else booking.person
        self.attempt(move_booking, booking, to=self.occasion(where), by=by, wait=wait, why="Vill hellre" * by_hand)

    @precondition(lambda self: Booking.objects.exists())
    @rule(which=WHICH, to=PEOPLE)
    def someone_hands_over(self, which, to):
        booking = self.booking(which, "booked") or self.booking(which)
        self.attempt(hand_over_place, booking, to=self.people[to], by=booking.person)

    @precondition(lambda self: Booking.objects.filter(state="waiting").exists())
    @rule(which=WHICH)
    def a_place_is_given_by_hand(self, which):
        self.attempt(give_place, self.booking(which, "waiting"), by=self.facilitator, why="Ringde")

    @rule(who=PEOPLE, where=WHICH)
    def a_place_is_given_to_someone_not_on_the_list(self, who, where):
        self.attempt(give_place_to, self.people[who], on=self.occasion(where), by=self.facilitator, why="Ringde")

    @rule(where=WHICH, unit=st.integers(0, 2), places=st.integers(1, 2), hours=st.sampled_from([4, 30, 100]))
    def places_are_reserved(self, where, unit, places, hours):
        until = self.now + hours * HOUR
        self.attempt(reserve_places, self.occasion(where), unit=self.units[unit], places=places, until=until)

    @precondition(lambda self: Reservation.objects.exists())
    @rule(which=WHICH)
    def a_reservation_is_released(self, which):
        self.attempt(release_reservation, self.reservation(which))

    @precondition(lambda self: Reservation.objects.exists())
    @rule(which=WHICH, who=PEOPLE)
    def the_manager_names_someone(self, which, who):
        self.attempt(name_for_place, self.reservation(which), person=self.people[who], by=self.facilitator)

    @rule(where=WHICH, chosen=st.sampled_from([(), (0,), (1,), (0, 1)]))
    def who_may_book_is_decided(self, where, chosen):
        tops = [self.tops[each] for each in chosen]
        self.attempt(decide_who_may_book, self.occasion(where), administrations=tops, is_hidden=False)

    @rule(where=WHICH, places=st.integers(1, 4))
    def there_are_more_places_or_fewer(self, where, places):
        occasion = self.occasion(where)
        plan = plan_for(occasion.starts_at, places=places, state=occasion.state)
        self.attempt(change_occasion, occasion, plan=plan, sessions=plans_of(occasion))

    @rule(where=WHICH)
    def a_day_is_added_or_the_last_taken_away(self, where):
        occasion = self.occasion(where)
        days = plans_of(occasion)
        if len(days) > 1:
            days = days[:-1]
        else:
            days.append(two_days(days[0].starts_at + DAY)[0])
        plan = plan_for(occasion.starts_at, places=occasion.places, state=occasion.state)
        self.attempt(change_occasion, occasion, plan=plan, sessions=days)

    @precondition(lambda self: Booking.objects.filter(state="booked").exists())
    @rule(which=WHICH, day=st.integers(0, 2), state=st.sampled_from(["present", "present", "absent", "excused"]))
    def someone_is_marked(self, which, day, state):
        booking = self.booking(which, "booked")
        sessions = list(booking.occasion.sessions.all())
        session = sessions[day % len(sessions)]
        self.attempt(mark_attendance, booking, session, state=state, by=self.facilitator)

    @precondition(lambda self: Booking.objects.filter(state="booked").exists())
    @rule(which=WHICH, day=st.integers(0, 2), state=st.sampled_from(["present", "absent"]))
    def the_clock_goes_to_a_day_and_someone_is_marked(self, which, day, state):
        booking = self.booking(which, "booked")
        sessions = days_of(booking) or list(booking.occasion.sessions.all())
        session = sessions[day % len(sessions)]
        self.now = max(self.now, session.starts_at)
        self.the_sweeps_run()
        self.attempt(mark_attendance, booking, session, state=state, by=self.facilitator)

    @precondition(lambda self: Attendance.objects.exclude(state="present").exists())
    @rule(which=WHICH, where=WHICH, by_hand=st.booleans(), wait=st.booleans())
    def a_missed_day_is_made_up(self, which, where, by_hand, wait):
        marks = list(Attendance.objects.exclude(state="present").select_related("booking__person", "session"))
        mark = marks[which % len(marks)]
        coming = list(Occasion.objects.filter(state="open", starts_at__gt=self.now).order_by("id"))
        there = coming[where % len(coming)] if coming else self.occasion(where)
        by = self.facilitator if by_hand else mark.booking.person
        self.attempt(make_up_day, mark.booking, mark.session, on=there, by=by, wait=wait, why="Var sjuk" * by_hand)

    @rule(where=WHICH, course=st.booleans(), places=st.integers(1, 3), ahead=st.integers(5, 30))
    def an_occasion_is_cancelled_and_another_planned(self, where, course, places, ahead):
        if Occasion.objects.filter(state="open", starts_at__gt=self.now).count() >= 3:
            self.attempt(cancel_occasion, self.occasion(where), by=self.facilitator, why="Inställt")
        self.plan(course=self.asked if course else self.open, places=places, ahead=ahead)

    @invariant()
    def the_proof_finds_nothing(self):
        faults = [fault for fault in find_faults(now=self.now) if fault.code not in WAITS_FOR_A_SWEEP]
        assert faults == []

    @invariant()
    def never_one_place_more_and_never_one_empty_while_someone_waits(self):
        for occasion in Occasion.objects.all():
            bookings = list(Booking.objects.filter(occasion=occasion).order_by("id"))
            held = [b for b in bookings if b.state in {"asked", "offered", "booked"}]
            waiting = [b for b in bookings if b.state == "waiting"]
            kept = {
                row.pk: (row.unit_id, row.places - sum(b.reservation_id == row.pk for b in held))
                for row in Reservation.objects.filter(occasion=occasion, released_at=None)
            }
            assert all(unused >= 0 for _unit, unused in kept.values())
            free = occasion.places - len(held) - sum(unused for _unit, unused in kept.values())
            assert free >= 0
            offers_end = min(occasion.offers_until, occasion.starts_at)
            if occasion.state != "open" or self.now >= offers_end:
                continue
            chosen = {unit.pk for unit in occasion.administrations.all()}
            for booking in waiting:
                units = self.units_of(booking.person_id)
                if not chosen or chosen & units:
                    assert free == 0
                    assert not any(unused and unit in units for unit, unused in kept.values())

    @invariant()
    def a_missed_day_is_made_up_once_by_the_same_person_on_a_day_that_is_given(self):
        live = [day for day in MadeUpDay.objects.select_related("booking", "original", "instead") if is_live(day)]
        assert len({(day.original_id, day.missed_id) for day in live}) == len(live)
        for day in live:
            assert day.original.person_id == day.booking.person_id
            assert day.original.occasion_id != day.booking.occasion_id
        assert all(days_of(day.booking) for day in live)

    @invariant()
    def whoever_is_trained_was_at_each_day_here_or_elsewhere_and_is_counted_once(self):
        trained = list(Completion.objects.filter(withdrawn_at=None).select_related("booking__occasion"))
        assert len({(each.person_id, each.course_id) for each in trained}) == len(trained)
        there = set(Attendance.objects.filter(state="present").values_list("booking", "session"))
        for completion in trained:
            own = completion.booking
            assert own.state == "booked"
            sessions = Session.objects.filter(occasion=own.occasion_id)
            # A day that is added when someone has completed the course takes nothing back.
            then = self.days_then.setdefault((completion.pk, completion.recorded_at), set(sessions))
            for session in then.intersection(sessions):
                elsewhere = own.days_made_up.filter(missed=session, booking__state="booked")
                seen = {(own.pk, session.pk), *elsewhere.values_list("booking", "instead")}
                assert seen & there

    def units_of(self, person_id):
        units = set()
        for employment in Employment.objects.filter(person=person_id).select_related("unit"):
            if employment.holds_on(timezone.localdate(self.now)):
                units |= {employment.unit_id, employment.unit.parent_id}
        return units - {None}

    @invariant()
    def each_log_ends_where_its_booking_stands_and_nobody_stands_twice(self):
        last = dict(
            rows("SELECT DISTINCT ON (booking_id) booking_id, state FROM courses_bookingevent ORDER BY 1, id DESC")
        )
        stands = dict(rows("SELECT id, state FROM courses_booking"))
        assert last == stands
        twice = (
            "SELECT 1 FROM courses_booking WHERE state IN ('asked', 'waiting', 'offered', 'booked') "
            "GROUP BY occasion_id, person_id HAVING count(*) > 1"
        )
        assert rows(twice) == []

    @invariant()
    def an_offer_is_out_to_each_who_is_offered_a_place_and_to_nobody_else(self):
        out = rows("SELECT booking_id FROM courses_offer WHERE answer = 'open' ORDER BY 1")
        assert out == rows("SELECT id FROM courses_booking WHERE state = 'offered' ORDER BY 1")


def is_live(day):
    return day.booking.state in Booking.LIVE


def make_someone(name):
    """Nobody logs in here: a password would take longer to hash than a step to take."""
    return Person.objects.create(email=f"{name}@skarvik.example".replace(" ", "."), given_name=name)


def rows(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def everything():
    return (
        rows("SELECT id, occasion_id, person_id, state FROM courses_booking ORDER BY id"),
        rows("SELECT count(*) FROM courses_bookingevent"),
        rows("SELECT id, answer FROM courses_offer ORDER BY id"),
        rows("SELECT id, places, state, is_limited FROM courses_occasion ORDER BY id"),
        rows("SELECT id, released_at FROM courses_reservation ORDER BY id"),
        rows("SELECT id, booking_id, missed_id, instead_id FROM courses_madeupday ORDER BY id"),
        rows("SELECT id, state FROM courses_attendance ORDER BY id"),
        rows("SELECT count(*) FROM courses_attendancechange"),
        rows("SELECT id, completed_on, withdrawn_at FROM courses_completion ORDER BY id"),
        rows("SELECT id, starts_at FROM courses_session ORDER BY id"),
    )


def drive(examples, steps, **more):
    run_state_machine_as_test(
        EveryWay,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )


@pytest.fixture
def roles(db):
    from people.services.roles import lay_roles

    lay_roles()


def test_the_rules_hold_after_every_step(roles):
    """The same way each time, so that a red run says something about the change at hand."""
    drive(4, 20, derandomize=True, phases=[Phase.generate, Phase.shrink])


@pytest.mark.long
def test_the_rules_hold_after_thousands_of_steps(roles):
    """The same way each time, too; with OTHER_WAYS=1 another. What it finds is printed as a program to run again."""
    drive(70, 50, print_blob=True, derandomize="OTHER_WAYS" not in os.environ)
