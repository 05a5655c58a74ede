"""Changing a journey: operations, applied in one short transaction under the journey's row lock."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.models import Journey, Operation
from journeys.rules import MOST_OPERATIONS, may_change, role_of
from journeys.services.bell import ring
from journeys.services.desk import Clash, Desk
from people.models import Person
from shared.rules import RuleBroken


@dataclass(frozen=True)
class Asked:
    """One operation as it is asked for. `id` is made by the client: sent again, it is known again.

    `based_on` is the revision that the client had seen when the person began to change this.
    """

    id: uuid.UUID
    type: str
    target: uuid.UUID | None
    based_on: int
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What became of one operation.

    applied   it has the revision that it made, and `fields` as they were stored
    known     it was applied before: the same revision as then
    conflict  someone else changed the same since `based_on`: nothing was overwritten; `current` holds the values
              that stand, `fields` what was asked for, `changed_by` the name of the other
    refused   a rule says no: `code` and `sentence`; `fields` what was asked for
    """

    id: uuid.UUID
    outcome: str
    revision: int | None = None
    code: str | None = None
    sentence: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    current: dict[str, Any] | None = None
    changed_by: str | None = None


@dataclass(frozen=True)
class Answer:
    revision: int
    results: list[Result]


def apply_operations(journey: Journey, *, operations: Sequence[Asked], by: Person, now: dt.datetime) -> Answer:
    """Apply `operations` in their order, each wholly or not at all, and answer with a result for each.

    Raises RuleBroken for the whole request when `by` may not change the journey or sends too much at once.
    """
    if len(operations) > MOST_OPERATIONS:
        raise RuleBroken(
            _("At most %(most)d changes can be sent at once.") % {"most": MOST_OPERATIONS}, code="too_many_operations"
        )
    with transaction.atomic():
        locked = lock_journey(journey.pk)
        if not may_change(role_of(by, locked)):
            raise RuleBroken(_("You may read this journey but not change it."), code="may_not_change")
        revision_before = locked.revision
        answer = _apply(locked, operations, by=by, now=now)
        if answer.revision != revision_before:
            transaction.on_commit(lambda: ring(journey.pk, revision=answer.revision))
    journey.revision = answer.revision
    return answer


def lock_journey(journey_id: int) -> Journey:
    """The journey's row, locked until the transaction ends: whoever else changes it waits here."""
    return Journey.objects.select_for_update(no_key=True).get(pk=journey_id)


def _apply(journey: Journey, operations: Sequence[Asked], *, by: Person, now: dt.datetime) -> Answer:
    known = dict(
        Operation.objects.filter(journey=journey, id__in=[asked.id for asked in operations]).values_list("id", "number")
    )
    desk = Desk(journey, targets=[asked.target for asked in operations if asked.target], by=by, now=now)
    # What the sender has made itself, earlier in this request, is no news to the sender.
    desk.own_revisions.update(known.values())
    log: list[Operation] = []
    results = []
    for asked in operations:
        if asked.id in known:
            results.append(Result(asked.id, "known", revision=known[asked.id]))
            continue
        try:
            stored, before = desk.do(asked.type, target=asked.target, based_on=asked.based_on, fields=asked.fields)
        except Clash as clash:
            results.append(
                Result(
                    asked.id,
                    "conflict",
                    revision=clash.revision,
                    code=clash.code,
                    sentence=clash.sentence,
                    fields=asked.fields,
                    current=clash.current,
                    changed_by=clash.changed_by,
                )
            )
            continue
        except RuleBroken as no:
            results.append(Result(asked.id, "refused", code=no.code, sentence=no.sentence, fields=asked.fields))
            continue
        known[asked.id] = journey.revision
        log.append(
            Operation(
                journey=journey,
                id=asked.id,
                number=journey.revision,
                type=asked.type,
                target=asked.target,
                based_on=asked.based_on,
                fields=stored,
                before=before,
                by=by,
                at=now,
            )
        )
        results.append(Result(asked.id, "applied", revision=journey.revision, fields=stored))
    if log:
        desk.save()
        Operation.objects.bulk_create(log)
    return Answer(journey.revision, results)
