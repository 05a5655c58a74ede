"""Every act in every order with a moving clock: whatever people do, the rules hold after each step.

The rules are looked at in two ways: by the house's own proof (`courses.checks`), and by counting rows here, which
knows nothing of how the services think. An act that the rules refuse must have changed nothing.
"""

import datetime as dt

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from courses.checks import find_faults
from courses.models import Booking, Course, Occasion, Offer
from courses.services.approval import approve_request, lapse_requests, refuse_request
from courses.services.booking import book_place, cancel_booking, give_place
from courses.services.moving import hand_over_place, move_booking
from courses.services.occasions import cancel_occasion, change_occasion, create_occasion
from courses.services.offers import accept_offer, decline_offer, lapse_offers
from people.models import Person
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
WAITS_FOR_A_SWEEP = {"offer_not_lapsed", "request_not_lapsed"}


class EveryWay(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.now = MONDAY
        self.people = [make_someone(f"Person {number}") for number in range(7)]
        self.facilitator = make_someone("Frida")
        give_role(self.facilitator, role=FACILITATOR)
        self.open = Course.objects.create(slug="oppen", title="Öppen", hours=14)
        self.asked = Course.objects.create(slug="fragad", title="Frågad", hours=14, needs_approval=True)
        self.plan(course=self.open, places=2, ahead=14)
        self.plan(course=self.open, places=1, ahead=21)
        self.plan(course=self.asked, places=1, ahead=28)

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

    @rule(where=WHICH, places=st.integers(1, 4))
    def there_are_more_places_or_fewer(self, where, places):
        occasion = self.occasion(where)
        plan = plan_for(occasion.starts_at, places=places, state=occasion.state)
        self.attempt(change_occasion, occasion, plan=plan, sessions=plans_of(occasion))

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
            assert len(held) <= occasion.places
            offers_end = min(occasion.offers_until, occasion.starts_at)
            if occasion.state == "open" and waiting and self.now < offers_end:
                assert len(held) == occasion.places

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
        rows("SELECT id, places, state FROM courses_occasion ORDER BY id"),
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
    drive(7, 22, derandomize=True, phases=[Phase.generate, Phase.shrink])


@pytest.mark.long
def test_the_rules_hold_after_thousands_of_steps(roles):
    """Another way each time; what it finds is printed as a program to run again."""
    drive(70, 50, print_blob=True)
