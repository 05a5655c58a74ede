"""Who says to be in the room, and what one has to be in today. They read and never write."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from courses.models import Attendance, Booking, Occasion, PresenceClaim, RoomCode, Session
from courses.own_days import days_of
from people.models import Person


def open_room_of(session: Session) -> RoomCode | None:
    return RoomCode.objects.filter(session=session, closed_at=None).first()


def open_claims(session: Session) -> QuerySet[PresenceClaim]:
    """Not settled: nobody has marked the person since it was said."""
    said = PresenceClaim.objects.filter(session=session)
    settled = Attendance.objects.filter(
        booking=OuterRef("booking"), session=session, marked_at__gte=OuterRef("claimed_at")
    )
    return said.filter(~Exists(settled))


def count_in_room(session: Session) -> int:
    """How many have said to be there or are marked so."""
    there = Q(attendances__session=session, attendances__state__in=Attendance.WAS_THERE)
    booked = Booking.objects.filter(occasion=session.occasion_id, state=Booking.State.BOOKED)
    return booked.filter(there | Q(pk__in=open_claims(session).values("booking"))).distinct().count()


@dataclass(frozen=True)
class OwnDay:
    """One of my sessions, whether I have said to be there, and how I am marked."""

    booking: Booking
    session: Session
    claim: PresenceClaim | None
    attendance: Attendance | None

    @property
    def is_there(self) -> bool:
        return self.attendance is not None and self.attendance.state in Attendance.WAS_THERE


def own_days_on(person: Person, *, day: dt.date) -> list[OwnDay]:
    """The sessions of that day that the person comes to, in order of time. Six queries at most."""
    begins = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    ends = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
    booked = Booking.objects.filter(
        person=person,
        state=Booking.State.BOOKED,
        occasion__state=Occasion.State.OPEN,
        occasion__sessions__starts_at__gte=begins,
        occasion__sessions__starts_at__lt=ends,
    ).distinct()
    found = []
    for booking in booked.select_related("occasion__course").prefetch_related(
        "occasion__sessions", "made_up_days", "attendances", "claims"
    ):
        marks = {mark.session_id: mark for mark in booking.attendances.all()}
        claims = {claim.session_id: claim for claim in booking.claims.all()}
        for session in days_of(booking):
            if begins <= session.starts_at < ends:
                session.occasion = booking.occasion
                found.append(OwnDay(booking, session, claims.get(session.pk), marks.get(session.pk)))
    return sorted(found, key=lambda one: one.session.starts_at)


def own_sessions_on(person: Person, *, day: dt.date) -> list[Session]:
    return [one.session for one in own_days_on(person, day=day)]
