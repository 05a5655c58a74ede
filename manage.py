#!/usr/bin/env python
"""The command line of the site."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def use_engines_of_running_server() -> None:
    """With no engines named, those that script/server runs now: it writes down where they are."""
    data = Path(os.environ.get("STIGEN_DATA") or HERE / "var")
    note = data / "engines.env"
    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE") or not note.exists():
        return
    for line in note.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    use_engines_of_running_server()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
