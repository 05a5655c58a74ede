"""Questions about journeys. Reads only."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Expression, OuterRef, QuerySet, Subquery

from journeys.models import Journey, JourneyMember, Lane, Note, Operation, Phase, Step
from journeys.rules import readable
from people.models import Person
from shared.ready import Given, Ready

# How many of the own journeys other pages show at most.
LATEST = 10


def readable_journeys(person: Person | Expression) -> QuerySet[Any]:
    """What `person` may read, each with `my_role`: "owner", "editor", "reader", or None where everyone may read."""
    role = JourneyMember.objects.filter(journey=OuterRef("pk"), person=person).values("role")[:1]
    return readable(person).annotate(my_role=Subquery(role)).select_related("persona", "unit")


def my_journeys(person: Person | Expression) -> QuerySet[Any]:
    """The journeys that `person` takes part in, the latest changed first."""
    return readable_journeys(person).filter(my_role__isnull=False).order_by("-changed_at", "id")


_LATEST = Ready(lambda: my_journeys(Given("person", BigIntegerField()))[:LATEST])


def latest_journeys(person: Person, *, most: int) -> list[Any]:
    """The first of `my_journeys`: what Min sida and the front page show."""
    return _LATEST.ask(person=person.pk)[:most]


def open_journeys(person: Person) -> QuerySet[Any]:
    """Journeys of others that `person` may read, as Swedes sort."""
    return readable_journeys(person).filter(my_role__isnull=True)


def operations_after(journey: Journey, number: int) -> QuerySet[Operation]:
    """What happened after revision `number`, in the order in which it happened. Never a gap."""
    return Operation.objects.filter(journey=journey, number__gt=number).select_related("by").order_by("number")


def notes_added_by(person: Any) -> QuerySet[Any, Any]:
    """The moments at which the person added a note to a journey, whichever, the first one first."""
    return Operation.objects.filter(by=person, type="add_note").order_by("at").values_list("at")


@dataclass(frozen=True)
class Map:
    """A journey as it stands, without what is removed. `revision` is read first: what changed meanwhile is in the
    operations after it, and to apply an operation twice does no harm."""

    journey: Journey
    revision: int
    phases: list[Phase]
    steps: list[Step]
    lanes: list[Lane]
    notes: list[Note]

    def notes_by_cell(self) -> dict[tuple[uuid.UUID, uuid.UUID], list[Note]]:
        cells: dict[tuple[uuid.UUID, uuid.UUID], list[Note]] = {}
        for note in self.notes:
            cells.setdefault((note.step_id, note.lane_id), []).append(note)
        return cells

    def as_json(self) -> dict[str, Any]:
        journey = self.journey
        return {
            "id": journey.pk,
            "title": journey.title,
            "aim": journey.aim,
            "state": journey.state,
            "visibility": journey.visibility,
            "persona": {"id": journey.persona.pk, "name": journey.persona.name} if journey.persona else None,
            "unit": {"id": journey.unit.pk, "name": journey.unit.name} if journey.unit else None,
            "revision": self.revision,
            "changed_at": journey.changed_at,
            "phases": [_row(phase, title=phase.title) for phase in self.phases],
            "steps": [
                _row(step, title=step.title, phase=str(step.phase_id), feeling=step.feeling) for step in self.steps
            ],
            "lanes": [_row(lane, title=lane.title, kind=lane.kind) for lane in self.lanes],
            "notes": [
                _row(
                    note,
                    step=str(note.step_id),
                    lane=str(note.lane_id),
                    text=note.text,
                    evidence=note.evidence,
                    colour=note.colour,
                    written_by=str(note.written_by) if note.written_by else None,
                )
                for note in self.notes
            ],
        }


def _row(row: Any, **fields: Any) -> dict[str, Any]:
    return {"id": str(row.id), **fields, "rank": row.rank, "revision": row.revision}


def whole_map(journey: Journey) -> Map:
    """Everything in sight: five questions, however large the map is."""
    journey = Journey.objects.select_related("persona", "unit").get(pk=journey.pk)
    phases = list(Phase.objects.filter(journey=journey, removed_at=None))
    place = {phase.id: number for number, phase in enumerate(phases)}
    steps = [step for step in Step.objects.filter(journey=journey, removed_at=None) if step.phase_id in place]
    steps.sort(key=lambda step: (place[step.phase_id], step.rank, str(step.id)))
    lanes = list(Lane.objects.filter(journey=journey, removed_at=None))
    in_sight = {step.id for step in steps}, {lane.id for lane in lanes}
    notes = [
        note
        for note in Note.objects.filter(journey=journey, removed_at=None).select_related("written_by")
        if note.step_id in in_sight[0] and note.lane_id in in_sight[1]
    ]
    return Map(journey, journey.revision, phases, steps, lanes, notes)
