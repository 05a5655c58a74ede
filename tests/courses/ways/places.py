"""What people do about places, and the rules of places, offers and queues.

The rules are looked at in two ways: by the house's own proof (`courses.checks`), and by counting rows here, which
knows nothing of how the services think. An act that the rules refuse must have changed nothing.
"""

import datetime as dt
from collections import Counter
from dataclasses import replace
from typing import ClassVar

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from courses.checks import find_faults
from courses.models import Booking, Course, Occasion, Offer, Reservation
from courses.services.approval import approve_request, lapse_requests, refuse_request
from courses.services.booking import book_place, cancel_booking, give_place, give_place_to
from courses.services.leaving import cancel_for_those_who_left
from courses.services.moving import hand_over_place, move_booking
from courses.services.occasions import cancel_occasion
from courses.services.offers import accept_offer, decline_offer, lapse_offers
from courses.services.planning import Circle, change_with_circle, create_with_circle
from courses.services.reservations import decide_who_may_book, name_for_place, release_reservation, reserve_places
from people.models import Employment, Unit
from people.roles import FACILITATOR
from people.services.roles import give_role
from shared.rules import RuleBroken
from tests.conftest import STOCKHOLM
from tests.courses.conftest import DAY, HOUR, plan_for, two_days
from tests.courses.test_occasions import plans_of
from tests.courses.ways.seen import everything, make_someone, rows

MONDAY = dt.datetime(2027, 3, 1, 9, 0, tzinfo=STOCKHOLM)
PEOPLE = st.integers(0, 6)
WHICH = st.integers(0, 30)
# What the clock alone makes true until the next sweep, a minute later in the house.
WAITS_FOR_A_SWEEP = {"offer_not_lapsed", "request_not_lapsed", "reservation_not_released"}


