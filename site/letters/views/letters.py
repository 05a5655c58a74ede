"""Letters: all of them for an administrator, one's own for everyone."""

from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from letters.forms import LetterSearchForm
from letters.models import Attachment, Letter
from letters.queries import is_secret, letters_looked_after, letters_of, letters_shown, letters_to_decide
from letters.services.sending import decide_letter
from people.models import Person
from shared.rules import RuleBroken

PER_PAGE = 50
# A letter's own page within the page: its style may be inline, and it can run, fetch and open nothing but links.
_LETTER_POLICY = {
    "script-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "font-src": ["'none'"],
    "connect-src": ["'none'"],
    "form-action": ["'none'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@require_safe
@login_required
def letters(request: HttpRequest) -> HttpResponse:
    _need_right(request, "letters.view_letter")
    form = LetterSearchForm(request.GET)
    sought = form.cleaned_data if form.is_valid() else {}
    page = Paginator(letters_shown(**sought), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_of_letters": page, "sought": any(sought.values())}
    if not any(sought.values()) and page.number == 1:
        context["to_decide"] = letters_to_decide()[:PER_PAGE]
    return render(request, "letters/letters.html", context)


@require_safe
@login_required
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]  # its hint knows no arguments
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    _need_right(request, "letters.view_letter")
    shown = get_object_or_404(letters_looked_after().select_related("person", "decided_by"), pk=pk)
    context = {"letter": shown, "is_hidden": is_secret(shown) and shown.person_id != request.user.pk}
    return render(request, "letters/one.html", context)


@require_safe
@login_required
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]  # its hint knows no arguments
def my_letter(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(letters_of(_who(request)), pk=pk)
    return render(request, "letters/my_letter.html", {"letter": shown})


@require_safe
@login_required
@csp_replace(_LETTER_POLICY)  # type: ignore[arg-type]  # its hint knows no arguments
def letter_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter as its reader's mail client shows it. Links open beside it, not inside it."""
    shown = _readable_or_404(request, pk)
    return HttpResponse(shown.html.replace("<head>", '<head><base target="_blank">', 1))


@require_safe
@login_required
def letter_attachment(request: HttpRequest, pk: int, attachment_pk: int) -> HttpResponse:
    part = get_object_or_404(Attachment, letter=_readable_or_404(request, pk), pk=attachment_pk)
    response = HttpResponse(bytes(part.content), content_type=part.content_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=part.name)
    return response


@require_POST
@login_required
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    _need_right(request, "letters.decide_letter")
    decided = get_object_or_404(letters_looked_after(), pk=pk)
    answer = request.POST.get("answer")
    if answer not in {"again", "not_again"}:
        raise Http404
    try:
        decide_letter(decided, send_again=answer == "again", by=_who(request), now=timezone.now())
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    else:
        said = _("The letter is sent again.") if answer == "again" else _("The decision is kept.")
        messages.success(request, said)
    return redirect("letters")


def _who(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _need_right(request: HttpRequest, right: str) -> None:
    """No right, no page: it does not say whether there is one."""
    if not _who(request).has_perm(right):
        raise Http404


def _readable_or_404(request: HttpRequest, pk: int) -> Letter:
    """One's own letter, or any letter for who may see letters; one with a secret is for its receiver alone."""
    person = _who(request)
    found = get_object_or_404(Letter, pk=pk)
    if letters_of(person).filter(pk=pk).exists():
        return found
    if person.has_perm("letters.view_letter") and not is_secret(found):
        return found
    raise Http404
