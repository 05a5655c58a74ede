"""Three years of occasions, and those to come: who came, who waited, who thereby is trained.

Laid once, straight into the tables; never again when the two-day course has occasions.
"""

import datetime as dt
import random
from collections.abc import Callable

from django.db import transaction

from config.demo import Demo
from config.demo.attendees import Attendees
from config.demo.courses import TWO_DAYS
from config.demo.records import Records
from config.demo.timetable import STOCKHOLM, Plan, draw_timetable, workday
from courses.models import Attendance, Booking, Completion, Occasion, Session

TRAINED = 412
WITHDRAWN = 3

State = Booking.State


@transaction.atomic
def lay(demo: Demo) -> None:
    if not Occasion.objects.filter(course__slug=TWO_DAYS).exists():
        chance = demo.chance("history")
        plans = draw_timetable(demo, chance, trained=TRAINED)
        _save_timetable(plans)
        attendees, records = Attendees(demo, chance), Records()
        for plan in plans:
            _Filling(plan, demo.now, attendees, records, chance).fill()
        records.write()
    trained = Completion.objects.filter(course__slug=TWO_DAYS, withdrawn_at=None).values("person").distinct().count()
    demo.say(f"{Occasion.objects.count()} occasions, {trained} people trained in the two-day course")


def _save_timetable(plans: list[Plan]) -> None:
    Occasion.objects.bulk_create([plan.occasion for plan in plans])
    for plan in plans:
        for session in plan.sessions:
            session.occasion = plan.occasion
    Session.objects.bulk_create([session for plan in plans for session in plan.sessions])
    crew = Occasion.facilitators.through
    crew.objects.bulk_create(
        [crew(occasion_id=plan.occasion.pk, person_id=person.pk) for plan in plans for person in plan.facilitators]
    )


