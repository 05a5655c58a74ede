"""Keys to the API: made, shown once, stored hashed, revoked; what they open, and for whom."""

import datetime as dt
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import ApiToken
from people.services.tokens import digest_of, make_token, revoke_token
from shared.rules import RuleBroken

NAME = "Tavlan i entrén"
LIST = "/api/v1/journeys/"


@pytest.fixture
def page(client, cast):
    client.force_login(cast.employee)
    return reverse("api_keys")


@pytest.fixture
def call():
    """Calls the API with a key and nothing else."""
    return lambda key, path=LIST: Client().get(path, headers={"authorization": f"Bearer {key}"})


def key_on(page):
    return re.search(r"stigen_[\w-]+", page.text)[0]


def test_a_key_is_shown_once_and_stored_hashed(client, page, call):
    shown = client.post(page, {"name": NAME, "lasts": "30"}, follow=True)
    key = key_on(shown)
    assert "no-store" in shown["Cache-Control"]
    token = ApiToken.objects.get()
    assert token.digest == digest_of(key)
    assert key not in str(ApiToken.objects.values())
    again = client.get(page)
    assert NAME in again.text
    assert "stigen_" not in again.text
    assert call(key).status_code == 200


def test_a_form_sent_twice_makes_one_key_and_keeps_what_was_typed(client, page):
    client.post(page, {"name": NAME, "lasts": "30"})
    second = client.post(page, {"name": NAME, "lasts": "30"})
    assert second.status_code == 200
    assert "Du har redan en nyckel med det namnet" in second.text
    assert f'value="{NAME}"' in second.text
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "", "lasts": "30"},
        {"name": "x" * 81, "lasts": "30"},
        {"name": NAME, "lasts": "9999"},
        {"name": "a\x00b", "lasts": "0"},
        {"name": NAME},
    ],
)
def test_a_wrong_form_gets_a_sentence_and_makes_no_key(client, page, sent):
    answer = client.post(page, sent)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not ApiToken.objects.exists()


def test_a_revoked_key_opens_nothing(client, cast, page, call):
    token, key = make_token(cast.employee, name=NAME, now=timezone.now())
    client.force_login(cast.employee)
    assert client.post(reverse("revoke_api_key", args=[token.pk])).status_code == 302
    client.logout()
    answer = call(key)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "token_invalid"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_nobody_revokes_or_sees_anothers_key(client, cast):
    token, _key = make_token(cast.employee, name=NAME, now=timezone.now())
    for other in (cast.outsider, cast.administrator):
        client.force_login(other)
        assert NAME not in client.get(reverse("api_keys")).text
        assert client.post(reverse("revoke_api_key", args=[token.pk])).status_code == 404
    client.force_login(cast.employee)
    assert client.get(reverse("revoke_api_key", args=[token.pk])).status_code == 405
    assert client.post(reverse("revoke_api_key", args=[999_999])).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


@pytest.mark.parametrize(("moved", "status"), [(1, 200), (0, 401), (-1, 401)])
def test_a_key_works_until_it_expires(cast, call, time_machine, moved, status):
    now = timezone.now().replace(microsecond=0)
    lasts = dt.timedelta(days=30)
    _token, key = make_token(cast.employee, name=NAME, now=now, lasts=lasts)
    time_machine.move_to(now + lasts - dt.timedelta(seconds=moved), tick=False)
    assert call(key).status_code == status


@pytest.mark.parametrize("key", ["", "stigen_unknown", "x" * 5000, "å", "stigen_ två ord"])
def test_a_key_that_is_none_is_refused(db, call, key):
    assert call(key).status_code == 401


def test_who_may_no_longer_log_in_has_no_keys_either(cast, call):
    _token, key = make_token(cast.employee, name=NAME, now=timezone.now())
    cast.employee.is_active = False
    cast.employee.save()
    assert call(key).status_code == 401


def test_a_key_opens_the_api_and_no_page(client, cast, call):
    _token, key = make_token(cast.employee, name=NAME, now=timezone.now())
    assert call(key, path=reverse("api_keys")).status_code == 302


def test_a_key_costs_one_question(rf, cast, django_assert_num_queries):
    from people.tokens import TokenAuthentication

    _token, key = make_token(cast.employee, name=NAME, now=timezone.now())
    request = rf.get("/", headers={"authorization": f"Bearer {key}"})
    with django_assert_num_queries(2):  # the first of the day notes the day
        TokenAuthentication().authenticate(request)
    with django_assert_num_queries(1):
        person, _token = TokenAuthentication().authenticate(request)
        assert person.email
    assert ApiToken.objects.get().last_used_on == timezone.localdate()


def test_nobody_has_more_keys_than_they_can_look_after(cast, now):
    for number in range(20):
        make_token(cast.employee, name=f"{number}", now=now)
    with pytest.raises(RuleBroken) as refused:
        make_token(cast.employee, name="one more", now=now)
    assert refused.value.code == "too_many_keys"
    revoke_token(ApiToken.objects.first(), now=now)
    make_token(cast.employee, name="one more", now=now)


def test_the_command_makes_keys_that_work(cast, call, capsys):
    for _again in range(2):
        call_command("api_token", cast.employee.email.upper())
    keys = capsys.readouterr().out.split()
    assert len(set(keys)) == 2
    assert {call(key).status_code for key in keys} == {200}


def test_the_command_refuses_an_unknown_address(db):
    with pytest.raises(CommandError):
        call_command("api_token", "nobody@skarvik.example")


def test_who_is_not_logged_in_is_asked_to(client, db):
    assert client.get(reverse("api_keys")).status_code == 302
