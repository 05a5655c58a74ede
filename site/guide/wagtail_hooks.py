"""What the guide adds to Wagtail."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry

from guide.editing import hooks as editing_hooks  # noqa: F401 - registers what editors see
from guide.markdown_preview import preview_markdown
from guide.models import ReadingPage
from guide.rich_text import OnePageLinkHandler
from guide.services.reading import note_opened
from people.models import Person
from shared.public_pages import keep_for_everyone


@hooks.register("on_serve_page")
def keep_public_pages(serve: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page shown to someone who isn't logged in is the same for all of them.

    A page behind a restriction needs a session, and what has a session is never kept.
    """

    def serve_page(page: Page, request: HttpRequest, args: list[Any], kwargs: dict[str, Any]) -> HttpResponse:
        response = serve(page, request, args, kwargs)
        if isinstance(page, ReadingPage):
            keep_for_everyone(response)
            if page.can_be_read and request.method == "GET" and isinstance(request.user, Person):
                note_opened(page, person=request.user, now=timezone.now())
        return response

    return serve_page


# After Wagtail's own, which it takes the place of.
@hooks.register("register_rich_text_features", order=10)
def register_links(features: FeatureRegistry) -> None:
    features.register_link_type(OnePageLinkHandler)


@hooks.register("register_admin_urls")
def register_markdown_preview() -> list[URLPattern]:
    return [path("guide/markdown/", preview_markdown, name="guide_markdown_preview")]


@hooks.register("insert_editor_js")
def load_markdown_preview() -> SafeString:
    return format_html('<script src="{}"></script>', static("guide/markdown_preview.js"))


@hooks.register("insert_global_admin_css")
def style_markdown_preview() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("guide/markdown_preview.css"))
