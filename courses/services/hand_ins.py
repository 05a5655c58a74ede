"""Handing in a task, reading it, and erasing it again.

A draft is the person's alone. Handed in it can be changed until it is due, and after that until it has been read.
The task's facilitators say that they have read it, with a word back if they like; there is no verdict.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from courses.hand_in_files import LARGEST_TOGETHER, Upload
from courses.models import Booking, HandIn, HandInFile, HandInPiece, Task
from courses.services.attendance import lock_marked
from courses.services.completion import judge_completion
from courses.services.programmes import lock_programme
from courses.services.reading_letters import tell_readers
from courses.task_queries import OwnTask, may_read, own_task
from letters.services.forgetting import forget_letters
from letters.services.rendering import render_letter, write_rendered
from people.models import Person
from shared.rules import RuleBroken

LONGEST_TEXT = 20_000
LONGEST_WORD = 2_000
_ERASED_AT_A_TIME = 500


@dataclass(frozen=True)
class Piece:
    """What is in one of the task's places: the text, and a new file in place of the old one, if any. A text that is
    None leaves what is there as it is."""

    text: str | None = ""
    upload: Upload | None = None
    takes_file_away: bool = False

    @property
    def says_something(self) -> bool:
        return bool(self.text or self.upload or self.takes_file_away)


def save_draft(
    task: Task, *, by: Person, pieces: Sequence[Piece], now: dt.datetime, based_on: int | None = None
) -> HandIn:
    """Kept for oneself, whole or not. `based_on` is the version that was shown: what was saved since, in another tab
    or on another device, is not overwritten. The same again changes nothing."""
    return _write(task, by=by, pieces=pieces, now=now, based_on=based_on, hands_in=False)


def hand_in_task(
    task: Task, *, by: Person, pieces: Sequence[Piece], now: dt.datetime, based_on: int | None = None
) -> HandIn:
    """Handed in: the facilitators see it from now on. Raises `pieces_missing` where something is left out; then
    nothing is kept, and a draft that was there stays."""
    return _write(task, by=by, pieces=pieces, now=now, based_on=based_on, hands_in=True)


def may_change(own: OwnTask, hand_in: HandIn | None, *, now: dt.datetime) -> bool:
    return _why_closed(own, hand_in, now=now) is None


def _why_closed(own: OwnTask | None, hand_in: HandIn | None, *, now: dt.datetime) -> RuleBroken | None:
    """Why nothing can be handed in, or changed: with a place on the course it can be until it is due, and after that
    until it has been read. A task of a learning path takes its time, and needs no place."""
    if own is None or (own.booking is None and own.task.course_id is not None):
        return RuleBroken(_("You have no place on a course with this task."), code="not_your_task")
    if hand_in is None:
        return None
    if hand_in.erased_at is not None:
        return RuleBroken(_("It was handed in long ago and is erased."), code="erased")
    if hand_in.read_at is not None and not (own.due_at is not None and now < own.due_at):
        return RuleBroken(_("It has been read, so it can't be changed any more."), code="already_read")
    return None


def _write(
    task: Task, *, by: Person, pieces: Sequence[Piece], now: dt.datetime, based_on: int | None, hands_in: bool
) -> HandIn:
    with transaction.atomic():
        own = own_task(by, task, now=now)
        _refuse_if_closed(own, None, now=now)
        HandIn.objects.get_or_create(task=task, person=by, defaults={"changed_at": now})
        hand_in = HandIn.objects.select_for_update(no_key=True).get(task=task, person=by)
        if (hand_in.handed_in_at is not None or not hands_in) and _says_the_same(hand_in, pieces[: task.pieces]):
            return hand_in
        _refuse_if_closed(own, hand_in, now=now)
        if hand_in.handed_in_at is not None and not hands_in:
            raise RuleBroken(_("It is handed in already. Hand it in again to change it."), code="already_handed_in")
        if based_on is not None and hand_in.version != based_on:
            raise RuleBroken(
                _("You have saved it in another window meanwhile. Look at that before you save this instead."),
                code="changed_meanwhile",
            )
        if sum(len(piece.upload.content) for piece in pieces if piece.upload) > LARGEST_TOGETHER:
            size = {"size": LARGEST_TOGETHER // 1024**2}
            raise RuleBroken(
                _("The files are too large together. They may be at most %(size)d MB.") % size, code="files_too_large"
            )
        for number, piece in enumerate(pieces[: task.pieces], start=1):
            _write_piece(hand_in, number, piece, takes=task.takes)
        hand_in.changed_at, hand_in.version = now, hand_in.version + 1
        hand_in.read_at = hand_in.read_by = None
        is_new = hands_in and hand_in.handed_in_at is None
        if hands_in:
            _refuse_if_incomplete(hand_in, task)
            hand_in.handed_in_at = hand_in.handed_in_at or now
        hand_in.save()
        if is_new and task.programme is not None:
            lock_programme(task.programme)
            tell_readers(hand_in, task.programme, now=now)
        if hands_in and task.course_id is not None:
            _judge(task, by, now=now)
    return hand_in


def _says_the_same(hand_in: HandIn, pieces: Sequence[Piece]) -> bool:
    """A second click of the same button."""
    kept = {row.number: row for row in hand_in.pieces.select_related("file")}
    for number, piece in enumerate(pieces, start=1):
        row = kept.get(number)
        if row is None or (piece.text is not None and row.text != piece.text.strip()[:LONGEST_TEXT]):
            return False
        if piece.takes_file_away and row.file_kind:
            return False
        if piece.upload is not None and not (row.file_kind and bytes(row.file.content) == piece.upload.content):
            return False
    return bool(pieces)


def _refuse_if_closed(own: OwnTask | None, hand_in: HandIn | None, *, now: dt.datetime) -> None:
    refused = _why_closed(own, hand_in, now=now)
    if refused is not None:
        raise refused


def _write_piece(hand_in: HandIn, number: int, piece: Piece, *, takes: str) -> None:
    row, _new = HandInPiece.objects.get_or_create(hand_in=hand_in, number=number)
    if piece.text is not None:
        row.text = "" if takes == Task.Takes.FILE else piece.text.strip()[:LONGEST_TEXT]
    upload = piece.upload if takes != Task.Takes.TEXT else None
    if upload is not None:
        row.file_name, row.file_kind, row.file_size = upload.name, upload.kind, len(upload.content)
        HandInFile.objects.update_or_create(piece=row, defaults={"content": upload.content})
    elif piece.takes_file_away:
        HandInFile.objects.filter(piece=row).delete()
        row.file_name, row.file_kind, row.file_size = "", "", 0
    row.save()


def _refuse_if_incomplete(hand_in: HandIn, task: Task) -> None:
    there = sum(1 for piece in hand_in.pieces.filter(number__lte=task.pieces) if piece.text or piece.file_kind)
    if there >= task.pieces:
        return
    if task.pieces == 1:
        raise RuleBroken(_("There is nothing to hand in yet."), code="pieces_missing")
    told = {"there": there, "all": task.pieces}
    raise RuleBroken(
        _("%(there)d of %(all)d parts are there. Fill in the others, or save it as a draft.") % told,
        code="pieces_missing",
    )


def _judge(task: Task, person: Person, *, now: dt.datetime) -> None:
    """The course may have waited for it. A mark made at the same moment is seen: both hold the booking's lock."""
    booked = Booking.objects.filter(person=person, occasion__course=task.course_id, state=Booking.State.BOOKED)
    for booking in booked.order_by("pk"):
        judge_completion(lock_marked(booking), now=now)


