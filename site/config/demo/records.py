"""The rows of the history, gathered and written in few statements: as the services would have left them."""

import datetime as dt

from django.db.models import Model
from django.utils import timezone

from courses.models import (
    Attendance,
    AttendanceChange,
    Booking,
    BookingEvent,
    Completion,
    Course,
    Offer,
    Session,
)
from courses.working_hours import add_working_days


class Records:
    def __init__(self) -> None:
        self.bookings: list[Booking] = []
        self.events: list[BookingEvent] = []
        self.offers: list[Offer] = []
        self.attendances: list[Attendance] = []
        self.changes: list[AttendanceChange] = []
        self.completions: list[Completion] = []
        self._marked: dict[tuple[int, int], Attendance] = {}

    def book(self, booking: Booking, *log: tuple[str, dt.datetime, int | None]) -> None:
        """The booking and its log; the last line of the log is its state."""
        booking.state = log[-1][0]
        booking.created_at = log[0][1]
        if booking.state == Booking.State.ASKED:
            # Laid today, however long ago it was asked: whoever looks at the demo finds something to decide.
            booking.decide_by = add_working_days(timezone.now(), booking.occasion.course.approval_days)
        self.bookings.append(booking)
        self.events += [BookingEvent(booking=booking, state=state, at=at, by_id=by) for state, at, by in log]

    def offer(self, booking: Booking, made_at: dt.datetime, expires_at: dt.datetime) -> None:
        self.offers.append(Offer(booking=booking, made_at=made_at, expires_at=expires_at))

    def mark(self, booking: Booking, session: Session, state: str, *, by: int, why: str = "") -> None:
        """An attendance and its change; marked again, it is corrected."""
        at = session.ends_at + dt.timedelta(minutes=10)
        marked = self._marked.get((id(booking), id(session)))
        before = marked.state if marked else ""
        if marked is None:
            marked = Attendance(booking=booking, session=session, marked_by_id=by, marked_at=at)
            self.attendances.append(marked)
            self._marked[id(booking), id(session)] = marked
        else:
            at = marked.marked_at = at + dt.timedelta(days=2)
        marked.state = state
        minutes = marked.minutes = 150 if state == Attendance.State.LEFT_EARLY else None
        self.changes.append(
            AttendanceChange(attendance=marked, before=before, after=state, minutes=minutes, by_id=by, at=at, why=why)
        )

    def complete(self, booking: Booking, course: Course, unit: int | None, last: Session, *, stays: bool) -> None:
        recorded_at = last.ends_at + dt.timedelta(minutes=10)
        self.completions.append(
            Completion(
                person_id=booking.person_id,
                course=course,
                completed_on=last.ends_at.date(),
                unit_id=unit,
                booking=booking,
                recorded_at=recorded_at,
                withdrawn_at=None if stays else recorded_at + dt.timedelta(days=2),
            )
        )

    def write(self) -> None:
        # The queue's order is the order of the ids.
        self.bookings.sort(key=lambda booking: booking.created_at)
        rows: tuple[list[Model], ...] = (
            [*self.bookings],
            [*sorted(self.events, key=lambda event: event.at)],
            [*self.offers],
            [*self.attendances],
            [*self.changes],
            [*self.completions],
        )
        for some in rows:
            if some:
                type(some[0])._default_manager.bulk_create(some, batch_size=2000)
