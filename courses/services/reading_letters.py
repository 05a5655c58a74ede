"""Letters to those who are named to read what is handed in along a learning path: that something waits for them."""

import datetime as dt
from collections.abc import Collection

from django.db.models import QuerySet

from courses.models import HandIn, Programme
from courses.path_task_queries import readers_named
from letters.services.rendering import render_letter, write_rendered
from people.models import Person


def tell_readers(hand_in: HandIn, programme: Programme, *, now: dt.datetime) -> None:
    """Where nothing waited for them before: who has something to read already sees the rest beside it, and a change
    is no news. Nobody reads the own. The caller holds the programme's lock: of two who hand in at the same moment the
    second sees the first."""
    others = _waiting(programme).exclude(pk=hand_in.pk)
    for reader in readers_named(programme):
        if reader.pk != hand_in.person_id and not others.exclude(person=reader).exists():
            _write(hand_in, programme, reader, now=now)


def tell_new_readers(programme: Programme, people: Collection[Person], *, now: dt.datetime) -> None:
    """Named while something waits already: of that nobody has written to them, and of what comes beside it nobody
    would. The caller holds the programme's lock."""
    new = {person.pk for person in people}
    for reader in readers_named(programme):
        longest = _waiting(programme).exclude(person=reader).first() if reader.pk in new else None
        if longest is not None:
            _write(longest, programme, reader, now=now)


def _waiting(programme: Programme) -> QuerySet[HandIn]:
    """What has waited longest first."""
    handed_in = HandIn.objects.filter(task__programme=programme, handed_in_at__isnull=False)
    return handed_in.filter(read_at=None, erased_at=None).order_by("changed_at", "id")


def _write(hand_in: HandIn, programme: Programme, reader: Person, *, now: dt.datetime) -> None:
    letter = render_letter(
        "courses/letters/hand_in_to_read", {"hand_in": hand_in, "programme": programme}, person=reader
    )
    key = f"hand_in_to_read:{hand_in.uuid}:{reader.pk}"
    write_rendered(letter, key=key, kind="hand_in_to_read", person=reader, now=now)
