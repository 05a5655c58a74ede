"""A join code is short enough to be read aloud, so it must not be found by trying: wrong codes are counted.

Codes have 25⁶ ≈ 244 million forms: with ten workshops open, what all guests together may try finds one in two years.
"""

import datetime as dt

from django.utils.translation import gettext as _

from shared import guessing
from shared.rules import RuleBroken
from workshops.models import Workshop

# A whole room may sit behind one address, and some of them mistype.
MOST_FROM_ONE = 40
MOST_FROM_GUESTS = 200


def find_by_code(code: str, *, asker: str, is_guest: bool, now: dt.datetime) -> Workshop | None:
    """The workshop with that code. Who has tried too many wrong ones is not told whether this one is right."""
    counters = {guessing.counter("workshops", asker, now=now): MOST_FROM_ONE}
    if is_guest:
        counters[guessing.counter("workshops", "guests", now=now)] = MOST_FROM_GUESTS
    if guessing.has_guessed_too_often(counters):
        raise RuleBroken(
            _("Too many wrong codes have been tried. Wait ten minutes, or ask the facilitator to help you in."),
            code="too_many_guesses",
        )
    found = Workshop.objects.filter(join_code=code).first()
    if found is None:
        guessing.count_wrong_guess(counters)
    return found


def name_of_address(address: str | None) -> str:
    return guessing.name_of_address("workshops", address)
