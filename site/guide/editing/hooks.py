"""What the guide puts into Wagtail's editor: menus, reports, the first page, and what is refused."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from guide.editing import draft_views, language_views, link_views, opinion_views
from guide.editing.begin import BeginPanel
from guide.editing.checker import OurChecker
from guide.languages import AGREE, Behind, behind_of
from guide.links import links_to


@hooks.register("register_admin_urls")
def editing_urls() -> list[Any]:
    return [
        path("omdomen/", opinion_views.opinions_report, name="guide_opinions"),
        path("omdomen/<int:pk>/ord/", opinion_views.opinion_remove_words, name="guide_opinion_remove_words"),
        path("lankar/", link_views.links_report, name="guide_links"),
        path("sidor/<int:page_id>/dela/", draft_views.draft_links, name="guide_draft_links"),
        path("sidor/<int:page_id>/dela/<int:pk>/stang/", draft_views.draft_link_revoke, name="guide_draft_link_revoke"),
        path("sidor/<int:page_id>/sprak/", language_views.side_by_side, name="guide_side_by_side"),
        path("sidor/<int:page_id>/sprak/stammer/", language_views.languages_agree, name="guide_languages_agree"),
    ]


class _OpinionsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("guide.view_pageopinion"))


@hooks.register("register_reports_menu_item")
def opinions_in_the_menu() -> MenuItem:
    label = gettext_lazy("Readers' opinions")
    return _OpinionsMenuItem(label, reverse("guide_opinions"), name="opinions", icon_name="comment", order=100)


@hooks.register("register_reports_menu_item")
def links_in_the_menu() -> MenuItem:
    label = gettext_lazy("Links out of the site")
    return MenuItem(label, reverse("guide_links"), name="links-out", icon_name="link-external", order=110)


@hooks.register("construct_homepage_panels")
def what_waits_first(request: HttpRequest, panels: list[Any]) -> None:
    panels += [BeginPanel(), link_views.LinksPanel()]


@hooks.register("construct_wagtail_userbar")
def our_checker(request: HttpRequest, items: list[Any], page: Page | None) -> None:
    items[:] = [
        OurChecker(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item for item in items
    ]


@hooks.register("register_log_actions")
def log_of_languages(actions: LogActionRegistry) -> None:
    actions.register_action(AGREE, gettext_lazy("Languages agree"), gettext_lazy("Said that the languages agree"))


# --- A page's own menu -------------------------------------------------------------------------------


@hooks.register("register_page_header_buttons")
def page_menu(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if page.is_root() or not page.permissions_for_user(user).can_edit():
        return
    yield Button(_("Share the draft"), reverse("guide_draft_links", args=[page.pk]), icon_name="link", priority=32)
    if page.get_translations().exists():
        where = reverse("guide_side_by_side", args=[page.pk])
        yield Button(_("The languages side by side"), where, icon_name="globe", priority=34)
    if user.has_perm("guide.view_pageopinion") and getattr(page.specific_class, "can_be_read", False):
        where = f"{reverse('guide_opinions')}?page={page.translation_key}"
        yield Button(_("Readers' opinions"), where, icon_name="comment", priority=36)


@hooks.register("construct_explorer_page_queryset")
def know_who_is_behind(parent: Page, pages: Any, request: HttpRequest) -> Any:
    """One look for the whole list, kept on the request's user for the buttons, which are asked page by page."""
    keys = parent.get_children().values_list("translation_key", flat=True)
    request.user.languages_behind = behind_of(keys)  # type: ignore[union-attr]  # whoever edits is logged in
    return pages


@hooks.register("register_page_listing_buttons")
def language_mark(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    known: dict[Any, Behind] | None = getattr(user, "languages_behind", None)
    behind = (known if known is not None else behind_of([page.translation_key])).get(page.translation_key)
    if behind is not None:
        where = reverse("guide_side_by_side", args=[page.pk])
        yield Button(_is_older(behind), where, icon_name="warning", priority=5)


@hooks.register("before_edit_page")
def tell_who_is_behind(request: HttpRequest, page: Page) -> None:
    if request.method != "GET" or request.headers.get("Accept", "").startswith("application/json"):
        return
    behind = behind_of([page.translation_key]).get(page.translation_key)
    if behind is not None:
        messages.info(request, _("%(mark)s. See them side by side in the page's menu.") % {"mark": _is_older(behind)})


def _is_older(behind: Behind) -> str:
    return _("The English is older") if behind.language == "en" else _("The Swedish is older")


# --- No link is broken -------------------------------------------------------------------------------


@hooks.register("before_delete_page")
def keep_what_is_linked_to(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refuse(request, [page], with_children=True)


@hooks.register("before_unpublish_page")
def keep_up_what_is_linked_to(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refuse(request, [page], with_children=bool(request.POST.get("include_descendants")))


@hooks.register("before_bulk_action")
def keep_many_that_are_linked_to(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    pages = [each for each in objects if isinstance(each, Page)]
    if action_type not in {"delete", "unpublish"} or not pages or request.method != "POST":
        return None
    below = action_type == "delete" or bool(request.POST.get("include_descendants"))
    return _refuse(request, pages, with_children=below)


def _refuse(request: HttpRequest, pages: list[Page], *, with_children: bool) -> HttpResponse | None:
    found = links_to(pages, with_children=with_children)
    if not found:
        return None
    sources = len({link.source.pk for link in found})
    data = {
        "page_title": _("Other pages link here"),
        "header_icon": "warning",
        "links": found,
        "pages": pages,
        "sentence": ngettext(
            "%(count)s published page links here. Change or take away the link first: then nobody comes to a page "
            "that is gone.",
            "%(count)s published pages link here. Change or take away the links first: then nobody comes to a page "
            "that is gone.",
            sources,
        )
        % {"count": sources},
    }
    return render(request, "guide/editing/linked_to.html", data, status=409)
