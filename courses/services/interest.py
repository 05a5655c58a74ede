"""Interest without a date: told, once of each occasion, when there is one to book."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import translation

from courses.models import Booking, Completion, Course, Interest, Occasion
from courses.queries import places_of, with_places
from courses.services.limits import see_limits
from letters.models import Letter
from letters.services.rendering import render_letter, write_rendered
from people.models import Person


def note_interest(course: Course, *, person: Person, now: dt.datetime) -> tuple[Interest, bool]:
    """The person's interest, and whether this call noted it: the same click twice is one."""
    try:
        with transaction.atomic():
            return Interest.objects.get_or_create(course=course, person=person, ended_at=None, defaults={"since": now})
    except IntegrityError:  # the other click came first
        return Interest.objects.get(course=course, person=person, ended_at=None), False


def end_interest(interest: Interest, *, now: dt.datetime) -> None:
    """Ended twice is ended once, at the first moment."""
    Interest.objects.filter(pk=interest.pk, ended_at=None).update(ended_at=now)


def tell_interested(*, now: dt.datetime) -> int:
    """The sweep: a letter to each who is interested in a course of which an occasion has places they may book.

    The letter's key holds the interest and the occasion, so that each is told once of each. Who has a booking on the
    course ahead, or has completed it since, is left in peace.
    """
    told = 0
    occasions = with_places(
        Occasion.objects.filter(
            Exists(Interest.objects.filter(course=OuterRef("course"), ended_at=None)),
            state=Occasion.State.OPEN,
            is_hidden=False,
            starts_at__gt=now,
            booking_closes_at__gt=now,
        )
    )
    for occasion in occasions.select_related("course").order_by("id"):
        if places_of(occasion).left or occasion.is_limited:
            told += _tell_of(occasion, now)
    return told


def _tell_of(occasion: Occasion, now: dt.datetime) -> int:
    by_key = {f"interest:{interest.key}:{occasion.pk}": interest for interest in _to_tell(occasion, now)}
    written = set(Letter.objects.filter(key__in=by_key).values_list("key", flat=True))
    new = {key: interest for key, interest in by_key.items() if key not in written}
    if occasion.is_limited and new:
        limits = see_limits(occasion, people=[interest.person_id for interest in new.values()], now=now)
        waiting = Booking.objects.filter(occasion=occasion, state=Booking.State.WAITING).exists()
        new = {
            key: interest
            for key, interest in new.items()
            if limits.may_book(interest.person_id) and limits.seats_for(interest.person_id) and not waiting
        }
    for key, interest in new.items():
        _write(interest, occasion, key=key, now=now)
    return len(new)


def _to_tell(occasion: Occasion, now: dt.datetime) -> QuerySet[Interest]:
    ahead = Booking.objects.filter(
        person=OuterRef("person"), occasion__course=occasion.course_id, occasion__ends_at__gt=now,
        state__in=Booking.LIVE,
    )  # fmt: skip
    done = Completion.objects.filter(person=OuterRef("person"), course=occasion.course_id, withdrawn_at=None)
    interests = Interest.objects.filter(course=occasion.course_id, ended_at=None, person__is_active=True)
    return interests.filter(~Exists(ahead), ~Exists(done)).select_related("person").order_by("id")


def _write(interest: Interest, occasion: Occasion, *, key: str, now: dt.datetime) -> None:
    context: dict[str, Any] = {
        "interest": interest,
        "occasion": occasion,
        "course": occasion.course,
        "sessions": list(occasion.sessions.all()),
    }
    letter = render_letter("courses/letters/interest", context, person=interest.person)
    with translation.override(interest.person.language):
        ends = f"{settings.SITE_URL}{reverse('end_interest', args=[interest.key])}"
    write_rendered(letter, key=key, kind="interest", person=interest.person, unsubscribe_url=ends, now=now)
