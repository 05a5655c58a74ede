"""`manage.py check_places`: proves that places, offers, queue, states and logs agree."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.checks import find_faults


class Command(BaseCommand):
    help = "Proves that places, offers, queue, states and logs agree. Lists every fault and fails if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = find_faults(now=timezone.now())
        for fault in faults:
            self.stdout.write(str(fault))
        if faults:
            raise CommandError(f"{len(faults)} faults.", returncode=1)
        self.stdout.write("Places, offers, queue, states and logs agree.")
