"""What a browser keeps to show a day's list without network: an empty frame, and the worker that opens it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from courses.attendance_queries import Line
from courses.attendance_texts import texts_of_the_kept_list
from courses.models import Attendance, Booking, Occasion, Session
from people.models import Person
from shared.ready import hand_over

# All that the frame asks for, under the names that its own deployment gives.
FILES = (
    "theme/all.css",
    "courses/courses.css",
    "courses/kept_list.js",
    "courses/kept.js",
    "courses/attendance.js",
    "courses/attendance_outbox.js",
    "shared/sending.js",
    "theme/favicon.svg",
    "theme/logo.svg",
    "vendor/atkinson-hyperlegible-next/atkinson-hyperlegible-next-wght-normal.woff2",
    "vendor/newsreader/newsreader-wght-normal.woff2",
)


@require_safe
def show_frame(request: HttpRequest) -> HttpResponse:
    """The list without anybody on it: the same for everyone, so that nothing of a person lies in what is kept."""
    context = {
        "occasion": Occasion(pk=0),
        "session": Session(pk=0),
        "people": [_nobody()],
        "has_come": True,
        "marked": 0,
        "there": 0,
        "choices": Attendance.State.choices,
        "frame": {
            "files": [static(name) for name in FILES],
            "texts": texts_of_the_kept_list(),
            "states": {state: capfirst(str(label)) for state, label in Attendance.State.choices},
        },
        # A frame that is kept must hold no secret of the browser that fetched it.
        "csrf_token": "",
    }
    response = render(request, "courses/kept_list.html", context)
    response["Cache-Control"] = "no-cache"
    return response


def _nobody() -> Line:
    booking = Booking(pk=0, person=Person(pk=0))
    hand_over(booking, "made_up_days", [])
    return Line(booking, attendance=None, changes=[])


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Each list asks for it with itself as its scope: no other page passes through it."""
    response = HttpResponse(render_to_string("courses/list_worker.js"), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
