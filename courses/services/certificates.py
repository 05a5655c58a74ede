"""Certificates: issued once from a completion, replaced when a fact was wrong, withdrawn when the completion is.

An issued certificate never changes, neither its words nor its bytes: the database refuses it. All that can happen to
it is that it ends, on two ways that the public page tells apart.
"""

import datetime as dt
import hashlib
import secrets
from decimal import Decimal
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from courses.models import Certificate, Completion, ProgrammeCompletion
from courses.paper.certificates import set_certificate
from courses.paper_queries import genuine_certificate
from letters.services.rendering import render_letter, write_rendered
from letters.services.writing import Attachable
from people.models import Person
from shared.rules import RuleBroken

# Digits and letters that nobody mistakes for one another when typing them off a paper: 100 bits in five groups.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_GROUPS, _GROUP = 5, 4
PDF = "application/pdf"
# What a certificate stands on.
_Ground = TypeVar("_Ground", bound=Completion | ProgrammeCompletion)


def issue_certificate(completion: Completion, *, now: dt.datetime) -> Certificate | None:
    """The genuine certificate of the completion, issued now if there is none; None for a withdrawn completion.

    Asked twice, also at once, it is one certificate. Where the day of completion was corrected after it was issued,
    a new one takes its place.
    """
    with transaction.atomic():
        locked = lock_ground(completion)
        if locked.withdrawn_at is not None:
            return None
        standing = genuine_certificate(locked)
        if standing is not None and standing.completed_on == locked.completed_on:
            return standing
        if standing is None:
            return issue(_from_completion(locked, now=now))
        with translation.override("sv"):
            why = _("The day of completion was corrected.")
        return _replace(standing, name=standing.name, hours=standing.hours, why=why, by=None, now=now)


def reissue_certificate(
    certificate: Certificate, *, name: str, hours: Decimal, why: str, by: Person, now: dt.datetime
) -> Certificate:
    """A new certificate with what was wrong put right. The old one stays as it is and says that it was replaced."""
    name, why = " ".join(name.split())[:161], " ".join(why.split())[:250]
    if not name:
        raise RuleBroken(_("Write the name that shall stand on the certificate."), code="name_needed")
    is_extent = 0 < hours < 1000 or (hours == 0 and certificate.programme_completion_id is not None)
    if not is_extent:
        raise RuleBroken(_("The hours must be more than 0 and less than 1000."), code="hours_impossible")
    if not why:
        raise RuleBroken(_("Say why the certificate is issued anew: it stands on both."), code="reason_needed")
    with transaction.atomic():
        ground = lock_ground(certificate.ground)
        standing = genuine_certificate(ground)
        if standing is None or standing.pk != certificate.pk:
            raise RuleBroken(
                _("This certificate is no longer genuine. Start from the newest one."), code="certificate_not_genuine"
            )
        if (name, hours, ground.completed_on) == (standing.name, standing.hours, standing.completed_on):
            raise RuleBroken(_("Nothing is changed, so nothing needs to be issued anew."), code="nothing_changed")
        new = _replace(standing, name=name, hours=hours, why=why, by=by, now=now)
        _tell(new, "certificate_reissued", now=now)
    return new


def withdraw_certificates(ground: Completion | ProgrammeCompletion, *, now: dt.datetime) -> int:
    """What it stands on no longer does: none of its certificates is genuine. Answers how many that was news for."""
    with transaction.atomic():
        standing = genuine_certificate(ground)
        ground.certificates.filter(withdrawn_at=None).update(withdrawn_at=now)
        if standing is None:
            return 0
        of_programme = isinstance(ground, ProgrammeCompletion)
        _tell(standing, "programme_certificate_withdrawn" if of_programme else "certificate_withdrawn", now=now)
    return 1


def attach(certificate: Certificate) -> Attachable:
    return Attachable(file_name(certificate), PDF, bytes(certificate.content))


def file_name(certificate: Certificate) -> str:
    words = f"{certificate.title} {certificate.name}"
    kept = "".join(each if each.isprintable() and each not in '/\\:*?"<>|' else " " for each in words)
    return f"Kursbevis {' '.join(kept.split())[:100]}.pdf"


def lock_ground(ground: _Ground) -> _Ground:
    rows: Any = type(ground).objects.select_for_update(of=("self",), no_key=True)
    related = "programme" if isinstance(ground, ProgrammeCompletion) else "course"
    locked: _Ground = rows.select_related("person", related).get(pk=ground.pk)
    return locked


def _from_completion(completion: Completion, *, now: dt.datetime) -> Certificate:
    course = completion.course
    return Certificate(
        completion=completion,
        name=str(completion.person),
        title=course.title,
        title_en=course.title_en,
        outcome=course.outcome,
        outcome_en=course.outcome_en,
        hours=course.hours,
        completed_on=completion.completed_on,
        issuer=settings.MUNICIPALITY,
        issued_at=now,
    )


def _replace(
    old: Certificate, *, name: str, hours: Decimal, why: str, by: Person | None, now: dt.datetime
) -> Certificate:
    Certificate.objects.filter(pk=old.pk).update(superseded_at=now)
    # What the course is called and leads to may have changed since: it was this course that was completed.
    new = Certificate(
        completion=old.completion,
        programme_completion=old.programme_completion,
        name=name,
        title=old.title,
        title_en=old.title_en,
        outcome=old.outcome,
        outcome_en=old.outcome_en,
        hours=hours,
        completed_on=old.ground.completed_on,
        parts=old.parts,
        issuer=settings.MUNICIPALITY,
        issued_at=now,
        replaces=old,
        why=why,
        issued_by=by,
    )
    return issue(new)


def issue(certificate: Certificate) -> Certificate:
    certificate.number = _new_number()
    certificate.content = set_certificate(certificate)
    certificate.sha256 = hashlib.sha256(certificate.content).hexdigest()
    certificate.save(force_insert=True)
    return certificate


def _new_number() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _n in range(_GROUP)) for _m in range(_GROUPS))


def _tell(certificate: Certificate, kind: str, *, now: dt.datetime) -> None:
    person = certificate.ground.person
    letter = render_letter(f"courses/letters/{kind}", {"certificate": certificate}, person=person)
    parts = [attach(certificate)] if kind == "certificate_reissued" else []
    write_rendered(letter, key=f"{kind}:{certificate.number}", kind=kind, person=person, attachments=parts, now=now)