class Places(RuleBasedStateMachine):
    # How often each act was let through, by its name: a machine that reaches nothing proves nothing.
    done: ClassVar[Counter] = Counter()

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.now = MONDAY
        self.people = [make_someone(f"Person {number}") for number in range(7)]
        self.facilitator, self.second = make_someone("Frida"), make_someone("Lisa")
        for leader in (self.facilitator, self.second):
            give_role(leader, role=FACILITATOR)
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
        # Also after an error of the database, so that the next way begins where this one did.
        transaction.set_rollback(False)
        transaction.savepoint_rollback(self.savepoint)

    def plan(self, *, course, places, ahead):
        start = (self.now + ahead * DAY).replace(hour=9)
        return create_with_circle(
            course,
            plan=plan_for(start, places=places),
            sessions=two_days(start),
            circle=Circle([self.facilitator], asks_needs=bool(places % 2)),
            by=self.facilitator,
            now=self.now,
        )

    @initialize()
    def there_is_a_queue_to_begin_with(self):
        """One who waits where there are two places, one where there is one, and one who is asked about."""
        two, one, asked = Occasion.objects.order_by("id")
        for where, who in [(two, 0), (two, 1), (two, 2), (one, 3), (one, 4), (asked, 5)]:
            book_place(where, person=self.people[who], wait=True, now=self.now)

    def clock_to(self, moment):
        """The sweeps run as they do each minute, and what has begun is followed by something that people ask for."""
        self.now = max(self.now, moment)
        self.the_sweeps_run()
        for number in range(self.coming().count(), 2):
            there = self.plan(course=self.open, places=1 + number, ahead=6 + 5 * number)
            first = Occasion.objects.count()
            for who in range(first, first + 4):
                self.attempt(book_place, there, person=self.people[who % 7], wait=True)

    def coming(self):
        return Occasion.objects.filter(state="open", offers_until__gt=self.now).order_by("id")

    # What there is to act on, chosen by a number that may be too large; most often what is to come.
    def occasion(self, which):
        occasions = list((which % 4 and self.coming()) or Occasion.objects.order_by("id"))
        return occasions[which % len(occasions)]

    def booking(self, which, *states):
        bookings = Booking.objects.select_related("person", "occasion__course").order_by("id")
        found = list(bookings.filter(state__in=states) if states else bookings)
        if which % 4:
            found = [each for each in found if each.occasion.starts_at > self.now] or found
        return found[which % len(found)] if found else None

    def reservation(self, which):
        found = list(Reservation.objects.select_related("unit", "occasion").order_by("-released_at", "id"))
        return found[which % len(found)]

    def attempt(self, act, *args, **kwargs):
        """A refusal is an answer, and one that leaves everything as it was.

        No transaction is opened around the act: what it leaves half done when it refuses is there to be seen.
        """
        before = everything()
        try:
            result = act(*args, now=self.now, **kwargs)
        except RuleBroken as refusal:
            broken = refusal
        else:
            self.done[act.__name__] += 1
            return result
        assert broken.sentence
        assert broken.code != "rule_broken"
        assert everything() == before
        return None

    def change(self, occasion, *, sessions=None, circle=(), **changes):
        """As the page of planning does: the whole plan and circle at once, with what is different."""
        about = {"places": occasion.places, "state": occasion.state, "min_places": occasion.min_places} | changes
        sessions = sessions or plans_of(occasion)
        around = {
            "facilitators": list(occasion.facilitators.all()),
            "administrations": list(occasion.administrations.all()),
            "is_hidden": occasion.is_hidden,
            "asks_needs": occasion.asks_needs,
        } | dict(circle)
        plan = plan_for(min(each.starts_at for each in sessions), **about)
        return self.attempt(
            change_with_circle, occasion, plan=plan, sessions=sessions, circle=Circle(**around), by=self.facilitator
        )

    @rule(hours=st.sampled_from([1, 5, 24, 72]))
    def the_clock_goes(self, hours):
        self.clock_to(self.now + hours * HOUR)

    @rule(minutes=st.integers(0, 600))
    def the_clock_goes_and_no_sweep_has_run(self, minutes):
        self.now += dt.timedelta(minutes=minutes)

    @rule()
    def the_sweeps_run(self):
        lapse_offers(now=self.now)
        lapse_requests(now=self.now)
        cancel_for_those_who_left(now=self.now)

    @rule(who=PEOPLE)
    def someone_leaves_the_municipality_or_comes_back(self, who):
        today = timezone.localdate(self.now)
        employed = Employment.objects.filter(person=self.people[who], ends_on=None)
        if not employed.exists():
            Employment.objects.create(person=self.people[who], unit=self.units[who % 3], starts_on=today)
        employed.filter(starts_on__lt=today).update(ends_on=today - DAY)

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
        every = Offer.objects.select_related("booking__person").order_by("-id")
        offers = list((which % 4 and every.filter(answer="open")) or every)
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
        self.change(self.occasion(where), places=places)

    @rule(where=WHICH, day=st.integers(0, 1), hours=st.sampled_from([-24, -2, 2, 7, 30, 24 * 8]))
    def a_day_is_moved(self, where, day, hours):
        occasion = self.occasion(where)
        days = plans_of(occasion)
        day %= len(days)
        moved = dt.timedelta(hours=hours)
        days[day] = replace(days[day], starts_at=days[day].starts_at + moved, ends_at=days[day].ends_at + moved)
        if self.change(occasion, sessions=days):
            self.done["a_day_is_moved"] += 1

    @rule(where=WHICH, both=st.booleans())
    def someone_else_leads_too_or_no_longer(self, where, both):
        leaders = [self.facilitator, self.second] if both else [self.facilitator]
        self.change(self.occasion(where), circle={"facilitators": leaders})

    @rule(where=WHICH, asks=st.booleans())
    def those_who_book_are_asked_what_they_need_or_no_longer(self, where, asks):
        self.change(self.occasion(where), circle={"asks_needs": asks})

    @rule(where=WHICH)
    def a_day_is_added_or_the_last_taken_away(self, where):
        occasion = self.occasion(where)
        days = plans_of(occasion)
        if len(days) > 1:
            days = days[:-1]
        else:
            days.append(two_days(days[0].starts_at + DAY)[0])
        self.change(occasion, sessions=days)

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
