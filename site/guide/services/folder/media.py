"""Images and documents beside the pages: known by their content, so that the same file is the same thing everywhere."""

import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.text import slugify
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from guide.markdown import may_lead_to
from guide.services.folder.documents import Document
from guide.services.folder.files import ABOUT, Folder
from guide.services.folder.front_matter import Fact, FactValue, read_about, write_facts
from guide.services.folder.names import Names
from guide.services.folder.problems import Problems

IMAGES, DOCUMENTS = "images", "documents"
_FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP", "avif": "AVIF"}
_FOCUS = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


def exported_path(place: str, *, title: str, content_hash: str, suffix: str) -> str:
    """A name that stays the same wherever the file has been: words of its title, and its content."""
    words = slugify(title)[:40].strip("-") or place.removesuffix("s")
    return f"{place}/{words}-{content_hash[:10]}{suffix.lower()}"


def hash_of(file: Any) -> str:
    """As Wagtail's own."""
    return hashlib.file_digest(file, "sha1").hexdigest()  # a name, no secret


def facts_of(row: Any) -> dict[str, FactValue]:
    """What is told about a file beside it."""
    facts: dict[str, FactValue] = {"title": row.title}
    if getattr(row, "description", ""):
        facts["description"] = row.description
    focus = [getattr(row, name, None) for name in _FOCUS]
    if all(each is not None for each in focus):
        facts["focus"] = [each for each in focus if each is not None]
    return facts


# --- Out ----------------------------------------------------------------------------------------------------


def name_files(names: Names, *, images: Iterable[Any], documents: Iterable[Any]) -> None:
    for image in images:
        names.image_paths[image.pk] = _path_of(IMAGES, image)
    for document in documents:
        names.document_paths[document.pk] = _path_of(DOCUMENTS, document)


def _path_of(place: str, row: Any) -> str:
    content_hash = row.file_hash or row.get_file_hash()
    suffix = PurePosixPath(row.file.name).suffix
    return exported_path(place, title=row.title, content_hash=content_hash, suffix=suffix)


def write_files(root: Path, place: str, rows: Sequence[Any]) -> int:
    """The original files, and what is told about them; how many files."""
    told: dict[str, dict[str, FactValue]] = {}
    for row in rows:
        path = _path_of(place, row)
        if path in told:
            continue
        told[path] = facts_of(row)
        (root / place).mkdir(exist_ok=True)
        with row.file.open("rb") as original, (root / path).open("wb") as copy:
            for chunk in original.chunks():
                copy.write(chunk)
    if told:
        text = "".join(
            f"{PurePosixPath(path).name}:\n{write_facts(facts, indent='  ')}" for path, facts in sorted(told.items())
        )
        (root / place / ABOUT).write_text(text, encoding="utf-8")
    return len(told)


# --- In -----------------------------------------------------------------------------------------------------


@dataclass
class Attachment:
    """A file of the folder and the row it is, or becomes."""

    place: str
    path: str
    row: Any
    is_new: bool
    facts: dict[str, FactValue] = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        return not self.is_new and facts_of(self.row) != self.facts


