"""Three journeys in different states, laid as operations, so that their history can be read."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from config.demo import DOMAIN, Demo
from config.demo.journey_texts import CARE, CURVE, LANES, PERMIT, PUPIL
from guide.keys import key_of
from guide.models import CasePage
from journeys.models import Journey, JourneyMember, Persona
from journeys.ranks import ranks
from journeys.rules import MOST_OPERATIONS
from journeys.services.operations import Asked, apply_operations
from people.models import Person

EVIDENCE = {"a": "assumption", "p": "staff", "m": "citizen", "d": "data"}
COLOURS = ("yellow", "blue", "yellow", "pink", "green")
NAMES = uuid.UUID("5f0c3a0e-7f0e-4c55-9a52-6b0a5a5c2f11")


def lay(demo: Demo) -> None:
    people = {person.email.partition("@")[0]: person for person in Person.objects.filter(email__in=_addresses())}
    facilitator = people.get("processledare")
    if facilitator is None:
        demo.say("no log-ins yet; the journeys wait for them.")
        return
    laid = 0
    with override("sv"):
        for content, state, visibility, days, roles in (
            (PUPIL, "active", "everyone", 1, {"medarbetare": "editor", "chef": "reader", "hr": "reader"}),
            (CARE, "draft", "members", 6, {"medarbetare": "editor"}),
            (PERMIT, "done", "everyone", 160, {"chef": "editor"}),
        ):
            if Journey.objects.filter(title=content["title"]).exists():
                continue
            members = {people[name]: role for name, role in roles.items() if name in people}
            with transaction.atomic():
                _lay_journey(
                    content,
                    state=state,
                    visibility=visibility,
                    owner=facilitator,
                    members=members,
                    changed=demo.now - dt.timedelta(days=days),
                )
            laid += 1
    demo.say(f"{laid} journeys laid, {Journey.objects.count()} in all.")
    _lead_the_case_there()


def _lead_the_case_there() -> None:
    """The guide's story about the pupil's journey leads to the map of it, where nothing else stands."""
    journey = Journey.objects.filter(title=PUPIL["title"]).order_by("pk").first()
    for case in CasePage.objects.filter(translation_key=key_of("case-pupils-journey"), journey_link=""):
        if journey and case.live and not case.has_unpublished_changes:
            with override(case.locale.language_code):
                case.journey_link = reverse("journey", args=[journey.pk])
            case.save_revision(log_action=False).publish(log_action=False)


def _addresses() -> list[str]:
    return [f"{name}@{DOMAIN}" for name in ("medarbetare", "chef", "processledare", "hr")]


def _lay_journey(
    content: dict[str, Any],
    *,
    state: str,
    visibility: str,
    owner: Person,
    members: dict[Person, str],
    changed: dt.datetime,
) -> None:
    made = changed - dt.timedelta(days=40)
    persona, _new = Persona.objects.get_or_create(name=content["persona"])
    journey = Journey.objects.create(
        title=content["title"],
        aim=content["aim"],
        state=state,
        visibility=visibility,
        persona=persona,
        created_at=made,
        changed_at=made,
    )
    JourneyMember.objects.create(journey=journey, person=owner, role="owner")
    for person, role in members.items():
        JourneyMember.objects.create(journey=journey, person=person, role=role)
    frame, notes = _operations(content)
    for start in range(0, len(frame), MOST_OPERATIONS):
        apply_operations(journey, operations=frame[start : start + MOST_OPERATIONS], by=owner, now=made)
    # Those who may write take turns, a day apart, and the last of it is the day on which the journey was changed.
    writers = [owner, *(person for person, role in members.items() if role == "editor")]
    parts = [notes[start : start + 12] for start in range(0, len(notes), 12)]
    for turn, part in enumerate(parts):
        moment = changed - dt.timedelta(days=len(parts) - 1 - turn)
        apply_operations(journey, operations=part, by=writers[turn % len(writers)], now=moment)


def _operations(content: dict[str, Any]) -> tuple[list[Asked], list[Asked]]:
    """The frame (phases, steps, lanes) and the notes. Names of rows are made from the journey's title."""
    frame: list[Asked] = []
    notes: list[Asked] = []

    def add(to: list[Asked], row: str, key: str, **fields: Any) -> str:
        target = uuid.uuid5(NAMES, f"{content['title']} {row} {key}")
        operation = uuid.uuid5(NAMES, f"{content['title']} operation {row} {key}")
        to.append(Asked(operation, f"add_{row}", target, 0, fields))
        return str(target)

    titles = [*LANES[:2], CURVE, *LANES[2:]]
    lanes = {
        title: add(frame, "lane", title, title=title, rank=rank, kind="feeling" if title == CURVE else "notes")
        for title, rank in zip(titles, ranks(len(titles)), strict=True)
    }
    for (phase_title, steps), phase_rank in zip(content["phases"], ranks(len(content["phases"])), strict=True):
        phase = add(frame, "phase", phase_title, title=phase_title, rank=phase_rank)
        for (title, feeling, cells), rank in zip(steps, ranks(len(steps)), strict=True):
            step = add(frame, "step", title, phase=phase, title=title, rank=rank, feeling=feeling)
            for lane, colour, texts in zip(LANES, COLOURS, cells, strict=True):
                for text, note_rank in zip(texts, ranks(len(texts)), strict=True):
                    evidence, words = EVIDENCE[text[0]], text[2:]
                    place = {"step": step, "lane": lanes[lane], "rank": note_rank}
                    add(notes, "note", f"{title} {lane} {words}", text=words, evidence=evidence, colour=colour, **place)
    return frame, notes
