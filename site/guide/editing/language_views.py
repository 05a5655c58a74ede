"""Swedish and English side by side: what stands in each field of both, and plain text changed in one place."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.fields import StreamField
from wagtail.log_actions import log
from wagtail.models import Page

from guide.languages import AGREE, behind_of, twin_of

# Characters of a field that still fit on a line.
_LONGEST_LINE = 150


@dataclass
class Cell:
    page: Page
    name: str
    value: Any
    shown: SafeString | str = ""
    errors: list[str] = field(default_factory=list)
    language: str = ""
    may_change: bool = False


@dataclass
class Row:
    name: str
    label: str | Promise
    help_text: str | Promise
    is_plain: bool
    is_long: bool
    longest: int | None
    cells: list[Cell]

    @property
    def differs_in_being(self) -> bool:
        """One language has something where the other has nothing."""
        return len({bool(cell.value) for cell in self.cells}) > 1


@require_http_methods(["GET", "HEAD", "POST"])
def side_by_side(request: HttpRequest, page_id: int) -> HttpResponse:
    pages = _both(request, page_id)
    rows = _rows(pages, request)
    if request.method == "POST" and _save(request, pages, rows):
        messages.success(request, _("The drafts are saved. Publish or submit each of them from its own page."))
        return redirect("guide_side_by_side", page_id=page_id)
    behind = behind_of([pages[0].translation_key]).get(pages[0].translation_key)
    data = {
        "page_title": _("The languages side by side"),
        "page_subtitle": pages[0].get_admin_display_title(),
        "header_icon": "globe",
        "page_id": page_id,
        "pages": [
            {
                "page": page,
                "language": _name(page),
                "may_change": _may_change(page, request),
                "is_behind": behind is not None and behind.page_id == page.pk,
            }
            for page in pages
        ],
        "behind": behind,
        "rows": rows,
    }
    return render(request, "guide/editing/side_by_side.html", data)


@require_POST
def languages_agree(request: HttpRequest, page_id: int) -> HttpResponse:
    """An editor has read both: they say the same, whoever was published last."""
    pages = _both(request, page_id)
    if not all(page.permissions_for_user(request.user).can_edit() for page in pages):
        raise PermissionDenied
    log(instance=pages[0], action=AGREE, user=request.user)
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


def _may_change(page: Page, request: HttpRequest) -> bool:
    lock = page.get_lock()
    return page.permissions_for_user(request.user).can_edit() and not (lock and lock.for_user(request.user))


def _name(page: Page) -> str:
    return str(capfirst(get_language_info(page.locale.language_code)["name_translated"]))


def _rows(pages: list[Page], request: HttpRequest) -> list[Row]:
    rows = []
    own = [one for one in pages[0]._meta.get_fields() if _is_written(one, type(pages[0]))]
    title = pages[0]._meta.get_field("title")
    for one in [title, *own, pages[0]._meta.get_field("search_description")]:
        is_plain = isinstance(one, (models.CharField, models.TextField)) and not one.choices
        is_plain = is_plain and not isinstance(one, models.URLField)
        cells = [
            Cell(
                page, one.name, value := getattr(page, one.name, ""), _shown(page, one, value),
                language=page.locale.language_code, may_change=_may_change(page, request),
            )
            for page in pages
        ]  # fmt: skip
        is_long = isinstance(one, models.TextField) or (one.max_length or 0) > _LONGEST_LINE
        rows.append(Row(one.name, capfirst(one.verbose_name), one.help_text, is_plain, is_long, one.max_length, cells))
    return rows


def _is_written(one: Any, model: type[Page]) -> bool:
    """A field that an editor writes words in, of the page's own type."""
    of_its_own = getattr(one, "model", None) is model and getattr(one, "editable", False)
    return of_its_own and isinstance(one, (models.CharField, models.TextField, StreamField)) and not one.choices


def _shown(page: Page, one: Any, value: Any) -> SafeString | str:
    if isinstance(one, StreamField):
        # Blocks draw themselves as on the page: what is no HTML is escaped.
        return format_html_join("", "<div>{}</div>", ((block,) for block in value))
    return escape(value or "")


def _save(request: HttpRequest, pages: list[Page], rows: list[Row]) -> bool:
    """Plain text of both goes into new drafts, or nothing does. What was typed stays on the screen."""
    changed: set[int] = set()
    for row in rows:
        for cell in row.cells:
            typed = request.POST.get(f"{cell.name}-{cell.language}")
            if not row.is_plain or not cell.may_change or typed is None:
                continue
            typed = typed.replace("\r\n", "\n").strip()
            if typed == (cell.value or ""):
                continue
            cell.value = typed
            setattr(cell.page, cell.name, typed)
            changed.add(cell.page.pk)
            try:
                cell.page._meta.get_field(cell.name).clean(typed, cell.page)
            except ValidationError as wrong:
                cell.errors = wrong.messages
    if any(cell.errors for row in rows for cell in row.cells):
        messages.error(request, _("Nothing is saved yet: put right what is marked."))
        return False
    with transaction.atomic():
        for page in pages:
            if page.pk in changed:
                page.save_revision(user=request.user, log_action=True, clean=False)
    return True
