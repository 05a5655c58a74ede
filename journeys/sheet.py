"""The map laid out for the page: columns under their phases, rows of cells, the curve, the feelings in words."""

from dataclasses import dataclass
from typing import Any

from journeys.curve import Curve, draw_curve
from journeys.models import Lane, Note, Phase, Step
from journeys.queries import Map
from journeys.texts import evidence_words, feeling_words

STRENGTH = {"assumption": 1, "staff": 2, "citizen": 3, "data": 4}  # how many of the four dots are filled


@dataclass(frozen=True)
class Cell:
    step: Step | None
    notes: list[dict[str, Any]]
    feeling: str


@dataclass(frozen=True)
class Row:
    lane: Lane
    is_curve: bool
    cells: list[Cell]


@dataclass(frozen=True)
class Sheet:
    phases: list[tuple[Phase, int]]
    columns: list[tuple[int, Step | None]]  # a phase without steps keeps an empty column
    rows: list[Row]
    curve: Curve
    feelings: list[tuple[Step, str]]


def lay_out(journey_map: Map) -> Sheet:
    by_phase: dict[Any, list[Step]] = {phase.id: [] for phase in journey_map.phases}
    for step in journey_map.steps:
        by_phase[step.phase_id].append(step)
    phases = [(phase, max(len(by_phase[phase.id]), 1)) for phase in journey_map.phases]
    laid: list[Step | None] = []
    for phase in journey_map.phases:
        laid.extend(by_phase[phase.id] or [None])
    cells = journey_map.notes_by_cell()
    words, evidence = feeling_words(), evidence_words()
    rows = [
        Row(
            lane,
            lane.kind == Lane.Kind.FEELING,
            [
                Cell(
                    step,
                    [_note(note, evidence) for note in cells.get((step.id, lane.id), [])] if step else [],
                    words.get(step.feeling, "") if step and step.feeling is not None else "",
                )
                for step in laid
            ],
        )
        for lane in journey_map.lanes
    ]
    numbers = {step.id: number for number, step in enumerate(journey_map.steps, 1)}
    return Sheet(
        phases=phases,
        columns=[(numbers[step.id] if step else 0, step) for step in laid],
        rows=rows,
        curve=draw_curve([step.feeling if step else None for step in laid]),
        feelings=[(step, words[step.feeling] if step.feeling is not None else "") for step in journey_map.steps],
    )


def _note(note: Note, evidence: dict[Any, str]) -> dict[str, Any]:
    return {
        "id": note.id,
        "text": note.text,
        "colour": note.colour,
        "evidence": evidence[note.evidence],
        "strength": STRENGTH[note.evidence],
    }
