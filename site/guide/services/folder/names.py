"""What a text may point at: pages by their stable ids, files by their paths within the folder."""

import re
from dataclasses import dataclass, field

from guide.services.folder.inline import Link


@dataclass
class Names:
    """Both ways. A page that nobody may be led to (restricted, not published) has no name here."""

    page_names: dict[int, str] = field(default_factory=dict)
    pages: dict[tuple[str, str], int] = field(default_factory=dict)
    image_paths: dict[int, str] = field(default_factory=dict)
    document_paths: dict[int, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    # What stands before a path that is written in a page's file: the way up to the folder's root.
    up: str = ""
    # Pages and files that were pointed at and have no name.
    lost: set[str] = field(default_factory=set)
    used_images: set[int] = field(default_factory=set)
    used_documents: set[int] = field(default_factory=set)

    def add_page(self, pk: int, stable_id: str, language: str) -> None:
        self.page_names[pk] = stable_id
        self.pages[stable_id, language] = pk

    def page(self, stable_id: str, *, language: str) -> int | None:
        """The page in the text's own language, or else in another: a reader is led to their own anyhow."""
        for each in (language, *self.languages):
            if (stable_id, each) in self.pages:
                return self.pages[stable_id, each]
        return None

    def link_of(self, attrs: dict[str, str | None]) -> Link | None:
        """What a link in the editor's HTML points at."""
        kind, pk = attrs.get("linktype"), attrs.get("id") or ""
        if kind in {"page", "document"}:
            known = self.page_names if kind == "page" else self.document_paths
            name = known.get(int(pk)) if re.fullmatch(r"-?\d{1,18}", pk) else None
            if name is None:
                self.lost.add(f"{kind} {pk}")
                return None
            if kind == "document":
                self.used_documents.add(int(pk))
            return Link(kind, name if kind == "page" else f"{self.up}{name}")
        address = (attrs.get("href") or "").strip()
        return Link("address", address) if address else None

    def image_path(self, pk: int) -> str | None:
        path = self.image_paths.get(pk)
        if path is None:
            self.lost.add(f"image {pk}")
            return None
        self.used_images.add(pk)
        return f"{self.up}{path}"
