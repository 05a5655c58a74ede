"""Taking in a folder: all that was planned, in the caller's transaction."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from wagtail.models import Page

from guide.keys import key_of
from guide.models import MethodPage, PageName, ReadingPage, RelatedMethod
from guide.services.folder.planning import PageChange, Plan, Say
from guide.services.folder.values import RELATED
from guide.services.planting import index_pages, plant


@dataclass
class Loaded:
    """Counts of pages; `kept` are those that an editor has changed, which we leave alone."""

    created: int = 0
    updated: int = 0
    same: int = 0
    moved: int = 0
    kept: list[str] = field(default_factory=list)


def apply_plan(plan: Plan, *, now: dt.datetime, overwrite: bool, moves: bool, say: Say) -> Loaded:
    """Create, change and move. Pages that an editor has changed are left alone unless `overwrite`."""
    loaded = Loaded(same=len(plan.same))
    created = plan.created
    for change in created:
        _set_related(change)
    plant([(change.page, _parent_of(change)) for change in created], now=now)
    loaded.created = len(created)
    say("write", len(created), len(created) + len(plan.changed))
    if moves:
        loaded.moved = _move(plan)
    changed: list[ReadingPage] = []
    for number, change in enumerate(plan.changed, start=1):
        if change.is_edited and not overwrite:
            loaded.kept.append(change.name)
        else:
            changed.append(_update(change))
            loaded.updated += 1
        say("write", len(created) + number, len(created) + len(plan.changed))
    _keep_names(plan)
    index_pages([*(change.page for change in created), *changed])
    return loaded


def _parent_of(change: PageChange) -> int:
    if change.parent is not None:
        return change.parent
    return Page.objects.get(depth=1).pk


def _set_related(change: PageChange) -> None:
    if isinstance(change.page, MethodPage) and RELATED in change.differing:
        change.page.related = [RelatedMethod(method_id=pk, sort_order=order) for order, pk in enumerate(change.related)]


def _update(change: PageChange) -> ReadingPage:
    """Publish the page as the folder has it. What the tree says of it is read anew: it may have got children."""
    page = change.page
    fresh = Page.objects.get(pk=page.pk)
    for name in ("path", "depth", "numchild", "url_path"):
        setattr(page, name, getattr(fresh, name))
    _set_related(change)
    page.save_revision(clean=True, log_action=False).publish(log_action=False)
    return page


def _keep_names(plan: Plan) -> None:
    ids = {change.document.stable_id for change in plan.changes}
    names = [PageName(translation_key=key_of(each), stable_id=each) for each in ids if str(key_of(each)) != each]
    PageName.objects.bulk_create(names, ignore_conflicts=True)


def _move(plan: Plan) -> int:
    """Put pages below the parents that the folder gives them, and siblings in its order; how many pages moved."""
    moved: set[int] = set()
    wanted: dict[int, list[int]] = defaultdict(list)
    for change in plan.changes:
        parent = change.parent
        if parent is None:
            continue
        wanted[parent].append(change.page.pk)
        if not change.is_new:
            page = Page.objects.get(pk=change.page.pk)
            if page.get_parent().pk != parent:
                page.move(Page.objects.get(pk=parent), pos="last-child")
                moved.add(page.pk)
    for parent, ordered in wanted.items():
        moved |= _order(Page.objects.get(pk=parent), ordered)
    return len(moved)


def _order(parent: Page, wanted: list[int]) -> set[int]:
    """Pages that the folder does not have keep their places; the others share the rest of them in its order."""
    here = list(parent.get_children().order_by("path").values_list("pk", flat=True))
    in_turn = iter(wanted)
    ours = set(wanted)
    ordered = [next(in_turn) if pk in ours else pk for pk in here]
    moved: set[int] = set()
    for place, pk in enumerate(ordered):
        if here[place] != pk:
            page = Page.objects.get(pk=pk)
            if place == 0:
                page.move(Page.objects.get(pk=here[0]), pos="left")
            else:
                page.move(Page.objects.get(pk=ordered[place - 1]), pos="right")
            here.remove(pk)
            here.insert(place, pk)
            moved.add(pk)
    return moved
