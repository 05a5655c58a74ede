"""`import_guide`: a folder becomes the guide, all of it or nothing of it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from wagtail.signal_handlers import disable_reference_index_auto_update

from guide.queries import forget_fixed_addresses
from guide.services.folder.applying import Loaded, apply_plan
from guide.services.folder.media import save_files
from guide.services.folder.planning import Plan, Say, plan_import, say_nothing
from guide.services.tree import lay_site
from shared.public_pages import public_pages_changed


@dataclass(frozen=True)
class Imported:
    plan: Plan
    loaded: Loaded | None


def import_guide(
    root: Path,
    *,
    now: dt.datetime,
    is_dry: bool = False,
    overwrite: bool = False,
    moves: bool = True,
    say: Say = say_nothing,
) -> Imported:
    """Create and update the pages of the folder; a second run changes nothing.

    Raises `FolderRefused` with every problem, and then the guide is as it was. `overwrite` takes the folder's words
    also for pages that an editor has changed; `moves` puts pages where the folder has them. A dry run only plans.
    """
    undo: list[Callable[[], None]] = []
    try:
        with transaction.atomic(), disable_reference_index_auto_update():
            # Held until the end: two imports wait for each other here.
            lay_site()
            plan = plan_import(root, is_dry=is_dry, say=say)
            if is_dry:
                transaction.set_rollback(True)
                return Imported(plan, None)
            undo += save_files(plan.media)
            loaded = apply_plan(plan, now=now, overwrite=overwrite, moves=moves, say=say)
            transaction.on_commit(forget_fixed_addresses)
            public_pages_changed()
    except BaseException:
        for step in undo:
            step()
        raise
    return Imported(plan, loaded)
