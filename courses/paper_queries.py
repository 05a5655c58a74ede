"""Questions about certificates and lists of participants, and who may have them. They read and never write."""

import re
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from courses.models import Attendance, Booking, Certificate, Completion, Occasion, ProgrammeCompletion
from courses.rules import may_lead
from people.models import Employment, Person

_NOT_IN_A_NUMBER = re.compile(r"[^0-9a-z]+")
# What a hand writes or an eye reads for another.
_READ_AS = str.maketrans("oil", "011")


def genuine_certificate(ground: Completion | ProgrammeCompletion) -> Certificate | None:
    return ground.certificates.filter(superseded_at=None, withdrawn_at=None).first()


def certificates(**which: object) -> QuerySet[Certificate]:
    """Without the bytes: a page that only tells of certificates does not fetch their documents."""
    related = (
        "issued_by", "replaces", "replaced_by__issued_by", "completion__person", "completion__booking__occasion",
        "programme_completion__person",
    )  # fmt: skip
    return (
        Certificate.objects.filter(**which)
        .select_related(*related)
        .defer("content", "replaces__content", "replaced_by__content")
    )


def certificate_numbered(number: str) -> Certificate | None:
    """However it was typed off the paper: in capitals, without hyphens, with O for 0."""
    plain = _NOT_IN_A_NUMBER.sub("", number.lower()).translate(_READ_AS)
    if len(plain) != 20:
        return None
    return certificates(number="-".join(plain[at : at + 4] for at in range(0, 20, 4))).first()


@dataclass(frozen=True)
class Completed:
    completion: Completion
    certificate: Certificate | None
    earlier: list[Certificate]


def completed_by(person: Person) -> list[Completed]:
    """What someone has completed, the newest first, with the genuine certificate and those that ended. 2 queries."""
    return _with_certificates(
        Completion.objects.filter(person=person, withdrawn_at=None).order_by("-completed_on", "-id")
    )


def completed_on_occasion(occasion: Occasion) -> list[Completed]:
    """The same for everyone who completed the occasion, in Swedish order. 2 queries."""
    return _with_certificates(
        Completion.objects.filter(booking__occasion=occasion, withdrawn_at=None).order_by("person__sort_key", "id")
    )


@dataclass(frozen=True)
class CompletedProgramme:
    completion: ProgrammeCompletion
    certificate: Certificate | None
    earlier: list[Certificate]


def programmes_completed_by(person: Person) -> list[CompletedProgramme]:
    """Whose certificate someone has asked for, the newest first, with those that ended. 2 queries."""
    own = Prefetch("certificates", certificates().order_by("-id"))
    rows = ProgrammeCompletion.objects.filter(person=person).select_related("programme", "person")
    found = []
    for completion in rows.prefetch_related(own).order_by("-completed_on", "-id"):
        every = list(completion.certificates.all())
        genuine = next((each for each in every if each.standing == Certificate.Standing.GENUINE), None)
        found.append(CompletedProgramme(completion, genuine, [each for each in every if each != genuine]))
    return found


def _with_certificates(completions: QuerySet[Completion]) -> list[Completed]:
    found = []
    own = Prefetch("certificates", certificates().order_by("-id"))
    for completion in completions.select_related("course", "person").prefetch_related(own):
        every = list(completion.certificates.all())
        genuine = next((each for each in every if each.standing == Certificate.Standing.GENUINE), None)
        found.append(Completed(completion, genuine, [each for each in every if each != genuine]))
    return found


def may_have_certificate(person: Person | AnonymousUser, certificate: Certificate) -> bool:
    """Whom it is about, whoever leads the occasion, HR."""
    return person.pk == certificate.ground.person_id or may_reissue(person, certificate)


def may_reissue(person: Person | AnonymousUser, certificate: Certificate) -> bool:
    if person.has_perm("courses.change_certificate"):
        return True
    booking = certificate.completion.booking if certificate.completion is not None else None
    return booking is not None and may_lead(person, booking.occasion)


def may_have_participants(person: Person | AnonymousUser, occasion: Occasion) -> bool:
    """Whoever leads the occasion, and HR."""
    return person.has_perm("courses.view_booking") or may_lead(person, occasion)


@dataclass(frozen=True)
class Participant:
    booking: Booking
    employment: Employment | None
    marks: dict[int, Attendance]
    completion: Completion | None


def participants(occasion: Occasion) -> list[Participant]:
    """Everyone who holds a place or waits for one, in Swedish order, with unit on the first day. 4 queries."""
    live = (
        Booking.objects.filter(occasion=occasion, state__in=Booking.LIVE)
        .select_related("person", "completion")
        .prefetch_related("attendances")
        .order_by("person__sort_key", "id")
    )
    bookings = list(live)
    employments = (
        Employment.objects.on(timezone.localdate(occasion.starts_at))
        .filter(person__in=[booking.person_id for booking in bookings], is_main=True)
        .select_related("unit__administration")
    )
    units = {employment.person_id: employment for employment in employments}
    return [
        Participant(
            booking,
            units.get(booking.person_id),
            {mark.session_id: mark for mark in booking.attendances.all()},
            _completion_of(booking),
        )
        for booking in bookings
    ]


def _completion_of(booking: Booking) -> Completion | None:
    completion = getattr(booking, "completion", None)
    return completion if completion is not None and completion.withdrawn_at is None else None
