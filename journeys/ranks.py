"""Fractional ranks: a text between two other texts, so that putting a thing between two changes nothing but itself.

Digits, then capitals, then small letters: the order of ASCII, of PostgreSQL's "C" collation and of JavaScript's
plain comparison. No rank ends with the lowest digit, so there is always room before it.
journeys/static/journeys/ranks.js holds the same rules: change both together.
"""

import re

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LONGEST = 120
_LOWEST, _HIGHEST = 0, len(DIGITS) - 1
_RANK = re.compile(r"[0-9A-Za-z]*[1-9A-Za-z]")
_VALUE = {digit: value for value, digit in enumerate(DIGITS)}


def is_rank(text: object) -> bool:
    return isinstance(text, str) and len(text) <= LONGEST and _RANK.fullmatch(text) is not None


def rank_after(left: str | None) -> str:
    """The next rank at the end: short steps, so that a long list appended to stays short."""
    if not left:
        return DIGITS[len(DIGITS) // 2]
    for place, digit in enumerate(left):
        if _VALUE[digit] < _HIGHEST:
            return left[:place] + DIGITS[_VALUE[digit] + 1]
    return left + DIGITS[len(DIGITS) // 2]


def rank_between(left: str | None, right: str | None) -> str:
    """A rank after `left` and before `right`; `None` is an open end. `left` must come before `right`."""
    if right is None:
        return rank_after(left)
    left = left or ""
    if left >= right:
        raise ValueError(f"{left!r} does not come before {right!r}")
    taken = ""
    place = 0
    open_end = False  # once we are below `right`'s digit, nothing more of `right` binds
    while True:
        low = _VALUE[left[place]] if place < len(left) else _LOWEST
        high = len(DIGITS) if open_end else _VALUE[right[place]]
        if high - low > 1:
            return taken + DIGITS[(low + high) // 2]
        taken += DIGITS[low]
        open_end = open_end or high - low == 1
        place += 1


def ranks(count: int) -> list[str]:
    """`count` ranks in order, for a list laid out at once."""
    found: list[str] = []
    for _ in range(count):
        found.append(rank_after(found[-1] if found else None))
    return found
