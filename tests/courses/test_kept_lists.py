"""What a browser keeps of a day's list: for how long, with which key, and that the key goes with the log-in."""

import datetime as dt
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.kept_lists import COOKIE, KEPT_AFTER, KEPT_BEFORE, kept_until
from courses.models import BookingNeeds
from courses.services.booking import book_place
from courses.services.needs import ask_for_needs
from tests.courses.conftest import DAY, HOUR, two_days

MOMENT = dt.timedelta(seconds=1)


@pytest.fixture
def day(plan_occasion, cast):
    """Today's day of an occasion with one participant, who needs something."""
    start = timezone.localtime().replace(minute=0, second=0, microsecond=0) - HOUR
    occasion = plan_occasion(sessions=two_days(start))
    ask_for_needs(occasion, asks=True)
    booking, _created = book_place(occasion, person=cast.employee, now=start - 20 * DAY)
    BookingNeeds.objects.create(booking=booking, food="Jordnötsallergi", written_at=start)
    return occasion.sessions.first()


def list_of(day):
    return reverse("run_sheet", args=[day.occasion_id, day.pk])


def test_a_list_is_kept_from_three_days_before_until_twelve_hours_after(day):
    first, last = day.starts_at - KEPT_BEFORE, day.ends_at + KEPT_AFTER
    assert kept_until(day, now=first - MOMENT) is None
    assert kept_until(day, now=first) == last
    assert kept_until(day, now=last - MOMENT) == last
    assert kept_until(day, now=last) is None


def test_the_key_comes_with_the_list_and_is_another_for_each_log_in(client, cast, day):
    client.force_login(cast.facilitator)
    response = client.get(list_of(day))
    cookie = response.cookies[f"{COOKIE}{day.pk}"]
    assert response["Cache-Control"] == "private, no-store"
    assert cookie["samesite"] == "Strict"
    ends = dt.datetime.strptime(cookie["expires"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=dt.UTC)
    assert abs(ends - (day.ends_at + KEPT_AFTER)) < 2 * MOMENT
    first = cookie.value
    assert client.get(list_of(day)).cookies[f"{COOKIE}{day.pk}"].value == first
    client.logout()
    client.force_login(cast.facilitator)
    assert client.get(list_of(day)).cookies[f"{COOKIE}{day.pk}"].value != first


def test_a_day_that_is_far_away_gives_no_key(client, cast, occasion):
    client.force_login(cast.facilitator)
    response = client.get(list_of(occasion.sessions.first()))
    assert response.status_code == 200
    assert not [name for name in response.cookies if name.startswith(COOKIE)]
    assert '"kept": null' in response.content.decode()


def key_in(client, day):
    found = client.cookies.get(f"{COOKIE}{day.pk}")
    return found.value if found is not None else ""


def test_logging_out_takes_the_key_back(client, cast, day):
    client.force_login(cast.facilitator)
    client.get(list_of(day))
    client.get(reverse("my_page"))
    assert key_in(client, day)
    client.post(reverse("account_logout"))
    assert not key_in(client, day)


def test_a_log_in_by_another_takes_the_key_back(client, cast, day):
    client.force_login(cast.facilitator)
    client.get(list_of(day))
    client.force_login(cast.hr)
    client.get(reverse("my_page"))
    assert not key_in(client, day)


def test_a_log_in_that_has_run_out_takes_the_key_back(client, cast, day):
    client.force_login(cast.facilitator)
    client.get(list_of(day))
    client.session.flush()
    client.get(list_of(day))
    assert not key_in(client, day)


def test_what_the_page_gives_to_keep_says_nothing_of_needs(client, cast, day):
    client.force_login(cast.facilitator)
    page = client.get(list_of(day)).content.decode()
    assert "Jordnötsallergi" in page
    data = json.loads(re.search(r'id="attendance-data" type="application/json">(.*?)</script>', page)[1])
    assert "Jordnötsallergi" not in json.dumps(data, ensure_ascii=False)
    assert set(data["kept"]) == {"frame", "worker", "key", "until"}


def test_the_frame_holds_nobody_and_no_secret(client, cast, day):
    empty = client.get(reverse("kept_list"))
    client.force_login(cast.facilitator)
    client.get(list_of(day))
    page = client.get(reverse("kept_list"))
    assert page.content == empty.content
    assert page.cookies == {}
    assert b"csrfmiddlewaretoken" not in page.content
    assert cast.employee.family_name not in page.content.decode()


def test_the_worker_is_asked_for_anew_each_time_and_reaches_no_further_than_the_lists(client, db):
    response = client.get(reverse("kept_list_worker"))
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in response
    # A worker's widest scope is its own folder.
    assert reverse("kept_list_worker").startswith("/kurstillfallen/")
