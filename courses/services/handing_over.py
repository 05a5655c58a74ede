"""Handing over to a colleague who is named by the address at work, without telling who works here.

The address is typed whole: nobody can look through the staff. Why a place can't go to an address (nobody has it, the
person has left, is booked already, works in another administration) is one sentence for all, for each of them would
tell something about a colleague. Who types many addresses that lead nowhere has to wait.
"""

import datetime as dt

from django.core.cache import cache
from django.utils.translation import gettext as _

from courses.models import Booking
from courses.services.moving import hand_over_place
from people.models import Person
from shared.rules import RuleBroken

MOST_MISSES_AN_HOUR = 10
# What these say is about the colleague, not about the one who asks.
_ABOUT_THE_COLLEAGUE = frozenset({"already_there", "not_for_you", "reserved_for_unit", "no_such_colleague"})


def hand_over_to_address(booking: Booking, *, address: str, by: Person, now: dt.datetime) -> Booking:
    """The colleague's booking. Raises `not_to_them` for whatever is about the colleague."""
    _refuse_after_many_misses(by)
    colleague = Person.objects.filter(email__iexact=address.strip(), is_active=True).first()
    try:
        # Without anyone to hand over to, what is wrong with the booking itself is still said first.
        return hand_over_place(booking, to=colleague or by, by=by, now=now)
    except RuleBroken as broken:
        if broken.code not in _ABOUT_THE_COLLEAGUE:
            raise
        _count_miss(by)
        raise RuleBroken(
            _(
                "The place can't go to that address. Check the spelling, and ask your colleague: perhaps there is "
                "already a booking, or the occasion is only for certain units."
            ),
            code="not_to_them",
        ) from None


def _refuse_after_many_misses(by: Person) -> None:
    if cache.get(_counter(by), 0) >= MOST_MISSES_AN_HOUR:
        raise RuleBroken(
            _("Too many addresses that the place could not go to. Wait an hour and try again."), code="too_many_tries"
        )


def _count_miss(by: Person) -> None:
    cache.add(_counter(by), 0, timeout=60 * 60)
    try:
        cache.incr(_counter(by))
    except ValueError:  # ran out between the two
        return


def _counter(by: Person) -> str:
    return f"hand-over-misses:{by.pk}"
