"""`manage.py messages`: the Swedish catalogues, found, checked and compiled."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.catalogues import contradictions, faults, read_rooms, update
from config.compile_texts import compile_all


class Command(BaseCommand):
    help = "Updates every room's catalogue from the code and compiles it. --check changes nothing and fails on a gap."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say what is missing")
        parser.add_argument("--compile", action="store_true", help="only compile what has changed")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        rooms = read_rooms() if not options["compile"] else []
        if check:
            found = [*(fault for room in rooms for fault in faults(room)), *contradictions(rooms)]
            for fault in found:
                self.stderr.write(fault)
            if found:
                raise CommandError(f"{len(found)} faults in the catalogues.")
            self.stdout.write(f"Every sentence has its Swedish ({sum(len(room.said) for room in rooms)}).")
            return
        for room in rooms:
            update(room)
        done = compile_all()
        self.stdout.write(f"Compiled {done} catalogues.")
        for room in rooms:
            missing = sum(1 for _ in faults(room))
            if missing:
                self.stdout.write(f"{room.name}: {missing} to translate in {room.catalogue}")
