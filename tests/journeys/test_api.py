import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys.models import JourneyMember
from people.services.tokens import make_token
from tests.journeys.conftest import Hand, make_journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client, cast):
    client.force_login(cast.employee)
    return client


def post(client, journey, *operations, **options):
    return client.post(
        f"/api/v1/journeys/{journey.pk}/operations/", list(operations), content_type="application/json", **options
    )


def operation(type_, target=None, based_on=0, **fields):
    return {
        "id": str(uuid.uuid4()),
        "type": type_,
        "target": target and str(target),
        "based_on": based_on,
        "fields": fields,
    }


def test_the_list_holds_what_one_takes_part_in_or_may_read(api, cast, journey, now):
    theirs = make_journey(cast, now, title="Ängars resa")
    theirs.members.all().delete()
    hidden = make_journey(cast, now, title="Hemlig")
    hidden.members.all().delete()
    type(theirs).objects.filter(pk=theirs.pk).update(visibility="everyone")
    body = api.get("/api/v1/journeys/").json()
    assert (body["count"], body["next"], body["previous"]) == (2, None, None)
    assert [(one["title"], one["role"]) for one in body["results"]] == [
        ("Elevens resa", "owner"),
        ("Ängars resa", None),
    ]


def test_the_map_holds_everything_and_its_revision(api, elin, journey):
    note, revision = elin.add_note("Ringer", evidence="citizen")
    body = api.get(f"/api/v1/journeys/{journey.pk}/").json()
    assert (body["revision"], body["role"], len(body["steps"]), len(body["lanes"])) == (revision, "owner", 3, 2)
    assert [(one["id"], one["text"], one["evidence"], one["written_by"]) for one in body["notes"]] == [
        (str(note), "Ringer", "citizen", "Elin Ek")
    ]


def test_the_map_asks_the_database_as_often_with_few_notes_as_with_many(api, elin, journey):
    def questions():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            api.get(f"/api/v1/journeys/{journey.pk}/")
        return len(asked)

    elin.add_note()
    few = questions()
    for _ in range(30):
        elin.add_note()
    assert questions() == few


def test_operations_are_applied_and_listed_without_gaps(api, journey):
    step, lane = journey.steps.first(), journey.lanes.first()
    add = operation("add_note", uuid.uuid4(), step=str(step.id), lane=str(lane.id), text="Via API")
    answer = post(api, journey, add, operation("change_step", step.id, title=""))
    assert answer.status_code == 200
    body = answer.json()
    assert body["revision"] == 1
    assert [(one["id"], one["result"], one["revision"], one["code"]) for one in body["results"]] == [
        (add["id"], "applied", 1, None),
        (body["results"][1]["id"], "refused", None, "text_empty"),
    ]
    log = api.get(f"/api/v1/journeys/{journey.pk}/operations/?after=0").json()
    assert (log["count"], log["next"], log["revision"]) == (1, None, 1)
    assert (log["results"][0]["number"], log["results"][0]["fields"]["text"]) == (1, "Via API")
    assert api.get(f"/api/v1/journeys/{journey.pk}/operations/?after=1").json()["results"] == []


def test_a_long_log_is_read_page_by_page(api, elin, journey, monkeypatch):
    monkeypatch.setattr("journeys.api.OPERATIONS_PER_PAGE", 2)
    for _ in range(3):
        elin.add_note()
    first = api.get(f"/api/v1/journeys/{journey.pk}/operations/?after=0").json()
    assert (first["count"], [one["number"] for one in first["results"]]) == (3, [1, 2])
    second = api.get(first["next"]).json()
    assert ([one["number"] for one in second["results"]], second["next"]) == ([3], None)


def test_a_conflict_comes_with_what_stands_and_what_was_asked(api, kaj, journey):
    step = journey.steps.first()
    kaj.do("change_step", step.id, title="Kajs")
    result = post(api, journey, operation("change_step", step.id, title="Elins")).json()["results"][0]
    assert (result["result"], result["code"], result["current"]["title"], result["changed_by"], result["fields"]) == (
        "conflict",
        "changed",
        "Kajs",
        "Kaj Kvist",
        {"title": "Elins"},
    )


