"""`manage.py guide_import DIR [--dry-run]`: a folder of Markdown files becomes the guide."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from guide.services.folder.applying import Loaded
from guide.services.folder.importing import import_guide
from guide.services.folder.planning import Plan
from guide.services.folder.problems import FolderRefused
from shared.progress import Progress


class Command(BaseCommand):
    help = (
        "Creates and updates the guide's pages from a folder of Markdown files (docs/guide-as-a-folder.md), all or "
        "nothing. Pages that the folder lacks stay as they are, and so do those that an editor has changed here since."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only show what would be different")
        parser.add_argument(
            "--overwrite", action="store_true",
            help="take the folder's words also for pages that an editor has changed here (theirs stay in the history)",
        )  # fmt: skip

    def handle(self, *args: Any, folder: Path, dry_run: bool, overwrite: bool, **options: Any) -> None:
        progress = Progress(self.stdout, {"read": "Reads files", "compare": "Compares pages", "write": "Writes pages"})
        try:
            imported = import_guide(folder, now=timezone.now(), is_dry=dry_run, overwrite=overwrite, say=progress)
        except FolderRefused as refused:
            progress.end()
            for problem in refused.problems:
                self.stderr.write(str(problem))
            count = len(refused.problems)
            raise CommandError(
                f"Nothing was imported: {count} {'problem' if count == 1 else 'problems'}. The guide is as it was."
            ) from refused
        finally:
            progress.end()
        if imported.loaded is None:
            self._show(imported.plan, overwrite=overwrite)
        else:
            self._tell(imported.loaded, imported.plan)

    def _show(self, plan: Plan, *, overwrite: bool) -> None:
        for change in plan.created:
            self.stdout.write(f"+ {change.name}  ({change.document.file})")
        for change in plan.changed:
            is_kept = change.is_edited and not overwrite
            why = (
                "  An editor has changed this page here; it will be left alone (--overwrite takes the folder's)."
                if is_kept
                else ""
            )
            self.stdout.write(f"{'=' if is_kept else '~'} {change.name}  ({change.document.file}){why}")
            for line in change.difference():
                self.stdout.write(f"    {line}")
        new_files = [each.path for each in plan.media.found() if each.is_new]
        for path in new_files:
            self.stdout.write(f"+ {path}")
        for each in plan.media.found():
            if each.is_changed:
                self.stdout.write(f"~ {each.path}  (title, description or focal point)")
        for name in plan.moving():
            self.stdout.write(f"> {name}  moves to where the folder has it")
        kept = sum(1 for change in plan.changed if change.is_edited and not overwrite)
        self.stdout.write(
            f"Would create {len(plan.created)}, change {len(plan.changed) - kept}, leave {kept} that an editor has "
            f"changed; {len(plan.same)} unchanged. {self._absent(plan)}Nothing was written."
        )

    def _tell(self, loaded: Loaded, plan: Plan) -> None:
        self.stdout.write(
            f"{loaded.created} pages created, {loaded.updated} changed, {loaded.moved} moved, {loaded.same} unchanged. "
            f"{self._absent(plan)}".rstrip()
        )
        for name in loaded.kept:
            self.stdout.write(f"Left as an editor wrote it: {name}")

    @staticmethod
    def _absent(plan: Plan) -> str:
        return f"{plan.absent} pages here are not in the folder and stay as they are. " if plan.absent else ""
