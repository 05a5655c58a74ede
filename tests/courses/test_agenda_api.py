"""The agenda of a day, what was left open, and attendance out of a file: by API as by page."""

import base64

import pytest

from courses.models import AgendaItem, Attendance, OpenPoint
from courses.services.booking import book_place
from shared.table_files import MOST_BYTES
from tests.courses import test_api
from tests.courses.test_bookings_api import assert_refused

call = test_api.call


@pytest.fixture
def day(occasion):
    return occasion.sessions.order_by("starts_at").first()


@pytest.fixture
def there(occasion, day):
    return f"occasions/{occasion.pk}/sessions/{day.pk}/"


LINES = [{"starts_after": 60, "what": "Paus"}, {"starts_after": 0, "what": "Kaffe", "leads": "Båda", "version": "2"}]


def test_the_agenda_is_read_and_changed_as_a_whole(call, cast, day, there):
    answer = call("put", there + "agenda/", cast.facilitator, {"items": LINES, "as_template": True})
    assert answer.status_code == 200
    first, second = call("get", there + "agenda/", cast.facilitator).json()["items"]
    assert (first["what"], first["leads"], first["version"], first["ends_at"]) == (
        "Kaffe", "Båda", "2", second["starts_at"],
    )  # fmt: skip
    assert AgendaItem.objects.filter(course=day.occasion.course).count() == 2
    late = call("put", there + "agenda/", cast.facilitator, {"items": [{"starts_after": 1000, "what": "För sent"}]})
    assert_refused(late, "agenda_too_long")
    assert day.agenda.count() == 2
    wrong = call("put", there + "agenda/", cast.facilitator, {"items": [{"starts_after": -1, "what": ""}]})
    assert wrong.status_code == 400


def test_what_was_left_open_is_noted_once_closed_and_opened(call, cast, there):
    for _turn in range(2):
        noted = call("post", there + "open-points/", cast.facilitator, {"text": "Skicka bilderna"})
    assert (noted.status_code, OpenPoint.objects.count()) == (201, 1)
    standing = f"open-points/{noted.json()['id']}/standing/"
    closed = call("put", standing, cast.facilitator, {"is_open": False}).json()
    assert closed["closed_by"] == str(cast.facilitator)
    assert call("put", standing, cast.facilitator, {"is_open": True}).json()["closed_at"] is None
    page = call("get", there + "open-points/", cast.facilitator).json()
    assert (page["count"], page["results"][0]["text"]) == (1, "Skicka bilderna")
    assert call("get", there + "open-points/?oppen=1", cast.facilitator).status_code == 400


@pytest.mark.parametrize("content", ["inte base64!", "A" * (MOST_BYTES // 3 * 4 + 8)], ids=["no base64", "too large"])
def test_what_can_not_be_a_file_is_refused_at_its_field(call, cast, occasion, content):
    answer = call("post", f"occasions/{occasion.pk}/attendance-file/", cast.facilitator, {"content": content})
    assert_refused(answer, "invalid", 400)
    assert "content" in answer.json()["errors"]


def test_a_file_is_tried_then_taken_whole_or_not_at_all(call, cast, occasion, day, start, now):
    book_place(occasion, person=cast.employee, now=now)

    def send(*lines, **more):
        text = "E-post;Närvaro;Dag\n" + "".join(f"{who};{word};{start:%Y-%m-%d}\n" for who, word in lines)
        content = base64.b64encode(text.encode()).decode()
        return call("post", f"occasions/{occasion.pk}/attendance-file/", cast.facilitator, {"content": content, **more})

    good, bad = (cast.employee.email, "anmäld frånvaro"), (cast.outsider.email, "borta")
    tried = send(good, bad).json()
    assert ([one["line"] for one in tried["changes"]], [one["line"] for one in tried["faults"]]) == ([2], [3])
    assert_refused(send(good, bad, only_try=False), "file_has_faults")
    assert not Attendance.objects.exists()
    assert send(good, only_try=False).json()["saved"] == 1
    again = send(good, only_try=False).json()
    assert (again["saved"], again["same"]) == (0, 1)
    answer = call("post", f"occasions/{occasion.pk}/attendance-file/", cast.facilitator, {"content": "%%%"})
    assert answer.status_code == 400


def test_for_whoever_does_not_lead_it_there_is_nothing(call, cast, occasion, there):
    point = call("post", there + "open-points/", cast.facilitator, {"text": "Skicka bilderna"}).json()["id"]
    for person in (cast.employee, cast.outsider, cast.hr, cast.manager):
        for method, address, body in (
            ("get", there + "agenda/", None),
            ("put", there + "agenda/", {"items": []}),
            ("get", there + "open-points/", None),
            ("post", there + "open-points/", {"text": "x"}),
            ("put", f"open-points/{point}/standing/", {"is_open": False}),
            ("post", f"occasions/{occasion.pk}/attendance-file/", {"content": ""}),
        ):
            assert call(method, address, person, body).status_code == 404, (str(person), method, address)
