"""When the guide's public pages go stale.

The signals of this file are the project's only ones (docs/decisions lists them): an editor's publishing happens
inside Wagtail, where no service of ours stands.
"""

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from guide.queries import forget_fixed_addresses
from shared.public_pages import public_pages_changed


def _tell(**_what: Any) -> None:
    forget_fixed_addresses()
    public_pages_changed()


def _tell_if_page(sender: type, **_what: Any) -> None:
    if issubclass(sender, Page):
        _tell()


def watch_the_editors() -> None:
    for signal in (page_published, page_unpublished, post_page_move, page_slug_changed):
        signal.connect(_tell, dispatch_uid=f"guide-stale-{id(signal)}")
    post_delete.connect(_tell_if_page, dispatch_uid="guide-stale-page-deleted")
    for model in (Site, Locale, PageViewRestriction, Redirect):
        for signal in (post_save, post_delete):
            signal.connect(_tell, sender=model, dispatch_uid=f"guide-stale-{model.__name__}-{id(signal)}")
