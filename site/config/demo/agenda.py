"""What is done when on the two days of the course, with material from the guide, and what the last ones left open."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Page

from config.demo import Demo
from config.demo.courses import TWO_DAYS
from courses.models import AgendaItem, Occasion
from courses.services.agenda import (
    ItemPlan,
    begin_with_template,
    close_open_point,
    make_template,
    note_open_point,
    set_agenda,
)
from guide.models import MethodPage, StepPage
from guide.queries import address

# Minutes after the start, what, who leads, and a page of the guide by the last part of its address.
DAYS = (
    (
        (0, "Kaffe, namnskyltar och dagens mål", "Båda", ""),
        (20, "Ringa in: skriv en utmaning som inte redan är en lösning", "Den ena", "ringa-in"),
        (90, "Paus", "", ""),
        (105, "Rita vilka som berörs", "Den andra", "aktorskarta"),
        (180, "Lunch", "", ""),
        (240, "Undersöka: öva att intervjua, två och två", "Den ena", "intervju"),
        (330, "Uppgiften till nästa gång, och vad vi tar med oss", "Båda", ""),
    ),
    (
        (0, "Vad hände i intervjuerna? En lapp för varje sak som förvånade", "Båda", "fokusera"),
        (90, "Paus", "", ""),
        (105, "Ta fram idéer: först tyst, sedan tillsammans", "Den andra", "ta-fram-ideer"),
        (180, "Lunch", "", ""),
        (240, "Testa idéer: bygg av papper och låt någon prova", "Den ena", "testa-ideer"),
        (345, "Vad gör var och en på måndag?", "Båda", ""),
    ),
)
POINTS = ("Skicka bilderna av väggen till alla deltagare", "Fler pappersark till prototyperna dag två")


@transaction.atomic
def lay(demo: Demo) -> None:
    occasions = Occasion.objects.filter(course__slug=TWO_DAYS, state=Occasion.State.OPEN)
    coming = list(occasions.filter(starts_at__gt=demo.now).order_by("starts_at", "id"))
    if coming and not AgendaItem.objects.filter(course__slug=TWO_DAYS).exists():
        for session, lines in zip(coming[0].sessions.all(), DAYS, strict=False):
            set_agenda(session, [ItemPlan(at, what, who, _address_of(page)) for at, what, who, page in lines])
            make_template(session)
        for occasion in coming[1:]:
            begin_with_template(occasion)
        _leave_open(occasions, demo)
    demo.say(f"an agenda of {AgendaItem.objects.filter(course__slug=TWO_DAYS).count()} lines")


def _leave_open(occasions: QuerySet[Occasion], demo: Demo) -> None:
    latest = occasions.filter(ends_at__lte=demo.now).order_by("-ends_at", "-id").first()
    if latest is None or not (leader := latest.facilitators.order_by("pk").first()):
        return
    first = latest.sessions.order_by("starts_at", "id")[0]
    for text in POINTS:
        point = note_open_point(first, text=text, by=leader, now=first.ends_at)
    close_open_point(point, by=leader, now=first.ends_at + dt.timedelta(hours=17))


def _address_of(slug: str) -> str:
    """Of the Swedish page; nothing where the guide has none."""
    page: Page | None
    for kind in (StepPage, MethodPage):
        page = kind.objects.live().filter(slug=slug, locale__language_code="sv").first() if slug else None
        if page is not None:
            return address(page.url_path)
    return ""
