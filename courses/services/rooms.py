"""The room's code is shown; participants say by it to be there; whoever leads confirms."""

import datetime as dt
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.models import Attendance, Booking, Occasion, PresenceClaim, RoomCode, Session
from courses.own_days import days_of
from courses.room_codes import AFTER, BEFORE, Read, counts, has_counted, may_show
from courses.room_queries import open_claims, own_sessions_on
from courses.services.attendance import lock_all_marked, lock_marked, mark_attendance
from people.models import Person
from shared import guessing
from shared.rules import RuleBroken

# Nobody mistypes more often in ten minutes; 25⁶ codes are not found by twenty tries.
MOST_GUESSES = 20
# After the occasion's last day: until then someone who was not marked can still be found to have said so.
CLAIMS_KEPT_FOR = dt.timedelta(days=30)


def open_room(session: Session, *, by: Person, now: dt.datetime) -> RoomCode:
    """Codes are shown from now on. Opened again after it was closed, it has a new secret."""
    if session.occasion.state != Occasion.State.OPEN:
        raise RuleBroken(_("The occasion is not open, so there is no code to show."), code="occasion_not_open")
    if not may_show(session, at=now):
        raise RuleBroken(when_it_can_be_shown(session, now=now), code="not_that_day")
    with transaction.atomic():
        new = {"secret": secrets.token_hex(32), "opened_at": now, "opened_by": by, "closed_at": None}
        room, is_new = RoomCode.objects.select_for_update().get_or_create(session=session, defaults=new)
        if not is_new and room.closed_at is not None:
            for name, value in new.items():
                setattr(room, name, value)
            room.save()
    return room


def close_room(session: Session, *, now: dt.datetime) -> None:
    RoomCode.objects.filter(session=session, closed_at=None).update(closed_at=now)


@dataclass(frozen=True)
class Said:
    claim: PresenceClaim
    is_new: bool


def find_session(read: Read, *, person: Person, now: dt.datetime) -> Session:
    """The session whose code it is. Who has tried too many wrong ones is not told whether this one is right."""
    counters = {guessing.counter("rooms", f"person-{person.pk}", now=now): MOST_GUESSES}
    if guessing.has_guessed_too_often(counters):
        raise RuleBroken(
            _("Too many wrong codes. Wait ten minutes, or ask whoever leads the day to mark you."),
            code="too_many_guesses",
        )
    rooms = RoomCode.objects.filter(session__starts_at__lte=read.at + BEFORE, session__ends_at__gte=read.at - AFTER)
    there = list(rooms.filter(session__occasion__state=Occasion.State.OPEN).select_related("session__occasion__course"))
    room = next((room for room in there if counts(room, read.code, at=read.at)), None)
    if room is not None:
        return room.session
    if any(has_counted(room, read.code, at=read.at) for room in there):
        raise RuleBroken(
            _("The code has changed since you read it. Read the one that is on the wall now."), code="code_expired"
        )
    guessing.count_wrong_guess(counters)
    raise _no_such_code(person, now=now)


def say_here(read: Read, *, person: Person, now: dt.datetime) -> Said:
    """The same said twice is one claim. It says nothing of anyone else's."""
    session = find_session(read, person=person, now=now)
    booking = Booking.objects.filter(occasion=session.occasion_id, person=person, state__in=Booking.LIVE).first()
    if booking is None:
        raise _not_on_the_list(person, now=now)
    with transaction.atomic():
        fresh = lock_marked(booking)
        if fresh.state != Booking.State.BOOKED:
            raise RuleBroken(
                _("You have no place here yet: you wait for one. Talk to whoever leads the day."), code="only_waiting"
            )
        if session not in days_of(fresh):
            raise _not_on_the_list(person, now=now)
        attendance = Attendance.objects.filter(booking=fresh, session=session).first()
        if attendance is not None and attendance.state in Attendance.WAS_THERE:
            raise RuleBroken(_("You are marked as present already. All is done."), code="already_marked")
        claim, is_new = PresenceClaim.objects.get_or_create(
            booking=fresh, session=session, defaults={"claimed_at": now}
        )
        if not is_new and attendance is not None and attendance.marked_at >= claim.claimed_at:
            # Marked as absent since: said anew.
            claim.claimed_at, is_new = now, True
            claim.save(update_fields=["claimed_at"])
    return Said(claim, is_new)


def confirm_claims(session: Session, *, by: Person, now: dt.datetime) -> int:
    """Everyone who says to be there and has no mark is present; answers how many. Marks that stand are left."""
    marked = Attendance.objects.filter(booking=OuterRef("booking"), session=session)
    claims = open_claims(session).filter(~Exists(marked))
    with transaction.atomic():
        lock_all_marked(claims.values_list("booking", flat=True))
        # Asked once they are locked: whoever cancelled or was marked meanwhile is no longer among them.
        booked = claims.filter(booking__state=Booking.State.BOOKED).select_related("booking").order_by("booking_id")
        bookings = [claim.booking for claim in booked]
        for booking in bookings:
            mark_attendance(booking, session, state=Attendance.State.PRESENT, by=by, now=now)
    return len(bookings)


def erase_claims(*, now: dt.datetime) -> int:
    """The nightly sweep: who said to be there, and the secrets that codes were made of, thirty days after the
    occasion; what someone said who is no longer booked at once. Marks and their log stay as they are: a mark that
    confirmed what was said tells so by itself. Answers how many claims."""
    long_ago = now - CLAIMS_KEPT_FOR
    RoomCode.objects.filter(session__occasion__ends_at__lte=long_ago).delete()
    old = PresenceClaim.objects.filter(session__occasion__ends_at__lte=long_ago)
    gone = PresenceClaim.objects.exclude(booking__state__in=Booking.LIVE)
    return old.delete()[0] + gone.delete()[0]


def _no_such_code(person: Person, *, now: dt.datetime) -> RuleBroken:
    """What may help: that the own day has not begun, or is over."""
    mine = own_sessions_on(person, day=timezone.localdate(now))
    clock = _("H:i")
    if mine and all(now > session.ends_at + AFTER for session in mine):
        return RuleBroken(_("Your course day is over. Talk to whoever led it if you are not marked."), code="day_over")
    if mine and all(now < session.starts_at - BEFORE for session in mine):
        starts = date_format(timezone.localtime(mine[0].starts_at), clock)
        return RuleBroken(_("Your course day begins at %(time)s. Come back then.") % {"time": starts}, code="too_early")
    return RuleBroken(_("No room has that code now. Read it once more from the wall."), code="unknown_code")


def _not_on_the_list(person: Person, *, now: dt.datetime) -> RuleBroken:
    mine = own_sessions_on(person, day=timezone.localdate(now))
    if mine:
        first = mine[0]
        return RuleBroken(
            _("The code is another course day's. You are booked on %(course)s, %(where)s.")
            % {"course": first.occasion.course.name, "where": first.place or _("remotely")},
            code="other_day",
        )
    return RuleBroken(_("You are not booked on this course day. Talk to whoever leads it."), code="not_booked")


def when_it_can_be_shown(session: Session, *, now: dt.datetime) -> str:
    """A sentence for a moment when it can't."""
    if now > session.ends_at:
        return _("The day is over. Mark those who were there in the list instead.")
    first = date_format(timezone.localtime(session.starts_at - BEFORE), _("j F H:i"))
    return _("The code can be shown from %(moment)s.") % {"moment": first}
