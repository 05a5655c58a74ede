"""The task between the days: handed in, read by the few, reminded of once, and erased by the clock."""

import datetime as dt
import io
import zipfile

import pytest
from django.utils import timezone

from courses.hand_in_files import LARGEST, check_upload, harmless_name, kind_of
from courses.models import Booking, Completion, HandIn, HandInFile, HandInPiece, Task
from courses.services.attendance import mark_attendance
from courses.services.booking import book_place, cancel_booking
from courses.services.hand_ins import Piece, erase_hand_ins, hand_in_task, read_hand_in, save_draft
from courses.services.judging_anew import judge_due
from courses.services.making_up import make_up_day
from courses.services.moving import move_booking
from courses.services.occasions import SessionPlan, change_occasion
from courses.services.programmes import end_task, save_task
from courses.services.task_reminders import write_task_reminders
from courses.task_queries import handed_in_on, may_read, own_tasks, tasks_to_tell
from letters.models import Letter
from shared.rules import RuleBroken
from tests.courses.conftest import DAY, HOUR, plan_for, session_of, two_days

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
THREE = [Piece("Ett"), Piece("Två"), Piece("Tre")]


@pytest.fixture
def task(course, now):
    return Task.objects.create(
        course=course, title="Tre intervjuer", title_en="Three interviews", text="Prata med tre personer.", pieces=3,
        piece_name="Intervju", piece_name_en="Interview", made_at=now - 30 * DAY,
    )  # fmt: skip


@pytest.fixture
def occasion(plan_occasion, start):
    """Two days, a week between them."""
    return plan_occasion(places=4, sessions=[session_of(start, place="A"), session_of(start + 7 * DAY, place="A")])


@pytest.fixture
def due(start):
    return start + 7 * DAY


@pytest.fixture
def booking(occasion, cast, now, task):
    return book_place(occasion, person=cast.employee, now=now)[0]


@pytest.fixture
def between(start):
    return start + 2 * DAY


@pytest.fixture
def handed_in(task, booking, between):
    return hand_in_task(task, by=booking.person, pieces=THREE, now=between)


def refusal(act, *args, **kwargs):
    with pytest.raises(RuleBroken) as refused:
        act(*args, **kwargs)
    return refused.value.code


