"""Proof that places, offers, queue, states and logs agree. Reads only; each question is one query.

Run every hour by the workers and on demand by `manage.py check_places`.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from courses.models import (
    Attendance,
    Booking,
    BookingEvent,
    CalendarEntry,
    Completion,
    LeaderEntry,
    MadeUpDay,
    Occasion,
    Offer,
    Reservation,
    Session,
)
from courses.queries import places_of, with_places
from courses.services.limits import see_limits
from courses.services.states import FIRST_STATES, STEPS

# A sweep makes offers within a minute; what has been wrong for longer is wrong.
_GRACE = dt.timedelta(minutes=10)
# Whole logs are read again only of what is recent: nobody writes in the others.
_LONG_OVER = dt.timedelta(days=30)


@dataclass(frozen=True)
class Fault:
    code: str
    subject: str
    says: str

    def __str__(self) -> str:
        return f"{self.code}: {self.subject}: {self.says}"


def find_faults(*, now: dt.datetime) -> list[Fault]:
    return [fault for check in CHECKS for fault in check(now)]


def _oversold(now: dt.datetime) -> Iterator[Fault]:
    for occasion in with_places(Occasion.objects.all()).filter(held__gt=F("places")):
        held = places_of(occasion).held
        yield Fault("oversold", f"occasion {occasion.pk}", f"{held} places held of {occasion.places}")


def _unoffered(now: dt.datetime) -> Iterator[Fault]:
    """A free place while someone waits who may have it, for longer than a sweep takes."""
    soon = now + _GRACE
    occasions = with_places(
        Occasion.objects.filter(state=Occasion.State.OPEN, starts_at__gt=soon, offers_until__gt=soon)
    ).filter(Q(held__lt=F("places") - F("reserved")) | Q(is_limited=True), waiting__gt=0)
    settled = now - _GRACE
    for occasion in occasions:
        if BookingEvent.objects.filter(booking__occasion=occasion, at__gt=settled).exists():
            continue
        if not occasion.is_limited or _someone_could_have_a_place(occasion, now):
            yield Fault("place_not_offered", f"occasion {occasion.pk}", "a place is free while someone waits")


def _someone_could_have_a_place(occasion: Occasion, now: dt.datetime) -> bool:
    waiting = Booking.objects.filter(occasion=occasion, state=Booking.State.WAITING)
    people = list(waiting.values_list("person_id", flat=True))
    limits = see_limits(occasion, people=people, now=now)
    return any(limits.may_book(person) and limits.seats_for(person) for person in people)


def _limits_beside_rows(now: dt.datetime) -> Iterator[Fault]:
    """What is reserved is not given to others, is not more than there is, and is let go of in time."""
    limited = Occasion.objects.annotate(
        has_own_rules=Exists(Reservation.objects.filter(occasion=OuterRef("pk"), released_at=None))
        | Exists(Occasion.administrations.through.objects.filter(occasion=OuterRef("pk")))
    )
    for occasion in limited.exclude(is_limited=F("has_own_rules")):
        yield Fault("limits_disagree", f"occasion {occasion.pk}", "says otherwise than its rows whether it is for all")
    for occasion in with_places(Occasion.objects.filter(is_limited=True)).filter(
        held__lte=F("places"), held__gt=F("places") - F("reserved")
    ):
        yield Fault("reserved_too_much", f"occasion {occasion.pk}", "has too few places for what is kept and held")
    held = Count("bookings", filter=Q(bookings__state__in=Booking.HOLDING))
    kept = Reservation.objects.filter(released_at=None).annotate(held=held)
    for reservation in kept.filter(held__gt=F("places")):
        yield Fault("reservation_overused", f"reservation {reservation.pk}", "is held by more than it has places")
    for reservation in kept.filter(until__lt=now - _GRACE, occasion__starts_at__gt=now):
        yield Fault("reservation_not_released", f"reservation {reservation.pk}", "is kept past its moment")
    for booking in Booking.objects.exclude(reservation=None).exclude(reservation__occasion=F("occasion")):
        yield Fault("reservation_elsewhere", f"booking {booking.pk}", "is counted in another occasion's reservation")


def _state_beside_log(now: dt.datetime) -> Iterator[Fault]:
    last = BookingEvent.objects.filter(booking=OuterRef("pk")).order_by("-id").values("state")[:1]
    said = Coalesce(Subquery(last), Value("nothing"), output_field=CharField())
    for booking in Booking.objects.annotate(said=said).exclude(said=F("state")).order_by("id").iterator():
        yield Fault("log_disagrees", f"booking {booking.pk}", f"is {booking.state}, the log says {booking.said}")


def _offers_beside_states(now: dt.datetime) -> Iterator[Fault]:
    is_open = Exists(Offer.objects.filter(booking=OuterRef("pk"), answer=Offer.Answer.OPEN))
    for booking in Booking.objects.filter(~is_open, state=Booking.State.OFFERED):
        yield Fault("offer_missing", f"booking {booking.pk}", "is offered a place, but no offer is open")
    for offer in Offer.objects.filter(answer=Offer.Answer.OPEN).exclude(booking__state=Booking.State.OFFERED):
        yield Fault("offer_left_open", f"offer {offer.pk}", "is open, but the booking is not offered a place")
    for offer in Offer.objects.filter(answer=Offer.Answer.OPEN, expires_at__gt=F("booking__occasion__starts_at")):
        yield Fault("offer_after_start", f"offer {offer.pk}", "can be accepted when the occasion has begun")
    for offer in Offer.objects.filter(answer=Offer.Answer.OPEN, expires_at__lt=now - _GRACE):
        yield Fault("offer_not_lapsed", f"offer {offer.pk}", f"ran out at {offer.expires_at:%Y-%m-%d %H:%M} UTC")


def _queue_jumped(now: dt.datetime) -> Iterator[Fault]:
    """An open offer to someone while a person who asked earlier, and could have had that place, still waits."""
    earlier = Booking.objects.filter(
        occasion=OuterRef("booking__occasion"), state=Booking.State.WAITING, pk__lt=OuterRef("booking_id")
    )
    offers = Offer.objects.filter(Exists(earlier), answer=Offer.Answer.OPEN).select_related(
        "booking__occasion", "booking__reservation"
    )
    for offer in offers:
        occasion = offer.booking.occasion
        if occasion.limits_changed_at is not None and not _jumped_limited(offer):
            continue
        yield Fault("queue_jumped", f"offer {offer.pk}", "someone who asked earlier still waits")


def _jumped_limited(offer: Offer) -> bool:
    """By the day of the offer, and only where those who may book are the same since."""
    booking = offer.booking
    occasion = booking.occasion
    if occasion.limits_changed_at is not None and occasion.limits_changed_at >= offer.made_at:
        return False
    waiting = Booking.objects.filter(occasion=occasion, state=Booking.State.WAITING, pk__lt=booking.pk)
    people = list(waiting.values_list("person_id", flat=True))
    limits = see_limits(occasion, people=people, now=offer.made_at)
    unit = booking.reservation.unit_id if booking.reservation is not None else None
    return any(limits.may_book(person) and (unit is None or unit in limits.units[person]) for person in people)


def _requests_beside_time(now: dt.datetime) -> Iterator[Fault]:
    for booking in Booking.objects.filter(state=Booking.State.ASKED, decide_by=None):
        yield Fault("request_without_end", f"booking {booking.pk}", "is asked for, but nothing says until when")
    for booking in Booking.objects.filter(state=Booking.State.ASKED, decide_by__lt=now - _GRACE):
        yield Fault(
            "request_not_lapsed",
            f"booking {booking.pk}",
            f"waited for an answer until {booking.decide_by}",
        )


def _steps_of_the_log(now: dt.datetime) -> Iterator[Fault]:
    """A line of a log that can't follow the one before it, on occasions that are not long over."""
    allowed = {("", first) for first in FIRST_STATES} | {(a, b) for a, after in STEPS.items() for b in after}
    with connection.cursor() as cursor:
        cursor.execute(_STEPS_TAKEN, [now - _LONG_OVER])
        for booking, before, after in cursor.fetchall():
            if (before, after) not in allowed:
                yield Fault("step_impossible", f"booking {booking}", f"became {after} from {before or 'nothing'}")


