"""Being told when there is an occasion: asked for on the course's page; ended there, on Min sida, by the letter's link.

The link ends it without a log-in: GET shows, POST acts (a mail program may press it).
"""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from courses.models import Course, Interest
from courses.services.interest import end_interest, note_interest
from courses.views.booking import back_to
from people.requests import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def note(request: HttpRequest, slug: str) -> HttpResponse:
    """A GET is someone who comes back from the log-in: shows the course, where the button is."""
    course, person, now = get_object_or_404(Course, slug=slug), person_of(request), timezone.now()
    if request.method != "POST":
        return redirect("course", slug=slug)
    if request.POST.get("act") != "end":
        if not course.is_listed:  # ended it can be, whatever became of the course
            raise Http404
        note_interest(course, person=person, now=now)
        messages.success(request, _("We write to you when there is an occasion to book."))
    else:
        for interest in Interest.objects.filter(course=course, person=person, ended_at=None):
            end_interest(interest, now=now)
        messages.success(
            request, _("We no longer write to you about new occasions of %(course)s.") % {"course": course}
        )
    return redirect(back_to(request, reverse("course", args=[slug])))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The key in the address is all that is needed, and all that it can do is to end this one interest."""
    interest = get_object_or_404(Interest.objects.select_related("course"), key=key)
    if request.method == "POST":
        end_interest(interest, now=timezone.now())
        interest.refresh_from_db(fields=["ended_at"])
    return render(request, "courses/end_interest.html", {"interest": interest, "course": interest.course})
