"""`manage.py prepare`: brings a database to where this version of the site can use it."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from guide.services.tree import lay_site
from people.services.roles import lay_roles
from shared.public_pages import start_new_edition


class Command(BaseCommand):
    help = "Migrates and lays the roles and the site's first pages. Safe to run again, and with several at once."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        for right in lay_roles():
            self.stderr.write(f"No model gives the right {right}; the role goes without it.")
        lay_site()
        # A new version of the site may draw the same page differently.
        start_new_edition()
