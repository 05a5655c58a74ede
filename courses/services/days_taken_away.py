"""A day that is taken out of an occasion, and the places of those who came for its sake alone."""

import datetime as dt

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from courses.models import Booking, Occasion
from courses.services.offers import close_open_offer
from courses.services.states import change_state


def let_go_of_days_taken_away(occasion: Occasion, *, now: dt.datetime) -> None:
    """Whoever was to make up for a missed day on a day that is no longer given holds no place for nothing.

    The caller holds the occasion's lock, and gives the places on. The person chooses another day, or waits for one.
    """
    came_for_a_day = Booking.objects.filter(occasion=occasion, state__in=Booking.LIVE, made_up_days__isnull=False)
    for booking in came_for_a_day.exclude(made_up_days__instead__isnull=False).distinct().order_by("id"):
        close_open_offer(booking, declined=True, now=now)
        with translation.override(settings.LANGUAGE_CODE):
            why = _("The day is no longer given.")
        change_state(booking, Booking.State.CANCELLED, by=None, now=now, why=why)
