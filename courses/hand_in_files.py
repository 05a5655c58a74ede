"""Files that people hand in: what they are is read from their bytes, never from their names."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shared.rules import RuleBroken

LARGEST = 5 * 1024 * 1024
# What one form may carry in all; a proxy takes 20 MB.
LARGEST_TOGETHER = 15 * 1024 * 1024
_LONGEST_NAME = 80
# Entries of a document, and what the file `mimetype` of one may hold. Nothing else in it is unpacked.
_MOST_ENTRIES = 5_000
_LONGEST_MIMETYPE = 100


@dataclass(frozen=True)
class Kind:
    """`extension` is what the file is called when it is fetched again, whatever it was called when it came."""

    extension: str
    content_type: str


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ODT = "application/vnd.oasis.opendocument.text"
KINDS = {
    "pdf": Kind("pdf", "application/pdf"),
    "docx": Kind("docx", _WORD),
    "odt": Kind("odt", _ODT),
    "jpeg": Kind("jpg", "image/jpeg"),
    "png": Kind("png", "image/png"),
    "heic": Kind("heic", "image/heic"),
}
# For the file chooser: a help, not a rule.
ACCEPT = ".pdf,.docx,.odt,.jpg,.jpeg,.png,.heic"
_BY_BEGINNING: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("pdf", lambda content: content.startswith(b"%PDF-")),
    ("jpeg", lambda content: content.startswith(b"\xff\xd8\xff")),
    ("png", lambda content: content.startswith(b"\x89PNG\r\n\x1a\n")),
    ("heic", lambda content: content[4:8] == b"ftyp" and content[8:12] in {b"heic", b"heix", b"mif1", b"msf1"}),
)


@dataclass(frozen=True)
class Upload:
    name: str
    kind: str
    content: bytes


def too_large() -> RuleBroken:
    return RuleBroken(
        _("The file is too large. It may be at most %(size)d MB.") % {"size": LARGEST // 1024**2},
        code="file_too_large",
    )


def check_upload(name: str, content: bytes) -> Upload:
    """What may be handed in, with a harmless name; RuleBroken says in one sentence why not."""
    if not content:
        raise RuleBroken(_("The file is empty."), code="file_empty")
    if len(content) > LARGEST:
        raise too_large()
    kind = kind_of(content)
    if kind is None:
        raise RuleBroken(
            _("We can't take that kind of file. Hand in a PDF, a document (Word or ODT) or a picture (JPEG, PNG)."),
            code="file_kind",
        )
    return Upload(harmless_name(name), kind, content)


def kind_of(content: bytes) -> str | None:
    for kind, fits in _BY_BEGINNING:
        if fits(content):
            return kind
    return _kind_of_document(content) if content.startswith(b"PK\x03\x04") else None


def _kind_of_document(content: bytes) -> str | None:
    """A Word or OpenDocument text without macros. Only the list of what is inside is read, and one short line."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_ENTRIES or any(entry.flag_bits & 0x1 for entry in entries):
                return None
            names = {entry.filename for entry in entries}
            if any("vbaproject" in name.lower() or name.startswith("Basic/") for name in names):
                return None
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                return "docx"
            if "mimetype" in names and archive.getinfo("mimetype").file_size <= _LONGEST_MIMETYPE:
                return "odt" if archive.read("mimetype").strip() == _ODT.encode() else None
    # Python raises each of these for an archive that is broken, locked, or packed in a way it does not know.
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, OSError, RuntimeError):
        return None
    return None


def harmless_name(name: str) -> str:
    """Without folders, ending, signs that no file system takes, and signs that turn the direction of reading."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(
        sign if unicodedata.category(sign)[0] in "LNMPSZ" and sign not in '/\\:*?"<>|;\0' else " " for sign in last
    )
    stem = " ".join(kept.rsplit(".", 1)[0].split()).strip(". ")
    return stem[:_LONGEST_NAME].strip() or _("File")
