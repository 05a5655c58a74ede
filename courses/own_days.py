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


def days_left_of(booking: Booking, *, since: dt.datetime) -> list[Session]:
    """Those of them that were not over by then: what is lost with a place. All of them where none was left."""
    days = days_of(booking)
    return [session for session in days if session.ends_at > since] or days


def comes_to(session: Session | OuterRef) -> Q:
    """Bookings whose holder comes to this session of their occasion."""
    days = MadeUpDay.objects.filter(booking=OuterRef("pk"))
    return Q(~Exists(days)) | Q(Exists(days.filter(instead=session)))


def comes_today(booking: Booking, now: dt.datetime) -> bool:
    """Whether someone with a place has a day of it today that is not over."""
    has_place = booking.state == Booking.State.BOOKED
    return has_place and any(is_today(session, now) and session.ends_at > now for session in days_of(booking))


def is_today(session: Session, now: dt.datetime) -> bool:
    return timezone.localdate(session.starts_at) == timezone.localdate(now)
