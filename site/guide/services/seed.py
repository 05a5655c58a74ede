"""The guide that comes with the site: a folder like any other, in guide/content."""

import datetime as dt
from pathlib import Path

from guide.services.folder.applying import Loaded
from guide.services.folder.importing import import_guide

CONTENT = Path(__file__).resolve().parents[1] / "content"


def load_guide(now: dt.datetime, *, folder: Path = CONTENT) -> Loaded:
    """Create and update the pages of `folder`; a second run changes nothing. All of it, or nothing of it.

    What editors have changed or moved since is left as they have it.
    """
    loaded = import_guide(folder, now=now, moves=False).loaded
    assert loaded is not None
    return loaded
