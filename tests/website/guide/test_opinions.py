""" "Did the page help you?": asked of everyone, counted once, kept about no one."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import translation

from guide.models import PageOpinion
from guide.services import opinions
from guide.services.opinions import forget_sentences, give_opinion
from shared.rules import RuleBroken
from tests.support.forgetting import forget
from tests.support.races import at_once

HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def in_swedish():
    forget("opinions:")
    with translation.override("sv"):
        yield


@pytest.fixture
def where(step):
    return reverse("opinion", args=[step.translation_key])


def answer_of(step, now, **given):
    known = {"is_helpful": True, "language": "sv", "address": "10.0.0.1", "browser": "x", "once": None, "now": now}
    return give_opinion(step, **known | given)


def test_the_question_stands_on_the_page_kept_for_everyone_without_a_token(client, guide, step):
    html = client.get("/guiden/undersoka/").content.decode()
    assert "Var sidan till hjälp?" in html
    assert "csrfmiddlewaretoken" not in html
    assert client.get("/guiden/undersoka/").has_header("ETag"), "it is served ready-made"


def test_a_reader_without_an_account_answers_and_adds_a_sentence(client, guide, step, where):
    answer = client.post(where, {"helpful": "no"}, headers=HERE)
    assert answer.status_code == 302
    html = client.get(answer["Location"]).content.decode()
    assert "Vad saknades?" in html
    token = re.search(r'name="answer" value="([^"]+)"', html)[1]
    words = reverse("opinion_words", args=[step.translation_key])
    assert "Tack." in client.post(words, {"answer": token, "sentence": " Ett exempel\ntill "}).content.decode()
    kept = PageOpinion.objects.get()
    assert (kept.is_helpful, kept.sentence, kept.language) == (False, "Ett exempel till", "sv")


def test_no_person_no_address_and_no_moment_is_kept(client, guide, step, where, cast):
    client.force_login(cast.employee)
    client.post(where, {"helpful": "yes"}, headers=HERE)
    kept = PageOpinion.objects.values().get()
    assert set(kept) == {"id", "translation_key", "language", "is_helpful", "sentence", "given_on", "once"}
    assert type(kept["given_on"]) is dt.date


def test_the_log_does_not_say_who_answered(client, guide, step, where, cast, caplog):
    client.force_login(cast.employee)
    with caplog.at_level("INFO", logger="stigen.requests"):
        answer = client.post(where, {"helpful": "yes"}, headers=HERE)
        client.get(answer["Location"])
    about = [record for record in caplog.records if "/tyck-till/" in record.getMessage()]
    assert len(about) == 2
    assert [record.person_id for record in about] == [None, None]


def test_the_same_click_twice_is_one_answer(client, guide, step, where):
    for _time in range(2):
        assert client.post(where, {"helpful": "yes"}, headers=HERE).status_code == 302
    assert PageOpinion.objects.count() == 1
    client.post(where, {"helpful": "no"}, headers=HERE)
    assert PageOpinion.objects.count() == 2


def test_a_class_behind_one_address_counts_each_answer_that_has_a_name_of_its_own(guide, step, now):
    for _each in range(20):
        answer_of(step, now, once=uuid.uuid4())
    assert PageOpinion.objects.count() == 20


@pytest.mark.committed
def test_two_submits_at_once_are_one_row(guide, step, now):
    once = uuid.uuid4()
    assert at_once(lambda: answer_of(step, now, once=once)) == []
    assert PageOpinion.objects.count() == 1


def test_an_address_can_not_go_on_for_ever(guide, step, now, monkeypatch):
    monkeypatch.setattr(opinions, "FROM_AN_ADDRESS_ON_A_PAGE", 3)
    for _each in range(3):
        answer_of(step, now, once=uuid.uuid4())
    with pytest.raises(RuleBroken, match="i morgon"):
        answer_of(step, now, once=uuid.uuid4())
    answer_of(step, now, once=uuid.uuid4(), address="10.0.0.2")
    answer_of(step, now + dt.timedelta(days=1), once=uuid.uuid4())
    assert PageOpinion.objects.count() == 5


def test_many_ipv6_addresses_of_one_network_are_one(guide, step, now, monkeypatch):
    monkeypatch.setattr(opinions, "FROM_AN_ADDRESS_ON_A_PAGE", 1)
    answer_of(step, now, once=uuid.uuid4(), address="2001:db8::1")
    with pytest.raises(RuleBroken):
        answer_of(step, now, once=uuid.uuid4(), address="2001:db8::ffff")


def test_too_many_is_said_in_words_and_with_its_number(client, guide, step, where, monkeypatch):
    monkeypatch.setattr(opinions, "FROM_AN_ADDRESS", 0)
    answer = client.post(where, {"helpful": "yes"}, headers=HERE)
    assert answer.status_code == 429
    assert "i morgon" in answer.content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elak.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_a_form_on_another_site_counts_nothing_and_leads_to_the_question(guide, step, where, headers):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post(where, {"helpful": "yes"}, headers=headers)
    assert (answer.status_code, answer["Location"]) == (302, where)
    assert not PageOpinion.objects.exists()


def test_a_browser_that_tells_nothing_answers_on_the_page_with_a_token(guide, step, where):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(where).content.decode())[1]
    answer = client.post(where, {"helpful": "yes", "csrfmiddlewaretoken": token})
    assert "svar=" in answer["Location"]
    assert PageOpinion.objects.count() == 1


def test_an_origin_of_ours_is_enough(client, guide, step, where):
    answer = client.post(where, {"helpful": "yes"}, headers={"Origin": "http://testserver"})
    assert "svar=" in answer["Location"]


def test_a_robot_that_fills_in_everything_is_thanked_and_not_counted(client, guide, step, where):
    answer = client.post(where, {"helpful": "yes", "website": "https://spam.example"}, headers=HERE)
    assert answer.status_code == 200
    assert not PageOpinion.objects.exists()


def test_a_sentence_has_its_length_and_what_was_written_is_kept(client, guide, step, where):
    html = client.get(client.post(where, {"helpful": "yes"}, headers=HERE)["Location"]).content.decode()
    token = re.search(r'name="answer" value="([^"]+)"', html)[1]
    words = reverse("opinion_words", args=[step.translation_key])
    answer = client.post(words, {"answer": token, "sentence": "å" * 501})
    assert answer.status_code == 422
    assert "å" * 501 in answer.content.decode()
    assert "501" in answer.content.decode()
    assert client.post(words, {"answer": token, "sentence": "å" * 500}).status_code == 200
    assert PageOpinion.objects.get().sentence == "å" * 500


def test_nobody_puts_words_to_anothers_answer(client, guide, step, where, now):
    given = answer_of(step, now)
    words = reverse("opinion_words", args=[step.translation_key])
    for token in ("", str(given.once), f"{given.once}:abc:def"):
        assert client.post(words, {"answer": token, "sentence": "x"}).status_code == 404
    assert client.get(words).status_code == 405
    assert PageOpinion.objects.get().sentence == ""


def test_unknown_pages_and_odd_answers(client, guide, step, where):
    for key in (guide.translation_key, uuid.uuid4()):
        assert client.get(reverse("opinion", args=[key])).status_code == 404
        assert client.post(reverse("opinion", args=[key]), {"helpful": "yes"}, headers=HERE).status_code == 404
    for odd in ({}, {"helpful": "maybe"}):
        assert client.post(where, odd, headers=HERE).status_code == 400
    assert client.post(where, {"helpful": "yes", "once": "inget-namn"}, headers=HERE).status_code == 302


def test_sent_by_the_script_the_answer_is_the_part_alone(client, guide, step, where):
    html = client.post(where, {"helpful": "yes"}, headers=HERE | {"X-Requested-With": "fetch"}).content.decode()
    assert html.lstrip().startswith("<section")
    assert "Vad var bra?" in html


def test_words_are_forgotten_in_time_and_counts_are_not(guide, step, now, settings):
    settings.OPINION_MONTHS = 3
    old = answer_of(step, now - dt.timedelta(days=92), once=uuid.uuid4())
    young = answer_of(step, now - dt.timedelta(days=91), once=uuid.uuid4())
    PageOpinion.objects.update(sentence="Fråga Lisa")
    assert forget_sentences(now=now) == 1
    assert PageOpinion.objects.get(pk=old.pk).sentence == ""
    assert PageOpinion.objects.get(pk=young.pk).sentence == "Fråga Lisa"
