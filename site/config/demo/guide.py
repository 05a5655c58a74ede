"""The demo's guide: the one that comes with the site."""

import datetime as dt

from guide.services.seed import Loaded, load_guide


def load_guide_demo(now: dt.datetime) -> Loaded:
    return load_guide(now)
