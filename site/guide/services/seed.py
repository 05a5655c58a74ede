"""The guide that comes with the site: Markdown files in guide/content, made into pages."""

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from wagtail.models import Locale, Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from guide.keys import key_of
from guide.models import (
    AccessibilityStatementPage,
    ArticlePage,
    CasePage,
    CasesPage,
    FrontPage,
    GlossaryPage,
    GuidePage,
    LibraryPage,
    MethodPage,
    ReadingPage,
    RelatedMethod,
    StepPage,
    TermPage,
)
from guide.queries import forget_fixed_addresses
from guide.services.documents import LINES, Blocks, Document, read_document
from guide.services.planting import index_pages, plant, reserve_numbers
from guide.services.tree import lay_site
from shared.public_pages import public_pages_changed
from shared.rules import RuleBroken

CONTENT = Path(__file__).resolve().parents[1] / "content"
KINDS: dict[str, type[ReadingPage]] = {
    "front": FrontPage,
    "guide": GuidePage,
    "step": StepPage,
    "method": MethodPage,
    "article": ArticlePage,
    "library": LibraryPage,
    "cases": CasesPage,
    "case": CasePage,
    "glossary": GlossaryPage,
    "term": TermPage,
    "statement": AccessibilityStatementPage,
}


@dataclass
class Loaded:
    """Counts of pages; `kept` are those that an editor has changed, which we leave alone."""

    created: int = 0
    updated: int = 0
    same: int = 0
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def load_guide(now: dt.datetime, *, folder: Path = CONTENT) -> Loaded:
    """Create and update the pages of `folder`; a second run changes nothing. All of it, or nothing of it."""
    lay_site()
    loaded = Loaded()
    with disable_reference_index_auto_update():
        for locale in Locale.objects.all():
            documents = [
                read_document(file, locale=locale.language_code)
                for file in sorted((folder / locale.language_code).rglob("*.md"))
            ]
            _load_language(_parents_first(documents), locale=locale, now=now, loaded=loaded)
    transaction.on_commit(forget_fixed_addresses)
    public_pages_changed()
    return loaded


def _parents_first(documents: list[Document]) -> list[Document]:
    waiting = {document.stable_id: document for document in documents}
    if len(waiting) != len(documents):
        raise RuleBroken("Two files have the same id.", code="document")
    ordered: list[Document] = []
    placed = {""}
    while waiting:
        ready = [document for document in waiting.values() if document.parent in placed]
        if not ready:
            raise RuleBroken(f"No parent is found for: {', '.join(sorted(waiting))}.", code="document")
        for document in ready:
            ordered.append(waiting.pop(document.stable_id))
            placed.add(document.stable_id)
    # Children stand in the order of their files, steps and methods alike.
    return sorted(ordered, key=lambda document: _depth(document, {each.stable_id: each for each in ordered}))


def _depth(document: Document, everyone: dict[str, Document]) -> int:
    return 0 if not document.parent else 1 + _depth(everyone[document.parent], everyone)


def _load_language(documents: list[Document], *, locale: Locale, now: dt.datetime, loaded: Loaded) -> None:
    pages = _existing(documents, locale)
    missing = [document for document in documents if document.stable_id not in pages]
    page_ids = {stable_id: page.pk for stable_id, page in pages.items()}
    page_ids |= zip((document.stable_id for document in missing), reserve_numbers(len(missing)), strict=True)
    new = [_new_page(document, page_ids, locale=locale) for document in missing]
    plant(new, now=now)
    loaded.created += len(new)
    changed = [page for page, _parent in new]
    if new:
        # Read again: a page that got children knows it only in the database, and saving the old one would forget them.
        pages = _existing([document for document in documents if document.stable_id in pages], locale)
    for document in documents:
        if document.stable_id not in pages:
            continue
        page = pages[document.stable_id]
        if page.latest_revision is not None and page.latest_revision.user_id is not None:
            loaded.kept.append(f"{locale.language_code}: {page.title}")
        elif _apply(page, _values(document, Blocks(document, page_ids)), _related(document, page_ids)):
            page.save_revision(clean=True, log_action=False).publish(log_action=False)
            changed.append(page)
            loaded.updated += 1
        else:
            loaded.same += 1
    index_pages(changed)


def _related(document: Document, page_ids: dict[str, int]) -> list[int]:
    return [page_ids[stable_id] for stable_id in document.facts.get("related", [])]


def _existing(documents: list[Document], locale: Locale) -> dict[str, ReadingPage]:
    keys = {key_of(document.stable_id): document.stable_id for document in documents}
    found = Page.objects.filter(translation_key__in=keys, locale=locale).select_related("latest_revision")
    return {keys[page.translation_key]: page for page in found.specific()}


def _new_page(document: Document, page_ids: dict[str, int], *, locale: Locale) -> tuple[ReadingPage, int]:
    """The page with its number and all its words, not yet saved; and its parent's number."""
    page = KINDS[document.kind](locale=locale, translation_key=key_of(document.stable_id))
    _apply(page, _values(document, Blocks(document, page_ids)), _related(document, page_ids))
    if not page.slug:
        raise RuleBroken(f"{document.file.name}: a page needs a slug.", code="document")
    page.pk = page.id = page_ids[document.stable_id]
    return page, page_ids[document.parent]


def _values(document: Document, blocks: Blocks) -> dict[str, Any]:
    """Field → stored value, for every field that the file speaks of."""
    model = KINDS[document.kind]
    names = {each.name for each in model._meta.concrete_fields}
    values: dict[str, Any] = {model.described_by: document.lead}
    for name, fact in document.facts.items():
        if name == "people":
            values["people_from"], values["people_to"] = _people(str(fact))
        elif name in names:
            values[name] = fact
        elif name != "related":
            raise RuleBroken(f"{document.file.name}: {name} is no field of a {document.kind}.", code="document")
    for name, text in document.sections.items():
        if name in LINES:
            values[name] = blocks.lines(text, name=name)
        elif name == "steps":
            values[name] = blocks.exercise(text)
        elif name == "worksheets":
            values[name] = blocks.worksheets(text)
        else:
            values[name] = "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))
    if "body" in names:
        values["body"] = blocks.body(document.body)
    return values


def _people(text: str) -> tuple[int, int | None]:
    """ "3-8", or "3-" for three and any number more."""
    first, _dash, last = text.partition("-")
    return int(first), int(last) if last else None


def _apply(page: ReadingPage, values: dict[str, Any], related: list[int]) -> bool:
    """Set the values on the page; whether anything became different."""
    changed = False
    for name, value in values.items():
        column = page._meta.get_field(name)
        before = column.get_prep_value(getattr(page, name))
        if isinstance(value, list):
            after: Any = value
            setattr_value: Any = json.dumps(value)
        else:
            after = column.get_prep_value(column.to_python(value))
            setattr_value = value
        if before != after:
            setattr(page, name, setattr_value)
            changed = True
    if isinstance(page, MethodPage) and [each.method_id for each in page.related.all()] != related:
        page.related = [RelatedMethod(method_id=pk, sort_order=order) for order, pk in enumerate(related)]
        changed = True
    return changed
