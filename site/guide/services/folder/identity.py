"""Which block of a changed field is which: a line that stays keeps its id, and with it readers' ticks."""

import json
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import Any

from guide.keys import line_key
from guide.services.folder.blocks_in import Block

Stored = dict[str, Any]


def identified(
    new: Sequence[Block], *, old: Sequence[Stored], stable_id: str, field: str, written: Callable[[Stored], str]
) -> list[Stored]:
    """The new blocks with ids, ready to be stored.

    What is written as before is taken over as it was stored. A block that was reworded in its place keeps the id too,
    else a corrected word would part it from its translation. New ones get the id of their place, the same in every
    language.
    """
    made = [{"type": block.type, "value": block.value} for block in new]
    ids: list[str | None] = [None] * len(made)
    result = list(made)
    there = [written(each) for each in made] if old else []
    matcher = SequenceMatcher(None, [written(each) for each in old], there, autojunk=False)
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if what == "equal" or (what == "replace" and old_to - old_from == new_to - new_from):
            for before, after in zip(range(old_from, old_to), range(new_from, new_to), strict=True):
                ids[after] = old[before].get("id")
                if what == "equal":
                    result[after] = old[before]
    taken = {each for each in ids if each}
    for place, block in enumerate(result):
        identity = ids[place] or _free(stable_id, field, place + 1, taken)
        taken.add(identity)
        result[place] = _with_inner_ids(block | {"id": identity})
    return result


def _free(stable_id: str, field: str, place: int, taken: set[str]) -> str:
    again = 0
    while (identity := line_key(stable_id, field, place=place, again=again)) in taken:
        again += 1
    return identity


def _with_inner_ids(block: Stored) -> Stored:
    """Boxes of a worksheet are blocks too."""
    value = block["value"]
    if not isinstance(value, dict) or not isinstance(value.get("boxes"), list):
        return block
    boxes = [
        box if box.get("id") else box | {"id": line_key(block["id"], "boxes", place=place)}
        for place, box in enumerate(value["boxes"], start=1)
    ]
    return block | {"value": value | {"boxes": boxes}}


def as_stored(value: Any) -> Any:
    """What a field is set to."""
    return json.dumps(value) if isinstance(value, list) else value
