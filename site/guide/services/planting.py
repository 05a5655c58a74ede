"""New pages by the dozen: in the tree, published with their first revision, and indexed.

Wagtail's own way (add, revise, publish, with an index brought up to date at each step) asks the database more than a
hundred times for each page. This does the same for all of them together; both ways must leave the same rows, and
tests/website/guide/test_planting.py compares them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection
from django.db.models import F, Model
from django.utils import timezone
from modelsearch.backends import get_search_backends
from wagtail.models import Page, ReferenceIndex, Revision

from guide.models import MethodPage, ReadingPage, RelatedMethod
from guide.services.search_index import note_pages


def reserve_numbers(how_many: int, *, model: type[Model] = Page) -> list[int]:
    """Numbers for pages (or files) to come, so that they can be linked to before they are there."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, how_many]
        )
        return [number for (number,) in cursor.fetchall()]


def plant(pages: list[tuple[ReadingPage, int]], *, now: dt.datetime) -> None:
    """Put the pages in the tree below their parents (by number) and publish them. Parents come before children.

    The caller's transaction holds it all, and `ReferenceIndex` is left to `index_pages`.
    """
    _place(pages)
    new = [page for page, _parent in pages]
    # Wagtail takes the newest revision for the latest: the machine's clock, as for those that editors will write.
    made_at = timezone.now()
    for page in new:
        page.draft_title, page.live, page.has_unpublished_changes = page.title, True, False
        page.first_published_at = now
        page.last_published_at = page.latest_revision_created_at = made_at
    Page.objects.bulk_create([_page_row(page) for page in new])
    for page in new:
        page.save_base(raw=True, force_insert=True)  # its own table's row alone
        relations = {field.name for field in page._meta.fields if field.is_relation}
        page.clean_fields(exclude=relations)
        page.clean()
    _save_related(new)
    _publish(new, made_at=made_at)


def _place(pages: list[tuple[ReadingPage, int]]) -> None:
    fresh: dict[int, Page] = {}
    last: dict[int, str] = {}
    children: dict[int, int] = defaultdict(int)
    for page, parent_id in pages:
        parent = fresh.get(parent_id)
        if parent is None:
            # Locked: an editor who adds a page beside ours waits, and gets the next place.
            parent = fresh[parent_id] = Page.objects.select_for_update().get(pk=parent_id)
            youngest = parent.get_last_child()
            if youngest is not None:
                last[parent_id] = youngest.path
        page.depth = parent.depth + 1
        before = last.get(parent_id)
        first = Page._get_path(parent.path, page.depth, 1)  # noqa: SLF001 - treebeard's arithmetic, here and below
        page.path = last[parent_id] = Page(path=before)._inc_path() if before else first  # noqa: SLF001 - as above
        page.url_path = f"{parent.url_path}{page.slug}/"
        children[parent_id] += 1
        parent.numchild += 1
        fresh[page.pk] = page
    planted = {page.pk for page, _parent in pages}
    for parent_id, count in children.items():
        if parent_id not in planted:
            Page.objects.filter(pk=parent_id).update(numchild=F("numchild") + count)


def _page_row(page: ReadingPage) -> Page:
    return Page(**{field.attname: getattr(page, field.attname) for field in Page._meta.concrete_fields})


def _save_related(pages: list[ReadingPage]) -> None:
    related: list[RelatedMethod] = []
    for page in pages:
        if isinstance(page, MethodPage):
            chosen = page.related.all()
            for each in chosen:
                each.page_id = page.pk
            related += chosen
    RelatedMethod.objects.bulk_create(related)


def _publish(pages: list[ReadingPage], *, made_at: dt.datetime) -> None:
    revisions = Revision.objects.bulk_create(
        [
            Revision(
                content_type=page.cached_content_type,
                base_content_type=page.get_base_content_type(),
                object_id=str(page.pk),
                created_at=made_at,
                object_str=str(page),
                content=page.serializable_data(),
            )
            for page in pages
        ]
    )
    for page, revision in zip(pages, revisions, strict=True):
        page.latest_revision = page.live_revision = revision
    Page.objects.bulk_update(
        [Page(pk=page.pk, latest_revision=page.latest_revision, live_revision=page.live_revision) for page in pages],
        ["latest_revision", "live_revision"],
    )


def index_pages(pages: Iterable[ReadingPage]) -> None:
    """What is kept beside the pages: which words they hold, for the editors' search and the readers', and what they
    point at."""
    pages = list(pages)
    note_pages(page.pk for page in pages)
    kinds: dict[type[ReadingPage], list[ReadingPage]] = defaultdict(list)
    for page in pages:
        kinds[type(page)].append(page)
        ReferenceIndex.create_or_update_for_object(page)
    for backend in get_search_backends(with_auto_update=True):
        for kind, of_kind in kinds.items():
            backend.add_bulk(kind, of_kind)
