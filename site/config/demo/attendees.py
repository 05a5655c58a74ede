"""Who takes part: drawn so that some administrations are far ahead of others."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator

from config.demo import DOMAIN, Demo
from config.demo.staff import LOG_INS
from people.models import Employment, Person

# How eager an administration is, one being as eager as most.
EAGER = {"KLF": 3.0, "MSF": 1.6, "KFF": 1.5, "IAF": 1.3, "BUF": 0.75, "TSF": 0.6, "VOF": 0.55, "RTJ": 0.25, "REV": 3.0}
_LATEST = dt.date.max


class Attendees:
    """Remembers who is trained, so that a number of new people is exactly that number."""

    def __init__(self, demo: Demo, chance: random.Random) -> None:
        self._chance = chance
        self._main: dict[int, list[tuple[dt.date, dt.date, int]]] = defaultdict(list)
        administrations: dict[int, str] = {}
        rows = Employment.objects.filter(is_main=True).order_by("person_id", "starts_on")
        for person, starts, ends, unit, code in rows.values_list(
            "person_id", "starts_on", "ends_on", "unit_id", "unit__code"
        ):
            self._main[person].append((starts, ends or _LATEST, unit))
            administrations[person] = code[:3]
        self._current = {person for person, rows in self._main.items() if rows[-1][1] == _LATEST}
        people = dict(Person.objects.values_list("email", "pk"))
        self.log_ins = {account.address: people[f"{account.address}@{DOMAIN}"] for account in LOG_INS}
        # The eager come first; chance decides the rest.
        self._order = sorted(
            set(self._main) - set(self.log_ins.values()),
            key=lambda person: chance.random() ** (1 / EAGER[administrations[person]]),
            reverse=True,
        )
        self.trained: set[int] = set()
        # Those whose completion was withdrawn: never trained again, or the number would not be exact.
        self.withdrawn: set[int] = set()

    def unit_on(self, person: int, day: dt.date) -> int | None:
        return next((unit for starts, ends, unit in self._main[person] if starts <= day <= ends), None)

    def colleagues(self, number: int, day: dt.date, taken: Iterable[int]) -> list[int]:
        """From the unit of medarbetare@, so that chef@ has something to answer."""
        unit = self.unit_on(self.log_ins["medarbetare"], day)
        near = [person for person in self._order if person not in taken and self.unit_on(person, day) == unit]
        return near[:number]

    def new(self, number: int, day: dt.date, taken: Iterable[int]) -> list[int]:
        """People employed then and still, who are not trained: the most eager, a little mixed."""
        eager = self._choose(day, {*taken, *self.trained, *self.withdrawn}, 4 * number, self._current)
        return self._chance.sample(eager, number)

    def anyone(self, number: int, day: dt.date, taken: Iterable[int]) -> list[int]:
        """Anybody employed then, whether still here or not."""
        return self._chance.sample(self._choose(day, set(taken), 40 * number, None), number)

    def untrained(self, number: int, day: dt.date, taken: Iterable[int]) -> list[int]:
        without = {*taken, *self.trained, *self.withdrawn}
        return self._chance.sample(self._choose(day, without, 30 * number, self._current), number)

    def again(self, number: int, day: dt.date, taken: Iterable[int]) -> list[int]:
        """Trained already, and here once more: counted once all the same."""
        known = sorted(self.trained - set(taken))
        return self._chance.sample(known, min(number, len(known)))

    def _choose(self, day: dt.date, without: set[int], most: int, among: set[int] | None) -> list[int]:
        def fitting() -> Iterator[int]:
            for person in self._order:
                if person not in without and (among is None or person in among) and self.unit_on(person, day):
                    yield person

        return [person for person, _place in zip(fitting(), range(most), strict=False)]
