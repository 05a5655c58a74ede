"""Tasks and learning paths by API."""

import base64

import pytest
from django.utils import timezone

from courses.models import HandIn, Programme, ProgrammeItem, Task
from courses.services.booking import book_place
from tests.courses.conftest import DAY, session_of
from tests.courses.test_programmes import complete


@pytest.fixture
def task(course):
    return Task.objects.create(course=course, title="Intervjuer", text="Prata.", pieces=2, made_at=timezone.now() - DAY)


@pytest.fixture
def occasion(plan_occasion, cast, task):
    start = timezone.now() + 4 * DAY
    made = plan_occasion(sessions=[session_of(start, place="A"), session_of(start + 7 * DAY, place="A")], places=9)
    book_place(made, person=cast.employee, now=timezone.now())
    return made


def put(client, task, *pieces, **more):
    data = {"pieces": list(pieces), **more}
    return client.put(f"/api/v1/tasks/{task.pk}/hand-in/", data, content_type="application/json")


def test_handing_in_and_reading_it(client, cast, task, occasion):
    client.force_login(cast.employee)
    [own] = client.get("/api/v1/tasks/").json()["results"]
    assert (own["id"], own["pieces"], own["handed_in_at"]) == (task.pk, 2, None)
    assert put(client, task, {"text": "Ett"}).json()["code"] == "pieces_missing"
    assert put(client, task, {"text": "Ett"}, is_draft=True, version=0).json()["handed_in_at"] is None
    pdf = {"name": "två.exe", "content": base64.b64encode(b"%PDF-1").decode()}
    answer = put(client, task, {"text": "Ett"}, {"file": pdf}, version=1).json()
    assert [piece["file"] for piece in answer["pieces"]] == ["", "två.pdf"]
    assert client.get(answer["pieces"][1]["file_url"]).content == b"%PDF-1"
    client.force_login(cast.facilitator)
    [seen] = client.get(f"/api/v1/occasions/{occasion.pk}/hand-ins/").json()["results"]
    assert seen["person"] == "Elin Ek"
    read = {"version": seen["version"], "word": "Fint"}
    address = f"/api/v1/hand-ins/{seen['id']}/read/"
    assert client.post(address, read | {"version": 1}, content_type="application/json").status_code == 409
    assert client.post(address, read, content_type="application/json").json()["word"] == "Fint"


@pytest.mark.parametrize("content", ["inte base64!", base64.b64encode(b"<svg/>").decode()])
def test_what_is_no_file_of_ours_is_refused(client, cast, task, occasion, content):
    client.force_login(cast.employee)
    assert put(client, task, {"file": {"name": "a.pdf", "content": content}}, is_draft=True).status_code == 409


def test_for_others_nothing_is_there(client, cast, task, occasion):
    client.force_login(cast.employee)
    hand_in = put(client, task, {"text": "Ett"}, {"text": "Två"}).json()["id"]
    for person in (cast.colleague, cast.manager, cast.hr, cast.administrator, cast.outsider):
        client.force_login(person)
        assert client.get("/api/v1/tasks/").json()["count"] == 0
        assert client.get(f"/api/v1/tasks/{task.pk}/hand-in/").status_code == 404
        assert client.get(f"/api/v1/occasions/{occasion.pk}/hand-ins/").status_code == 404
        assert client.get(f"/api/v1/hand-ins/{hand_in}/files/1/").status_code == 404
        read = client.post(f"/api/v1/hand-ins/{hand_in}/read/", {"version": 1}, content_type="application/json")
        assert read.status_code == 404
    assert HandIn.objects.get().read_at is None


def test_learning_paths_and_their_certificate(client, cast, course, now):
    programme = Programme.objects.create(slug="grund", title="Grundväg")
    ProgrammeItem.objects.create(programme=programme, position=1, kind="attend", title="Gå", course=course)
    client.force_login(cast.employee)
    address = "/api/v1/programmes/grund/certificate/"
    assert client.get("/api/v1/programmes/").json()["results"][0]["done"] == 0
    assert client.post(address).json()["code"] == "programme_not_done"
    complete(cast.employee, course, now)
    assert client.get("/api/v1/programmes/grund/").json()["parts"][0]["done_on"] == "2027-03-02"
    number = client.post(address).json()["number"]
    assert client.post(address).json()["number"] == number
    [listed] = client.get("/api/v1/certificates/").json()["results"]
    assert (listed["programme"], listed["course"]) == (programme.pk, None)
    Programme.objects.update(is_open=False)
    assert client.get("/api/v1/programmes/grund/").status_code == 404
