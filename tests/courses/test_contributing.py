"""A path's part may name the journey that is to be contributed to: only that one counts, and only who may read it is
told which."""

import uuid

import pytest
from django.urls import reverse

from courses.models import Programme, ProgrammeItem
from courses.programme_parts import offered_parts
from courses.progress import progress_on
from courses.services.programme_certificates import claim_certificate
from journeys.models import Journey, JourneyMember, Operation
from tests.courses.test_programmes import parts_as_posted


@pytest.fixture
def journey_of(db, now):
    def make(title, **about):
        about = {"visibility": "everyone", "state": "active"} | about
        return Journey.objects.create(title=title, created_at=now, changed_at=now, **about)

    return make


@pytest.fixture
def pupil(journey_of):
    return journey_of("Elevens resa")


@pytest.fixture
def programme(pupil):
    made = Programme.objects.create(slug="grund", title="Grundväg", is_for_everyone=True)
    named = {"title": "Bidra till Elevens resa", "title_en": "Contribute to Elevens resa", "key": str(pupil.pk)}
    ProgrammeItem.objects.create(programme=made, position=1, kind="contribute", **named)
    ProgrammeItem.objects.create(programme=made, position=2, kind="contribute", title="Bidra till en användarresa")
    # The keys of other kinds are no numbers, and the question is asked beside them all.
    ProgrammeItem.objects.create(programme=made, position=3, kind="read", title="Läs", key=str(uuid.uuid4()))
    return made


def add_note(person, journey, at):
    number = journey.operations.count() + 1
    note = {"id": uuid.uuid4(), "number": number, "type": "add_note", "based_on": 0}
    Operation.objects.create(journey=journey, by=person, at=at, **note)


def done_of(person, programme):
    return [one.step.is_done for one in progress_on(programme, person=person).items]


def test_only_the_journey_that_is_named_counts(programme, pupil, journey_of, cast, now):
    add_note(cast.employee, journey_of("En annan resa"), now)
    assert done_of(cast.employee, programme) == [False, True, False]
    add_note(cast.colleague, pupil, now)
    assert done_of(cast.employee, programme) == [False, True, False]
    add_note(cast.employee, pupil, now)
    assert done_of(cast.employee, programme) == [True, True, False]
    programme.items.get(kind="read").delete()
    certificate = claim_certificate(programme, person=cast.employee, now=now)
    assert certificate.parts[0]["title"] == "Bidra till Elevens resa"


def test_a_certificate_does_not_name_a_journey_that_was_closed_since(client, programme, pupil, cast, now):
    """Its page is there for whoever has the number."""
    add_note(cast.employee, pupil, now)
    programme.items.get(kind="read").delete()
    Journey.objects.update(visibility="members")
    certificate = claim_certificate(programme, person=cast.employee, now=now)
    assert [(part["title"], part["title_en"]) for part in certificate.parts] == [
        ("Bidra", "Contribute"),
        ("Bidra till en användarresa", ""),
    ]
    assert "Elevens resa" not in client.get(reverse("certificate", args=[certificate.number])).text


def test_the_page_says_which_and_leads_there(client, programme, pupil, cast):
    client.force_login(cast.employee)
    page = client.get(reverse("programme", args=["grund"])).text
    assert f'href="{reverse("journey", args=[pupil.pk])}">Bidra till Elevens resa' in page
    assert "Se resan" in page


def test_who_may_not_read_the_journey_is_not_told_which(client, programme, pupil, cast):
    Journey.objects.update(visibility="members")
    JourneyMember.objects.create(journey=pupil, person=cast.colleague, role="editor")
    addresses = [reverse("programme", args=["grund"]), "/api/v1/programmes/grund/", reverse("my_page")]
    for person, is_told in ((cast.outsider, False), (cast.administrator, False), (cast.colleague, True)):
        client.force_login(person)
        assert {"Elevens resa" in client.get(address).content.decode() for address in addresses} == {is_told}
    client.force_login(cast.outsider)
    assert "som inte är öppen för dig" in client.get(addresses[0]).text


def test_one_that_is_open_and_goes_on_can_be_chosen(client, pupil, journey_of, cast):
    closed, done = journey_of("Hemlig", visibility="members"), journey_of("Klar", state="done")
    offered = {part.code: part.title for _label, parts in offered_parts(None) for part in parts}
    assert offered[f"contribute:{pupil.pk}"] == "Bidra till Elevens resa"
    assert not {f"contribute:{each.pk}" for each in (closed, done)} & offered.keys()
    client.force_login(cast.editor)
    posted = {"title": "Bidra", "is_open": "on"} | parts_as_posted("contribute:", f"contribute:{pupil.pk}")
    client.post(reverse("make_programme"), posted)
    items = Programme.objects.get().items.all()
    assert [(item.key, item.title) for item in items] == [
        (str(pupil.pk), "Bidra till Elevens resa"), ("", "Bidra till en användarresa"),
    ]  # fmt: skip
    forged = {"title": "Smyg"} | parts_as_posted(f"contribute:{closed.pk}")
    assert client.post(reverse("make_programme"), forged).status_code == 422


def test_many_named_journeys_are_one_question_more(programme, journey_of, cast, django_assert_num_queries):
    for position in range(4, 9):
        key = str(journey_of(f"Resa {position}").pk)
        ProgrammeItem.objects.create(programme=programme, position=position, kind="contribute", title="x", key=key)
    programme.items.filter(kind="read").delete()
    progress_on(programme, person=cast.employee)
    with django_assert_num_queries(2):
        progress_on(programme, person=cast.employee)