def document(*names, mimetype=None):
    """A zip with such files in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (PNG, "png"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (document("[Content_Types].xml", "word/document.xml"), "docx"),
        (document(mimetype="application/vnd.oasis.opendocument.text"), "odt"),
        (document("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (document("[Content_Types].xml", "xl/workbook.xml"), None),
        (document(mimetype="x" * 200), None),
        (b"PK\x03\x04 cut off", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"<!doctype html><script>", None),
        (b"MZ\x90\0", None),
        (b"plain", None),
    ],
)
def test_what_a_file_is_is_read_from_its_bytes(content, kind):
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("Anteckningar.pdf", "Anteckningar"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Hem\\min fil.exe.png", "min fil.exe"),
        ("a\u202egnp.exe", "a gnp"),
        ("\0\r\n.html", "Fil"),
        ("x" * 300 + ".pdf", "x" * 80),
    ],
)
def test_a_name_does_no_harm(name, harmless):
    assert harmless_name(name) == harmless


def test_a_file_has_a_largest_size():
    assert check_upload("a", b"%PDF-" + b"x" * (LARGEST - 5)).kind == "pdf"
    assert refusal(check_upload, "a", b"%PDF-" + b"x" * (LARGEST - 4)) == "file_too_large"
    assert refusal(check_upload, "a", b"") == "file_empty"


def test_a_draft_is_the_persons_alone(task, booking, cast, between):
    draft = save_draft(task, by=cast.employee, pieces=[Piece("Ett")], now=between)
    assert may_read(cast.employee, draft)
    assert not may_read(cast.facilitator, draft)
    assert refusal(read_hand_in, draft, by=cast.facilitator, version=1, word="", now=between) == "not_your_task"


def test_all_of_it_is_handed_in_or_nothing(task, booking, cast, between):
    save_draft(task, by=cast.employee, pieces=[Piece("Först")], now=between)
    assert refusal(hand_in_task, task, by=cast.employee, pieces=THREE[:2], now=between) == "pieces_missing"
    assert HandInPiece.objects.get().text == "Först"
    pdf = check_upload("a.pdf", b"%PDF-1")
    done = hand_in_task(task, by=cast.employee, pieces=[*THREE[:2], Piece(upload=pdf)], now=between)
    assert done.handed_in_at == between
    assert bytes(HandInFile.objects.get().content) == b"%PDF-1"


def test_the_same_click_twice_is_one(task, handed_in, between):
    again = hand_in_task(task, by=handed_in.person, pieces=THREE, now=between + HOUR, based_on=0)
    assert (again.version, again.changed_at) == (handed_in.version, between)


def test_another_window_does_not_overwrite_without_a_word(task, handed_in, between):
    changed = [Piece("Nytt"), *THREE[1:]]
    code = refusal(hand_in_task, task, by=handed_in.person, pieces=changed, now=between, based_on=0)
    assert code == "changed_meanwhile"
    assert hand_in_task(task, by=handed_in.person, pieces=changed, now=between, based_on=1).version == 2


def test_it_changes_until_it_is_due_and_then_until_it_is_read(task, handed_in, cast, due):
    changed = [Piece("Nytt"), *THREE[1:]]
    read_hand_in(handed_in, by=cast.facilitator, version=1, word="", now=due - 2 * HOUR)
    again = hand_in_task(task, by=cast.employee, pieces=changed, now=due - HOUR)
    assert again.read_at is None
    assert hand_in_task(task, by=cast.employee, pieces=THREE, now=due + HOUR).version == 3
    read_hand_in(handed_in, by=cast.facilitator, version=3, word="", now=due + 2 * HOUR)
    assert refusal(hand_in_task, task, by=cast.employee, pieces=changed, now=due + 3 * HOUR) == "already_read"


def test_a_word_back_comes_in_one_letter(handed_in, cast, due):
    for _click in range(2):
        read_hand_in(handed_in, by=cast.facilitator, version=1, word="Fint! Ta med <citaten>.", now=due)
    letter = Letter.objects.get(kind="hand_in_read")
    assert letter.person == cast.employee
    assert "Ta med <citaten>." in letter.text
    assert "Ta med &lt;citaten&gt;." in letter.html


def test_without_a_word_there_is_no_letter(handed_in, cast, due):
    assert read_hand_in(handed_in, by=cast.facilitator, version=1, word=" ", now=due).read_by == cast.facilitator
    assert not Letter.objects.filter(kind="hand_in_read").exists()


def test_what_was_changed_meanwhile_is_read_first(task, handed_in, cast, between):
    hand_in_task(task, by=cast.employee, pieces=[Piece("Nytt"), *THREE[1:]], now=between + HOUR)
    code = refusal(read_hand_in, handed_in, by=cast.facilitator, version=1, word="Bra", now=between + HOUR)
    assert code == "changed_meanwhile"


def test_only_the_person_and_the_occasions_own_facilitators_read_it(handed_in, cast, occasion):
    readers = [name for name in vars(cast) if name not in {"school", "schools", "care"}]
    assert {name for name in readers if may_read(getattr(cast, name), handed_in)} == {"employee", "facilitator"}
    cancel_booking(handed_in.person.bookings.get(), by=cast.facilitator, now=occasion.starts_at + DAY, why="Slutat")
    assert not may_read(cast.facilitator, handed_in)
    assert may_read(cast.employee, handed_in)


def test_nobody_without_a_place_hands_in(task, cast, between, occasion, now):
    assert refusal(save_draft, task, by=cast.outsider, pieces=THREE, now=between) == "not_your_task"
    assert not HandIn.objects.exists()


def test_a_moved_booking_keeps_it(task, booking, plan_occasion, start, cast, now):
    hand_in_task(task, by=cast.employee, pieces=THREE, now=now)
    later = plan_occasion(sessions=two_days(start + 60 * DAY))
    move_booking(booking, to=later, by=cast.employee, now=now)
    [own] = own_tasks(cast.employee, now=now)
    assert own.is_done
    assert own.due_at == start + 61 * DAY
    assert [each.hand_in is not None for each in handed_in_on(later, task)] == [True]


def test_a_made_up_day_gives_until_that_day(task, booking, plan_occasion, start, due, cast):
    sessions = list(booking.occasion.sessions.all())
    mark_attendance(booking, sessions[0], state="present", by=cast.facilitator, now=start + 8 * HOUR)
    mark_attendance(booking, sessions[1], state="absent", by=cast.facilitator, now=due + 8 * HOUR)
    there = plan_occasion(sessions=two_days(start + 60 * DAY))
    make_up_day(booking, sessions[1], on=there, by=cast.employee, now=due + DAY)
    [own] = own_tasks(cast.employee, now=due + DAY)
    assert own.due_at == start + 61 * DAY


def test_occasions_carry_what_was_there_in_time(task, booking, cast, due):
    Task.objects.update(made_at=due + HOUR)
    assert own_tasks(cast.employee, now=due + DAY) == []
    Task.objects.update(made_at=due - HOUR, ended_at=due - HOUR)
    assert own_tasks(cast.employee, now=due - 2 * HOUR) == []


def test_min_sida_tells_of_it_from_day_one_on(booking, cast, start, due, task):
    assert tasks_to_tell(cast.employee, now=start - HOUR) == []
    assert [own.task for own in tasks_to_tell(cast.employee, now=start + HOUR)] == [task]
    hand_in_task(task, by=cast.employee, pieces=THREE, now=start + DAY)
    assert [own.is_done for own in tasks_to_tell(cast.employee, now=due - HOUR)] == [True]
    assert tasks_to_tell(cast.employee, now=due) == []


@pytest.mark.parametrize("hands_in_first", [True, False])
def test_completion_waits_for_both(task, booking, cast, now, due, hands_in_first):
    Task.objects.update(required_since=now - DAY)
    if hands_in_first:
        hand_in_task(task, by=cast.employee, pieces=THREE, now=due - DAY)
    for session in booking.occasion.sessions.all():
        mark_attendance(booking, session, state="present", by=cast.facilitator, now=due + 8 * HOUR)
    assert Completion.objects.exists() == hands_in_first
    if not hands_in_first:
        hand_in_task(task, by=cast.employee, pieces=THREE, now=due + 3 * DAY)
    completed = Completion.objects.get().completed_on
    assert completed == timezone.localdate(due if hands_in_first else due + 3 * DAY)


def test_a_task_that_became_needed_later_takes_nothing_back(task, booking, cast, start, due):
    Task.objects.update(required_since=start + HOUR)
    for session in booking.occasion.sessions.all():
        mark_attendance(booking, session, state="present", by=cast.facilitator, now=due + 8 * HOUR)
    assert Completion.objects.filter(withdrawn_at=None).exists()


@pytest.mark.parametrize("way", ["not needed", "ended"])
def test_a_task_that_is_needed_no_longer_completes_those_who_waited_for_it(task, booking, cast, now, due, way):
    """And takes back from nobody, whatever was changed since they completed the course."""
    Task.objects.update(required_since=now - DAY)
    task.refresh_from_db()
    other = book_place(booking.occasion, person=cast.colleague, now=now)[0]
    hand_in_task(task, by=cast.colleague, pieces=THREE, now=due - DAY)
    for each in (booking, other):
        for session in each.occasion.sessions.all():
            mark_attendance(each, session, state="present", by=cast.facilitator, now=due + 8 * HOUR)
    assert judge_due(now=due + DAY) == 0
    [before] = Completion.objects.all()
    if way == "ended":
        end_task(task, by=cast.facilitator, now=due - DAY)
    else:
        save_task(task, is_required=False, by=cast.facilitator, now=due + DAY)
    assert judge_due(now=due + 2 * DAY) == 1
    assert Completion.objects.get(booking=booking).completed_on == timezone.localdate(due)
    assert Completion.objects.get(booking=other) == before
    assert not Booking.objects.filter(to_judge=True).exists()


def test_a_task_named_anew_completes_nobody(task, booking, cast, now, due):
    Task.objects.update(required_since=now - DAY)
    task.refresh_from_db()
    for session in booking.occasion.sessions.all():
        mark_attendance(booking, session, state="present", by=cast.facilitator, now=due + 8 * HOUR)
    save_task(task, is_required=True, by=cast.facilitator, now=due + DAY)
    assert judge_due(now=due + 2 * DAY) == 0
    assert not Booking.objects.filter(to_judge=True).exists()


def test_a_day_taken_away_completes_those_who_were_there_on_the_others(booking, occasion, cast, due):
    first, _second = occasion.sessions.all()
    mark_attendance(booking, first, state="present", by=cast.facilitator, now=due - DAY)
    kept = SessionPlan(pk=first.pk, starts_at=first.starts_at, ends_at=first.ends_at, place=first.place)
    plan = plan_for(first.starts_at, places=4)
    change_occasion(occasion, plan=plan, sessions=[kept], now=due - DAY)
    assert judge_due(now=due - HOUR) == 1
    assert Completion.objects.get().completed_on == timezone.localdate(first.ends_at)


def test_a_reminder_comes_once_to_those_who_have_not_handed_in(task, booking, occasion, cast, now, due, handed_in):
    book_place(occasion, person=cast.colleague, now=now)
    gone = book_place(occasion, person=cast.manager, now=now)[0]
    cancel_booking(gone, by=cast.manager, now=now)
    moment = dt.datetime.combine((due - 5 * DAY).date(), due.timetz())  # Thursday, before the Tuesday
    assert write_task_reminders(now=moment - HOUR) == 0
    assert [write_task_reminders(now=moment + each * HOUR) for each in (0, 1)] == [1, 0]
    letter = Letter.objects.get(kind="task_reminder")
    assert letter.person == cast.colleague
    assert "Tre intervjuer" in letter.subject
    assert write_task_reminders(now=due) == 0


def test_days_in_a_row_are_reminded_of_when_the_first_is_over(plan_occasion, start, cast, now, task):
    book_place(plan_occasion(), person=cast.employee, now=now)
    assert write_task_reminders(now=start + 6 * HOUR) == 0
    assert write_task_reminders(now=start + 7 * HOUR) == 1


def test_the_clock_erases_what_it_says_and_keeps_that_it_was_done(task, handed_in, cast, occasion, settings):
    settings.HAND_INS_KEPT_DAYS = 100
    last = occasion.ends_at + 100 * DAY
    assert erase_hand_ins(now=last - HOUR) == 0
    assert erase_hand_ins(now=last) == 1
    assert erase_hand_ins(now=last) == 0
    handed_in.refresh_from_db()
    assert handed_in.erased_at == last
    assert handed_in.handed_in_at is not None
    assert not HandInPiece.objects.exists()


def test_the_letter_with_the_word_back_goes_with_the_word(task, handed_in, cast, occasion, settings, now):
    read_hand_in(handed_in, by=cast.facilitator, version=handed_in.version, word="Om din bror: bra frågat.", now=now)
    letters = Letter.objects.filter(text__contains="Om din bror")
    assert letters.count() == 1
    last = occasion.ends_at + settings.HAND_INS_KEPT_DAYS * DAY
    erase_hand_ins(now=last - HOUR)
    assert letters.count() == 1
    erase_hand_ins(now=last)
    assert not letters.exists()


def test_an_old_draft_goes_altogether(task, booking, cast, occasion, between, settings):
    save_draft(task, by=cast.employee, pieces=THREE, now=between)
    assert erase_hand_ins(now=occasion.ends_at + settings.HAND_INS_KEPT_DAYS * DAY) == 1
    assert not HandIn.objects.exists()
