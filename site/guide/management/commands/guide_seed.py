"""`manage.py guide_seed`: the guide that comes with the site, as pages."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from guide.services.seed import load_guide


class Command(BaseCommand):
    help = (
        "Creates and updates the guide's pages from the files in guide/content. Pages an editor changed are left alone."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_guide(timezone.now())
        self.stdout.write(f"{loaded.created} pages created, {loaded.updated} updated, {loaded.same} unchanged.")
        for page in loaded.kept:
            self.stdout.write(f"Left as an editor wrote it: {page}")
