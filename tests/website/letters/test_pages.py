"""The pages: an administrator sees every letter, everyone their own, an outsider nothing."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from letters.models import Letter
from letters.services.writing import Attachable

State = Letter.State


@pytest.fixture
def as_(client):
    def log_in(person):
        client.force_login(person)
        return client

    return log_in


def uncertain(letter):
    Letter.objects.filter(pk=letter.pk).update(state=State.UNCERTAIN, trouble="The server fell silent.")
    return letter


def test_an_administrator_sees_the_letters_and_the_uncertain_ones_on_top(as_, cast, write):
    write("sent")
    uncertain(write("lost"))
    page = as_(cast.administrator).get(reverse("letters"))
    assert page.status_code == 200
    assert [letter.key for letter in page.context["to_decide"]] == ["lost"]
    assert {letter.key for letter in page.context["page_of_letters"]} == {"sent", "lost"}
    assert "Skicka igen" in page.text
    assert "Den kom fram" in page.text


@pytest.mark.parametrize(
    ("sought", "found"), [("?state=uncertain", {"lost"}), ("?address=kvist", {"mine"}), ("?address=nobody", set())]
)
def test_letters_are_found_by_state_and_address(as_, cast, write, sought, found):
    write("mine", person=cast.colleague)
    uncertain(write("lost"))
    page = as_(cast.administrator).get(reverse("letters") + sought)
    assert {letter.key for letter in page.context["page_of_letters"]} == found
    assert "to_decide" not in page.context


def test_an_unknown_state_in_the_address_is_told_at_the_field(as_, cast, write):
    page = as_(cast.administrator).get(reverse("letters") + "?state=nonsense")
    assert page.status_code == 200
    assert page.context["form"].errors["state"]


def test_the_list_asks_the_same_number_of_questions_for_one_and_many(as_, cast, write, django_assert_max_num_queries):
    write("one")
    client = as_(cast.administrator)
    client.get(reverse("letters"))
    # The last of them looks for the guide's pages: where there are none, as here, that is not remembered.
    with django_assert_max_num_queries(9) as few:
        client.get(reverse("letters"))
    for number in range(20):
        uncertain(write(f"more:{number}"))
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("letters"))


@pytest.mark.parametrize("name", ["employee", "outsider", "manager", "hr", "editor", "facilitator"])
def test_who_may_not_see_letters_is_told_nothing(as_, cast, write, name):
    letter = write(person=cast.colleague, attachments=[Attachable("a.txt", "text/plain", b"a")])
    client = as_(getattr(cast, name))
    for path in (
        reverse("letters"),
        reverse("letter", args=[letter.pk]),
        reverse("letter_page", args=[letter.pk]),
        reverse("letter_attachment", args=[letter.pk, letter.attachments.get().pk]),
        reverse("my_letter", args=[letter.pk]),
        reverse("letter", args=[999_999]),
    ):
        assert client.get(path).status_code == 404
    assert client.post(reverse("decide_letter", args=[letter.pk]), {"answer": "again"}).status_code == 404


def test_who_is_not_logged_in_is_asked_to(client, db):
    assert client.get(reverse("letters")).status_code == 302


def test_the_decision_is_made_on_the_page(as_, cast, write):
    letter = uncertain(write())
    answer = as_(cast.administrator).post(reverse("decide_letter", args=[letter.pk]), {"answer": "not_again"})
    assert answer.status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.decided_by) == (State.SENT, cast.administrator)


def test_a_decision_made_twice_says_so(as_, cast, write):
    letter = uncertain(write())
    client = as_(cast.administrator)
    for _again in range(2):
        page = client.post(reverse("decide_letter", args=[letter.pk]), {"answer": "again"}, follow=True)
    assert "behöver inget beslut längre" in page.text


def test_a_decision_without_an_answer_is_no_decision(as_, cast, write):
    letter = uncertain(write())
    client = as_(cast.administrator)
    assert client.post(reverse("decide_letter", args=[letter.pk]), {}).status_code == 404
    assert client.get(reverse("decide_letter", args=[letter.pk])).status_code == 405


def test_ones_own_letter_is_read_with_its_attachment(as_, cast, write):
    letter = write(
        now=timezone.now(), attachments=[Attachable("kurs – dag 1.ics", "text/calendar", b"BEGIN:VCALENDAR")]
    )
    client = as_(cast.employee)
    page = client.get(reverse("my_letter", args=[letter.pk])).text
    assert "Hej på dig" in page
    assert 'href="/min-sida/brev/"' in page
    attachment = client.get(reverse("letter_attachment", args=[letter.pk, letter.attachments.get().pk]))
    assert attachment.content == b"BEGIN:VCALENDAR"
    assert attachment["Content-Disposition"].startswith("attachment")
    assert attachment["X-Content-Type-Options"] == "nosniff"


def test_a_letter_that_waits_for_its_day_is_not_on_ones_page_yet(as_, cast, write):
    letter = write(now=timezone.now(), due_at=timezone.now() + dt.timedelta(days=1))
    assert as_(cast.employee).get(reverse("my_letter", args=[letter.pk])).status_code == 404


def test_a_letters_page_can_run_and_fetch_nothing(as_, cast, write):
    letter = write(now=timezone.now(), html="<head></head><p>Hej</p><script>alert(1)</script>")
    page = as_(cast.employee).get(reverse("letter_page", args=[letter.pk]))
    policy = page["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy


def test_a_letter_with_a_secret_is_for_its_receiver_alone(as_, cast, write):
    letter = write(now=timezone.now(), kind="account", text="https://stigen/hemlig-nyckel", html="<p>hemlig-nyckel</p>")
    administrator = as_(cast.administrator)
    page = administrator.get(reverse("letter", args=[letter.pk]))
    assert page.status_code == 200
    assert "hemlig-nyckel" not in page.text
    assert administrator.get(reverse("letter_page", args=[letter.pk])).status_code == 404
    assert "hemlig-nyckel" in as_(cast.employee).get(reverse("letter_page", args=[letter.pk])).text


def test_an_evaluations_link_answers_for_its_receiver_alone(as_, cast, write):
    """Whoever could read it could answer for others, or learn from the page it opens who has answered."""
    letter = write("evaluation:1:1", now=timezone.now(), kind="evaluation", text="https://stigen/utvardering/x/")
    administrator = as_(cast.administrator)
    page = administrator.get(reverse("letter", args=[letter.pk]))
    assert (page.status_code, "utvardering/x" in page.text) == (200, False)
    assert administrator.get(reverse("letter_page", args=[letter.pk])).status_code == 404
    assert "utvardering/x" in as_(cast.employee).get(reverse("my_letter", args=[letter.pk])).text


def test_that_someone_was_reminded_to_answer_is_shown_to_nobody_else(as_, cast, write):
    letter = write("evaluation_reminder:1:1", now=timezone.now(), kind="evaluation_reminder", text="utvardering/x")
    uncertain(letter)
    administrator = as_(cast.administrator)
    for address in (reverse("letters"), reverse("letters") + "?state=uncertain"):
        assert list(administrator.get(address).context["page_of_letters"]) == []
        assert letter.subject not in administrator.get(address).text
    for name in ("letter", "letter_page", "my_letter"):
        assert administrator.get(reverse(name, args=[letter.pk])).status_code == 404
    decide = reverse("decide_letter", args=[letter.pk])
    assert administrator.post(decide, {"answer": "again"}).status_code == 404
    assert "utvardering/x" in as_(cast.employee).get(reverse("my_letter", args=[letter.pk])).text