# Each step once, with one booking that took it: the steps are few, however many bookings there are.
_STEPS_TAKEN = """
    SELECT min(booking_id), before, state
    FROM (
        SELECT e.booking_id, e.state,
            coalesce(lag(e.state) OVER (PARTITION BY e.booking_id ORDER BY e.id), '') AS before
        FROM courses_bookingevent e
        JOIN courses_booking b ON b.id = e.booking_id
        JOIN courses_occasion o ON o.id = b.occasion_id
        WHERE o.ends_at > %s
    ) AS steps
    GROUP BY before, state
"""


def _ties_of_the_log(now: dt.datetime) -> Iterator[Fault]:
    """Who moved stands elsewhere as the same person; who handed over stands as another person in the same place."""
    lines = BookingEvent.objects.select_related("booking", "other")
    for line in lines.filter(state=Booking.State.MOVED):
        if line.other is None or line.other.person_id != line.booking.person_id:
            yield Fault("move_leads_nowhere", f"booking {line.booking_id}", "has moved, but to no booking of its own")
    for line in lines.filter(state=Booking.State.HANDED_OVER):
        other = line.other
        if other is None or other.occasion_id != line.booking.occasion_id or other.person_id == line.booking.person_id:
            yield Fault("hand_over_to_nobody", f"booking {line.booking_id}", "was handed over, but nobody received it")


