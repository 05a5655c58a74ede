"""Letters to those who lead: that they do, that a day has moved, that they no longer do. Their calendars follow.

What each calendar was told stands in a row of its own; the sweep compares it with how the occasion stands now, and
tells the difference. So an act only says that there may be something to tell, and what was told is never told again.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from courses.calendar_file import CANCEL, REQUEST, CourseDay, message_file
from courses.models import LeaderEntry, Occasion, Session
from courses.services.calendar import DayFile, uid_for, words_for
from letters.services.rendering import render_letter, write_rendered
from people.models import Person


def tell_leaders(*, now: dt.datetime) -> int:
    """The sweep, each occasion in its own transaction; answers how many letters it wrote."""
    told = 0
    for pk in Occasion.objects.filter(leaders_to_tell=True).values_list("pk", flat=True):
        with transaction.atomic():
            rows = Occasion.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            occasion = rows.select_related("course").filter(pk=pk, leaders_to_tell=True).first()
            if occasion is not None:
                told += _tell_all(occasion, now=now)
                occasion.leaders_to_tell = False
                occasion.save(update_fields=["leaders_to_tell"])
    return told


def _tell_all(occasion: Occasion, *, now: dt.datetime) -> int:
    if now >= occasion.ends_at:
        return 0
    leaders = list(occasion.facilitators.filter(is_active=True).order_by("pk"))
    was_told = Person.objects.filter(leader_entries__occasion=occasion, leader_entries__is_cancelled=False)
    gone = was_told.exclude(pk__in=[person.pk for person in leaders]).filter(is_active=True).distinct().order_by("pk")
    days = list(occasion.sessions.all()) if occasion.state == Occasion.State.OPEN else []
    return sum(_tell(occasion, person, days, now=now) for person in leaders) + sum(
        _tell(occasion, person, [], now=now) for person in gone
    )


def _tell(occasion: Occasion, person: Person, days: list[Session], *, now: dt.datetime) -> bool:
    """One letter with the first file, and one for each further day: mail programs take one invitation of a letter."""
    entries = list(LeaderEntry.objects.filter(occasion=occasion, person=person).order_by("starts_at", "pk"))
    standing = [entry for entry in entries if not entry.is_cancelled]
    kind = "ended" if not days else "changed" if standing else "new"
    with translation.override(person.language):
        files = _files(occasion, person, days, entries, now=now)
    if not files:
        return False
    others = [each for each in occasion.facilitators.order_by("sort_key", "pk") if each.pk != person.pk]
    context = {
        "kind": kind, "occasion": occasion, "course": occasion.course, "others": others,
        "sessions": days or list(occasion.sessions.all()), "is_cancelled": occasion.state == Occasion.State.CANCELLED,
    }  # fmt: skip
    told = sum(sequence + 1 for sequence in _sequences(occasion, person))
    is_new = False
    for number, file in enumerate(files, start=1):
        template = "leading" if number == 1 else "leading_day"
        letter = render_letter(f"courses/letters/{template}", context | {"file": file}, person=person)
        key = f"leading:{occasion.pk}:{person.pk}:{told}:{number}"
        _letter, is_new = write_rendered(letter, key=key, kind=template, person=person, attachments=[file], now=now)
    return is_new


def _sequences(occasion: Occasion, person: Person) -> list[int]:
    return list(LeaderEntry.objects.filter(occasion=occasion, person=person).values_list("sequence", flat=True))


def _files(
    occasion: Occasion, person: Person, days: list[Session], entries: list[LeaderEntry], *, now: dt.datetime
) -> list[DayFile]:
    """What the person's calendar does not know yet, written down as told: days that went away first."""
    wanted = {session.pk for session in days}
    gone = [entry for entry in entries if not entry.is_cancelled and entry.session_id not in wanted]
    files = [_cancel(entry, occasion, person, now=now) for entry in gone]
    by_session = {entry.session_id: entry for entry in entries}
    for session in days:
        entry = by_session.get(session.pk)
        if entry is None or entry.is_cancelled or entry.revision != session.revision:
            files.append(_invite(entry, occasion, session, person, now=now))
    return files


def _invite(
    entry: LeaderEntry | None, occasion: Occasion, session: Session, person: Person, *, now: dt.datetime
) -> DayFile:
    told: dict[str, Any] = words_for(occasion, session) | {
        "revision": session.revision, "is_cancelled": False, "told_at": now,
    }  # fmt: skip
    if entry is None:
        uid = uid_for(f"leader-{person.pk}", session)
        entry = LeaderEntry.objects.create(occasion=occasion, session=session, person=person, uid=uid, **told)
    else:
        entry.sequence += 1
        for name, value in told.items():
            setattr(entry, name, value)
        entry.save()
    return _file(entry, occasion, person, method=REQUEST)


def _cancel(entry: LeaderEntry, occasion: Occasion, person: Person, *, now: dt.datetime) -> DayFile:
    entry.sequence += 1
    entry.is_cancelled, entry.told_at = True, now
    entry.save(update_fields=["sequence", "is_cancelled", "told_at"])
    return _file(entry, occasion, person, method=CANCEL)


def _file(entry: LeaderEntry, occasion: Occasion, person: Person, *, method: str) -> DayFile:
    day = CourseDay(
        uid=entry.uid, sequence=entry.sequence, told_at=entry.told_at, starts_at=entry.starts_at,
        ends_at=entry.ends_at, summary=entry.summary, location=entry.location, link=entry.link,
        page=f"{settings.SITE_URL}{reverse('occasion', args=[occasion.pk])}", leads=True,
    )  # fmt: skip
    date = timezone.localdate(entry.starts_at)
    return DayFile(
        name=f"{date:%Y-%m-%d}.ics",
        content_type=f"text/calendar; method={method}; charset=utf-8",
        content=message_file(day, to=person, method=method),
        day=date,
        is_cancelled=method == CANCEL,
    )