@pytest.mark.parametrize("path", ["", "operations/", "operations/?after=0"])
def test_an_outsider_finds_nothing(client, cast, journey, path):
    client.force_login(cast.outsider)
    answer = client.get(f"/api/v1/journeys/{journey.pk}/{path}")
    nowhere = client.get(f"/api/v1/journeys/987654/{path}")
    assert answer.status_code == nowhere.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == nowhere.json()
    assert post(client, journey, operation("change_journey", title="x")).status_code == 404


def test_who_is_not_logged_in_is_asked_to(client, journey):
    assert client.get("/api/v1/journeys/").status_code == 401
    assert post(client, journey).status_code == 401
    assert client.get(f"/api/v1/journeys/{journey.pk}/events/").status_code in {401, 503}


def test_a_reader_is_told_why_not(client, cast, journey):
    client.force_login(cast.manager)
    answer = post(client, journey, operation("change_journey", title="x"))
    assert (answer.status_code, answer.json()["code"]) == (403, "may_not_change")
    assert client.get(f"/api/v1/journeys/{journey.pk}/").json()["role"] == "reader"


def test_a_role_that_was_taken_away_counts_at_once(api, cast, journey):
    JourneyMember.objects.filter(journey=journey, person=cast.employee).delete()
    assert post(api, journey, operation("change_journey", title="x")).status_code == 404


def test_a_key_works_as_a_session_does(client, cast, journey, now):
    _row, key = make_token(cast.employee, name="test", now=dt.datetime.now(tz=dt.UTC))
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get("/api/v1/journeys/", headers=headers).json()["count"] == 1
    answer = post(client, journey, operation("change_journey", title="Med nyckel"), headers=headers)
    assert answer.json()["results"][0]["result"] == "applied"


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[1]", b'"x"', b"{}", b'[{"id":"x"}]', b'[{"id":null,"type":"a","based_on":0}]', b"\xff", b"null",
        b'[{"id":"6f9619ff-8b86-d011-b42d-00c04fc964ff","type":"add_note","based_on":-1}]',
        b'[{"id":"6f9619ff-8b86-d011-b42d-00c04fc964ff","type":"add_note","based_on":0,"fields":[]}]',
    ],
)  # fmt: skip
def test_what_is_no_list_of_operations_is_a_problem(api, journey, body):
    answer = api.post(f"/api/v1/journeys/{journey.pk}/operations/", body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_too_much_at_once_is_a_problem(api, journey):
    assert post(api, journey, *[operation("change_journey", title="x")] * 201).status_code == 400
    assert post(api, journey, operation("change_journey", aim="a" * 1_000_001)).status_code == 413


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "٣", "9" * 40])
def test_after_is_a_whole_number(api, journey, after):
    assert api.get(f"/api/v1/journeys/{journey.pk}/operations/?after={after}").status_code == 400


def test_wrong_methods_are_405(api, journey):
    assert api.delete(f"/api/v1/journeys/{journey.pk}/").status_code == 405
    assert api.put(f"/api/v1/journeys/{journey.pk}/operations/").status_code == 405
    assert api.post(f"/api/v1/journeys/{journey.pk}/events/").status_code == 405


def test_without_an_event_loop_the_stream_sends_one_elsewhere(api, journey):
    answer = api.get(f"/api/v1/journeys/{journey.pk}/events/")
    assert (answer.status_code, answer.json()["code"]) == (503, "streams_elsewhere")
    assert answer["Retry-After"]


def test_a_change_stands_when_the_bell_can_not_be_rung(
    journey, cast, now, settings, django_capture_on_commit_callbacks
):
    from journeys.services import bell

    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    bell._connection.cache_clear()
    try:
        with django_capture_on_commit_callbacks(execute=True):
            Hand(journey, cast.employee, now).add_note()
    finally:
        bell._connection.cache_clear()
    journey.refresh_from_db()
    assert journey.revision == 1
