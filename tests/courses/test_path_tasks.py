"""A learning path's own task: made where paths are made, done from the path, read by those who are named."""

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Certificate, HandIn, HandInPiece, Programme, ProgrammeItem, Task
from courses.programme_parts import MOST_PARTS
from courses.progress import progress_on
from courses.services.hand_ins import Piece, erase_hand_ins, hand_in_task, read_hand_in, save_draft
from courses.services.programme_certificates import claim_certificate
from letters.models import Letter
from shared.rules import RuleBroken
from tests.courses.conftest import DAY


@pytest.fixture
def programme(course):
    made = Programme.objects.create(slug="leda", title="Leda workshopar")
    ProgrammeItem.objects.create(programme=made, position=1, kind="contribute", title="Bidra")
    return made


@pytest.fixture
def task(programme, cast):
    """Its only part, read by the facilitator."""
    made = Task.objects.create(programme=programme, title="Skriv till dig", text="Tre rader.", made_at=timezone.now())
    programme.items.all().delete()
    ProgrammeItem.objects.create(programme=programme, position=1, kind="task", title="Skriv", task=made)
    programme.readers.add(cast.facilitator)
    return made


@pytest.fixture
def handed_in(task, cast):
    return hand_in_task(task, by=cast.employee, pieces=[Piece("Jag frågar mer.")], now=timezone.now())


def refusal(act, *args, **kwargs):
    with pytest.raises(RuleBroken) as refused:
        act(*args, **kwargs)
    return refused.value.code


def test_it_is_done_from_the_path_and_read_with_a_word_back(client, task, cast):
    client.force_login(cast.employee)
    path, page = reverse("programme", args=["leda"]), reverse("task", args=[task.pk])
    assert page in client.get(path).text
    shown = client.get(page).text
    assert "Frida Fors" in shown
    assert path in shown
    client.post(page, {"version": "0", "text_1": "Jag frågar", "draft": "1"})
    assert "utkast sparat" in client.get(path).text
    client.post(page, {"version": "1", "text_1": "Jag frågar mer.", "hand_in": "1"})
    assert "1 av 1 klar" in client.get(path).text

    client.force_login(cast.facilitator)
    for told in (path, reverse("programmes"), reverse("facilitated")):
        assert "1 att läsa" in client.get(told).text
    hand_in = HandIn.objects.get()
    assert "Ek, Elin" in client.get(reverse("path_hand_ins", args=["leda", task.pk])).text
    read = reverse("read_path_hand_in", args=["leda", task.pk, hand_in.pk])
    assert "Jag frågar mer." in client.get(read).text
    stale = client.post(read, {"version": "1", "word": "Fint"})
    assert stale.status_code == 422
    assert stale.context["form"]["word"].value() == "Fint"
    assert client.post(read, {"version": hand_in.version, "word": "Fint"}).status_code == 302
    assert Letter.objects.get(kind="hand_in_read").person == cast.employee
    assert "1 att läsa" not in client.get(path).text
    client.force_login(cast.employee)
    assert ", läst" in client.get(path).text
    assert "Fint" in client.get(page).text


def test_it_counts_in_progress_and_stands_on_the_certificate(programme, task, handed_in, cast):
    assert progress_on(programme, person=cast.employee).is_whole
    certificate = claim_certificate(programme, person=cast.employee, now=timezone.now())
    assert [(part["kind"], part["title"]) for part in certificate.parts] == [("task", "Skriv")]
    assert Certificate.objects.count() == 1


def test_only_those_named_who_still_look_after_paths_read_it(client, programme, task, handed_in, cast):
    addresses = [
        reverse("path_hand_ins", args=["leda", task.pk]),
        reverse("read_path_hand_in", args=["leda", task.pk, handed_in.pk]),
        "/api/v1/programmes/leda/hand-ins/",
        f"/api/v1/hand-ins/{handed_in.pk}/files/1/",
    ]
    programme.readers.add(cast.colleague)  # named, and without the right
    others = (cast.colleague, cast.employee, cast.manager, cast.hr, cast.editor, cast.administrator, cast.outsider)
    for person in others:
        client.force_login(person)
        assert {client.get(address).status_code for address in addresses} == {404}
        assert client.post(addresses[1], {"version": "1"}).status_code == 404
        if person != cast.employee:
            assert refusal(read_hand_in, handed_in, by=person, version=1, word="", now=timezone.now())
    assert HandIn.objects.get().read_at is None


