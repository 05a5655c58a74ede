"""The certificate of a programme: asked for when all of it is done, and of the same kind as a course's.

It says what the programme held that day. A programme that is changed later changes nothing on it; a course whose
completion is withdrawn ends it.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Certificate, Completion, Programme, ProgrammeCompletion, ProgrammeItem
from courses.paper_queries import genuine_certificate
from courses.programme_parts import kind_in_words
from courses.progress import Progress, ProgressItem, progress_on
from courses.services.certificates import attach, issue, lock_ground, withdraw_certificates
from letters.services.rendering import render_letter, write_rendered
from people.models import Person
from shared.rules import RuleBroken


def claim_certificate(programme: Programme, *, person: Person, now: dt.datetime) -> Certificate:
    """The genuine certificate of the person's, issued now if there is none. Asked twice, also at once, it is one."""
    if not programme.is_open:
        raise RuleBroken(_("The learning path is not open yet."), code="programme_not_open")
    with transaction.atomic():
        _hold_completions(programme, person)
        progress = progress_on(programme, person=person)
        if not progress.is_whole:
            raise RuleBroken(_("Not all parts of the learning path are done yet."), code="programme_not_done")
        defaults = {"completed_on": _completed_on(progress, now), "recorded_at": now}
        made, _new = ProgrammeCompletion.objects.get_or_create(person=person, programme=programme, defaults=defaults)
        locked = lock_ground(made)
        standing = genuine_certificate(locked)
        if standing is not None:
            return standing
        locked.completed_on, locked.recorded_at, locked.withdrawn_at = _completed_on(progress, now), now, None
        locked.save(update_fields=["completed_on", "recorded_at", "withdrawn_at"])
        certificate = issue(_certificate(locked, progress, now=now))
        _tell(certificate, now=now)
    return certificate


def _hold_completions(programme: Programme, person: Person) -> None:
    """Who corrects a mark at this moment comes after: then the certificate is there to be withdrawn. Or was before:
    then the course is no longer done."""
    courses = ProgrammeItem.objects.filter(programme=programme).exclude(course=None).values("course")
    rows = Completion.objects.filter(person=person, course__in=courses).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))


def withdraw_programmes(completion: Completion, *, now: dt.datetime) -> int:
    """Those whose certificate holds the course, if the person has not completed it otherwise. Answers how many."""
    person, course = completion.person_id, completion.course_id
    if Completion.objects.filter(person=person, course=course, withdrawn_at=None).exists():
        return 0
    held = Certificate.objects.filter(
        programme_completion__person=person, parts__contains=[{"course": course}], superseded_at=None, withdrawn_at=None
    )
    standing = ProgrammeCompletion.objects.filter(pk__in=held.values("programme_completion"), withdrawn_at=None)
    count = 0
    for each in standing.order_by("pk"):
        locked = lock_ground(each)
        if locked.withdrawn_at is None:
            locked.withdrawn_at = now
            locked.save(update_fields=["withdrawn_at"])
            count += withdraw_certificates(locked, now=now)
    return count


def _completed_on(progress: Progress, now: dt.datetime) -> dt.date:
    return max((one.step.done_on for one in progress.items if one.step.done_on), default=timezone.localdate(now))


def _certificate(completion: ProgrammeCompletion, progress: Progress, *, now: dt.datetime) -> Certificate:
    programme = completion.programme
    return Certificate(
        programme_completion=completion,
        name=str(completion.person),
        title=programme.title,
        title_en=programme.title_en,
        outcome=programme.text,
        outcome_en=programme.text_en,
        hours=sum((one.item.course.hours for one in progress.items if one.item.course is not None), Decimal(0)),
        completed_on=completion.completed_on,
        parts=[_part(one, completion) for one in progress.items],
        issuer=settings.MUNICIPALITY,
        issued_at=now,
    )


def _part(one: ProgressItem, completion: ProgrammeCompletion) -> dict[str, Any]:
    item, done_on = one.item, one.step.done_on or completion.completed_on
    titles = item.title, item.title_en
    if one.step.is_closed:  # the certificate is shown to whoever has its number
        titles = kind_in_words(item.kind, "sv"), kind_in_words(item.kind, "en")
    part: dict[str, Any] = {"kind": item.kind} | dict(zip(("title", "title_en"), titles, strict=True))
    part["done_on"] = done_on.isoformat()
    return part | ({"course": item.course_id} if item.course_id is not None else {})


def _tell(certificate: Certificate, *, now: dt.datetime) -> None:
    person = certificate.ground.person
    letter = render_letter("courses/letters/programme_completed", {"certificate": certificate}, person=person)
    write_rendered(
        letter, key=f"programme_completed:{certificate.number}", kind="programme_completed", person=person,
        attachments=[attach(certificate)], now=now,
    )  # fmt: skip
