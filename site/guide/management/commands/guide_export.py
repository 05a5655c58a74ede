"""`manage.py guide_export DIR`: the whole guide as Markdown files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guide.services.folder.exporting import export_guide
from shared.progress import Progress
from shared.rules import RuleBroken


class Command(BaseCommand):
    help = (
        "Writes every published page that anyone may read as Markdown with front matter, and its images and documents, "
        "in folders that mirror the tree (docs/guide-as-a-folder.md)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--replace", action="store_true",
            help="let an earlier export in the folder give way; what else stands there is left alone",
        )  # fmt: skip

    def handle(self, *args: Any, folder: Path, replace: bool, **options: Any) -> None:
        progress = Progress(self.stdout, {"write": "Writes pages"})
        try:
            exported = export_guide(folder, replace=replace, say=progress)
        except (RuleBroken, OSError) as error:
            raise CommandError(str(error)) from error
        finally:
            progress.end()
        self.stdout.write(
            f"{exported.pages} pages, {exported.images} images and {exported.documents} documents written to {folder}."
        )
        for name in exported.restricted:
            self.stdout.write(f"Left out, since not everyone may read it: {name}")
        for name, count in exported.lost.items():
            what = "link leads" if count == 1 else "links lead"
            self.stdout.write(f"{name}: {count} {what} to what is not published or left out, and stands as plain text.")
