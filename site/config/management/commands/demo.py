"""`manage.py demo`: lays the fictional municipality Skärvik. Safe to run again."""

import datetime as dt
import importlib.util
import time
from argparse import ArgumentParser
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo import PASSWORD, Demo
from people.services.roles import lay_roles

# In the order in which they need each other; a part that is not there is passed over.
PARTS = (
    "organisation",
    "staff",
    "courses",
    "guide",
    "history",
    "evaluations",
    "tasks",
    "agenda",
    "programme",
    "journeys",
    "leading_path",
)


class Command(BaseCommand):
    help = "Lays the demo municipality: invented people, courses, guide and journeys. A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", type=dt.datetime.fromisoformat, help="count the dates from this moment")
        parser.add_argument("--only", choices=PARTS, action="append", help="only this part (may be given again)")
        parser.add_argument("--yes-in-production", action="store_true")

    def handle(self, *args: Any, now: dt.datetime | None, only: list[str] | None, **options: Any) -> None:
        if settings.PRODUCTION and not options["yes_in_production"]:
            raise CommandError(
                "This is production: the demo adds thousands of invented people and log-ins with a known password. "
                "Say --yes-in-production if that is what you want."
            )
        if now is None:
            now = timezone.now()
        elif timezone.is_naive(now):
            now = timezone.make_aware(now)
        lay_roles()
        for part in PARTS:
            name = f"config.demo.{part}"
            if (only and part not in only) or importlib.util.find_spec(name) is None:
                continue
            started = time.monotonic()
            import_module(name).lay(Demo(now=now, say=self._say(part)))
            if options["verbosity"] > 1:
                self.stdout.write(f"    {time.monotonic() - started:.1f} s")
        self.stdout.write(f"Skärvik is there. The password of every log-in is {PASSWORD}.")

    def _say(self, part: str) -> Any:
        return lambda sentence: self.stdout.write(f"  {part}: {sentence}")
