"""Pages kept ready-made: who gets them, and when they go stale."""

import datetime as dt
import gzip
import re
import time

import brotli
import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from courses.kept_lists import COOKIE
from courses.models import Course
from courses.services.booking import book_place, cancel_booking
from courses.services.occasions import OccasionPlan, SessionPlan, create_occasion
from guide import front
from guide.front import FrontPart, forget_front_part, register_front_part
from guide.models import StepPage
from shared.cache import ForgivingRedisCache
from shared.public_pages import EDITION, public_pages_changed, start_new_edition

PATH = "/guiden/undersoka/"


@pytest.fixture
def fresh(guide):
    """An edition begins, so that pages are kept from the first request on."""
    start_new_edition()
    return guide


def ask(client, path=PATH, **headers):
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path, **headers)
    return answer, len(queries)


def was_kept(client, path=PATH, **headers):
    return ask(client, path, **headers)[1] == 0


def test_the_second_reader_gets_the_same_page_with_all_its_headers_and_no_query(client, fresh):
    first, asked = ask(client, HTTP_ACCEPT_ENCODING="br")
    second, asked_again = ask(client, HTTP_ACCEPT_ENCODING="br")
    assert asked > 0
    assert asked_again == 0
    assert second.content == first.content
    names = {"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "ETag", "Vary", "Content-Language"}
    for name in names:
        assert second[name] == first[name], name
    assert second["Cache-Control"] == "no-cache"
    assert {"Cookie", "Accept-Encoding"} <= {word.strip() for word in second["Vary"].split(",")}
    assert first["X-Request-ID"] != second["X-Request-ID"]


def test_each_coding_holds_the_same_page(client, fresh):
    plain = client.get(PATH).content
    assert gzip.decompress(client.get(PATH, HTTP_ACCEPT_ENCODING="gzip").content) == plain
    assert brotli.decompress(client.get(PATH, HTTP_ACCEPT_ENCODING="gzip, deflate, br").content) == plain
    refused = client.get(PATH, HTTP_ACCEPT_ENCODING="br;q=0, gzip")
    assert refused["Content-Encoding"] == "gzip"
    assert was_kept(client)
    assert len(brotli.compress(plain, quality=5)) < len(plain) / 3


def test_a_reader_who_has_the_page_already_gets_no_body(client, fresh):
    mark = client.get(PATH)["ETag"]
    for _ in range(2):
        answer = client.get(PATH, HTTP_IF_NONE_MATCH=mark)
        assert answer.status_code == 304
        assert answer.content == b""
        assert answer["ETag"] == mark
    assert client.get(PATH, HTTP_IF_NONE_MATCH='W/"another"').status_code == 200


def test_head_says_the_length_and_sends_nothing(client, fresh):
    length = len(client.get(PATH).content)
    answer = client.head(PATH)
    assert answer.content == b""
    assert answer["Content-Length"] == str(length)


def test_who_is_logged_in_gets_a_page_of_their_own_that_nobody_else_gets(client, fresh, cast):
    client.get(PATH)
    client.force_login(cast.employee)
    own, asked = ask(client)
    assert asked > 0
    assert "Markera som läst" in own.content.decode()
    client.logout()
    assert "Markera som läst" not in client.get(PATH).content.decode()


@pytest.mark.parametrize(
    "what",
    [
        {"HTTP_COOKIE": "messages=something"},
        {"HTTP_AUTHORIZATION": "Bearer x"},
        {"HTTP_HX_REQUEST": "true"},
        {"QUERY_STRING": "unknown=1"},
    ],
)
def test_what_may_be_someones_own_or_unknown_is_answered_afresh(client, fresh, what):
    client.get(PATH)
    assert not was_kept(client, **what)
    assert not was_kept(client, **what)
    assert was_kept(client)


@pytest.mark.parametrize("path", [PATH, "/"])
def test_the_key_of_a_kept_list_is_taken_back_by_a_page_that_is_kept_too(client, fresh, path):
    """The log-in has ended, and with it its cookie: what is left of it in the browser is the key."""
    client.get(path)
    assert was_kept(client, path)
    client.cookies[f"{COOKIE}17"] = "left-by-a-log-in-that-ended"
    assert client.get(path).cookies[f"{COOKIE}17"].value == ""
    client.cookies.clear()
    assert was_kept(client, path)


def test_languages_and_addresses_are_kept_apart(client, fresh):
    assert "Undersöka" in client.get(PATH).content.decode()
    assert "Explore" in client.get("/en/guide/explore/").content.decode()
    assert "Undersöka" in client.get(PATH).content.decode()
    assert '<html lang="en">' in client.get("/en/guide/explore/").content.decode()


def test_what_is_not_found_is_not_kept(client, fresh):
    client.get("/finns-inte/")
    assert not was_kept(client, "/finns-inte/")


def publish(step):
    step.aim = "Helt nya ord om att undersöka."
    step.save_revision().publish()


def unpublish(step):
    step.unpublish()


def rename(step):
    step.slug = "ta-reda-pa"
    step.save_revision().publish()


def move(step):
    step.move(step.get_parent(), pos="first-child")


def delete(step):
    step.delete()


def restrict(step):
    PageViewRestriction.objects.create(page=step, restriction_type="login")


@pytest.mark.parametrize("change", [publish, unpublish, rename, move, delete, restrict])
def test_every_page_goes_stale_when_an_editor_changes_one(
    client, fresh, step, change, django_capture_on_commit_callbacks
):
    client.get("/guiden/")
    assert was_kept(client, "/guiden/")
    with django_capture_on_commit_callbacks(execute=True):
        change(StepPage.objects.get(pk=step.pk))
    assert not was_kept(client, "/guiden/")
    assert was_kept(client, "/guiden/")


def test_an_editor_publishes_and_the_reader_sees_it(client, fresh, step, django_capture_on_commit_callbacks):
    assert "Helt nya ord" not in client.get("/guiden/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        publish(step)
    assert "Helt nya ord" in client.get("/guiden/").content.decode()


def test_a_page_made_while_something_changed_is_not_served_afterwards(client, fresh):
    """The reader began before the change and finished after it: the page may hold the old or the new."""

    def changes_meanwhile(_person, _now):
        start_new_edition()
        return FrontPart("guide/parts/steps_read.html")

    register_front_part("meanwhile", changes_meanwhile, audience="everyone")
    try:
        client.get("/")
        assert not was_kept(client, "/")
    finally:
        forget_front_part("meanwhile")


def change_and_fail():
    with transaction.atomic():
        public_pages_changed()
        raise ZeroDivisionError


def test_a_change_that_is_rolled_back_makes_nothing_stale(client, fresh, django_capture_on_commit_callbacks):
    client.get(PATH)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert was_kept(client)


def test_without_redis_pages_are_made_anew_and_nothing_fails(client, guide, monkeypatch):
    away = ForgivingRedisCache("unix:///nowhere/redis.sock", {"OPTIONS": {"socket_connect_timeout": 0.25}})
    monkeypatch.setattr("config.page_cache.cache", away)
    monkeypatch.setattr("shared.public_pages.cache", away)
    for _ in range(2):
        answer, asked = ask(client, HTTP_ACCEPT_ENCODING="gzip")
        assert answer.status_code == 200
        assert asked > 0
        assert "Undersöka" in gzip.decompress(answer.content).decode()
    public_pages_changed()


def test_a_silent_redis_costs_one_short_wait():
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        away = ForgivingRedisCache(f"redis://127.0.0.1:{port}", {"OPTIONS": {"socket_timeout": 0.2}})
        began = time.monotonic()
        assert [away.get("x", "nothing") for _ in range(100)] == ["nothing"] * 100
        assert time.monotonic() - began < 10  # a wait for each would be twenty seconds


def test_lost_redis_data_bring_no_old_page_back(client, fresh, step):
    client.get(PATH)
    cache.delete(EDITION)
    step.aim = "Helt nya ord om att undersöka."
    step.save_revision().publish()
    assert "Helt nya ord" in client.get(PATH).content.decode()


def test_parts_come_in_order_and_only_to_their_readers(client, fresh, cast):
    def part(text):
        return lambda person, _now: FrontPart("guide/parts/steps_read.html", {"text": text, "person": person})

    register_front_part("second", part("second"), audience="person", order=2)
    register_front_part("first", part("first"), audience="person", order=1)
    register_front_part("nobody", lambda _person, _now: None, audience="person", order=0)
    try:
        import datetime as dt

        now = dt.datetime.now(dt.UTC)
        mine = [each.data["text"] for each in front.front_parts(cast.employee, now=now) if "text" in each.data]
        assert mine == ["first", "second"]
        assert not [each for each in front.front_parts(None, now=now) if "text" in each.data]
    finally:
        for name in ("first", "second", "nobody"):
            forget_front_part(name)


def test_a_booking_changes_the_number_on_everyones_front_page_at_once(
    client, fresh, cast, django_capture_on_commit_callbacks
):
    now = timezone.now()
    start = now + dt.timedelta(days=14)
    course = Course.objects.create(slug="tva-dagar", title="Tjänstedesign i två dagar", hours=7, days=1)
    plan = OccasionPlan(
        places=7,
        booking_closes_at=start - dt.timedelta(days=1),
        cancel_until=start - dt.timedelta(days=2),
        offers_until=start - dt.timedelta(days=3),
        offer_hours=8,
    )
    day = SessionPlan(starts_at=start, ends_at=start + dt.timedelta(hours=7), place="Rådhuset", title="Dag 1")

    def number(client):
        return re.findall(r"\d av 7 platser kvar", client.get("/").content.decode())

    with django_capture_on_commit_callbacks(execute=True):
        occasion = create_occasion(course, plan=plan, sessions=[day], facilitators=[cast.facilitator])
    assert number(client) == ["7 av 7 platser kvar"]
    assert was_kept(client, "/")
    with django_capture_on_commit_callbacks(execute=True):
        booking, _made = book_place(occasion, person=cast.employee, now=now)
    assert number(client) == ["6 av 7 platser kvar"]
    assert was_kept(client, "/")
    with django_capture_on_commit_callbacks(execute=True):
        cancel_booking(booking, by=cast.employee, now=now)
    assert number(client) == ["7 av 7 platser kvar"]
