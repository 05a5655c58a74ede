"""How static files are named, compressed, and the theme's stylesheets joined into one."""

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import brotli
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Their `@import` lines name the sheets; a browser that met them as they stand would fetch them one after the other.
JOINED = ("theme/all.css", "journeys/journey.css")
OWN_ROOMS = ("guide", "courses", "journeys", "insight", "workshops", "letters", "people")
_IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]  # noqa: SLF001 - Django's own
_IMPORT = re.compile(r'@import url\("([^"]+)"\)\s*;')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def join_sheets(name: str, read: Callable[[str], str]) -> str:
    """The sheet with what it imports put in, without comments and line breaks. `read(name)` gives a sheet's text."""
    folder = PurePosixPath(name).parent

    def put_in(found: re.Match[str]) -> str:
        return read(_resolve(folder, found.group(1)))

    text = _COMMENT.sub("", _IMPORT.sub(put_in, _COMMENT.sub("", read(name))))
    return re.sub(r"\s+", " ", text).strip() + "\n"


def _resolve(folder: PurePosixPath, address: str) -> str:
    """`../vendor/a.css` seen from `theme` is `vendor/a.css`."""
    parts = list(folder.parts)
    for part in PurePosixPath(address).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


class OnceCompressor(Compressor):
    """Compresses hard where it is done once in an image, lightly where someone waits for script/server.

    A file whose name holds its content's hash is never compressed twice.
    """

    hard = settings.PRODUCTION

    def compress(self, path: str) -> list[str]:
        source = Path(path)
        made = [source.with_name(source.name + suffix) for suffix in (".br", ".gz")]
        if all(each.exists() and each.stat().st_mtime >= source.stat().st_mtime for each in made):
            return [str(each) for each in made]
        return super().compress(path)

    @classmethod
    def compress_brotli(cls, data: bytes) -> bytes:
        return brotli.compress(data, quality=11 if cls.hard else 5)

    @classmethod
    def compress_gzip(cls, data: bytes) -> bytes:
        return gzip.compress(data, compresslevel=9 if cls.hard else 5, mtime=0)


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Named by content, so that a browser may keep them for ever; compressed beforehand.

    What a script of ours imports is asked for by such a name too. (Of ours alone: Django's reading of modules takes
    sentences in other people's comments for imports.)
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        *((f"{room}/*.js", _IMPORTS) for room in ("theme", "shared", *OWN_ROOMS)),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._addresses: dict[str, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:  # noqa: FBT001, FBT002 - as Django declares it
        """Put together once for each file: a page names dozens, and the names hold for as long as the process."""
        if settings.DEBUG or force or name is None:
            return super().url(name, force)
        if name not in self._addresses:
            self._addresses[name] = super().url(name)
        return self._addresses[name]

    def create_compressor(self, **options: Any) -> Compressor:
        return OnceCompressor(**options)

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        for name in JOINED:
            if name in paths and not options.get("dry_run"):
                self._write_joined(name, paths)
        yield from super().post_process(paths, *args, **options)

    def _write_joined(self, name: str, paths: dict[str, Any]) -> None:
        """Replaces the collected sheet by the joined one, and lets hashing read that instead of the source."""

        def read(part: str) -> str:
            storage, path = paths[part]
            with storage.open(path) as sheet:
                return sheet.read().decode("utf-8")

        joined = join_sheets(name, read)
        target = Path(self.path(name))
        if not target.exists() or target.read_text(encoding="utf-8") != joined:
            target.write_text(joined, encoding="utf-8")
        paths[name] = (FileSystemStorage(location=self.location), name)
