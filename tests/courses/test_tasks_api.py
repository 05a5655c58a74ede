"""Tasks and learning paths by API."""

import base64

import pytest
from django.utils import timezone

from courses.hand_in_files import LARGEST
from courses.models import HandIn, Programme, ProgrammeItem, Task
from courses.services.booking import book_place
from courses.services.hand_ins import Piece, hand_in_task
from shared.parsing import FilesInJSONParser
from tests.courses.conftest import DAY, session_of
from tests.courses.test_programmes import complete
from tests.courses.test_races import make_people


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


def test_one_and_many_hand_ins_cost_the_same(client, cast, task, occasion, django_assert_max_num_queries):
    """Also where there are several tasks, and more than a page of them holds."""
    Task.objects.create(course=task.course, title="Skiss", text="Rita.", made_at=task.made_at, due_day=1)
    people = [cast.employee, *make_people(5)]
    address = f"/api/v1/occasions/{occasion.pk}/hand-ins/"
    two = [Piece("Ett"), Piece("Två")]
    hand_in_task(task, by=cast.employee, pieces=two, now=timezone.now())
    client.force_login(cast.facilitator)
    client.get(address)
    with django_assert_max_num_queries(20) as one:
        client.get(address)
    for person in people[1:]:
        book_place(occasion, person=person, now=timezone.now())
    for person in people:
        for each in Task.objects.all():
            hand_in_task(each, by=person, pieces=two[: each.pieces], now=timezone.now())
    with django_assert_max_num_queries(len(one)):
        answer = client.get(address).json()
    assert answer["count"] == 12
    assert [each["task"] for each in answer["results"]][:6] == [Task.objects.get(title="Skiss").pk] * 6
    assert client.get(address, {"task": task.pk, "page_size": 4}).json()["count"] == 6
    assert client.get(address, {"task": "x"}).json()["count"] == 0
    by_name = [each["person"] for each in client.get(address, {"order": "name"}).json()["results"]]
    assert by_name[::2] == by_name[1::2]
    newest = [each["handed_in_at"] for each in client.get(address, {"order": "newest"}).json()["results"]]
    assert newest == sorted(newest, reverse=True)
    assert client.get(address, {"read": "true"}).json()["count"] == 0
    assert client.get(address, {"read": "false"}).json()["count"] == 12


@pytest.mark.parametrize(
    ("content", "status"),
    [("inte base64!", 400), ("A" * (LARGEST // 3 * 4 + 8), 409), (base64.b64encode(b"<svg/>").decode(), 409)],
    ids=["no base64", "too large", "of no kind"],
)
def test_what_is_no_file_of_ours_is_refused(client, cast, task, occasion, content, status):
    client.force_login(cast.employee)
    assert put(client, task, {"file": {"name": "a.pdf", "content": content}}, is_draft=True).status_code == status


@pytest.mark.parametrize(("more", "answer"), [(0, 200), (1, 409), (2, 409)])
def test_a_file_is_taken_up_to_its_last_byte_as_by_the_page(client, cast, task, occasion, more, answer):
    client.force_login(cast.employee)
    content = b"%PDF-".ljust(LARGEST + more, b"x")
    sent = put(client, task, {"file": {"name": "a.pdf", "content": base64.b64encode(content).decode()}}, is_draft=True)
    assert sent.status_code == answer
    if answer == 200:
        assert client.get(sent.json()["pieces"][0]["file_url"]).content == content
    else:
        assert (sent["Content-Type"], sent.json()["code"]) == ("application/problem+json", "file_too_large")
        assert "5 MB" in sent.json()["detail"]
        assert not HandIn.objects.exists()


@pytest.mark.parametrize(("more", "status"), [(0, 400), (1, 413)])
def test_a_body_is_read_up_to_its_last_byte_and_by_this_address_alone(client, cast, task, occasion, more, status):
    client.force_login(cast.employee)
    whole = b'{"pieces": "'.ljust(FilesInJSONParser.most + more - 2, b"x") + b'"}'
    sent = client.put(f"/api/v1/tasks/{task.pk}/hand-in/", whole, content_type="application/json")
    assert sent.status_code == status
    assert sent.json()["code"] == ("too_big" if more else "invalid")
    elsewhere = client.post(f"/api/v1/occasions/{occasion.pk}/bookings/", whole, content_type="application/json")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (413, "too_big")


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
