"""A folder from outside, walked with care: nothing is followed out of it, nothing large or odd is opened."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from django.conf import settings

from guide.services.folder.plain import CONTROLS
from guide.services.folder.problems import Problems

LARGEST_TEXT = 1024 * 1024
ABOUT = "about.yaml"


@dataclass(frozen=True)
class Source:
    """A page's file: its path within the folder, its language, and its text with lines ended the Unix way."""

    path: str
    language: str
    text: str


@dataclass
class Folder:
    root: Path
    sources: list[Source] = field(default_factory=list)
    # Every other file: path within the folder → size.
    others: dict[str, int] = field(default_factory=dict)

    def find(self, address: str, *, beside: str) -> str | None:
        """The file that an address in another one means; None if there is none inside the folder."""
        if address.startswith("/") or "\\" in address:
            return None
        parts: list[str] = list(PurePosixPath(beside).parent.parts)
        for part in PurePosixPath(address).parts:
            if part != "..":
                parts.append(part)
            elif parts:
                parts.pop()
            else:
                return None
        path = "/".join(parts)
        return path if path in self.others else None


def walk_folder(root: Path, *, problems: Problems) -> Folder:
    folder = Folder(root)
    if not root.is_dir():
        problems.add(str(root), 0, "There is no such folder.")
        return folder
    languages = [code for code, _name in settings.LANGUAGES]
    if not any((root / language).is_dir() for language in languages):
        problems.add("", 0, f"The folder holds no guide: its pages stand in {' and '.join(languages)}.")
    _walk(folder, "", languages=languages, problems=problems)
    return folder


def _walk(folder: Folder, inside: str, *, languages: list[str], problems: Problems) -> None:
    try:
        entries = sorted(os.scandir(folder.root / inside), key=lambda entry: entry.name)
    except OSError as error:
        problems.add(inside, 0, f"The folder can't be read: {error.strerror}.")
        return
    for entry in entries:
        path = f"{inside}/{entry.name}" if inside else entry.name
        if entry.name.startswith("."):
            continue
        kind = entry.stat(follow_symlinks=False)
        if stat.S_ISLNK(kind.st_mode):
            problems.add(_shown(path), 0, "This is a link to another place. A guide holds only files of its own.")
        elif stat.S_ISDIR(kind.st_mode):
            _walk(folder, path, languages=languages, problems=problems)
        elif not stat.S_ISREG(kind.st_mode):
            problems.add(_shown(path), 0, "This is not an ordinary file.")
        else:
            _take_file(folder, path, kind.st_size, languages=languages, problems=problems)


def _take_file(folder: Folder, path: str, size: int, *, languages: list[str], problems: Problems) -> None:
    first, _slash, rest = path.partition("/")
    is_text = bool(rest) and path.lower().endswith(".md")
    largest = LARGEST_TEXT if is_text else settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
    if size > largest:
        problems.add(_shown(path), 0, f"The file is {_megabytes(size)}; at most {_megabytes(largest)} is taken in.")
    elif not is_text:
        folder.others[path] = size
    elif first not in languages:
        problems.add(_shown(path), 0, f"{first} is no language of the site: {', '.join(languages)}.")
    else:
        _read(folder, path, first, problems)


def _read(folder: Folder, path: str, language: str, problems: Problems) -> None:
    shown = _shown(path)
    try:
        content = (folder.root / path).read_bytes()
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.add(shown, line, "The text is not UTF-8. Save the file as UTF-8 and try again.")
        return
    except OSError as error:
        problems.add(shown, 0, f"The file can't be read: {error.strerror}.")
        return
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    control = CONTROLS.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        problems.add(shown, line, f"There is a sign here that is no text (U+{ord(control[0]):04X}).")
        return
    folder.sources.append(Source(shown, language, text))


def _shown(path: str) -> str:
    """A name that can be printed, whatever bytes it was made of."""
    return CONTROLS.sub("�", os.fsencode(path).decode("utf-8", "replace")).replace("\n", "�")


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.0f} MB"
