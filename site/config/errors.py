"""What a visitor sees when something goes wrong, and what a robot may read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

PRIVATE = ("/konto/", "/min-sida/", "/uppfoljning/", "/processledare/", "/utskick/", "/resor/", "/workshopar/")
MACHINES = ("/cms/", "/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own gives the template no request, and so no language."""
    return render(request, "400.html", status=400)


class WrongMethodMiddleware:
    """Gives Django's empty 405 answer a page, for those who came with a browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_empty = not response.streaming and not response.content
        if response.status_code != 405 or not is_empty or "text/html" not in request.headers.get("Accept", ""):
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response.get("Allow", "")
        return page


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in (*MACHINES, *PRIVATE, *(f"/en{path}" for path in PRIVATE))),
        "",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
