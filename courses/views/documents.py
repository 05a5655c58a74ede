"""A document in the browser."""

from collections.abc import Callable

from csp.decorators import csp_update
from django.http import HttpResponse, HttpResponseBase


def shown_by_the_browser(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """The browser's own reader shows a PDF as an object of the page."""
    return csp_update({"object-src": ["'self'"]})(view)
