"""Making a journey, saying who takes part, and for whom it is."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.models import Journey, JourneyMember, Lane, Persona, Phase, Step
from journeys.ranks import ranks
from journeys.rules import LONGEST_TEXT, LONGEST_TITLE, clean_text, may_make_journeys
from journeys.services.bell import ring
from journeys.services.operations import lock_journey
from people.models import Person, Unit
from shared.rules import RuleBroken

OWNER = JourneyMember.Role.OWNER


def create_journey(title: str, *, by: Person, now: dt.datetime, aim: str = "", unit: Unit | None = None) -> Journey:
    """A new journey owned by `by`: before, during and after, a step in each, the usual lanes and no notes."""
    if not may_make_journeys(by):
        raise RuleBroken(_("You may not make journeys. Ask a facilitator."), code="may_not_make_journeys")
    with transaction.atomic():
        journey = Journey.objects.create(
            title=clean_text(title, longest=LONGEST_TITLE, lines=False),
            aim=clean_text(aim, longest=LONGEST_TEXT, lines=True, may_be_empty=True),
            unit=unit,
            created_at=now,
            changed_at=now,
        )
        JourneyMember.objects.create(journey=journey, person=by, role=OWNER)
        _lay_template(journey)
    return journey


def _lay_template(journey: Journey) -> None:
    phases = (
        (_("Before"), _("The need arises")),
        (_("During"), _("The first contact")),
        (_("After"), _("Life goes on")),
    )
    first, second, third = ranks(3)
    for rank, (phase_title, step_title) in zip((first, second, third), phases, strict=True):
        phase = Phase.objects.create(id=uuid.uuid4(), journey=journey, rank=rank, title=phase_title)
        Step.objects.create(id=uuid.uuid4(), journey=journey, phase=phase, rank=first, title=step_title)
    lanes: tuple[tuple[str, str], ...] = (
        (_("What happens"), Lane.Kind.NOTES),
        (_("Thinks and says"), Lane.Kind.NOTES),
        (_("How it feels"), Lane.Kind.FEELING),
        (_("What is hard"), Lane.Kind.NOTES),
        (_("What could be better"), Lane.Kind.NOTES),
    )
    for rank, (title, kind) in zip(ranks(len(lanes)), lanes, strict=True):
        Lane.objects.create(id=uuid.uuid4(), journey=journey, rank=rank, title=title, kind=kind)


def describe_journey(journey: Journey, *, visibility: str, persona: str, by: Person, now: dt.datetime) -> None:
    """Who may read, and whose journey it is. (Title, aim and state are changed by operations.)"""
    _owner_only(journey, by)
    if visibility not in Journey.Visibility.values:
        raise RuleBroken(_("Choose who may read."), code="choice_unknown")
    name = clean_text(persona, longest=120, lines=False, may_be_empty=True)
    with transaction.atomic():
        locked = lock_journey(journey.pk)
        if name != (locked.persona.name if locked.persona else ""):
            locked.persona = Persona.objects.create(name=name) if name else None
        locked.visibility = visibility
        locked.changed_at = now
        locked.save(update_fields=["visibility", "persona", "changed_at"])
        transaction.on_commit(lambda: ring(journey.pk))


def find_colleague(text: str) -> Person:
    """The one person with this e-mail address or this full name; refused where there is none or several."""
    text = " ".join(text.split())
    people = Person.objects.filter(is_active=True)
    if "@" in text:
        found = list(people.filter(email__iexact=text)[:2])
    else:
        given, _space, family = text.partition(" ")
        found = list(people.filter(given_name__iexact=given, family_name__iexact=family)[:2]) if family else []
        if not found and " " in text:  # two given names, or a family name of several words
            given, _space, family = text.rpartition(" ")
            found = list(people.filter(given_name__iexact=given, family_name__iexact=family)[:2])
    if not found:
        raise RuleBroken(_("We find nobody with that name or address."), code="person_unknown")
    if len(found) > 1:
        raise RuleBroken(_("Several people have that name. Use the e-mail address."), code="person_ambiguous")
    return found[0]


def add_member(journey: Journey, *, person: Person, role: str, by: Person) -> JourneyMember:
    """Let `person` take part, or change how; the last owner stays one."""
    _owner_only(journey, by)
    if role not in JourneyMember.Role.values:
        raise RuleBroken(_("Choose what the person may do."), code="choice_unknown")
    with transaction.atomic():
        lock_journey(journey.pk)
        if role != OWNER:
            _keep_an_owner(journey, person)
        member, _new = JourneyMember.objects.update_or_create(journey=journey, person=person, defaults={"role": role})
        transaction.on_commit(lambda: ring(journey.pk))
    return member


def remove_member(journey: Journey, *, person: Person, by: Person) -> None:
    """`person` no longer takes part; open event streams are closed at once. Anyone may leave."""
    if person != by:
        _owner_only(journey, by)
    with transaction.atomic():
        lock_journey(journey.pk)
        _keep_an_owner(journey, person)
        JourneyMember.objects.filter(journey=journey, person=person).delete()
        transaction.on_commit(lambda: ring(journey.pk))


def _owner_only(journey: Journey, by: Person) -> None:
    if not JourneyMember.objects.filter(journey=journey, person=by, role=OWNER).exists():
        raise RuleBroken(_("Only who owns the journey may do this."), code="only_the_owner")


def _keep_an_owner(journey: Journey, leaving: Person) -> None:
    owners: set[Any] = set(
        JourneyMember.objects.filter(journey=journey, role=OWNER).values_list("person_id", flat=True)
    )
    if owners == {leaving.pk}:
        raise RuleBroken(_("A journey needs an owner. Make someone else an owner first."), code="last_owner")
