"""The pages of a task: what one sees and does, what is kept at every error, and who is told that nothing is there."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from courses.hand_in_files import check_upload
from courses.models import HandIn, Task
from courses.services.booking import book_place
from courses.services.hand_ins import LONGEST_TEXT, Piece, hand_in_task, save_draft
from courses.task_queries import counts_of
from tests.courses.conftest import DAY, session_of


@pytest.fixture
def task(course):
    return Task.objects.create(
        course=course, title="Tre intervjuer", text="Prata med tre.", pieces=3, piece_name="Intervju",
        made_at=timezone.now() - 30 * DAY,
    )  # fmt: skip


@pytest.fixture
def occasion(plan_occasion, cast, task):
    """Day one has been, day two comes in three days; booked from a time when it was to come."""
    start = timezone.now() - 4 * DAY
    return plan_occasion(sessions=[session_of(start, place="A"), session_of(start + 7 * DAY, place="A")], places=9)


@pytest.fixture
def booking(occasion, cast):
    return book_place(occasion, person=cast.employee, now=occasion.starts_at - 5 * DAY)[0]


@pytest.fixture
def handed_in(task, booking):
    pieces = [Piece("Anna tycker"), Piece("Bo tycker"), Piece(upload=check_upload("tre.html", b"%PDF-1 <script>"))]
    return hand_in_task(task, by=booking.person, pieces=pieces, now=timezone.now())


@pytest.fixture
def addresses(task, occasion, handed_in):
    return {
        "task": reverse("task", args=[task.pk]),
        "list": reverse("occasion_task", args=[occasion.pk, task.pk]),
        "read": reverse("read_hand_in", args=[occasion.pk, task.pk, handed_in.pk]),
        "file": reverse("hand_in_file", args=[handed_in.uuid, 3]),
    }


MAY = {"task": {"employee"}, "list": {"facilitator"}, "read": {"facilitator"}, "file": {"employee", "facilitator"}}


def test_for_everyone_else_it_does_not_exist(client, cast, addresses, occasion):
    for name in ("employee", "colleague", "manager", "facilitator", "hr", "editor", "administrator", "outsider"):
        client.force_login(getattr(cast, name))
        seen = {page for page, address in addresses.items() if client.get(address).status_code == 200}
        assert seen == {page for page, who in MAY.items() if name in who}, name
    client.logout()
    assert {client.get(address).status_code for address in addresses.values()} == {302}


def test_another_participant_sees_nothing_of_it(client, cast, addresses, occasion):
    book_place(occasion, person=cast.colleague, now=occasion.starts_at - 5 * DAY)
    client.force_login(cast.colleague)
    assert client.get(addresses["file"]).status_code == 404
    assert "Anna tycker" not in client.get(addresses["task"]).text


def test_a_file_is_fetched_and_never_shown(client, cast, addresses):
    client.force_login(cast.facilitator)
    answer = client.get(addresses["file"])
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert ".html" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_handing_in_by_the_page(client, cast, booking, task):
    client.force_login(cast.employee)
    address = reverse("task", args=[task.pk])
    assert address in client.get(reverse("my_page")).text
    assert address in client.get(reverse("booking", args=[booking.pk])).text
    page = client.get(address)
    assert "Intervju 3" in page.text
    png = SimpleUploadedFile("bild.svg", b"\x89PNG\r\n\x1a\n", content_type="image/svg+xml")
    typed = {"version": "0", "text_1": "Ett", "text_2": "Två", "file_3": png, "hand_in": "1"}
    done = client.post(address, typed, follow=True)
    assert "bild.png" in done.text
    assert HandIn.objects.get().handed_in_at is not None


def test_what_was_typed_is_kept_at_an_error_and_saved(client, cast, booking, task):
    client.force_login(cast.employee)
    svg = SimpleUploadedFile("bild.png", b"<svg/>", content_type="image/png")
    png = SimpleUploadedFile("foto", b"\x89PNG\r\n\x1a\n")
    typed = {"version": "0", "text_1": "Mina ord <b>", "file_1": png, "file_2": svg, "hand_in": "1"}
    answer = client.post(reverse("task", args=[task.pk]), typed)
    assert answer.status_code == 422
    assert "Mina ord &lt;b&gt;" in answer.text
    assert "foto.png" in answer.text
    assert 'id="id_file_2_error"' in answer.text
    draft = HandIn.objects.get()
    assert draft.handed_in_at is None
    assert [piece.text for piece in draft.pieces.all()] == ["Mina ord <b>", "", ""]


def test_a_draft_shows_again(client, cast, booking, task):
    client.force_login(cast.employee)
    address = reverse("task", args=[task.pk])
    client.post(address, {"version": "0", "text_2": "Halvvägs", "draft": "1"})
    assert "Halvvägs" in client.get(address).text
    assert client.post(address, {"version": "0", "text_2": "Annat fönster", "draft": "1"}).status_code == 422
    again = client.post(address, {"version": "0", "text_2": "Annat fönster", "draft": "1"})
    assert "Annat fönster" in again.text
    assert 'name="version" value="1"' in again.text


@pytest.mark.parametrize("wrong", ["x" * (LONGEST_TEXT + 1), "nul\0byte"])
def test_a_text_that_cant_be_taken_leaves_the_one_that_is_kept(client, cast, booking, task, wrong):
    client.force_login(cast.employee)
    address = reverse("task", args=[task.pk])
    client.post(address, {"version": "0", "text_1": "Långa anteckningar", "draft": "1"})
    answer = client.post(address, {"version": "1", "text_1": wrong, "text_2": "Två", "draft": "1"})
    assert answer.status_code == 422
    assert answer.text.count('id="id_text_1_error"') == 1
    assert len(answer.context["form"].errors["text_1"]) == 1
    assert "Allt annat är sparat som utkast." in answer.text
    assert [piece.text for piece in HandIn.objects.get().pieces.all()] == ["Långa anteckningar", "Två", ""]
    alone = client.post(address, {"version": "2", "text_1": wrong, "draft": "1"})
    assert alone.status_code == 422
    assert "utkast." not in alone.text
    assert [piece.text for piece in HandIn.objects.get().pieces.all()] == ["Långa anteckningar", "Två", ""]


def test_a_line_break_is_one_sign_as_the_browser_counts_it(client, cast, booking, task):
    client.force_login(cast.employee)
    address = reverse("task", args=[task.pk])
    longest = "ord\r\n" * (LONGEST_TEXT // 4 - 1) + "fyra"
    answer = client.post(address, {"version": "0", "text_1": longest, "draft": "1"})
    assert answer.status_code == 302
    assert len(HandIn.objects.get().pieces.get(number=1).text) == LONGEST_TEXT


def test_files_that_were_not_saved_are_asked_for_again(client, cast, addresses, handed_in, task):
    """Saved elsewhere meanwhile; and handed in already, with a wrong file beside."""
    client.force_login(cast.employee)

    def png():
        return SimpleUploadedFile("foto.png", b"\x89PNG\r\n\x1a\n")

    stale = client.post(addresses["task"], {"version": "0", "text_1": "Nytt", "file_2": png(), "hand_in": "1"})
    assert stale.context["form"].errors["file_2"] == ["Välj filen igen: den sparades inte."]
    svg = SimpleUploadedFile("bild.png", b"<svg/>")
    typed = {"version": "0", "text_1": "Nytt", "file_1": svg, "file_2": png(), "hand_in": "1"}
    wrong = client.post(addresses["task"], typed)
    assert wrong.context["form"].errors["file_2"] == ["Välj filen igen: den sparades inte."]
    assert len(wrong.context["form"].errors["file_1"]) == 1
    assert 'name="version" value="0"' in wrong.text  # nobody has been told yet of what is saved elsewhere
    assert HandIn.objects.get().pieces.get(number=1).text == "Anna tycker"


def test_taking_a_file_away_is_not_repeated_on_the_one_that_came_instead(client, cast, booking, task):
    client.force_login(cast.employee)
    address = reverse("task", args=[task.pk])
    save_draft(task, by=cast.employee, pieces=[Piece(upload=check_upload("gammal.pdf", b"%PDF-1"))], now=timezone.now())
    png = SimpleUploadedFile("ny.png", b"\x89PNG\r\n\x1a\n")
    answer = client.post(address, {"version": "1", "away_1": "on", "file_1": png, "hand_in": "1"})
    assert answer.status_code == 422
    assert "ny.png" in answer.text
    assert answer.context["form"]["away_1"].value() is False


def test_a_session_that_ran_out_gives_the_words_back(client, booking, task):
    answer = client.post(reverse("task", args=[task.pk]), {"text_1": "Långa anteckningar"})
    assert answer.status_code == 403
    assert "Långa anteckningar" in answer.text
    assert not HandIn.objects.exists()


def test_the_facilitator_reads_and_answers(client, cast, addresses, occasion, task, handed_in):
    book_place(occasion, person=cast.colleague, now=occasion.starts_at - 5 * DAY)
    client.force_login(cast.facilitator)
    due = occasion.sessions.last()
    sheet = client.get(reverse("run_sheet", args=[occasion.pk, due.pk])).text
    assert addresses["list"] in sheet
    first = client.get(reverse("run_sheet", args=[occasion.pk, occasion.sessions.first().pk])).text
    assert addresses["list"] not in first
    listed = client.get(addresses["list"]).text
    assert "Ek, Elin" in listed
    assert "Kvist, Kaj" in listed
    assert "Anna tycker" in client.get(addresses["read"]).text
    stale = client.post(addresses["read"], {"version": "0", "word": "Tack!"})
    assert stale.status_code == 422
    assert re.search(r'<textarea name="word"[^>]*>\s*Tack!</textarea>', stale.text)
    assert f'name="version" value="{handed_in.version}"' in stale.text
    client.post(addresses["read"], {"version": str(handed_in.version), "word": "Tack!"})
    client.force_login(cast.employee)
    assert "Tack!" in client.get(addresses["task"]).text


def test_what_is_erased_is_not_marked_as_read(client, cast, addresses, occasion, task, handed_in):
    HandIn.objects.update(erased_at=timezone.now())
    client.force_login(cast.facilitator)
    assert 'name="word"' not in client.get(addresses["read"]).text
    assert client.post(addresses["read"], {"version": "1", "word": "Tack!"}).status_code == 422
    assert HandIn.objects.get().word == ""
    assert counts_of(occasion, reader=cast.facilitator)[0].unread == 0


def test_nothing_acts_on_a_get_and_odd_numbers_are_nowhere(client, cast, addresses, occasion, task):
    client.force_login(cast.facilitator)
    assert client.post(addresses["list"]).status_code == 405
    assert client.post(addresses["file"]).status_code == 405
    assert client.get(reverse("occasion_task", args=[occasion.pk, task.pk + 99])).status_code == 404
    assert client.get(reverse("read_hand_in", args=[occasion.pk, task.pk, 999999])).status_code == 404


def test_one_and_many_hand_ins_cost_the_same(client, cast, addresses, occasion, task, django_assert_max_num_queries):
    from tests.courses.test_races import make_people

    client.force_login(cast.facilitator)
    client.get(addresses["list"])
    with django_assert_max_num_queries(14) as one:
        client.get(addresses["list"])
    for person in make_people(6):
        book_place(occasion, person=person, now=occasion.starts_at - 5 * DAY)
        hand_in_task(task, by=person, pieces=[Piece("Ett"), Piece("Två"), Piece("Tre")], now=timezone.now())
    with django_assert_max_num_queries(len(one)):
        client.get(addresses["list"])