def read_hand_in(hand_in: HandIn, *, by: Person, version: int, word: str, now: dt.datetime) -> HandIn:
    """`version` is the one that was shown. The same click twice is one, and one letter, which is written where there
    is a word back. What has changed since it was shown is to be read first."""
    with transaction.atomic():
        locked = HandIn.objects.select_for_update(of=("self",), no_key=True).select_related("task", "person")
        fresh = locked.get(pk=hand_in.pk)
        if fresh.person_id == by.pk or not may_read(by, fresh):
            raise RuleBroken(_("Only those who lead the course say that it is read."), code="not_your_task")
        if fresh.erased_at is not None:
            raise RuleBroken(_("It was handed in long ago and is erased."), code="erased")
        if fresh.handed_in_at is None or fresh.version != version:
            raise RuleBroken(_("It has been changed since you opened it. Read it again."), code="changed_meanwhile")
        if fresh.read_at is not None:
            return fresh
        if fresh.task.programme is not None:
            # Whoever hands in at this moment sees that nothing waits any more, and the reader is told.
            lock_programme(fresh.task.programme)
        fresh.read_at, fresh.read_by = now, by
        fresh.word = word.strip()[:LONGEST_WORD]
        fresh.save(update_fields=["read_at", "read_by", "word"])
        if fresh.word:
            letter = render_letter("courses/letters/hand_in_read", {"hand_in": fresh}, person=fresh.person)
            key = f"{_words_to(fresh)}{fresh.version}"
            write_rendered(letter, key=key, kind="hand_in_read", person=fresh.person, now=now)
    return fresh


def _words_to(hand_in: HandIn) -> str:
    """How the keys begin of the letters that hold a word back."""
    return f"hand_in_read:{hand_in.uuid}:"


def erase_hand_ins(*, now: dt.datetime) -> int:
    """The nightly sweep: what was handed in, its files and the word back with the letter that brought it,
    HAND_INS_KEPT_DAYS after the last change and after the last day of the course. That it was handed in stays; a draft
    goes altogether. Answers how many."""
    long_ago = now - dt.timedelta(days=settings.HAND_INS_KEPT_DAYS)
    going_on = Booking.objects.filter(
        person=OuterRef("person"), state__in=Booking.LIVE, occasion__course=OuterRef("task__course"),
        occasion__ends_at__gt=long_ago,
    )  # fmt: skip
    old = HandIn.objects.filter(~Exists(going_on), changed_at__lte=long_ago, erased_at=None)
    with transaction.atomic():
        # Held first: a draft that is handed in at this moment is no draft, and old no more.
        drafts = _hold_first(old.filter(handed_in_at=None))
        HandIn.objects.filter(pk__in=drafts).delete()
    with transaction.atomic():
        due = _hold_first(old.filter(handed_in_at__isnull=False))
        HandInPiece.objects.filter(hand_in__in=due).delete()
        HandIn.objects.filter(pk__in=due).update(erased_at=now, word="")
        for hand_in in HandIn.objects.filter(pk__in=due).only("uuid"):
            forget_letters(_words_to(hand_in))
    return len(drafts) + len(due)


def _hold_first(hand_ins: QuerySet[HandIn]) -> list[int]:
    held = hand_ins.order_by("pk").select_for_update(of=("self",))
    return list(held.values_list("pk", flat=True)[:_ERASED_AT_A_TIME])
