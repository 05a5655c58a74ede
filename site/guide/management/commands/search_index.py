"""`manage.py search_index`: what readers search in, made anew from pages and courses."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from guide.services.search_index import mend_index, rebuild_index


class Command(BaseCommand):
    help = "Makes the search index anew. Readers find what was there until it is done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="only what is missing or out of date")

    def handle(self, *args: Any, mend: bool, **options: Any) -> None:
        if mend:
            self.stdout.write(f"{mend_index()} pages were out of date.")
        else:
            self.stdout.write(f"{rebuild_index()} things can be found.")
