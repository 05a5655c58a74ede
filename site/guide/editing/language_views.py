"""Swedish and English side by side: what stands in each place of both, changed in one form."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.models import Page

from guide.editing.language_forms import LanguagesForm, typed_in
from guide.languages import behind_of, twin_of
from guide.services.languages import TextsRefused, Typed, agree_on_languages, may_write, save_texts
from guide.texts import Text, sections_of, texts_of
from people.requests import person_of


@require_http_methods(["GET", "HEAD", "POST"])
def side_by_side(request: HttpRequest, page_id: int) -> HttpResponse:
    pages = _both(request, page_id)
    typed: dict[str, Typed] = {}
    refused = None
    if request.method == "POST":
        typed = typed_in(request.POST, _by_name(pages))
        try:
            saved = save_texts(pages, typed=typed, person=person_of(request))
        except TextsRefused as no:
            refused, pages = no, _both(request, page_id)
            messages.error(request, no.sentence)
        else:
            _tell_what_is_saved(request, saved)
            return redirect("guide_side_by_side", page_id=page_id)
    form = LanguagesForm(
        sections_of(pages), pages, may_write=lambda page: may_write(page, person_of(request)), typed=typed,
        refused=refused,
    )  # fmt: skip
    behind = behind_of([pages[0].translation_key]).get(pages[0].translation_key)
    data = {
        "page_title": _("The languages side by side"),
        "page_subtitle": pages[0].get_admin_display_title(),
        "header_icon": "globe",
        "page_id": page_id,
        "pages": [
            {"page": page, "language": _name(page), "is_behind": behind is not None and behind.page_id == page.pk}
            for page in pages
        ],
        "behind": behind,
        "form": form,
        "media": form.media,
    }
    return render(request, "guide/editing/side_by_side.html", data, status=409 if refused else 200)


@require_POST
def languages_agree(request: HttpRequest, page_id: int) -> HttpResponse:
    pages = _both(request, page_id)
    if not all(page.permissions_for_user(request.user).can_edit() for page in pages):
        raise PermissionDenied
    agree_on_languages(pages[0], person=person_of(request))
    messages.success(request, _("Noted: the languages say the same."))
    return redirect("guide_side_by_side", page_id=page_id)


def _both(request: HttpRequest, page_id: int) -> list[Page]:
    page = get_object_or_404(Page.objects.filter(depth__gt=1).select_related("locale"), pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    other = twin_of(page)
    if other is None:
        raise Http404
    both = sorted([page, other], key=lambda each: each.locale_id)
    return [each.get_latest_revision_as_object() for each in both]


def _by_name(pages: list[Page]) -> dict[str, Text]:
    return {f"{name}-{page.locale.language_code}": text for page in pages for name, text in texts_of(page).items()}


def _name(page: Page) -> str:
    return str(capfirst(get_language_info(page.locale.language_code)["name_translated"]))


def _tell_what_is_saved(request: HttpRequest, saved: list[Page]) -> None:
    if not saved:
        messages.info(request, _("Nothing was changed, so nothing is saved."))
        return
    known = sorted(saved, key=lambda page: page.locale_id)
    names = _(" and ").join(str(get_language_info(page.locale.language_code)["name_translated"]) for page in known)
    sentence = _("Saved as drafts: %(languages)s. Publish or submit each of them from its own page.")
    messages.success(request, sentence % {"languages": names})
