"""What a server does once before its first request."""

import gc

from django.urls import get_resolver


def settle() -> None:
    """Load what every request needs, and let the garbage sweeps pass it by from now on.

    A sweep looks at every object there is, and those that make up the site live as long as the process does.
    """
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
