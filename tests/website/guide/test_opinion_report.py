"""The editors' report on what readers say: figures, words, and the file."""

import csv
import datetime as dt
import io
import uuid

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import translation

from guide.models import MethodPage, PageOpinion
from guide.opinion_queries import figures_per_page, months_until

TODAY = dt.date(2027, 3, 2)
ONE_QUERY_FOR_FIGURES_ONE_FOR_TITLES = 2


@pytest.fixture(autouse=True)
def in_swedish():
    with translation.override("sv"), time_machine.travel(dt.datetime(2027, 3, 2, 8, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def report():
    return reverse("guide_opinions")


@pytest.fixture
def method(guide):
    return MethodPage.objects.filter(locale__language_code="sv").order_by("pk").first()


def say(page, *, helpful=True, day=TODAY, words="", language="sv"):
    return PageOpinion.objects.create(
        translation_key=page.translation_key, is_helpful=helpful, given_on=day, sentence=words, language=language,
        once=uuid.uuid4(),
    )  # fmt: skip


def read(answer):
    text = answer.content.decode()
    assert text.startswith("\ufeff"), "Excel reads å ä ö by the byte-order mark"
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


# --- Figures -----------------------------------------------------------------------------------------


def test_twelve_months_end_with_this_one_across_the_turn_of_the_year():
    months = months_until(TODAY)
    assert (len(months), months[0], months[-1]) == (12, dt.date(2026, 4, 1), dt.date(2027, 3, 1))


def test_yes_and_no_are_counted_per_month_and_no_older_ones(step):
    first = dt.date(2026, 4, 1)
    for day in (TODAY, dt.date(2027, 2, 28), first, first - dt.timedelta(days=1)):
        say(step, day=day)
    say(step, helpful=False, words="Svårt")
    (one,) = figures_per_page(day=TODAY)
    assert (one.title, one.yes, one.no, one.whole, one.share, one.sentences) == (step.title, 3, 1, 4, 75, 1)
    assert [(month.yes, month.no) for month in one.months if month.yes or month.no] == [(1, 0), (1, 0), (1, 1)]


def test_the_page_with_most_noes_comes_first_and_both_languages_are_one_page(step, method):
    say(method)
    say(step, helpful=False)
    say(step.get_translations().get(), helpful=False, language="en")
    assert [(one.title, one.no) for one in figures_per_page(day=TODAY)] == [(step.title, 2), (method.title, 0)]
    (one,) = figures_per_page(day=TODAY, key=method.translation_key)
    assert one.title == method.title


def test_figures_are_two_queries_for_one_page_and_for_many(guide, django_assert_num_queries):
    pages = list(MethodPage.objects.filter(locale__language_code="sv"))
    say(pages[0])
    with django_assert_num_queries(ONE_QUERY_FOR_FIGURES_ONE_FOR_TITLES):
        figures_per_page(day=TODAY)
    for page in pages:
        say(page)
    with django_assert_num_queries(ONE_QUERY_FOR_FIGURES_ONE_FOR_TITLES):
        figures_per_page(day=TODAY)


def test_the_bars_stand_beside_the_same_as_figures(client, step, report, cast):
    say(step, helpful=False, words="Saknar <b>exempel</b>")
    client.force_login(cast.editor)
    page = BeautifulSoup(client.get(report).content, "html.parser")
    row = page.select_one(".guide-figures tbody tr")
    assert [each.text for each in row.select(".guide-number")] == ["0", "1", "0 %"]
    assert "mars 2027" in row.find("details").text
    assert "Saknar <b>exempel</b>" in page.select_one(".guide-said").text


def test_nobody_has_answered_yet_is_said(client, guide, report, cast):
    client.force_login(cast.editor)
    assert "Ingen har svarat än" in client.get(report).content.decode()


def test_an_odd_page_in_the_address_is_not_found(client, guide, report, cast):
    client.force_login(cast.editor)
    assert client.get(report, {"page": "inget"}).status_code == 404
    assert client.get(report, {"page": str(uuid.uuid4())}).status_code == 200


# --- The file ----------------------------------------------------------------------------------------


def test_the_file_opens_in_excel_with_swedish_letters_and_every_answer(client, step, report, cast):
    say(step, helpful=False, words="Går åt skogen; ändå öppet")
    say(step, day=TODAY - dt.timedelta(days=500), language="en")
    client.force_login(cast.editor)
    answer = client.get(report, {"export": "csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="omdomen-2027-03-02.csv"'
    head, *rows = read(answer)
    assert head == ["Dag", "Sida", "Språk", "Till hjälp", "Med läsarens ord"]
    assert rows == [
        ["2027-03-02", step.title, "sv", "Nej", "Går åt skogen; ändå öppet"],
        ["2025-10-18", step.title, "en", "Ja", ""],
    ]


@pytest.mark.parametrize("sentence", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_what_looks_like_a_formula_stays_text(client, step, report, cast, sentence):
    say(step, words=sentence)
    client.force_login(cast.editor)
    (_head, row) = read(client.get(report, {"export": "csv"}))
    assert row[4] == f"'{sentence}"


def test_the_file_keeps_to_the_chosen_page(client, step, method, report, cast):
    say(step)
    say(method)
    client.force_login(cast.editor)
    rows = read(client.get(report, {"export": "csv", "page": str(method.translation_key)}))[1:]
    assert [row[1] for row in rows] == [method.title]


# --- Removing words ----------------------------------------------------------------------------------


def test_removing_words_keeps_the_count_and_the_chosen_page(client, step, report, cast):
    said = say(step, helpful=False, words="Fråga Lisa på plan tre")
    client.force_login(cast.editor)
    chosen = f"{report}?page={step.translation_key}"
    page = BeautifulSoup(client.get(chosen).content, "html.parser")
    form = page.select_one(".guide-said form")
    sent = {each["name"]: each["value"] for each in form.find_all("input")}
    answer = client.post(form["action"], sent)
    assert answer["Location"] == chosen
    assert "Lisa" not in client.get(chosen).content.decode()
    assert figures_per_page(day=TODAY)[0].no == 1
    assert PageOpinion.objects.get(pk=said.pk).sentence == ""


def test_removing_leads_to_no_other_site(client, step, report, cast):
    said = say(step, words="x")
    client.force_login(cast.editor)
    where = reverse("guide_opinion_remove_words", args=[said.pk])
    assert client.post(where, {"page": "https://elak.example"}).status_code == 404
    assert client.post(where)["Location"] == report
    assert client.get(where).status_code == 405
    assert client.post(reverse("guide_opinion_remove_words", args=[0])).status_code == 404


@pytest.mark.parametrize("role", ["employee", "outsider", "manager", "hr", "facilitator"])
def test_others_see_and_remove_nothing(client, step, report, cast, role):
    said = say(step, words="Bara för redaktörer")
    client.force_login(getattr(cast, role))
    for answer in (
        client.get(report),
        client.get(report, {"export": "csv"}),
        client.post(reverse("guide_opinion_remove_words", args=[said.pk])),
    ):
        assert answer.status_code in {302, 403}
        assert b"Bara f" not in answer.content
    assert PageOpinion.objects.get(pk=said.pk).sentence == "Bara för redaktörer"
