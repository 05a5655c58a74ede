"""What a bench needs in the database, laid from inside the site; each answers JSON on standard output.

log_in EMAIL                        a session's cookie
log_in_some PEOPLE                  the cookies of so many people
occasion PLACES CALLERS             an occasion with so many places, and a key for each of so many callers
query COURSE ROUNDS                 the seconds that the headcount's one query takes, asked again and again
has_big_data                        whether the big data are written
rich_journey                        the number of the demo's journey with the most notes
journey                             a journey with a cell to put notes in, and a key for who may
bare_cards                          the seconds that Typst alone takes for each method's card
forget_documents                    no document is kept any longer; answers the addresses of all cards
first_becomes_hr                    the first person gets HR's role; answers the address
pages_to_search PAGES               so many generated pages in the search index; answers how many entries and words
bare_search TEXT …                  the seconds that PostgreSQL's own search takes for each of them
forget_pages_to_search              takes them away again
roster PEOPLE                       a roster of so many: its address, and who leads the occasion
bare_roster PEOPLE ROUNDS           the seconds that Typst alone takes for it
served OCCASION                     how many are booked and how many wait, and whether those booked came first
generated_folder FOLDER PAGES       a folder of so many pages of the guide
forget_generated_pages              those pages are gone again
bare_guide_rows                     the seconds that COPY takes for their rows
"""

import datetime as dt
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import django

django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone, translation
from guide_rows import bare_guide_rows, forget_generated_pages, generated_folder
from laying_roster import bare_roster, roster
from laying_search import bare_search, forget_pages_to_search, pages_to_search

from courses.models import Course, Occasion, Session
from guide.models import KeptDocument, MethodPage
from guide.paper.cards import card_data
from guide.queries import Stop, path_stops
from insight.queries import headcount
from journeys.models import Journey
from journeys.services.journeys import create_journey
from people.models import ApiToken, Person
from people.roles import HR
from people.services.roles import give_role, lay_roles
from people.services.tokens import digest_of
from shared.typesetting import typeset


def log_in(email: str) -> dict[str, str]:
    return _cookie(Person.objects.get(email=email))


def log_in_some(people: str) -> list[dict[str, str]]:
    return [_cookie(person) for person in Person.objects.order_by("pk")[: int(people)]]


def _cookie(person: Person) -> dict[str, str]:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}


def occasion(places: str, callers: str) -> dict[str, Any]:
    now = timezone.now()
    course, _new = Course.objects.get_or_create(
        slug="bench", defaults={"title": "Bänk", "hours": 2, "days": 1, "is_listed": False}
    )
    starts = now + dt.timedelta(days=30)
    made = Occasion.objects.create(
        course=course, state="open", places=int(places), booking_closes_at=starts, cancel_until=starts,
        offers_until=starts, starts_at=starts, ends_at=starts + dt.timedelta(hours=2),
    )  # fmt: skip
    Session.objects.create(occasion=made, starts_at=starts, ends_at=made.ends_at, place="Salen")
    people = list(Person.objects.filter(is_active=True).order_by("pk")[: int(callers)])
    keys = {person.pk: f"stigen_bench{person.pk}" for person in people}
    ApiToken.objects.bulk_create(
        [
            ApiToken(
                person=person, name="bench", digest=digest_of(key), created_at=now, last_used_on=timezone.localdate(now)
            )
            for person, key in zip(people, keys.values(), strict=True)
        ],
        ignore_conflicts=True,
    )
    return {"occasion": made.pk, "keys": keys}


def served(occasion_id: str) -> dict[str, Any]:
    """A booking's number is given under the occasion's lock: it tells in which order people were served."""
    states = list(Occasion.objects.get(pk=occasion_id).bookings.order_by("pk").values_list("state", flat=True))
    booked, waiting = states.count("booked"), states.count("waiting")
    return {"booked": booked, "waiting": waiting, "in_order": states == ["booked"] * booked + ["waiting"] * waiting}


def query(course: str, rounds: str) -> list[float]:
    """The first two rounds only warm up, as the pages' do."""
    chosen, today, times = Course.objects.get(slug=course), timezone.localdate(), []
    for _round in range(int(rounds)):
        began = time.perf_counter()
        headcount(chosen, today)
        times.append(time.perf_counter() - began)
    return times[2:]


def journey() -> dict[str, Any]:
    now, owner, key = timezone.now(), Person.objects.get(email="processledare@skarvik.example"), "stigen_bench_journey"
    made = create_journey("Bänk", by=owner, now=now)
    ApiToken.objects.get_or_create(
        digest=digest_of(key),
        defaults={"person": owner, "name": "bench", "created_at": now, "last_used_on": timezone.localdate(now)},
    )
    step, lane = made.steps.first(), made.lanes.first()
    assert step
    assert lane
    headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
    return {"journey": made.pk, "step": str(step.pk), "lane": str(lane.pk), "headers": headers}


def rich_journey() -> int:
    """The demo's journey with the most notes: the heaviest page of the editor."""
    demos = Journey.objects.exclude(title="Bänk")
    richest = demos.annotate(count=Count("notes")).order_by("-count", "pk").first()
    assert richest
    return richest.pk


def bare_cards() -> list[float]:
    times = []
    for method, stops in _methods():
        source = card_data(method, stops, language=method.locale.language_code)
        began = time.perf_counter()
        typeset("site/guide/paper/card.typ", source)
        times.append(time.perf_counter() - began)
    return times


def forget_documents() -> list[str]:
    KeptDocument.objects.all().delete()
    return [reverse("method_card", kwargs={"key": method.translation_key}) for method, _stops in _methods()]


def _methods() -> Iterator[tuple[MethodPage, list[Stop]]]:
    """Each method with its language active."""
    for method in MethodPage.objects.live().select_related("locale").order_by("path"):
        with translation.override(method.locale.language_code):
            yield method, path_stops(method.locale_id)


def has_big_data() -> bool:
    return Person.objects.count() >= 100_000 and Course.objects.filter(slug="kurs-20").exists()


def first_becomes_hr() -> str:
    lay_roles()
    person = Person.objects.order_by("pk").first()
    assert person
    give_role(person, role=HR)
    return person.email


if __name__ == "__main__":
    known = (
        log_in,
        log_in_some,
        occasion,
        served,
        query,
        journey,
        rich_journey,
        has_big_data,
        bare_cards,
        forget_documents,
        first_becomes_hr,
        generated_folder,
        forget_generated_pages,
        bare_guide_rows,
        pages_to_search,
        bare_search,
        forget_pages_to_search,
        roster,
        bare_roster,
    )
    acts = {act.__name__: act for act in known}
    print(json.dumps(acts[sys.argv[1]](*sys.argv[2:])))
