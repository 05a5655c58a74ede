"""What log-in has to say becomes letters, and a forgotten password is found again."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from letters.models import Letter
from tests.support.cast import PASSWORD


@pytest.fixture
def ask_for_password(client):
    return lambda email: client.post(reverse("account_reset_password"), {"email": email})


def link_in(letter):
    return re.search(r"https?://[^/\s]+(/\S*/reset/\S+|/\S*key/\S+)", letter.text)[1]


def test_a_forgotten_password_is_found_again_by_letter(client, cast, ask_for_password):
    answer = ask_for_password(cast.employee.email.upper())
    assert answer.status_code == 302
    letter = Letter.objects.get()
    assert (letter.person, letter.kind, letter.state) == (cast.employee, "account", Letter.State.DUE)
    assert mail.outbox == []  # nothing left the house but through the outbox

    form = client.get(link_in(letter), follow=True)
    assert form.status_code == 200
    new = "ett-helt-nytt-losenord"
    done = client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert done.status_code == 302
    assert client.login(email=cast.employee.email, password=new)
    assert not client.login(email=cast.employee.email, password=PASSWORD)
    assert list(Letter.objects.order_by("id").values_list("subject", flat=True)) == [
        "Välj ett nytt lösenord till Stigen",
        "Ditt lösenord till Stigen är ändrat",
    ]


def test_the_link_works_once(client, cast, ask_for_password):
    ask_for_password(cast.employee.email)
    link = link_in(Letter.objects.get())
    form = client.get(link, follow=True)
    client.post(
        form.redirect_chain[-1][0], {"password1": "ett-helt-nytt-losenord", "password2": "ett-helt-nytt-losenord"}
    )
    client.logout()
    again = client.get(link, follow=True)
    assert "password1" not in again.text


@pytest.mark.parametrize("who", ["nobody", "inactive"])
def test_nobody_learns_whether_an_address_has_an_account(client, cast, ask_for_password, who):
    cast.employee.is_active = False
    cast.employee.save()
    known = ask_for_password(cast.colleague.email)
    Letter.objects.all().delete()
    unknown = ask_for_password("nobody@skarvik.example" if who == "nobody" else cast.employee.email)
    assert (unknown.status_code, unknown["Location"]) == (known.status_code, known["Location"])
    assert not Letter.objects.exists()


def test_the_secret_goes_where_the_settings_say_whatever_the_request_says(client, cast, settings):
    settings.SITE_URL = "https://stigen.skarvik.example"
    client.post(reverse("account_reset_password"), {"email": cast.employee.email}, headers={"host": "evil.example"})
    letter = Letter.objects.get()
    assert "https://stigen.skarvik.example/konto/" in letter.text
    assert "evil.example" not in letter.text + letter.html


def test_the_letter_speaks_the_persons_language(client, cast, ask_for_password):
    cast.employee.language = "en"
    cast.employee.save()
    ask_for_password(cast.employee.email)
    assert Letter.objects.get().subject == "Choose a new password for Stigen"


def test_nobody_signs_up_or_changes_the_address_that_hr_keeps(client, cast):
    assert "password1" not in client.get(reverse("account_signup")).text
    client.force_login(cast.employee)
    assert client.get("/konto/email/").status_code == 404
    assert client.post("/konto/email/", {"email": "x@example.com", "action_add": ""}).status_code == 404
