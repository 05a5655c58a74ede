"""Letters to those who lead: that they do, that a day has moved, that they no longer do. Their calendars follow.

What each calendar was told stands in a row of its own; the sweep compares it with how the occasion stands now, and
tells the difference. So an act only says that there may be something to tell, and what was told is never told again.
A day that is over stays in the calendars it stands in, unless it is taken away, and comes into no other.
Whoever acts knows it already: no news, and a letter only for an entry that the calendar holds.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from courses.calendar_file import CANCEL, REQUEST, CourseDay, days_file, message_file
from courses.models import LeaderEntry, Occasion, Session
from courses.services.calendar import DayFile, uid_for, words_for
from courses.services.places import lock_occasion
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
    leaders = list(_leaders(occasion).order_by("pk"))
    was_told = Person.objects.filter(leader_entries__occasion=occasion, leader_entries__is_cancelled=False)
    gone = was_told.exclude(pk__in=[person.pk for person in leaders]).filter(is_active=True).distinct().order_by("pk")
    days = _days(occasion)
    to_tell = [*((person, days) for person in leaders), *((person, []) for person in gone)]
    return sum(
        _tell(occasion, person, theirs, now=now)
        for person, theirs in to_tell
        if _expects_a_day(occasion, person, now=now)
    )


def _expects_a_day(occasion: Occasion, person: Person, *, now: dt.datetime) -> bool:
    """Of an occasion that is over nobody is told, but those whose calendar shows a day of it yet: it was put back into
    the past, or the days that were left were taken away."""
    if now < occasion.ends_at:
        return True
    shown = LeaderEntry.objects.filter(occasion=occasion, person=person, is_cancelled=False)
    return shown.filter(ends_at__gt=now).exists()


def knows_before(occasion: Occasion, *, by: Person, now: dt.datetime) -> bool:
    """Before a change: whether whoever makes it knows how the occasion stands. What waits for the sweep is still news.

    Those who led it before leaders were told, or were laid in bulk, are taken to know what stands: the change tells
    them what it changes, and nothing else.
    """
    if occasion.state == Occasion.State.OPEN and not occasion.leaders_to_tell:
        for person in _leaders(occasion).exclude(leader_entries__occasion=occasion):
            with translation.override(person.language):
                LeaderEntry.objects.bulk_create(
                    _new_entry(occasion, session, person, now=now, is_held=False) for session in _days(occasion)
                )
    days = _days(occasion) if _leaders(occasion).filter(pk=by.pk).exists() else []
    entries = _entries(occasion, by)
    return not _gone(days, entries, now=now) and not _behind(days, entries, now=now)


def follow_own_act(occasion: Occasion, *, by: Person, now: dt.datetime) -> None:
    """After a change, for whoever made it: the entries follow, and a letter brings those that the calendar holds."""
    if not _expects_a_day(occasion, by, now=now):
        return
    days = _days(occasion) if _leaders(occasion).filter(pk=by.pk).exists() else []
    with translation.override(by.language):
        changed = _bring_up_to_date(occasion, by, days, now=now, is_held=False)
        files = [_file(entry, occasion, by) for entry in changed if entry.is_held]
    context = {"occasion": occasion, "course": occasion.course}
    _write(occasion, by, files, context, first="leading_day", now=now)


def own_days_file(occasion: Occasion, *, person: Person, now: dt.datetime) -> bytes:
    """The days as an open occasion stands, for the calendar of someone who leads it; from now on it holds them.

    They have the names that the letters give them, so what is fetched twice, or comes by letter too, is one entry.
    """
    with transaction.atomic(), translation.override(person.language):
        locked = lock_occasion(occasion.pk)
        knows_before(locked, by=person, now=now)
        LeaderEntry.objects.filter(occasion=locked, person=person, is_held=False).update(is_held=True)
        entries = {entry.session_id: entry for entry in _entries(locked, person)}
        return days_file(
            _course_day(entries.get(session.pk) or _new_entry(locked, session, person, now=now), locked)
            for session in _days(locked)
        )


def led_days(person: Person, *, after: dt.datetime) -> list[CourseDay]:
    """Every day of open occasions that the person leads, as the letters name them. 3 queries, however many."""
    occasions = list(
        Occasion.objects.filter(facilitators=person, state=Occasion.State.OPEN, ends_at__gt=after)
        .select_related("course")
        .prefetch_related("sessions")
        .order_by("starts_at", "id")
    )
    known = LeaderEntry.objects.filter(person=person, occasion__in=occasions) if occasions else []
    entries = {entry.session_id: entry for entry in known}
    days = []
    for occasion in occasions:
        for session in occasion.sessions.all():
            told = entries.get(session.pk)
            stands = _new_entry(occasion, session, person, now=told.told_at if told else session.starts_at)
            stands.sequence = told.sequence if told else 0
            days.append(_course_day(stands, occasion))
    return days


def _leaders(occasion: Occasion) -> QuerySet[Person]:
    return occasion.facilitators.filter(is_active=True)


def _days(occasion: Occasion) -> list[Session]:
    return list(occasion.sessions.all()) if occasion.state == Occasion.State.OPEN else []


def _entries(occasion: Occasion, person: Person) -> list[LeaderEntry]:
    return list(LeaderEntry.objects.filter(occasion=occasion, person=person).order_by("starts_at", "pk"))


def _tell(occasion: Occasion, person: Person, days: list[Session], *, now: dt.datetime) -> bool:
    """One letter with the first file, and one for each further day: mail programs take one invitation of a letter."""
    standing = [entry for entry in _entries(occasion, person) if not entry.is_cancelled and entry.ends_at > now]
    kind = "ended" if not days else "changed" if standing else "new"
    with translation.override(person.language):
        changed = _bring_up_to_date(occasion, person, days, now=now, is_held=True)
        files = [_file(entry, occasion, person) for entry in changed]
    coming = [session for session in days if session.ends_at > now]
    others = [each for each in occasion.facilitators.order_by("sort_key", "pk") if each.pk != person.pk]
    context = {
        "kind": kind, "occasion": occasion, "course": occasion.course, "others": others,
        "sessions": coming or list(occasion.sessions.all()), "files": len(files),
        "is_cancelled": occasion.state == Occasion.State.CANCELLED,
    }  # fmt: skip
    return _write(occasion, person, files, context, first="leading", now=now)


def _write(
    occasion: Occasion, person: Person, files: list[DayFile], context: dict[str, Any], *, first: str, now: dt.datetime
) -> bool:
    told = sum(entry.sequence + 1 for entry in _entries(occasion, person))
    is_new = False
    for number, file in enumerate(files, start=1):
        template = first if number == 1 else "leading_day"
        letter = render_letter(f"courses/letters/{template}", context | {"file": file}, person=person)
        key = f"leading:{occasion.pk}:{person.pk}:{told}:{number}"
        _letter, is_new = write_rendered(letter, key=key, kind=template, person=person, attachments=[file], now=now)
    return is_new


def _gone(days: list[Session], entries: list[LeaderEntry], *, now: dt.datetime) -> list[LeaderEntry]:
    """What a calendar still shows though the day went away, or its leader did."""
    wanted = {session.pk for session in days}
    standing = [entry for entry in entries if not entry.is_cancelled and entry.session_id not in wanted]
    return [entry for entry in standing if entry.session_id is None or entry.ends_at > now]


def _behind(
    days: list[Session], entries: list[LeaderEntry], *, now: dt.datetime
) -> list[tuple[Session, LeaderEntry | None]]:
    """Days that are new or changed, each with what the calendar was told of it before."""
    known = {entry.session_id: entry for entry in entries}
    told = {pk: entry for pk, entry in known.items() if not entry.is_cancelled}
    # A day put back into the past must leave the place in the calendar where it was to come.
    coming = [each for each in days if each.ends_at > now or (each.pk in told and told[each.pk].ends_at > now)]
    behind = [each for each in coming if each.pk not in told or told[each.pk].revision != each.revision]
    return [(session, known.get(session.pk)) for session in behind]


def _bring_up_to_date(
    occasion: Occasion, person: Person, days: list[Session], *, now: dt.datetime, is_held: bool
) -> list[LeaderEntry]:
    """Written down as told; answers what is different. `is_held`: a letter brings it to the calendar."""
    entries = _entries(occasion, person)
    changed = _gone(days, entries, now=now)
    for entry in changed:
        entry.sequence += 1
        entry.is_cancelled, entry.told_at = True, now
    for session, known in _behind(days, entries, now=now):
        if known is None:
            changed.append(_new_entry(occasion, session, person, now=now, is_held=is_held))
            continue
        known.sequence += 1
        known.is_cancelled, known.is_held = False, known.is_held or is_held
        for name, value in _told(occasion, session, now=now).items():
            setattr(known, name, value)
        changed.append(known)
    for entry in changed:
        entry.save()
    return changed


def _new_entry(
    occasion: Occasion, session: Session, person: Person, *, now: dt.datetime, is_held: bool = True
) -> LeaderEntry:
    """As the day stands, in the active language; not saved."""
    uid = uid_for(f"leader-{person.pk}", session)
    told = _told(occasion, session, now=now)
    return LeaderEntry(occasion=occasion, session=session, person=person, uid=uid, is_held=is_held, **told)


def _told(occasion: Occasion, session: Session, *, now: dt.datetime) -> dict[str, Any]:
    return words_for(occasion, session) | {"revision": session.revision, "told_at": now}


def _course_day(entry: LeaderEntry, occasion: Occasion) -> CourseDay:
    return CourseDay(
        uid=entry.uid, sequence=entry.sequence, told_at=entry.told_at, starts_at=entry.starts_at,
        ends_at=entry.ends_at, summary=entry.summary, location=entry.location, link=entry.link,
        page=f"{settings.SITE_URL}{reverse('occasion', args=[occasion.pk])}", leads=True,
    )  # fmt: skip


def _file(entry: LeaderEntry, occasion: Occasion, person: Person) -> DayFile:
    method = CANCEL if entry.is_cancelled else REQUEST
    date = timezone.localdate(entry.starts_at)
    return DayFile(
        name=f"{date:%Y-%m-%d}.ics",
        content_type=f"text/calendar; method={method}; charset=utf-8",
        content=message_file(_course_day(entry, occasion), to=person, method=method),
        day=date,
        is_cancelled=entry.is_cancelled,
    )