def test_a_reader_never_reads_the_own_and_sees_no_draft(client, programme, task, cast):
    own = hand_in_task(task, by=cast.facilitator, pieces=[Piece("Mitt eget")], now=timezone.now())
    draft = save_draft(task, by=cast.colleague, pieces=[Piece("Inte än")], now=timezone.now())
    client.force_login(cast.facilitator)
    assert "Ingen har lämnat in än" in client.get(reverse("path_hand_ins", args=["leda", task.pk])).text
    for each in (own, draft):
        assert client.get(reverse("read_path_hand_in", args=["leda", task.pk, each.pk])).status_code == 404


def test_what_is_no_part_of_an_open_path_is_for_nobody_new(client, programme, task, handed_in, cast):
    page = reverse("task", args=[task.pk])
    for change in (lambda: Programme.objects.update(is_open=False), lambda: programme.items.all().delete()):
        Programme.objects.update(is_open=True)
        change()
        for person, status in ((cast.outsider, 404), (cast.employee, 200)):
            client.force_login(person)
            assert client.get(page).status_code == status
    nobody_new = refusal(hand_in_task, task, by=cast.outsider, pieces=[Piece("x")], now=timezone.now())
    assert nobody_new == "not_your_task"


def test_the_clock_erases_it_and_the_path_stays_done(programme, handed_in, cast, settings):
    last = handed_in.changed_at + settings.HAND_INS_KEPT_DAYS * DAY
    assert erase_hand_ins(now=last - DAY) == 0
    assert erase_hand_ins(now=last) == 1
    assert not HandInPiece.objects.exists()
    assert progress_on(programme, person=cast.employee).is_whole


def made(**changes):
    return {"title": "Dagbok", "text": "Skriv.", "pieces": "1", "takes": "text"} | changes


def test_making_it_makes_the_last_part_and_the_first_reader(client, programme, cast):
    client.force_login(cast.editor)
    address = reverse("make_path_task", args=["leda"])
    assert client.post(address, made(title="")).status_code == 422
    client.post(address, made())
    task = Task.objects.get()
    assert (task.programme, task.course, task.required_since) == (programme, None, None)
    assert [item.title for item in programme.items.all()] == ["Bidra", "Gör uppgiften Dagbok"]
    assert list(programme.readers.all()) == [cast.editor]
    change = reverse("change_path_task", args=["leda", task.pk])
    client.post(change, made(title="Loggbok"))
    assert programme.items.last().title == "Gör uppgiften Loggbok"
    assert "Loggbok" in client.get(reverse("change_programme", args=["leda"])).text
    client.post(change, {"end": "1"})
    assert [item.title for item in programme.items.all()] == ["Bidra"]
    assert client.get(change).status_code == 404


