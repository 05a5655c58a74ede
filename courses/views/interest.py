"""The link that ends an interest: GET shows, POST acts, without a log-in (a mail program may press it)."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from courses.models import Interest
from courses.services.interest import end_interest


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
