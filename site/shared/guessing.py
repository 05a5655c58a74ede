"""A short code must not be found by trying: wrong ones are counted, in the cache that every process shares.

With the cache away nobody is kept out, and nobody is counted.
"""

import datetime as dt
import hashlib
import ipaddress
from collections.abc import Iterable, Mapping

from django.core.cache import cache

WINDOW = dt.timedelta(minutes=10)


def counter(kind: str, asker: str, *, now: dt.datetime) -> str:
    """The name of what is counted: so many wrong ones of a kind by one asker in these ten minutes."""
    return f"{kind}:guesses:{int(now.timestamp() // WINDOW.total_seconds())}:{asker}"


def has_guessed_too_often(counters: Mapping[str, int]) -> bool:
    """`counters` says of each how many are let through."""
    tried = cache.get_many(counters)
    return any(tried.get(name, 0) >= most for name, most in counters.items())


def count_wrong_guess(counters: Iterable[str]) -> None:
    for name in counters:
        cache.add(name, 0, 2 * WINDOW.total_seconds())
        cache.incr(name)


def name_of_address(kind: str, address: str | None) -> str:
    """A name that says nothing of where someone sits. Of IPv6, where a household has billions: its network."""
    if address and ":" in address:
        address = str(ipaddress.ip_network(f"{address}/64", strict=False))
    return hashlib.sha256(f"{kind} {address}".encode()).hexdigest()[:24]
