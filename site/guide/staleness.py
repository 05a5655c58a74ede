"""When the guide's public pages go stale, and when the search index must be told.

The signals of this file are the project's only ones (docs/decisions lists them): an editor's publishing happens
inside Wagtail, where no service of ours stands.
"""

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from guide.models import ReadingPage, StepPage
from guide.queries import forget_fixed_addresses
from guide.services.search_index import note_gone, note_pages, note_tree
from shared.public_pages import public_pages_changed


def _tell(**_what: Any) -> None:
    forget_fixed_addresses()
    public_pages_changed()


def _tell_if_page(sender: type, **_what: Any) -> None:
    if issubclass(sender, Page):
        _tell()


def _index(instance: Page, **_what: Any) -> None:
    # A step's methods say which step they belong to.
    if isinstance(instance, StepPage):
        note_tree(instance)
    else:
        note_pages([instance.pk])


def _index_tree(instance: Page, **_what: Any) -> None:
    note_tree(instance)


def _index_deleted(sender: type, instance: Page, **_what: Any) -> None:
    if issubclass(sender, ReadingPage):
        note_gone(instance)


def _index_restricted(instance: PageViewRestriction, **_what: Any) -> None:
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is not None:
        note_tree(page)


def watch_the_editors() -> None:
    for signal, act in (
        (page_published, _index),
        (page_unpublished, _index),
        (post_page_move, _index_tree),
        (page_slug_changed, _index_tree),
    ):
        signal.connect(act, dispatch_uid=f"guide-search-{id(signal)}")
    post_delete.connect(_index_deleted, dispatch_uid="guide-search-page-deleted")
    for signal in (post_save, post_delete):
        signal.connect(_index_restricted, sender=PageViewRestriction, dispatch_uid=f"guide-search-seen-{id(signal)}")
    for signal in (page_published, page_unpublished, post_page_move, page_slug_changed):
        signal.connect(_tell, dispatch_uid=f"guide-stale-{id(signal)}")
    post_delete.connect(_tell_if_page, dispatch_uid="guide-stale-page-deleted")
    for model in (Site, Locale, PageViewRestriction, Redirect):
        for signal in (post_save, post_delete):
            signal.connect(_tell, sender=model, dispatch_uid=f"guide-stale-{model.__name__}-{id(signal)}")
