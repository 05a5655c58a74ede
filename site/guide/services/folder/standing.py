"""Where the pages of a folder stand: who is whose parent, in which order, and whether the tree allows it."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from guide.models import ReadingPage, StepPage
from guide.services.folder.documents import INDEX, Document
from guide.services.folder.shapes import KINDS, SHAPE_OF

_ID_LINE = re.compile(r"^id:\s*['\"]?([a-z0-9-]+)['\"]?\s*$", re.MULTILINE)
FRONT = "front"
Key = tuple[str, str]  # stable id and language


@dataclass
class Standing:
    """The pages of a folder by id and language, and their parents (an id; empty for a front page)."""

    documents: dict[Key, Document] = field(default_factory=dict)
    parents: dict[Key, str] = field(default_factory=dict)
    # Files that could not be read, and the ids that they seem to have: nothing is said of whoever needs them.
    unread: set[str] = field(default_factory=set)
    unread_ids: set[str] = field(default_factory=set)

    def add_unread(self, path: str, text: str) -> None:
        self.unread.add(path)
        self.unread_ids.update(_ID_LINE.findall(text[:4000]))

    def add(self, document: Document) -> None:
        key = (document.stable_id, document.language)
        other = self.documents.get(key)
        if other is not None:
            sentence = f"{other.file} has the same id, {document.stable_id}. Each page needs an id of its own."
            document.refuse(document.line_of("id"), sentence)
            return
        self.documents[key] = document

    def find_parents(self) -> None:
        by_file = {document.file: document.stable_id for document in self.documents.values()}
        for key, document in self.documents.items():
            if document.kind == FRONT:
                if document.fact("parent"):
                    document.refuse(document.line_of("parent"), "A front page has no parent: it is where all begins.")
                self.parents[key] = ""
                continue
            given = document.fact("parent").strip()
            above = _index_above(document.file)
            if not given and above in self.unread:
                continue
            self.parents[key] = given or by_file.get(above, "")
            if not self.parents[key]:
                sentence = f"No parent is found: the file has no fact “parent”, and there is no {above}."
                document.refuse(1, sentence)

    def check(self, existing: dict[Key, ReadingPage]) -> None:
        self._check_kinds(existing)
        self._check_circles()
        self._check_slugs(existing)
        self._check_numbers(existing)

    def _check_kinds(self, existing: dict[Key, ReadingPage]) -> None:
        for key, document in self.documents.items():
            page = existing.get(key)
            if page is not None and SHAPE_OF[type(page)].kind != document.kind:
                here = f"The page {document.stable_id} is a {SHAPE_OF[type(page)].kind} on this site"
                document.refuse(document.line_of("type"), f"{here} and can't become a {document.kind}.")
            parent = self.parents.get(key)
            if not parent or parent in self.unread_ids:
                continue
            kind = self._kind((parent, document.language), existing)
            line = document.line_of("parent" if "parent" in document.facts else "id")
            if kind is None:
                document.refuse(line, f"No parent is found: no page has the id {parent}.")
            elif KINDS[kind] not in KINDS[document.kind].clean_parent_page_models() or (
                KINDS[document.kind] not in KINDS[kind].clean_subpage_models()
            ):
                document.refuse(line, f"A {document.kind} can't stand below a {kind} ({parent}).")

    def _kind(self, key: Key, existing: dict[Key, ReadingPage]) -> str | None:
        if key in self.documents:
            return self.documents[key].kind
        return SHAPE_OF[type(existing[key])].kind if key in existing else None

    def _check_circles(self) -> None:
        told: set[Key] = set()
        for key in self.documents:
            way = [key]
            while (parent := self.parents.get(way[-1], "")) and (parent, key[1]) not in way:
                way.append((parent, key[1]))
            if parent and key == (parent, key[1]) and not told & set(way):
                told.update(way)
                document = self.documents[key]
                names = " → ".join(stable_id for stable_id, _language in [*way, key])
                document.refuse(document.line_of("parent"), f"The pages are each other's parents: {names}.")

    def _check_slugs(self, existing: dict[Key, ReadingPage]) -> None:
        parents = _parents_of(existing)
        taken = {
            (parents[key], key[1], page.slug): f"the page “{page.title}” on this site"
            for key, page in existing.items()
            if key not in self.documents
        }
        for key, document in self.documents.items():
            page = existing.get(key)
            slug = document.fact("slug") or (page.slug if page else "")
            if not slug:
                document.refuse(1, "A page needs a slug: its word in the address.")
                continue
            place = (self.parents.get(key, ""), document.language, slug)
            if place in taken:
                document.refuse(document.line_of("slug"), f"The slug {slug} is taken here by {taken[place]}.")
            taken[place] = document.file

    def _check_numbers(self, existing: dict[Key, ReadingPage]) -> None:
        parents = _parents_of(existing)
        taken = {
            (parents[key], key[1], str(page.number)): f"“{page.title}” on this site"
            for key, page in existing.items()
            if key not in self.documents and isinstance(page, StepPage)
        }
        for key, document in self.documents.items():
            number = document.fact("number").strip()
            place = (self.parents.get(key, ""), document.language, number)
            if document.kind == "step" and number:
                if place in taken:
                    document.refuse(document.line_of("number"), f"The number {number} is taken by {taken[place]}.")
                taken[place] = document.file

    def in_order(self) -> list[Document]:
        """Parents before children, and siblings in their order."""
        children: dict[Key, list[Document]] = defaultdict(list)
        tops: list[Document] = []
        for key, document in self.documents.items():
            parent = (self.parents.get(key, ""), document.language)
            (children[parent] if parent in self.documents else tops).append(document)
        ordered = sorted(tops, key=lambda document: (document.language, document.place))
        for document in ordered:  # grows as it goes
            ordered += sorted(children[document.stable_id, document.language], key=lambda child: child.place)
        return ordered


def _index_above(file: str) -> str:
    path = PurePosixPath(file)
    above = path.parent.parent if path.name == INDEX else path.parent
    return str(above / INDEX)


def _parents_of(existing: dict[Key, ReadingPage]) -> dict[Key, str]:
    """The parent's id of every page on this site."""
    by_path = {page.path: stable_id for (stable_id, _language), page in existing.items()}
    return {key: by_path.get(page.path[: -page.steplen], "") for key, page in existing.items()}