def _moved_and_kept(now: dt.datetime) -> Iterator[Fault]:
    """Certain of the new place while the old one is still held, though it had not begun."""
    certain = (
        BookingEvent.objects.filter(booking=OuterRef("pk"), state=Booking.State.BOOKED).order_by("-id").values("at")[:1]
    )
    both = Booking.objects.annotate(certain=Subquery(certain)).filter(
        state=Booking.State.BOOKED,
        replaces__state__in=[Booking.State.ASKED, Booking.State.BOOKED],
        certain__lt=F("replaces__occasion__starts_at"),
    )
    for booking in both:
        yield Fault("moved_and_kept", f"booking {booking.pk}", f"is booked beside booking {booking.replaces_id}")


def _moments_beside_sessions(now: dt.datetime) -> Iterator[Fault]:
    first = Session.objects.filter(occasion=OuterRef("pk")).order_by("starts_at").values("starts_at")[:1]
    last = Session.objects.filter(occasion=OuterRef("pk")).order_by("-ends_at").values("ends_at")[:1]
    wrong = Occasion.objects.annotate(first=Subquery(first), last=Subquery(last)).filter(
        Q(first=None) | ~Q(first=F("starts_at")) | ~Q(last=F("ends_at"))
    )
    for occasion in wrong:
        yield Fault("sessions_disagree", f"occasion {occasion.pk}", "starts or ends at another time than its sessions")


def _live_on_cancelled(now: dt.datetime) -> Iterator[Fault]:
    for booking in Booking.objects.filter(occasion__state=Occasion.State.CANCELLED, state__in=Booking.LIVE):
        yield Fault("live_on_cancelled", f"booking {booking.pk}", "lives on a cancelled occasion")


def _calendar_of_the_gone(now: dt.datetime) -> Iterator[Fault]:
    """A calendar entry that stands though the booking is gone, with nothing left to tell. A day that was over when
    the place was given up stays."""
    untold = BookingEvent.objects.filter(booking=OuterRef("booking"), to_tell=True)
    ended = BookingEvent.objects.filter(booking=OuterRef("booking")).order_by("-id").values("at")[:1]
    entries = CalendarEntry.objects.filter(~Exists(untold), is_cancelled=False).exclude(
        booking__state=Booking.State.BOOKED
    )
    for entry in entries.exclude(session__ends_at__lte=Subquery(ended)):
        yield Fault("calendar_left", f"booking {entry.booking_id}", "is gone but stands in the calendar")


