"""Working time in Sweden: Monday to Friday, 7–18 on the clock of the wall, holidays off.

The eves that nobody works (Midsummer, Christmas, New Year) are off as well.
"""

import datetime as dt
from functools import lru_cache

import holidays
from django.utils import timezone

OPENS = dt.time(7)
CLOSES = dt.time(18)


@lru_cache(maxsize=32)
def _days_off(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))


def is_working_day(day: dt.date) -> bool:
    return day.weekday() < 5 and day not in _days_off(day.year)


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    """That time by the wall clock of the site's time zone. 7 and 18 exist once on every day of every year."""
    return timezone.make_aware(dt.datetime.combine(day, time))


def add_working_hours(start: dt.datetime, hours: float) -> dt.datetime:
    """The moment when that many working hours have passed since `start`; zero hours give the next working moment.

    Time that runs out exactly at closing ends there, not the next morning.
    """
    left = dt.timedelta(hours=hours)
    day = timezone.localdate(start)
    while True:
        if is_working_day(day):
            opens, closes = _moment(day, OPENS), _moment(day, CLOSES)
            begins = max(start, opens)
            if begins < closes:
                if begins + left <= closes:
                    return begins + left
                left -= closes - begins
        day += dt.timedelta(days=1)


def working_days_before(moment: dt.datetime, days: int) -> dt.datetime:
    """The same time of day, that many working days earlier (or the working day before, when days is 0 on a day off)."""
    local = timezone.localtime(moment)
    day = local.date()
    while days > 0 or not is_working_day(day):
        day -= dt.timedelta(days=1)
        if is_working_day(day):
            days -= 1
    return _moment(day, local.time().replace(tzinfo=None))


def add_working_days(moment: dt.datetime, days: int) -> dt.datetime:
    """The same time of day, that many working days later; asked on a day off it counts from the next morning at 7."""
    local = timezone.localtime(moment)
    day, time = local.date(), local.time().replace(tzinfo=None)
    while not is_working_day(day):
        day, time = day + dt.timedelta(days=1), OPENS
    while days > 0:
        day += dt.timedelta(days=1)
        if is_working_day(day):
            days -= 1
    return _moment(day, time)
