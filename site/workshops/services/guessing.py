"""A join code is short enough to be read aloud, so it must not be found by trying: wrong codes are counted.

Counted in the cache, which every process shares: with the cache away nobody is kept out, and nobody is counted.
Codes have 25⁶ ≈ 244 million forms: with ten workshops open, what all guests together may try finds one in two years.
"""

import datetime as dt
import hashlib
import ipaddress

from django.core.cache import cache
from django.utils.translation import gettext as _

from shared.rules import RuleBroken
from workshops.models import Workshop

WINDOW = dt.timedelta(minutes=10)
# A whole room may sit behind one address, and some of them mistype.
MOST_FROM_ONE = 40
MOST_FROM_GUESTS = 200


def find_by_code(code: str, *, asker: str, is_guest: bool, now: dt.datetime) -> Workshop | None:
    """The workshop with that code. Who has tried too many wrong ones is not told whether this one is right."""
    counters = {f"workshops:guesses:{_window(now)}:{asker}": MOST_FROM_ONE}
    if is_guest:
        counters[f"workshops:guesses:{_window(now)}:guests"] = MOST_FROM_GUESTS
    tried = cache.get_many(counters)
    if any(tried.get(counter, 0) >= most for counter, most in counters.items()):
        raise RuleBroken(
            _("Too many wrong codes have been tried. Wait ten minutes, or ask the facilitator to help you in."),
            code="too_many_guesses",
        )
    found = Workshop.objects.filter(join_code=code).first()
    if found is None:
        for counter in counters:
            cache.add(counter, 0, 2 * WINDOW.total_seconds())
            cache.incr(counter)
    return found


def name_of_address(address: str | None) -> str:
    """A name that says nothing of where someone sits. Of IPv6, where a household has billions: its network."""
    if address and ":" in address:
        address = str(ipaddress.ip_network(f"{address}/64", strict=False))
    return hashlib.sha256(f"workshops {address}".encode()).hexdigest()[:24]


def _window(now: dt.datetime) -> int:
    return int(now.timestamp() // WINDOW.total_seconds())
