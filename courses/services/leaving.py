"""Whoever has left the municipality leaves the places too."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.models import Booking
from courses.services.offers import close_open_offer, fill_free_places
from courses.services.places import lock_booking
from courses.services.states import change_state
from people.models import Employment
from shared.public_pages import public_pages_changed


def cancel_for_those_who_left(*, now: dt.datetime) -> int:
    """The sweep: what lies ahead of someone whose last employment has ended is cancelled, and the place goes on.

    Someone who was never employed (a guest, a tester) has not left; someone with an employment to come neither. Nor has
    someone who may not log in but is employed: a blocked account does not tell that its holder will not come.
    Answers how many bookings were cancelled; each in its own transaction.
    """
    cancelled = 0
    for booking in _ahead_of_those_who_left(now):
        with transaction.atomic():
            fresh, occasion = lock_booking(booking)
            if fresh.state not in Booking.LIVE:
                continue
            close_open_offer(fresh, declined=True, now=now)
            with translation.override(settings.LANGUAGE_CODE):
                why = _("The employment has ended.")
            change_state(fresh, Booking.State.CANCELLED, by=None, now=now, why=why)
            fill_free_places(occasion, now=now)
            public_pages_changed()
        cancelled += 1
    return cancelled


def _ahead_of_those_who_left(now: dt.datetime) -> list[Booking]:
    of_person = Employment.objects.filter(person=OuterRef("person"))
    stays = of_person.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate(now)))
    ahead = Booking.objects.filter(state__in=Booking.LIVE, occasion__starts_at__gt=now)
    return list(ahead.filter(Exists(of_person), ~Exists(stays)).order_by("id"))
