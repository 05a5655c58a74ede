"""`export_guide`: the whole guide as a folder that mirrors its tree."""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from guide.models import FrontPage, ReadingPage
from guide.services.folder.blocks_out import section_heading
from guide.services.folder.documents import BODY_SIGN, INDEX
from guide.services.folder.front_matter import FENCE, FactValue, write_facts
from guide.services.folder.media import DOCUMENTS, IMAGES, write_files
from guide.services.folder.names import Names
from guide.services.folder.planning import Say, say_nothing
from guide.services.folder.shapes import SHAPES, lead_field
from guide.services.folder.stock import Stock, names_of, take_stock
from guide.services.folder.values import facts_written, kind_of, parts_written, values_on
from shared.rules import RuleBroken


@dataclass
class Exported:
    pages: int = 0
    images: int = 0
    documents: int = 0
    # Pages that not everyone may read, and those below them.
    restricted: list[str] = field(default_factory=list)
    # Links that lost what they pointed at: page title → how many.
    lost: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """A page's file, and what is said there of where it stands."""

    page: ReadingPage
    stable_id: str
    language: str
    path: str
    facts: dict[str, FactValue]


def export_guide(root: Path, *, replace: bool = False, say: Say = say_nothing) -> Exported:
    """Write every published page that anyone may read, with the original files it shows.

    With `replace` an earlier export in `root` gives way; whatever else stands there is left alone.
    """
    ours = [*(code for code, _name in settings.LANGUAGES), IMAGES, DOCUMENTS]
    if root.exists() and not root.is_dir():
        raise RuleBroken(f"{root} is a file, not a folder.", code="folder")
    if root.is_dir() and any(not each.name.startswith(".") for each in root.iterdir()) and not replace:
        raise RuleBroken(f"{root} is not empty. Choose another folder, or replace an earlier export with --replace.",
                         code="folder")  # fmt: skip
    stock = take_stock()
    names = names_of(stock)
    exported = Exported(restricted=_restricted(stock))
    places = list(_places(stock))
    texts = {}
    for number, place in enumerate(places, start=1):
        names.lost = set()
        texts[place.path] = page_written(place, names)
        if names.lost:
            exported.lost[f"{place.language}: {place.page.title}"] = len(names.lost)
        say("write", number, len(places))
    for each in ours:
        if (root / each).is_dir() and not (root / each).is_symlink():
            shutil.rmtree(root / each)
    for path, text in texts.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    exported.pages = len(texts)
    images = get_image_model().objects.filter(pk__in=names.used_images).order_by("pk")
    documents = get_document_model().objects.filter(pk__in=names.used_documents).order_by("pk")
    exported.images = write_files(root, IMAGES, images)
    exported.documents = write_files(root, DOCUMENTS, documents)
    return exported


def _restricted(stock: Stock) -> list[str]:
    return [
        f"{language}: {page.title}"
        for (_stable_id, language), page in stock.pages.items()
        if page.live and page.pk not in stock.public
    ]


def _places(stock: Stock) -> Iterator[Place]:
    """Pages from the top down. A page whose parent is not told is not told either."""
    children: dict[str, list[tuple[str, str, ReadingPage]]] = defaultdict(list)
    for (stable_id, language), page in stock.pages.items():
        if page.pk in stock.public:
            children[page.path[: -page.steplen]].append((stable_id, language, page))
    for each in children.values():
        each.sort(key=lambda child: child[2].path)
    fronts = [child for each in children.values() for child in each if isinstance(child[2], FrontPage)]
    for stable_id, language, page in fronts:
        yield Place(page, stable_id, language, f"{language}/{INDEX}", {})
        yield from _below(page, language, children, is_top=True)


def _below(
    parent: ReadingPage, inside: str, children: dict[str, list[tuple[str, str, ReadingPage]]], *, is_top: bool = False
) -> Iterator[Place]:
    """Siblings are numbered in their order; those below a front page say it in their facts, as menus do not number."""
    siblings = children[parent.path]
    for number, (stable_id, language, page) in enumerate(siblings, start=1):
        name = page.slug if is_top else f"{number:0{len(str(len(siblings)))}d}-{page.slug}"
        facts: dict[str, FactValue] = {"order": number} if is_top else {}
        folder = f"{inside}/{name}"
        is_folder = bool(children[page.path]) or f"{name}.md" == INDEX
        path = f"{folder}/{INDEX}" if is_folder else f"{folder}.md"
        yield Place(page, stable_id, language, path, facts)
        yield from _below(page, folder, children)


def page_written(place: Place, names: Names) -> str:
    kind = kind_of(place.page)
    names.up = "../" * place.path.count("/")
    values = values_on(place.page)
    facts = {"id": place.stable_id, "type": kind} | place.facts | facts_written(kind, values, names=names)
    parts = parts_written(kind, values, names=names, language=place.language)
    names.up = ""
    headings = {section.field: section.heading(place.language) for section in SHAPES[kind].sections}
    text = [f"{FENCE}\n{write_facts(facts)}{FENCE}\n{parts[lead_field(kind)]}".rstrip()]
    for name, part in parts.items():
        if part and name in headings:
            text.append(f"{section_heading(headings[name])}\n{part}")
        elif part and name == "body":
            # A heading of its own begins the free text; anything else would be taken for what stands above it.
            begins_itself = part.startswith("## ")
            text.append(part if begins_itself else f"{BODY_SIGN}\n\n{part}")
    return "\n\n".join(text) + "\n"
