"""Certificates: one's own, those of an occasion, put right, and checked by anyone who holds one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.certificate_forms import ReissueForm
from courses.models import Certificate, Completion, Occasion
from courses.paper_queries import (
    certificate_numbered,
    completed_by,
    completed_on_occasion,
    may_have_certificate,
    may_have_participants,
    may_reissue,
    programmes_completed_by,
)
from courses.services.certificates import file_name, issue_certificate, reissue_certificate
from courses.views.documents import shown_by_the_browser
from people.requests import person_of
from shared.rules import RuleBroken


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def my_certificates(request: HttpRequest) -> HttpResponse:
    """A completion from before there were certificates gets its own by a click."""
    person = person_of(request)
    if request.method == "POST":
        pk = request.POST.get("completion", "")
        own = Completion.objects.filter(person=person, withdrawn_at=None)
        completion = get_object_or_404(own, pk=int(pk) if pk.isdecimal() and len(pk) < 18 else 0)
        issue_certificate(completion, now=timezone.now())
        messages.success(request, _("Your certificate is made."))
        return redirect("my_certificates")
    context = {"completed": completed_by(person), "programmes": programmes_completed_by(person)}
    return render(request, "courses/my_certificates.html", context)


@require_safe
@login_required
@shown_by_the_browser
def certificate_file(request: HttpRequest, number: str) -> HttpResponse:
    certificate = certificate_numbered(number)
    if certificate is None or not may_have_certificate(person_of(request), certificate):
        raise Http404
    return as_file(certificate)


def as_file(certificate: Certificate) -> HttpResponse:
    response = HttpResponse(bytes(certificate.content), content_type="application/pdf")
    name = content_disposition_header(as_attachment=False, filename=file_name(certificate))
    response["Content-Disposition"] = name or "inline"
    # It never changes, but the right to it may.
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = f'"{certificate.sha256}"'
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@never_cache
def check_certificate(request: HttpRequest, number: str = "") -> HttpResponse:
    """For anyone who holds a certificate: whether it is genuine, and no more than what stands on it."""
    if not number and (typed := request.GET.get("nummer", "").strip()):
        found = certificate_numbered(typed[:60])
        if found is not None:
            return redirect("certificate", number=found.number)
        number = typed[:60]
    certificate = certificate_numbered(number) if number else None
    context = {"certificate": certificate, "number": number}
    status = 404 if number and certificate is None else 200
    response = render(request, "courses/certificate.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@login_required
def occasion_certificates(request: HttpRequest, pk: int) -> HttpResponse:
    occasion = get_object_or_404(Occasion.objects.select_related("course").prefetch_related("sessions"), pk=pk)
    if not may_have_participants(person_of(request), occasion):
        raise Http404
    completed = completed_on_occasion(occasion)
    waits = any(one.certificate is None and not one.completion.to_tell for one in completed)
    context = {"occasion": occasion, "completed": completed, "waits_for_person": waits}
    return render(request, "courses/occasion_certificates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reissue(request: HttpRequest, number: str) -> HttpResponse:
    certificate = certificate_numbered(number)
    if certificate is None or not may_reissue(person_of(request), certificate):
        raise Http404
    form = ReissueForm(request.POST or None, certificate=certificate)
    if request.method == "POST" and form.is_valid():
        try:
            asked = {"hours": certificate.hours} | form.cleaned_data
            new = reissue_certificate(certificate, by=person_of(request), now=timezone.now(), **asked)
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
        else:
            messages.success(request, _("A new certificate is issued. A letter with it is on its way to the person."))
            return redirect("certificate", number=new.number)
    context = {"form": form, "certificate": certificate}
    return render(request, "courses/reissue.html", context, status=422 if request.method == "POST" else 200)
