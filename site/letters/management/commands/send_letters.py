"""`manage.py send_letters`: what the worker does, by hand. For when the worker stands still."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from letters.services.sending import recover_letters, send_due


class Command(BaseCommand):
    help = "Looks after letters whose sender fell silent, then sends what is due. Safe beside running workers."

    def handle(self, *args: Any, **options: Any) -> None:
        found = recover_letters(now=timezone.now())
        sent = send_due()
        self.stdout.write(f"Sent {sent}. Recovered: {found['due']} due again, {found['uncertain']} uncertain.")
