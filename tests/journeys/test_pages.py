import gzip
import uuid
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journeys.models import Journey, JourneyMember, Note
from journeys.queries import my_journeys

pytestmark = pytest.mark.django_db
STATIC = Path(__file__).resolve().parents[2] / "journeys" / "static" / "journeys"


def test_the_editors_own_script_and_style_stay_within_their_budget():
    sizes = {file.name: len(gzip.compress(file.read_bytes())) for file in STATIC.iterdir()}
    assert sum(sizes.values()) < 60_000, sizes


@pytest.mark.parametrize("name", ["journey", "journey_settings", "new_note"])
def test_an_outsider_finds_no_page(client, cast, journey, name):
    client.force_login(cast.outsider)
    assert client.get(reverse(name, args=[journey.pk])).status_code == 404
    assert client.post(reverse("journey_member", args=[journey.pk]), {"who": "x"}).status_code == 404
    assert client.post(reverse("leave_journey", args=[journey.pk, cast.employee.pk])).status_code == 404


def test_who_is_not_logged_in_is_led_to_the_log_in(client, journey):
    answer = client.get(reverse("journey", args=[journey.pk]))
    assert (answer.status_code, "/konto/login/" in answer["Location"]) == (302, True)


def test_the_page_asks_the_database_as_often_with_few_notes_as_with_many(client, cast, journey, elin):
    client.force_login(cast.employee)

    def questions():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("journey", args=[journey.pk])).status_code == 200
        return len(asked)

    elin.add_note()
    questions()  # what is cached once per process
    few = questions()
    for _ in range(30):
        elin.add_note()
    assert questions() == few


def test_the_list_says_what_is_mine_and_what_is_open(client, cast, journey):
    client.force_login(cast.outsider)
    page = client.get(reverse("journeys"))
    assert journey.title not in page.content.decode()
    Journey.objects.update(visibility="everyone")
    assert journey.title in client.get(reverse("journeys")).content.decode()
    assert list(my_journeys(cast.outsider)) == []
    assert list(my_journeys(cast.colleague)) == [journey]


def test_only_who_may_makes_journeys(client, cast):
    client.force_login(cast.employee)
    assert client.get(reverse("new_journey")).status_code == 404
    client.force_login(cast.facilitator)
    answer = client.post(reverse("new_journey"), {"title": "Ny", "aim": ""})
    made = Journey.objects.get()
    assert answer["Location"] == reverse("journey", args=[made.pk])
    assert (made.phases.count(), made.steps.count(), made.lanes.count(), made.notes.count()) == (3, 3, 5, 0)


def form_of(client, url):
    return {name: value for name, value in client.get(url).context["form"].initial.items() if value is not None}


def test_the_plain_form_adds_a_note_once_however_often_it_is_sent(client, cast, journey):
    client.force_login(cast.employee)
    step, lane = journey.steps.first(), journey.lanes.first()
    url = f"{reverse('new_note', args=[journey.pk])}?step={step.id}&lane={lane.id}"
    given = form_of(client, url) | {"text": "Utan skript", "evidence": "staff", "colour": "blue"}
    assert client.post(url, given).status_code == client.post(url, given).status_code == 302
    assert list(Note.objects.values_list("text", "evidence", "colour")) == [("Utan skript", "staff", "blue")]


def test_the_plain_form_keeps_what_was_typed_when_someone_else_was_first(client, cast, journey, kaj):
    client.force_login(cast.employee)
    note, seen = kaj.add_note("Först")
    url = reverse("note", args=[journey.pk, note])
    given = form_of(client, url)
    kaj.do("change_note", note, based_on=seen, text="Kajs ord")
    page = client.post(url, given | {"text": "Elins ord"})
    assert "Kajs ord" in page.content.decode()
    assert page.context["form"]["text"].value() == "Elins ord"
    assert Note.objects.get().text == "Kajs ord"
    again = {name: page.context["form"][name].value() for name in given}
    assert client.post(url, again).status_code == 302
    assert Note.objects.get().text == "Elins ord"


def test_the_plain_form_says_what_is_wrong_at_the_field(client, cast, journey):
    client.force_login(cast.employee)
    step, lane = journey.steps.first(), journey.lanes.first()
    url = f"{reverse('new_note', args=[journey.pk])}?step={step.id}&lane={lane.id}"
    page = client.post(url, form_of(client, url) | {"text": "a" * 2001, "evidence": "staff", "colour": "blue"})
    assert "text" in page.context["form"].errors
    bad = f"{reverse('new_note', args=[journey.pk])}?step={uuid.uuid4()}&lane=x"
    assert client.get(bad).status_code == 404


def test_a_reader_finds_no_form(client, cast, journey, elin):
    note, _revision = elin.add_note()
    client.force_login(cast.manager)
    assert client.get(reverse("journey", args=[journey.pk])).status_code == 200
    assert client.get(reverse("note", args=[journey.pk, note])).status_code == 404


def test_the_owner_invites_by_name_and_address_and_stays_an_owner(client, cast, journey):
    client.force_login(cast.employee)
    url = reverse("journey_member", args=[journey.pk])
    assert client.post(url, {"who": "Frida  Fors", "role": "editor"}).status_code == 302
    assert client.post(url, {"who": cast.hr.email.upper(), "role": "reader"}).status_code == 302
    assert JourneyMember.objects.filter(journey=journey).count() == 5
    unknown = client.post(url, {"who": "Ingen Alls", "role": "editor"})
    assert "who" in unknown.context["member_form"].errors
    client.post(reverse("leave_journey", args=[journey.pk, cast.employee.pk]))
    assert JourneyMember.objects.filter(journey=journey, person=cast.employee, role="owner").exists()
    client.post(reverse("leave_journey", args=[journey.pk, cast.hr.pk]))
    assert not JourneyMember.objects.filter(journey=journey, person=cast.hr).exists()


def test_an_editor_does_not_decide_who_takes_part(client, cast, journey):
    client.force_login(cast.colleague)
    assert client.get(reverse("journey_settings", args=[journey.pk])).status_code == 404
    assert client.post(reverse("journey_member", args=[journey.pk]), {"who": "Olle Utan"}).status_code == 404


def test_the_owner_describes_the_journey(client, cast, journey):
    client.force_login(cast.employee)
    url = reverse("journey_settings", args=[journey.pk])
    given = form_of(client, url) | {
        "title": "Nytt namn",
        "persona": "Amina",
        "state": "active",
        "visibility": "everyone",
    }
    assert client.post(url, given).status_code == 302
    journey.refresh_from_db()
    assert (journey.title, journey.persona.name, journey.state, journey.visibility, journey.revision) == (
        "Nytt namn",
        "Amina",
        "active",
        "everyone",
        1,
    )


@pytest.mark.parametrize(("name", "method"), [("journey", "post"), ("journeys", "post"), ("journey_member", "get")])
def test_wrong_methods_are_405(client, cast, journey, name, method):
    client.force_login(cast.employee)
    url = reverse(name, args=[] if name == "journeys" else [journey.pk])
    assert getattr(client, method)(url).status_code == 405


def test_text_is_shown_as_text(client, cast, journey, elin):
    elin.add_note("<script>alert(1)</script></script>")
    client.force_login(cast.employee)
    page = client.get(reverse("journey", args=[journey.pk])).content.decode()
    assert "<script>alert(1)" not in page
