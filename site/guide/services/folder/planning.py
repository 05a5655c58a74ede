"""What taking in a folder would change; nothing is written here."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import unified_diff
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextField
from django.utils import translation
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.models import Locale, Page

from guide.fields import BodyField
from guide.keys import key_of
from guide.models import ReadingPage
from guide.services.folder.blocks_in import Block
from guide.services.folder.blocks_out import stream_markdown
from guide.services.folder.documents import Document, read_document
from guide.services.folder.files import walk_folder
from guide.services.folder.identity import as_stored, identified
from guide.services.folder.media import Media
from guide.services.folder.names import Names
from guide.services.folder.problems import Problems
from guide.services.folder.shapes import SHAPES, Form
from guide.services.folder.standing import Standing
from guide.services.folder.stock import Stock, names_of, take_stock
from guide.services.folder.values import RELATED, kind_of, parts_written, values_of, values_on
from guide.services.planting import reserve_numbers

Say = Callable[[str, int, int], None]


def say_nothing(_what: str, _done: int, _of: int) -> None:
    """For those who need not hear how far it has come."""


@dataclass
class PageChange:
    """A page of the folder beside the page here. `differing` is what is written in another way: before, after."""

    document: Document
    page: ReadingPage
    parent: int | None
    is_new: bool
    is_edited: bool = False
    differing: dict[str, tuple[str, str]] = field(default_factory=dict)
    related: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.document.language}: {self.page.title}"

    def difference(self) -> Iterator[str]:
        for part, (before, after) in self.differing.items():
            yield from unified_diff(
                before.splitlines(), after.splitlines(), f"{part} (here)", f"{part} (folder)", lineterm="", n=1
            )


@dataclass
class Plan:
    changes: list[PageChange]
    media: Media
    stock: Stock

    @property
    def created(self) -> list[PageChange]:
        return [change for change in self.changes if change.is_new]

    @property
    def changed(self) -> list[PageChange]:
        return [change for change in self.changes if not change.is_new and change.differing]

    @property
    def absent(self) -> int:
        """How many pages here the folder does not have: they are never deleted."""
        return len(self.stock.pages) - sum(1 for change in self.changes if not change.is_new)

    def moving(self) -> list[str]:
        """Pages that stand below another parent here than in the folder."""
        at = {page.path: page.pk for page in self.stock.pages.values()}
        return [
            change.name
            for change in self.changes
            if not change.is_new
            and change.parent is not None
            and at.get(change.page.path[: -change.page.steplen]) != change.parent
        ]

    @property
    def same(self) -> list[PageChange]:
        return [change for change in self.changes if not change.is_new and not change.differing]


def plan_import(root: Path, *, is_dry: bool = False, say: Say = say_nothing) -> Plan:
    """Read the whole folder and compare it with the site. Raises FolderRefused with every problem found."""
    # One language for all that is told: the command's.
    with translation.override("en"):
        return _plan(root, is_dry=is_dry, say=say)


def _plan(root: Path, *, is_dry: bool, say: Say) -> Plan:
    problems = Problems()
    folder = walk_folder(root, problems=problems)
    standing = Standing()
    for number, source in enumerate(folder.sources, start=1):
        document = read_document(source, problems=problems)
        if document is None:
            standing.add_unread(source.path, source.text)
        else:
            standing.add(document)
        say("read", number, len(folder.sources))
    stock = take_stock(stable_id for stable_id, _language in standing.documents)
    standing.find_parents()
    standing.check(stock.pages)
    reserve = _pretended() if is_dry else _reserved
    names = names_of(stock)
    changes = _begin_changes(standing, stock, names, reserve)
    _name_the_unread(standing, names)
    media = Media(folder, names=names, problems=problems, reserve=reserve)
    for number, change in enumerate(changes, start=1):
        _compare(change, names=names, media=media)
        say("compare", number, len(changes))
    problems.stop_if_any()
    return Plan(changes, media, stock)


def _reserved(model: type, how_many: int) -> list[int]:
    return reserve_numbers(how_many, model=model)


def _pretended() -> Callable[[type, int], list[int]]:
    """Numbers that no row has, for a run that writes nothing."""
    below_zero = itertools.count(-1, -1)
    return lambda _model, how_many: list(itertools.islice(below_zero, how_many))


def _begin_changes(
    standing: Standing, stock: Stock, names: Names, reserve: Callable[[type, int], list[int]]
) -> list[PageChange]:
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    documents = [each for each in standing.in_order() if each.language in locales]
    missing = [each for each in documents if (each.stable_id, each.language) not in stock.pages]
    numbers = iter(reserve(Page, len(missing)))
    changes: list[PageChange] = []
    numbered: dict[tuple[str, str], int] = {key: page.pk for key, page in stock.pages.items()}
    for document in documents:
        key = (document.stable_id, document.language)
        page = stock.pages.get(key)
        is_new = page is None
        if page is None:
            page = SHAPES[document.kind].model(
                locale=locales[document.language], translation_key=key_of(document.stable_id)
            )
            page.pk = page.id = numbered[key] = next(numbers)
        names.add_page(page.pk, *key)
        changes.append(PageChange(document, page, None, is_new, is_edited=not is_new and stock.is_edited(page)))
    for change in changes:
        parent = standing.parents.get((change.document.stable_id, change.document.language), "")
        change.parent = numbered.get((parent, change.document.language)) if parent else None
    return changes


def _name_the_unread(standing: Standing, names: Names) -> None:
    """A link to a page whose own file is broken leads somewhere once that file is mended."""
    for stable_id in standing.unread_ids:
        for language in names.languages:
            names.pages.setdefault((stable_id, language), 0)


def _compare(change: PageChange, *, names: Names, media: Media) -> None:
    document, page = change.document, change.page
    if not change.is_new and kind_of(page) != document.kind:
        return  # told already
    after = values_of(document, names=names, media=media)
    change.related = after.get(RELATED, [])
    before = {} if change.is_new else values_on(page)
    if change.is_new:
        change.differing = dict.fromkeys(after, ("", ""))
    else:
        # What a file does not speak of stays.
        change.differing = _differing(document, before, before | after, names)
    if change.differing:
        _set(change, before, after, names)
        _check(change, after)


def _differing(
    document: Document, before: dict[str, Any], after: dict[str, Any], names: Names
) -> dict[str, tuple[str, str]]:
    here, there = (
        parts_written(document.kind, values, names=names, language=document.language) for values in (before, after)
    )
    parts = [*there, *(part for part in here if part not in there)]
    return {
        part: (here.get(part, ""), there.get(part, "")) for part in parts if here.get(part, "") != there.get(part, "")
    }


def _set(change: PageChange, before: dict[str, Any], after: dict[str, Any], names: Names) -> None:
    """Put on the page what differs, and nothing else: what is written the same stays as an editor stored it."""
    document = change.document
    differing = set(change.differing) | ({"people_from", "people_to"} if "people" in change.differing else set())
    for name in differing & after.keys() - {RELATED}:
        value = after[name]
        if isinstance(value, list):
            form = _form(document.kind, name)
            value = identified(
                value,
                old=before.get(name, []),
                stable_id=document.stable_id,
                field=name,
                written=partial(_block_written, form=form, names=names, language=document.language),
            )
        column = change.page._meta.get_field(name)
        setattr(change.page, column.attname, as_stored(value))


def _block_written(block: dict[str, Any], *, form: Form, names: Names, language: str) -> str:
    return f"{block['type']} {stream_markdown([block], form=form, names=names, language=language)}"


def _form(kind: str, name: str) -> Form:
    return next((section.form for section in SHAPES[kind].sections if section.field == name), Form.BODY)


def _check(change: PageChange, after: dict[str, Any]) -> None:
    """Every rule of the model and of its blocks, on the page as it would be."""
    page, document = change.page, change.document
    # The tree's own columns are not the file's to fill.
    of_the_tree = {column.name for column in page._meta.fields if column.name not in after or column.is_relation}
    page._check_slug_is_unique = lambda: None  # noqa: SLF001 - looked at in the folder as a whole, not in the tree
    try:
        page.clean_fields(exclude=of_the_tree)
        page.clean()
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            for sentence in sentences:
                _refuse_field(document, name, sentence)
    finally:
        del page._check_slug_is_unique  # noqa: SLF001 - see above
    for name, text in after.items():
        longest = getattr(page._meta.get_field(name), "max_length", None) if isinstance(text, str) else None
        # A model holds only short texts to their length; for long ones it leaves that to forms.
        if longest and len(text) > longest and isinstance(page._meta.get_field(name), TextField):
            _refuse_field(document, name, f"It may have at most {longest} signs; it has {len(text)}.")
    for name, blocks in after.items():
        if isinstance(blocks, list) and blocks and name != RELATED and name in change.differing:
            _check_blocks(change, name, blocks)


def _refuse_field(document: Document, name: str, sentence: str) -> None:
    shown = "people" if name in {"people_from", "people_to"} else name
    if shown in document.refused:
        return
    if name == SHAPES[document.kind].model.described_by:
        document.refuse(document.lead.line, f"The lead: {sentence}")
    else:
        document.refuse(document.line_of(shown), f"{shown}: {sentence}")


def _check_blocks(change: PageChange, name: str, blocks: list[Block]) -> None:
    column = change.page._meta.get_field(name)
    if not isinstance(column, BodyField):
        return
    stream = column.stream_block
    try:
        # Not the page's own value: looking at it would make nothing of an image that has no row yet.
        stream.clean(stream.to_python(list(getattr(change.page, name).raw_data)))
    except StreamBlockValidationError as error:
        for number, inner in error.block_errors.items():
            if blocks[number].type in {"image", "markdown"}:
                continue  # judged while it was read; and an image may have no row yet
            change.document.refuse(blocks[number].line, f"{name}: {_sentence(inner)}")


def _sentence(error: Any) -> str:
    """The innermost words of a block's error, with the name of the part they are about."""
    inner = getattr(error, "block_errors", None)
    if inner:
        return "; ".join(f"{part}: {_sentence(each)}" for part, each in inner.items())
    outer = getattr(error, "non_block_errors", None)
    return " ".join(outer.as_data()[0].messages if outer else error.messages)
