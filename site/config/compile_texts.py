"""`python -m config.compile_texts`: the catalogues made ready for Django, without waiting for Django to load."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]


def compile_all() -> int:
    """Compile every catalogue that is newer than its compiled form; answers how many were."""
    done = 0
    for top in ("site", "courses", "journeys", "workers"):
        for source in (ROOT / top).rglob("locale/*/LC_MESSAGES/django.po"):
            target = source.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                continue
            fresh = target.with_suffix(".mo.new")
            with source.open("rb") as said, fresh.open("wb") as file:
                write_mo(file, read_po(said, locale=source.parents[1].name))
            fresh.replace(target)
            done += 1
    return done


if __name__ == "__main__":
    compile_all()
