"""The demo municipality Skärvik: invented from end to end, the same every time.

Each part is a module with `lay(demo)`: it adds what is missing and leaves what is there, so that a second run
changes nothing and never resets what someone did. A part draws its chance from `demo.chance("its name")`, so
that a change in one part does not reshuffle the others. Dates are counted from `demo.now`.
"""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

DOMAIN = "skarvik.example"
PASSWORD = "stigen-demo"  # noqa: S105 - shown on the log-in page of a demo; no secret


@dataclass(frozen=True)
class Demo:
    now: dt.datetime
    say: Callable[[str], object]

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.now)

    def chance(self, part: str) -> random.Random:
        return random.Random(f"skarvik {part}")  # noqa: S311 - invented people, no secrets
