"""The desk where a request's operations are done: the rows they are about, in hand, written once at the end."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from journeys.models import Journey, Lane, Note, Operation
from journeys.models.map import MapRow
from journeys.ranks import is_rank, rank_after
from journeys.rules import MOST_ROWS
from journeys.services.fields import (
    JOURNEY_FIELDS,
    KINDS,
    TYPES,
    as_json,
    clean_fields,
    set_value,
    target_unknown,
    value_of,
)
from people.models import Person
from shared.rules import RuleBroken

Change = tuple[dict[str, Any], dict[str, Any]]  # as stored, and what was there before


class Clash(Exception):  # noqa: N818 - a clash is no error: it is an answer
    """Someone else changed the same since the sender last looked."""

    def __init__(self, sentence: str, *, code: str, current: dict[str, Any], revision: int, changed_by: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.current = current
        self.revision = revision
        self.changed_by = changed_by


class Desk:
    """Only with the journey's row locked: `journey.revision` is raised here, one for each operation done."""

    def __init__(self, journey: Journey, *, targets: Sequence[uuid.UUID], by: Person, now: dt.datetime) -> None:
        self.journey = journey
        self.by = by
        self.now = now
        self.own_revisions: set[int] = set()
        self._rows: dict[str, dict[uuid.UUID, MapRow | None]] = {kind: {} for kind in KINDS}
        self._new: dict[str, list[MapRow]] = {kind: [] for kind in KINDS}
        self._changed: dict[uuid.UUID, MapRow] = {}
        self._counts: dict[str, int] = {}
        self._last_ranks: dict[tuple[Any, ...], str] = {}
        self._targets = list(targets)

    def do(self, type_: str, *, target: uuid.UUID | None, based_on: int, fields: dict[str, Any]) -> Change:
        """Do one operation; answers what was stored and what it replaced. Raises Clash or RuleBroken, and then
        nothing of it is done."""
        if type_ not in TYPES:
            raise RuleBroken(_("There is no operation of this type."), code="type_unknown")
        if type_ == "change_journey":
            return self._change_journey(fields, based_on=based_on)
        verb, kind = ("change", "step") if type_ == "set_feeling" else type_.split("_", 1)
        if target is None:
            raise target_unknown()
        if type_ == "set_feeling":
            cleaned = clean_fields(fields, allowed=("feeling",), needed=("feeling",))
            return self._set(kind, self._living(kind, target, fields), cleaned, based_on=based_on)
        act = getattr(self, f"_{verb}")
        done: Change = act(kind, target, fields, based_on=based_on)
        return done

    def save(self) -> None:
        for kind in ("phase", "lane", "step", "note"):  # parents before children
            KINDS[kind].rows.bulk_create(self._new[kind])
        for row in self._changed.values():
            row.save()
        self.journey.changed_at = self.now
        self.journey.save(update_fields=["revision", "changed_at", "field_revisions", *JOURNEY_FIELDS])

    # --- The verbs -------------------------------------------------------------------------------

    def _add(self, kind: str, target: uuid.UUID, given: dict[str, Any], *, based_on: int) -> Change:
        described = KINDS[kind]
        fields = clean_fields(given, allowed=described.stored, needed=(described.content[0], *described.place))
        if self._known_anywhere(kind, target):
            raise target_unknown()
        self._check_place(kind, fields)
        if self._count(kind) >= MOST_ROWS[kind]:
            raise RuleBroken(_("There is no room for more in this journey."), code="map_full")
        row = described.model(id=target)
        row.journey_id = self.journey.pk
        if isinstance(row, Note):
            row.written_by = self.by
        for name, value in fields.items():
            set_value(row, name, value)
        row.rank = fields["rank"] = fields.get("rank") or self._last_rank(kind, row)
        self._rows[kind][target] = row
        self._new[kind].append(row)
        self._counts[kind] += 1
        stored = {name: as_json(value_of(row, name)) for name in described.stored}
        self._number(row, described.stored)
        return stored, {}

    def _change(self, kind: str, target: uuid.UUID, given: dict[str, Any], *, based_on: int) -> Change:
        fields = clean_fields(given, allowed=KINDS[kind].content)
        if not fields:
            raise RuleBroken(_("Nothing is to be changed."), code="field_missing")
        return self._set(kind, self._living(kind, target, given, based_on=based_on), fields, based_on=based_on)

    def _move(self, kind: str, target: uuid.UUID, given: dict[str, Any], *, based_on: int) -> Change:
        fields = clean_fields(given, allowed=(*KINDS[kind].place, "rank"))
        row = self._living(kind, target, given, based_on=based_on)
        self._check_place(kind, fields)
        moved = KINDS[kind].model(id=row.id)
        moved.journey_id = self.journey.pk
        for name in KINDS[kind].place:
            set_value(moved, name, fields.get(name, value_of(row, name)))
        fields.setdefault("rank", self._last_rank(kind, moved))
        return self._set(kind, row, fields, based_on=based_on)

    def _remove(self, kind: str, target: uuid.UUID, given: dict[str, Any], *, based_on: int) -> Change:
        """A mark. What stands in a removed phase, step or lane goes out of sight with it and comes back with it."""
        clean_fields(given, allowed=())
        row = self._row(kind, target)
        if kind == "note" and row.removed_at is None:
            content = KINDS[kind].content
            self._refuse_to_overwrite(row, dict.fromkeys(content, None), based_on=based_on, whatever_value=True)
        row.removed_at = row.removed_at or self.now
        self._number(row, ("removed",))
        return {}, {}

    def _restore(self, kind: str, target: uuid.UUID, given: dict[str, Any], *, based_on: int) -> Change:
        clean_fields(given, allowed=())
        row = self._row(kind, target)
        row.removed_at = None
        self._number(row, ("removed",))
        return {}, {}

    def _change_journey(self, given: dict[str, Any], *, based_on: int) -> Change:
        fields = clean_fields(given, allowed=JOURNEY_FIELDS)
        if not fields:
            raise RuleBroken(_("Nothing is to be changed."), code="field_missing")
        self._refuse_to_overwrite(self.journey, fields, based_on=based_on)
        before = {name: getattr(self.journey, name) for name in fields}
        for name, value in fields.items():
            setattr(self.journey, name, value)
        self.journey.revision += 1
        self.own_revisions.add(self.journey.revision)
        self.journey.field_revisions |= dict.fromkeys(fields, self.journey.revision)
        return fields, before

    def _set(self, kind: str, row: MapRow, fields: dict[str, Any], *, based_on: int) -> Change:
        self._refuse_to_overwrite(row, fields, based_on=based_on)
        before = {name: as_json(value_of(row, name)) for name in fields}
        for name, value in fields.items():
            set_value(row, name, value)
        self._number(row, tuple(fields))
        return {name: as_json(value) for name, value in fields.items()}, before

    # --- Numbers and clashes ---------------------------------------------------------------------

    def _number(self, row: MapRow, names: tuple[str, ...]) -> None:
        self.journey.revision += 1
        self.own_revisions.add(self.journey.revision)
        row.revision = self.journey.revision
        row.field_revisions = row.field_revisions | dict.fromkeys(names, self.journey.revision)
        if not row._state.adding:
            self._changed[row.id] = row

    def _refuse_to_overwrite(
        self, row: Any, fields: dict[str, Any], *, based_on: int, whatever_value: bool = False
    ) -> None:
        newer = {
            name: row.field_revisions.get(name, 0)
            for name, value in fields.items()
            if row.field_revisions.get(name, 0) > based_on
            and row.field_revisions[name] not in self.own_revisions
            and (whatever_value or value_of(row, name) != value)
        }
        if newer:
            self._clash(row, fields, max(newer.values()), _("Someone else changed this at the same time."), "changed")

    def _clash(self, row: Any, fields: dict[str, Any], number: int, sentence: str, code: str) -> None:
        operation = Operation.objects.filter(journey=self.journey, number=number).select_related("by").first()
        current = {name: as_json(value_of(row, name)) for name in fields}
        if isinstance(row, MapRow):
            current["removed"] = row.removed_at is not None
        raise Clash(
            sentence,
            code=code,
            current=current,
            revision=number,
            changed_by=str(operation.by) if operation and operation.by else "",
        )

    # --- Rows in hand ----------------------------------------------------------------------------

    def _row(self, kind: str, row_id: uuid.UUID) -> MapRow:
        """The row, if it is in this journey; one of another journey is as unknown as one that is nowhere."""
        self._fetch(kind, row_id)
        row = self._rows[kind][row_id]
        if row is None or row.journey_id != self.journey.pk:
            raise target_unknown()
        return row

    def _living(self, kind: str, row_id: uuid.UUID, given: dict[str, Any], *, based_on: int = 0) -> MapRow:
        row = self._row(kind, row_id)
        if row.removed_at is not None:
            wanted = {name: None for name in given if name in KINDS[kind].stored}
            number = row.field_revisions.get("removed", row.revision)
            self._clash(row, wanted, number, _("This was removed while you were changing it."), "removed")
        return row

    def _known_anywhere(self, kind: str, row_id: uuid.UUID) -> bool:
        self._fetch(kind, row_id)
        return self._rows[kind][row_id] is not None

    def _fetch(self, kind: str, row_id: uuid.UUID) -> None:
        """All targets of the request at once, the first time one of a kind is asked for."""
        rows = self._rows[kind]
        if row_id in rows:
            return
        wanted = {row_id, *self._targets} - rows.keys()
        found = KINDS[kind].rows.in_bulk(wanted)
        rows.update({one: found.get(one) for one in wanted})

    def _check_place(self, kind: str, fields: dict[str, Any]) -> None:
        for name in KINDS[kind].place:
            if name not in fields:
                continue
            parent = self._row(name, fields[name])
            if parent.removed_at is not None:
                raise RuleBroken(_("The place where this was to stand has been removed."), code="place_removed")
            if isinstance(parent, Lane) and parent.kind == Lane.Kind.FEELING:
                raise RuleBroken(_("This lane holds the emotion curve, not notes."), code="lane_holds_feelings")

    def _count(self, kind: str) -> int:
        if kind not in self._counts:
            rows = KINDS[kind].rows.filter(journey=self.journey)
            self._counts[kind] = rows.count()
        return self._counts[kind]

    def _last_rank(self, kind: str, row: MapRow) -> str:
        """The rank after the last sibling: in the same cell, the same phase, or the whole journey."""
        place = {f"{name}_id": value_of(row, name) for name in KINDS[kind].place}
        rows = KINDS[kind].rows.filter(journey=self.journey, **place)
        stored = rows.exclude(id=row.id).aggregate(last=Max("rank"))["last"]
        in_hand = [
            other.rank
            for other in (*self._new[kind], *self._changed.values())
            if isinstance(other, KINDS[kind].model)
            and other.id != row.id
            and all(getattr(other, name) == value for name, value in place.items())
        ]
        last = max([rank for rank in (stored, *in_hand) if rank], default=None)
        following = rank_after(last)
        if not is_rank(following):
            raise RuleBroken(_("There is no room for more in this journey."), code="map_full")
        return following
