"""Identities of pages: the same in every database."""

import re
import uuid

# What stable ids are hashed into. Never change it: reading marks and programmes hold the keys.
KEYS = uuid.UUID("5f0d3c0e-6c1d-4b8e-9a55-0a7f0b1d2c61")
_STABLE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_stable_id(text: str) -> bool:
    return bool(_STABLE_ID.fullmatch(text))


def key_of(stable_id: str) -> uuid.UUID:
    """The translation key of a page by its stable id, whatever its language.

    A page that came from a folder has an id made of words (`key_of("step-2")`); one that an editor made has none, and
    its translation key stands for it.
    """
    return uuid.UUID(stable_id) if _UUID.fullmatch(stable_id) else uuid.uuid5(KEYS, stable_id)


def line_key(stable_id: str, field: str, *, place: int, again: int = 0) -> str:
    """A block's identity by its place, the same in every language: a reader's tick follows a line to its translation.

    `again` counts on when another line already has the place's identity.
    """
    name = f"{stable_id}:{field}:{place}" + (f":{again}" if again else "")
    return str(uuid.uuid5(KEYS, name))
