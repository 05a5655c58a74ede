"""`manage.py prepare`: brings a database to where this version of the site can use it."""

import gc
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from guide.services.search_index import mend_index
from guide.services.tree import lay_site
from people.models import Person
from people.services.roles import lay_roles
from shared.public_pages import start_new_edition

UP_TO_DATE = "The database is up to date."


class Command(BaseCommand):
    help = "Migrates and lays the roles and the site's first pages. Safe to run again, and with several at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo-if-empty", action="store_true", help="then lay the demo where there is nobody yet")

    def handle(self, *args: Any, demo_if_empty: bool, **options: Any) -> None:
        # Migrating an empty database makes ten thousand models in passing: what is loaded already needs no looking over
        # again at each sweep (measured: a sixth less time).
        gc.freeze()
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        for right in lay_roles():
            self.stderr.write(f"No model gives the right {right}; the role goes without it.")
        lay_site()
        # A new version of the site may draw the same page differently.
        start_new_edition()
        # script/server waits for this line: from here on the tables are there for everyone.
        self.stdout.write(UP_TO_DATE)
        self.stdout.flush()
        # Pages that stood there before there was a search.
        mend_index()
        if demo_if_empty and not Person.objects.exists():
            call_command("demo", verbosity=options["verbosity"])
            start_new_edition()