def _calendar_of_former_leaders(now: dt.datetime) -> Iterator[Fault]:
    """The same for those who lead: taken off, a day taken away, cancelled, with nothing left to tell."""
    leads = Occasion.facilitators.through.objects.filter(occasion=OuterRef("occasion"), person=OuterRef("person"))
    told = LeaderEntry.objects.filter(is_cancelled=False, occasion__leaders_to_tell=False, person__is_active=True)
    for entry in told.filter(
        ~Exists(leads) | ~Q(occasion__state=Occasion.State.OPEN) | Q(session=None), starts_at__gt=now
    ):
        yield Fault(
            "leaders_calendar_left", f"occasion {entry.occasion_id}", "stands with someone who does not lead it"
        )


def _completed_without_attendance(now: dt.datetime) -> Iterator[Fault]:
    marks = Count("booking__attendances", filter=Q(booking__attendances__state__in=Attendance.WAS_THERE))
    elsewhere = MadeUpDay.objects.filter(
        original=OuterRef("booking"), booking__attendances__state__in=Attendance.WAS_THERE
    )
    counted = Completion.objects.filter(~Exists(elsewhere), withdrawn_at=None, booking__isnull=False)
    found = counted.annotate(marks=marks).filter(marks=0)
    for completion in found:
        yield Fault("completion_unfounded", f"completion {completion.pk}", "no attendance stands behind it")


def _made_up_days(now: dt.datetime) -> Iterator[Fault]:
    """A made-up day is the same person's, of the same course, elsewhere; its place alone completes nothing."""
    days = MadeUpDay.objects.exclude(
        original__person=F("booking__person"),
        original__occasion__course=F("booking__occasion__course"),
        missed__occasion=F("original__occasion"),
    ) | MadeUpDay.objects.filter(original__occasion=F("booking__occasion"))
    for day in days:
        yield Fault("made_up_elsewhere", f"booking {day.booking_id}", "makes up for a day that is not its person's")
    for day in MadeUpDay.objects.filter(instead__isnull=False).exclude(instead__occasion=F("booking__occasion")):
        yield Fault("made_up_on_no_day", f"booking {day.booking_id}", "comes to a day of another occasion than its own")
    lives = MadeUpDay.objects.filter(booking__state__in=Booking.LIVE)
    no_day = lives.exclude(booking__made_up_days__instead__isnull=False)
    for booking_pk in no_day.values_list("booking", flat=True).distinct():
        yield Fault("made_up_on_no_day", f"booking {booking_pk}", "is there for a day that is no longer given")
    twice = lives.order_by().values("original", "missed").annotate(n=Count("pk")).filter(n__gt=1)
    for row in twice:
        yield Fault("made_up_twice", f"booking {row['original']}", "makes up for the same day on two occasions")
    alone = Completion.objects.filter(withdrawn_at=None, booking__made_up_days__isnull=False).distinct()
    for completion in alone:
        yield Fault("completed_by_one_day", f"completion {completion.pk}", "comes from a place for one day alone")


CHECKS: tuple[Callable[[dt.datetime], Iterator[Fault]], ...] = (
    _oversold,
    _unoffered,
    _limits_beside_rows,
    _state_beside_log,
    _offers_beside_states,
    _queue_jumped,
    _requests_beside_time,
    _steps_of_the_log,
    _ties_of_the_log,
    _moved_and_kept,
    _moments_beside_sessions,
    _live_on_cancelled,
    _calendar_of_the_gone,
    _calendar_of_former_leaders,
    _completed_without_attendance,
    _made_up_days,
)