class _Filling:
    """Fills one occasion with people."""

    def __init__(
        self, plan: Plan, now: dt.datetime, attendees: Attendees, records: Records, chance: random.Random
    ) -> None:
        self.plan, self.now, self.attendees, self.records, self.chance = plan, now, attendees, records, chance
        self.day = min(plan.sessions[-1].ends_at.date(), now.date())
        self.taken: set[int] = {person.pk for person in plan.facilitators}
        # Bookings are spread over the weeks before; what is to come was booked before now.
        self.until = min(plan.occasion.starts_at - dt.timedelta(days=4), now - dt.timedelta(hours=3))

    def fill(self) -> None:
        two_days = self.plan.occasion.course.slug == TWO_DAYS
        if self.plan.is_marked and two_days:
            self._give_two_days()
        elif self.plan.is_marked:
            self._give()
        else:
            for person in self._take(self.attendees.untrained if two_days else self.attendees.anyone, self.plan.booked):
                self._book(person)
        for person in self._take(self.attendees.colleagues, min(self.plan.asked, 1)):
            self._log(person, State.ASKED)
        for person in self._take(self.attendees.untrained, self.plan.asked - 1 if self.plan.asked else 0):
            self._log(person, State.ASKED)
        for person in self._take(self.attendees.untrained, self.plan.offered):
            self._offer(person)
        for person in self._take(self.attendees.untrained, self.plan.waiting):
            self._wait(person)
        if self.chance.random() < 0.5:
            for person in self._take(self.attendees.anyone, self.chance.randint(1, 2)):
                self._log(person, State.BOOKED, State.CANCELLED)

    def _give_two_days(self) -> None:
        """As many new people as planned complete it; others miss a day, come again, or have it withdrawn."""
        new = self._take(self.attendees.new, (self.plan.new or 0) - len(self.plan.also)) + self._log_ins()
        for person in new:
            self._complete(self._book(person))
        rest = self.plan.booked - len(new)
        if len(self.attendees.withdrawn) < WITHDRAWN and self.chance.random() < 0.2 and rest:
            rest -= 1
            self._withdraw(self._take(self.attendees.untrained, 1)[0])
        if self.chance.random() < 0.3 and rest:
            for person in self._take(self.attendees.again, 1):
                rest -= 1
                self._complete(self._book(person))
        for person in self._take(self.attendees.untrained, rest):
            second = self.chance.choice((Attendance.State.ABSENT, Attendance.State.EXCUSED))
            first = self.chance.choice((Attendance.State.PRESENT, Attendance.State.LEFT_EARLY, second))
            self._mark(self._book(person), first, second)
        self.attendees.trained.update(new)

    def _give(self) -> None:
        people = self._take(self.attendees.anyone, self.plan.booked - len(self.plan.also)) + self._log_ins()
        for person in people:
            booking = self._book(person)
            if person in self._log_ins() or self.chance.random() < 0.92:
                self._complete(booking)
            else:
                self._mark(booking, *[Attendance.State.ABSENT] * len(self.plan.sessions))

    def _log_ins(self) -> list[int]:
        return [self.attendees.log_ins[name] for name in self.plan.also]

    def _take(self, choose: Callable[[int, dt.date, set[int]], list[int]], number: int) -> list[int]:
        people = choose(number, self.day, self.taken) if number else []
        self.taken.update(people)
        return people

    def _moment(self) -> dt.datetime:
        """Some time in the weeks before, within working hours."""
        day = workday((self.until - dt.timedelta(days=self.chance.randint(1, 35))).date())
        at = dt.datetime.combine(day, dt.time(self.chance.randint(7, 16), self.chance.randint(0, 59)), STOCKHOLM)
        return min(at, self.until)

    def _log(self, person: int, *states: str) -> Booking:
        """A booking whose states follow each other within a day or so, the person's own doing."""
        booking = Booking(occasion=self.plan.occasion, person_id=person)
        at = self._moment()
        moments = [min(at + dt.timedelta(hours=20 * turn), self.until) for turn in range(len(states))]
        self.records.book(booking, *[(state, moment, person) for state, moment in zip(states, moments, strict=True)])
        return booking

    def _book(self, person: int) -> Booking:
        if self.plan.occasion.course.needs_approval:
            return self._log(person, State.ASKED, State.BOOKED)
        return self._log(person, State.BOOKED)

    def _wait(self, person: int) -> None:
        """Still waiting; what was over before a place was free has lapsed."""
        if self.plan.is_marked:
            self._log(person, State.WAITING, State.LAPSED)
        else:
            self._log(person, State.WAITING)

    def _offer(self, person: int) -> None:
        booking = Booking(occasion=self.plan.occasion, person_id=person)
        waited, offered = self.until - dt.timedelta(days=40), self.now - dt.timedelta(hours=1)
        self.records.book(booking, (State.WAITING, waited, person), (State.OFFERED, offered, None))
        expires = dt.datetime.combine(workday(self.now.date() + dt.timedelta(days=2)), dt.time(12), STOCKHOLM)
        self.records.offer(booking, offered, expires)

    def _mark(self, booking: Booking, *states: str) -> None:
        for session, state in zip(self.plan.sessions, states, strict=True):
            self.records.mark(booking, session, state, by=self.plan.facilitators[0].pk)

    def _complete(self, booking: Booking, *, stays: bool = True) -> None:
        self._mark(booking, *[Attendance.State.PRESENT] * len(self.plan.sessions))
        unit = self.attendees.unit_on(booking.person_id, self.plan.sessions[-1].ends_at.date())
        self.records.complete(booking, self.plan.occasion.course, unit, self.plan.sessions[-1], stays=stays)

    def _withdraw(self, person: int) -> None:
        """Marked present by mistake and corrected: the completion is withdrawn, not deleted."""
        booking = self._book(person)
        self._complete(booking, stays=False)
        self.records.mark(
            booking,
            self.plan.sessions[-1],
            Attendance.State.ABSENT,
            by=self.plan.facilitators[0].pk,
            why="Var sjuk dag två, markerades fel.",
        )
        self.attendees.withdrawn.add(person)
