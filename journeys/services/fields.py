"""The words of an operation: which kinds of rows and fields there are, and what each field accepts."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from journeys.models import Journey, Lane, Note, Phase, Step
from journeys.models.map import MapRow
from journeys.ranks import is_rank
from journeys.rules import LONGEST_TEXT, LONGEST_TITLE, clean_text
from shared.rules import RuleBroken


@dataclass(frozen=True)
class Kind:
    """One kind of row: `content` is what change_… may set, `place` what move_… may set beside the rank."""

    model: type[MapRow]
    content: tuple[str, ...]
    place: tuple[str, ...] = ()
    only_when_added: tuple[str, ...] = ()

    @property
    def rows(self) -> Any:
        """The manager of these rows; the type checker knows no manager of an abstract model."""
        return self.model._default_manager

    @property
    def stored(self) -> tuple[str, ...]:
        return (*self.content, *self.place, *self.only_when_added, "rank")


KINDS = {
    "phase": Kind(Phase, content=("title",)),
    "lane": Kind(Lane, content=("title",), only_when_added=("kind",)),
    "step": Kind(Step, content=("title", "feeling"), place=("phase",)),
    "note": Kind(Note, content=("text", "evidence", "colour"), place=("step", "lane")),
}
JOURNEY_FIELDS = ("title", "aim", "state")
TYPES = (
    *(f"{verb}_{kind}" for kind in KINDS for verb in ("add", "change", "move", "remove", "restore")),
    "set_feeling",
    "change_journey",
)


def _title(value: Any) -> str:
    return clean_text(value, longest=LONGEST_TITLE, lines=False)


def _text(value: Any) -> str:
    return clean_text(value, longest=LONGEST_TEXT, lines=True)


def _aim(value: Any) -> str:
    return clean_text(value, longest=LONGEST_TEXT, lines=True, may_be_empty=True)


def _one_of(choices: Any) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        if value not in choices.values:
            raise RuleBroken(
                _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices.values)}, code="choice_unknown"
            )
        return str(value)

    return clean


def _feeling(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not -2 <= value <= 2:
        raise RuleBroken(_("A feeling is a whole number from -2 to 2."), code="feeling_off_the_scale")
    return value


def _rank(value: Any) -> str:
    if not is_rank(value):
        raise RuleBroken(_("The rank is not one that can be sorted."), code="rank_invalid")
    return str(value)


def _reference(value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(value) if isinstance(value, str) else uuid.UUID(int=value.int)
    except (ValueError, AttributeError):
        raise target_unknown() from None


CLEANERS: dict[str, Callable[[Any], Any]] = {
    "title": _title,
    "aim": _aim,
    "text": _text,
    "state": _one_of(Journey.State),
    "evidence": _one_of(Note.Evidence),
    "colour": _one_of(Note.Colour),
    "kind": _one_of(Lane.Kind),
    "feeling": _feeling,
    "rank": _rank,
    "phase": _reference,
    "step": _reference,
    "lane": _reference,
}


def target_unknown() -> RuleBroken:
    return RuleBroken(_("What this is about is not in this journey."), code="target_unknown")


def clean_fields(given: dict[str, Any], *, allowed: tuple[str, ...], needed: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields as they may be stored; refused where one is unknown, missing or wrong."""
    for name in given:
        if name not in allowed:
            raise RuleBroken(_("There is no field %(name)s here.") % {"name": name[:40]}, code="field_unknown")
    for name in needed:
        if name not in given:
            raise RuleBroken(_("The field %(name)s is missing.") % {"name": name}, code="field_missing")
    return {name: CLEANERS[name](value) for name, value in given.items()}


def as_json(value: Any) -> Any:
    return str(value) if isinstance(value, uuid.UUID) else value


def value_of(row: Any, field: str) -> Any:
    """The value of `field`, a reference as the id that it holds."""
    return getattr(row, f"{field}_id" if field in ("phase", "step", "lane") else field)


def set_value(row: Any, field: str, value: Any) -> None:
    setattr(row, f"{field}_id" if field in ("phase", "step", "lane") else field, value)
