"""How static files are named and compressed."""

import gzip
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


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
    """Named by content, so that a browser may keep them for ever; compressed beforehand."""

    def create_compressor(self, **options: Any) -> Compressor:
        return OnceCompressor(**options)
