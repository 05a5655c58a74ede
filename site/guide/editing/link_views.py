"""Links that do not work: those out of the site, and pages that wait because of a link."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.admin.ui.components import Component

from guide.links import links_to
from guide.models import ExternalLink
from guide.services.publishing import expired_pages

SHOWN = 10


@require_safe
def links_report(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    links = ExternalLink.objects.prefetch_related("pages").order_by("broken_since", "url")
    data = {
        "page_title": _("Links out of the site"),
        "header_icon": "link-external",
        "links": sorted(links, key=lambda link: (link.broken_since is None, link.broken_since or 0, link.url)),
    }
    return render(request, "guide/editing/links.html", data)


class LinksPanel(Component):
    """On the editors' first page: what does not work, on which page, and since when."""

    name = "broken_links"
    template_name = "guide/editing/links_panel.html"
    order = 150

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        broken = ExternalLink.objects.filter(state=ExternalLink.State.BROKEN).prefetch_related("pages")
        waiting = [page for page in expired_pages(now=timezone.now()) if links_to([page], with_children=False)]
        return {"links": broken[:SHOWN], "count": broken.count(), "waiting": waiting[:SHOWN]}