class Media:
    """The files that pages point at; each is judged once, and found or given a number."""

    def __init__(
        self, folder: Folder, *, names: Names, problems: Problems, reserve: Callable[[type, int], list[int]]
    ) -> None:
        self.folder = folder
        self.names = names
        self.problems = problems
        self.reserve = reserve
        self.attachments: dict[str, Attachment | None] = {}
        self.claimed: set[tuple[str, int]] = set()
        self._told: dict[str, dict[str, dict[str, Fact]]] = {}

    def image(self, address: str, *, document: Document, line: int) -> int | None:
        return self._number(IMAGES, address, document, line)

    def document(self, address: str, *, document: Document, line: int) -> int | None:
        return self._number(DOCUMENTS, address, document, line)

    def _number(self, place: str, address: str, document: Document, line: int) -> int | None:
        if not may_lead_to(address):
            return None  # told with the other links
        path = self.folder.find(address, beside=document.file) or self.folder.find(
            unquote(address), beside=document.file
        )
        if path is None:
            document.refuse(line, self._why_not(address, document))
            return None
        key = f"{place}:{path}"
        if key not in self.attachments:
            self.attachments[key] = self._attach(place, path)
        attachment = self.attachments[key]
        return attachment.row.pk if attachment else None

    def _why_not(self, address: str, document: Document) -> str:
        parts: list[str] = list(PurePosixPath(document.file).parent.parts)
        for part in PurePosixPath(address).parts:
            if part == ".." and not parts:
                return f"{address} leads out of the folder."
            parts = parts[:-1] if part == ".." else [*parts, part]
        if address.startswith("/"):
            return f"{address} leads out of the folder."
        if ":" in address:
            return f"{address} is not a file of the folder. Put the file in the folder and point at it there."
        return f"There is no file {address}."

    def _attach(self, place: str, path: str) -> Attachment | None:
        allowed = settings.WAGTAILIMAGES_EXTENSIONS if place == IMAGES else settings.WAGTAILDOCS_EXTENSIONS
        suffix = PurePosixPath(path).suffix.lower()
        if suffix.removeprefix(".") not in allowed:
            what = "an image" if place == IMAGES else "a document"
            self.problems.add(path, 0, f"This can't be {what} here: only {', '.join(allowed)} can.")
            return None
        if place == IMAGES and not self._is_picture(path, suffix):
            return None
        with (self.folder.root / path).open("rb") as file:
            content_hash = hash_of(file)
        facts = self._facts(path)
        title = str(facts["title"])
        row, is_new = self._row(place, path, title, content_hash)
        attachment = Attachment(place, path, row, is_new, facts)
        known = self.names.image_paths if place == IMAGES else self.names.document_paths
        known[row.pk] = exported_path(place, title=title, content_hash=content_hash, suffix=suffix)
        return attachment

    def _is_picture(self, path: str, suffix: str) -> bool:
        try:
            with Picture.open(self.folder.root / path, formats=sorted(set(_FORMATS.values()))) as picture:
                width, height = picture.size
                if picture.format != _FORMATS[suffix.removeprefix(".")]:
                    self.problems.add(path, 0, f"The file is named {suffix} but is {picture.format}.")
                    return False
                if width * height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
                    self.problems.add(path, 0, f"The image is {width} × {height}; that is too large to show.")
                    return False
                picture.verify()
        except (OSError, ValueError, SyntaxError, Picture.DecompressionBombError):
            self.problems.add(path, 0, "This is no image, or a broken one.")
            return False
        return True

    def _facts(self, path: str) -> dict[str, FactValue]:
        beside = str(PurePosixPath(path).parent / ABOUT)
        if beside not in self._told:
            self._told[beside] = {}
            if beside in self.folder.others:
                self._told[beside] = self._read_about(beside)
        told = self._told[beside].get(PurePosixPath(path).name, {})
        facts: dict[str, FactValue] = {"title": PurePosixPath(path).stem}
        for name, fact in told.items():
            if name in {"title", "description"} and isinstance(fact.value, str):
                facts[name] = fact.value[:255]
            elif name == "focus" and isinstance(fact.value, list) and _are_numbers(fact.value):
                facts[name] = [int(each) for each in fact.value]
            else:
                self.problems.add(beside, fact.line, f"{name} can't be told about a file in this way.")
        return facts

    def _read_about(self, beside: str) -> dict[str, dict[str, Fact]]:
        try:
            text = (self.folder.root / beside).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            self.problems.add(beside, 1, "The text is not UTF-8. Save the file as UTF-8 and try again.")
            return {}
        return read_about(text, file=beside, problems=self.problems)

    def _row(self, place: str, path: str, title: str, content_hash: str) -> tuple[Any, bool]:
        """The row with this content that nothing else of the folder is: best the one with the same title."""
        model = get_image_model() if place == IMAGES else get_document_model()
        same = [
            row
            for row in model.objects.filter(file_hash=content_hash).order_by("pk")
            if (place, row.pk) not in self.claimed
        ]
        row = next((each for each in same if each.title == title), same[0] if same else None)
        is_new = row is None
        if row is None:
            row = model(pk=self.reserve(model, 1)[0], title=title, file_hash=content_hash)
        self.claimed.add((place, row.pk))
        return row, is_new

    def found(self) -> list[Attachment]:
        return [attachment for attachment in self.attachments.values() if attachment]


def _are_numbers(words: list[str]) -> bool:
    return len(words) == len(_FOCUS) and all(word.isdecimal() and len(word) < 7 for word in words)


def save_files(media: Media) -> list[Callable[[], None]]:
    """Save new rows and changed facts; answers what removes the new files, should the transaction be rolled back."""
    undo: list[Callable[[], None]] = []
    try:
        for attachment in media.found():
            row, is_changed = attachment.row, attachment.is_changed
            row.title = attachment.facts["title"]
            if hasattr(row, "description"):
                row.description = attachment.facts.get("description", "")
            focus = attachment.facts.get("focus")
            if attachment.place == IMAGES:
                for name, value in zip(_FOCUS, focus if isinstance(focus, list) else [None] * 4, strict=True):
                    setattr(row, name, value)
            if attachment.is_new:
                content = (media.folder.root / attachment.path).read_bytes()
                row.file.save(PurePosixPath(attachment.path).name, ContentFile(content), save=False)
                row.file_size = len(content)
                if attachment.place == IMAGES:
                    with Picture.open(io.BytesIO(content)) as picture:
                        row.width, row.height = picture.size
                undo.append(partial(row.file.storage.delete, row.file.name))
                row.save(force_insert=True)
            elif is_changed:
                row.save()
    except BaseException:
        for step in undo:
            step()
        raise
    return undo
