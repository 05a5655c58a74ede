"""The site's own settings, and beside its addresses the barest views that could do the same."""

from config.settings import *  # noqa: F403 - the whole of it is meant

ROOT_URLCONF = "bare_urls"