def test_a_path_with_every_part_it_can_have_takes_no_task_more(client, programme, cast):
    client.force_login(cast.editor)
    address, api = reverse("make_path_task", args=["leda"]), "/api/v1/programmes/leda/tasks/"
    kept = programme.items.get()
    for position in range(2, MOST_PARTS):
        ProgrammeItem.objects.create(programme=programme, position=position, kind=kept.kind, title=f"Del {position}")
    assert client.post(address, made()).status_code == 302
    full = client.post(address, made(title="En till"))
    assert (full.status_code, "högst 40 delar" in full.text, 'value="En till"' in full.text) == (422, True, True)
    answer = client.post(api, {"title": "En till", "text": "Skriv."}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_parts")
    assert (programme.items.count(), Task.objects.count()) == (MOST_PARTS, 1)


def test_the_only_part_is_not_ended(client, programme, task, cast):
    client.force_login(cast.facilitator)
    client.post(reverse("change_path_task", args=["leda", task.pk]), {"end": "1"})
    task.refresh_from_db()
    assert task.ended_at is None


def test_somebody_must_read_what_is_handed_in(client, programme, task, cast):
    client.force_login(cast.editor)
    address = reverse("change_programme", args=["leda"])
    parts = {"part-TOTAL_FORMS": "1", "part-INITIAL_FORMS": "0", "part-0-part": f"task:{task.pk}"}
    told = client.post(address, {"title": "Leda", "is_open": "on"} | parts)
    assert told.status_code == 422
    assert "Någon måste läsa" in told.text
    readers = [str(cast.editor.pk), str(cast.employee.pk)]
    assert client.post(address, {"title": "Leda", "readers": readers} | parts).status_code == 422
    assert client.post(address, {"title": "Leda", "is_open": "on", "readers": readers[:1]} | parts).status_code == 302
    assert list(programme.readers.all()) == [cast.editor]


def test_those_without_the_right_make_none(client, programme, task, cast):
    addresses = [reverse("make_path_task", args=["leda"]), reverse("change_path_task", args=["leda", task.pk])]
    for person in (cast.employee, cast.manager, cast.hr, cast.outsider):
        client.force_login(person)
        for address in addresses:
            assert {client.get(address).status_code, client.post(address, made()).status_code} == {404}
    assert Task.objects.get().title == "Skriv till dig"


def test_by_the_api(client, programme, task, cast):
    client.force_login(cast.employee)
    [part] = client.get("/api/v1/programmes/leda/").json()["parts"]
    assert client.get(f"/api/v1/tasks/{part['task']}/").json()["text"] == "Tre rader."
    done = {"pieces": [{"text": "Jag frågar mer."}]}
    address = f"/api/v1/tasks/{part['task']}/hand-in/"
    assert client.put(address, done, content_type="application/json").status_code == 200
    client.force_login(cast.facilitator)
    [seen] = client.get(f"/api/v1/programmes/leda/hand-ins/?task={task.pk}").json()["results"]
    assert seen["person"] == "Elin Ek"
    assert client.get("/api/v1/programmes/leda/hand-ins/?task=x").json()["count"] == 0
    assert client.get("/api/v1/programmes/leda/hand-ins/?taks=1").status_code == 400
    read = {"version": seen["version"], "word": "Fint"}
    address = f"/api/v1/hand-ins/{seen['id']}/read/"
    assert client.post(address, read, content_type="application/json").json()["word"] == "Fint"
    Programme.objects.update(is_open=False)
    client.force_login(cast.outsider)
    assert client.get(f"/api/v1/tasks/{task.pk}/").status_code == 404


def test_making_it_by_the_api(client, programme, cast):
    address, json = "/api/v1/programmes/leda/tasks/", {"content_type": "application/json"}
    client.force_login(cast.editor)
    wanted = {"title": "Dagbok", "text": "Skriv.", "takes": "text"}
    assert client.post(address, wanted | {"pieces": 11}, **json).status_code == 400
    made = client.post(address, wanted, **json).json()
    assert programme.items.last().task_id == made["id"]
    one = f"{address}{made['id']}/"
    assert client.put(one, wanted | {"title": "Loggbok", "pieces": 2}, **json).json()["pieces"] == 2
    [listed] = client.get(address).json()["results"]
    assert (listed["title"], listed["is_part"]) == ("Loggbok", True)
    for person in (cast.employee, cast.hr, cast.outsider):
        client.force_login(person)
        assert client.get(address).status_code == client.get(one).status_code == 404
        assert client.post(address, wanted, **json).status_code == 404
        assert client.put(one, wanted, **json).status_code == client.delete(one).status_code == 404
    client.force_login(cast.editor)
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404
    assert [item.title for item in programme.items.all()] == ["Bidra"]


def test_many_to_read_ask_no_more_than_one(client, programme, task, cast, django_assert_max_num_queries):
    people = [cast.employee, cast.colleague, cast.manager, cast.hr, cast.outsider]
    client.force_login(cast.facilitator)
    address = reverse("path_hand_ins", args=["leda", task.pk])
    hand_in_task(task, by=people[0], pieces=[Piece("x")], now=timezone.now())
    with django_assert_max_num_queries(30) as one:
        client.get(address)
    for person in people[1:]:
        hand_in_task(task, by=person, pieces=[Piece("x")], now=timezone.now())
    with django_assert_max_num_queries(len(one)):
        client.get(address)


def to_read_letters():
    return list(Letter.objects.filter(kind="hand_in_to_read").order_by("id"))


def test_a_reader_gets_a_letter_when_there_is_something_to_read_again(client, programme, task, cast):
    now = timezone.now()
    programme.readers.add(cast.editor)
    save_draft(task, by=cast.employee, pieces=[Piece("Inte än")], now=now)
    assert to_read_letters() == []
    first = hand_in_task(task, by=cast.employee, pieces=[Piece("Ett")], now=now)
    assert {letter.person for letter in to_read_letters()} == {cast.facilitator, cast.editor}
    letter = next(letter for letter in to_read_letters() if letter.person == cast.facilitator)
    assert letter.subject == "Att läsa: Elin Ek har lämnat in ”Skriv till dig”"
    assert "Ett" not in letter.text.split()  # what it says is read where the right is asked for
    link = reverse("read_path_hand_in", args=["leda", task.pk, first.pk])
    for reader in (cast.facilitator, cast.editor):
        client.force_login(reader)
        assert client.get(link).status_code == 200
    assert link in letter.text
    assert link in letter.html

    # A change, the same click again, and what comes while something waits are no news.
    hand_in_task(task, by=cast.employee, pieces=[Piece("Ett till")], now=now)
    second = hand_in_task(task, by=cast.colleague, pieces=[Piece("Två")], now=now)
    assert len(to_read_letters()) == 2
    first.refresh_from_db()
    for each in (first, second):
        read_hand_in(each, by=cast.facilitator, version=each.version, word="", now=now)
    hand_in_task(task, by=cast.manager, pieces=[Piece("Tre")], now=now)
    assert len(to_read_letters()) == 4


def test_what_a_reader_hands_in_is_told_to_the_others_alone(programme, task, cast):
    programme.readers.add(cast.editor, cast.colleague)  # the colleague is named, and without the right
    hand_in_task(task, by=cast.facilitator, pieces=[Piece("Mitt")], now=timezone.now())
    assert [letter.person for letter in to_read_letters()] == [cast.editor]
    # The own waits for others: it keeps no letter from the one who handed it in.
    hand_in_task(task, by=cast.employee, pieces=[Piece("Hennes")], now=timezone.now())
    assert [letter.person for letter in to_read_letters()] == [cast.editor, cast.facilitator]


def test_who_is_named_while_something_waits_is_told_of_it_once(client, programme, task, handed_in, cast):
    """Also where whoever read before is gone."""
    Letter.objects.all().delete()
    hand_in_task(task, by=cast.colleague, pieces=[Piece("Två")], now=timezone.now())
    assert to_read_letters() == []
    client.force_login(cast.facilitator)
    plan, address = {"title": "Leda", "parts": [f"task:{task.pk}"]}, "/api/v1/programmes/leda/plan/"
    for readers in ([cast.editor], [cast.facilitator, cast.editor], [cast.facilitator], [cast.editor]):
        asked = plan | {"readers": [person.email for person in readers]}
        assert client.put(address, asked, content_type="application/json").status_code == 200
    # Neither twice, nor who names oneself.
    [letter] = to_read_letters()
    assert letter.person == cast.editor
    assert reverse("read_path_hand_in", args=["leda", task.pk, handed_in.pk]) in letter.text
