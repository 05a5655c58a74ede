"""Keeping the search index: what is published is found at once, what is taken away is found no more.

Whoever changes something *notes* it. It is indexed when the transaction has committed, all that was noted in it
together: so a load of five hundred pages is one piece of work, a change that was rolled back leaves no trace, and an
index that could not be written never stops an editor from publishing. What was lost on the way (a process that died in
between) is found by `mend_index`, which a worker runs.
"""

import uuid
from collections.abc import Collection, Iterable

from asgiref.local import Local
from django.db import connection, transaction
from wagtail.models import Page

from guide.models import SearchEdition, SearchEntry, SearchWord
from guide.search.pages import below, key_of_page, pages_to_find
from guide.search.sources import Findable, search_sources
from guide.search.writing import change_counts, words_in, words_kept, write_entries

_noted = Local()


def note_pages(pks: Iterable[int]) -> None:
    """Pages that were published, unpublished, moved or deleted, or that others may see or not see now."""
    _note("pages", pks)


def note_tree(page: Page) -> None:
    """The page and everything below it: its address or who may see it has changed."""
    note_pages(below(page) if page.path else [page.pk])


def note_gone(page: Page) -> None:
    """A page that was deleted. In which language it stood is asked of the index."""
    _note("keys", [key_of_page(page)])


def note_source(kind: str) -> None:
    """Something of what a room gives (`register_search_source`) has changed."""
    _note("sources", [kind])


def _note(what: str, which: Iterable[int | str]) -> None:
    noted = getattr(_noted, what, None)
    if noted is None:
        noted = set()
        setattr(_noted, what, noted)
    noted.update(which)
    # Once for each note: a savepoint that is rolled back forgets what was asked for inside it. The first one called
    # does it all, and the others find nothing left.
    transaction.on_commit(index_what_was_noted, robust=True)


def _take(what: str) -> set:
    noted = getattr(_noted, what, None) or set()
    setattr(_noted, what, set())
    return noted


def index_what_was_noted() -> None:
    pages, keys, sources = _take("pages"), _take("keys"), _take("sources")
    if pages or keys:
        index_pages(pages, gone=keys)
    for kind in sorted(sources):
        index_source(kind)


@transaction.atomic
def index_pages(pks: Collection[int], *, gone: Collection[str] = ()) -> None:
    """Make the index say what is true of these pages now."""
    _one_at_a_time()
    translations = Page.objects.filter(pk__in=pks).values_list("translation_key", flat=True)
    keys = {f"page-{key}" for key in translations} | set(gone)
    # All translations with them: they share the key, and to tell them apart would cost as much.
    everyone = Page.objects.filter(translation_key__in=[key.removeprefix("page-") for key in keys])
    _replace(keys, list(pages_to_find(set(everyone.values_list("pk", flat=True)))))


@transaction.atomic
def index_source(kind: str) -> None:
    """Make the index say what a room gives now."""
    _one_at_a_time()
    source = search_sources().get(kind)
    found = {(each.key, each.language): each for each in (source() if source else [])}
    known = {(each.key, each.language): each for each in SearchEntry.objects.filter(kind=kind).defer("vector")}
    changed = {which for which in found.keys() | known.keys() if not _says(known.get(which), found.get(which))}
    if changed:
        keys = {key for key, _language in changed}
        _replace(keys, [each for (key, _language), each in found.items() if key in keys])


def _says(entry: SearchEntry | None, found: Findable | None) -> bool:
    if entry is None or found is None:
        return False
    names = ("kind", "title", "names", "lead", "text", "address", "facts")
    return all(getattr(entry, each) == getattr(found, each) for each in names)


@transaction.atomic
def rebuild_index() -> int:
    """All of it anew; how many rows. Readers find what was there until this commits."""
    _one_at_a_time()
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    found = list(pages_to_find())
    for source in search_sources().values():
        found += source()
    _replace(set(), found)
    _new_edition()
    return len(found)


@transaction.atomic
def mend_index() -> int:
    """Put right what a process that died left undone; how many pages were wrong. A handful of queries if none is."""
    rows = Page.objects.live().public().filter(depth__gt=2)
    there = {
        (f"page-{key}", language): (pk, published)
        for pk, key, language, published in rows.values_list(
            "pk", "translation_key", "locale__language_code", "last_published_at"
        )
    }
    kept = {
        (key, language): as_of
        for key, language, as_of in SearchEntry.objects.filter(key__startswith="page-").values_list(
            "key", "language", "as_of"
        )
    }
    missing = {pk for which, (pk, published) in there.items() if which not in kept or kept[which] != published}
    gone = {key for key, language in kept.keys() - there.keys()}
    if missing or gone:
        index_pages(missing, gone=gone)
    for kind in search_sources():
        index_source(kind)
    return len(missing) + len(gone)


def add_to_index(found: list[Findable]) -> None:
    """Write these rows, whatever the index said of their keys."""
    with transaction.atomic():
        _one_at_a_time()
        _replace({each.key for each in found}, found)


def _replace(keys: set[str], found: list[Findable]) -> None:
    before = words_kept(keys) if keys else {}
    still = {(each.key, each.language) for each in found}
    rows = SearchEntry.objects.filter(key__in=keys).values_list("pk", "key", "language") if keys else []
    SearchEntry.objects.filter(pk__in=[pk for pk, key, language in rows if (key, language) not in still]).delete()
    write_entries(found)
    if change_counts(before, words_in(found)):
        _new_edition()


def _one_at_a_time() -> None:
    """Two that counted the same words at once would wait for each other for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [5_117_360_009])


def _new_edition() -> None:
    SearchEdition.objects.update_or_create(pk=1, defaults={"name": uuid.uuid4().hex})
