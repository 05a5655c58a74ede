"""Sharing a draft: making, seeing and revoking its links, from the page's own menu."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.models import Page

from guide.models import DraftLink
from guide.services.drafts import DAYS, revoke_draft, share_draft, token_of
from people.requests import person_of


@require_http_methods(["GET", "HEAD", "POST"])
def draft_links(request: HttpRequest, page_id: int) -> HttpResponse:
    page = _page(request, page_id)
    now = timezone.now()
    if request.method == "POST":
        share_draft(page, person=person_of(request), now=now)
        messages.success(request, _("The link is made. Copy it and send it to whom you want."))
        return redirect("guide_draft_links", page_id=page.pk)
    links = [
        {"link": link, "is_open": link.is_open(now), "address": request.build_absolute_uri(_address(link))}
        for link in DraftLink.objects.filter(page=page).select_related("made_by")
    ]
    data = {
        "page_title": _("Share the draft"),
        "page_subtitle": page.get_admin_display_title(),
        "header_icon": "link",
        "page": page,
        "links": links,
        "days": DAYS,
    }
    return render(request, "guide/editing/draft_links.html", data)


@require_POST
def draft_link_revoke(request: HttpRequest, page_id: int, pk: int) -> HttpResponse:
    page = _page(request, page_id)
    revoke_draft(get_object_or_404(DraftLink, pk=pk, page=page), now=timezone.now())
    messages.success(request, _("The link no longer works."))
    return redirect("guide_draft_links", page_id=page.pk)


def _address(link: DraftLink) -> str:
    with translation.override(link.page.locale.language_code):
        return reverse("draft", args=[token_of(link)])


def _page(request: HttpRequest, page_id: int) -> Page:
    page = get_object_or_404(Page.objects.filter(depth__gt=1), pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return page
