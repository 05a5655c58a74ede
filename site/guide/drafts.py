"""A draft for someone who has its link: no log-in, never kept, never indexed, and marked as what it is."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guide.models import ReadingPage
from guide.services.drafts import open_draft


@never_cache
@require_safe
def draft(request: HttpRequest, token: str) -> HttpResponse:
    link = open_draft(token, now=timezone.now())
    if link is None:
        raise Http404
    page = link.page.get_latest_revision_as_object()
    if isinstance(page, ReadingPage):
        page.can_be_read = False  # nothing to mark as read or to have an opinion on yet
    page.shared_until = link.expires_at  # the page says so at its top
    with translation.override(page.locale.language_code):
        response = page.serve(request)
        if hasattr(response, "render"):
            response.render()
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response
