"""To which days someone comes: all of an occasion's, or only those that make up for a missed one."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from courses.models import Booking, MadeUpDay, Session


def days_of(booking: Booking) -> list[Session]:
    """Reads `occasion__sessions` and `made_up_days`: fetch both beforehand where there are many bookings."""
    sessions = list(booking.occasion.sessions.all())
    made_up = {day.instead_id for day in booking.made_up_days.all()}
    return [session for session in sessions if session.pk in made_up] if made_up else sessions


def comes_to(session: Session) -> Q:
    """Bookings whose holder comes to this session of their occasion."""
    days = MadeUpDay.objects.filter(booking=OuterRef("pk"))
    return Q(~Exists(days)) | Q(Exists(days.filter(instead=session)))


def is_today(session: Session, now: dt.datetime) -> bool:
    return timezone.localdate(session.starts_at) == timezone.localdate(now)
