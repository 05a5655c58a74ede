"""Kinds of letters whose content is for the one who got them alone. Each room's are told by the composition.

Some tell a secret by being there at all (a reminder: who had not answered). Whoever looks after letters does not find
those: they are in no list, and nobody decides about one that got stuck.
"""

_HOLDING: set[str] = set()
_TELLING: set[str] = set()


def register_secret_kind(kind: str, *, tells_by_being: bool = False) -> None:
    _HOLDING.add(kind)
    if tells_by_being:
        _TELLING.add(kind)


def holds_a_secret(kind: str) -> bool:
    return kind in _HOLDING


def kinds_that_tell() -> frozenset[str]:
    return frozenset(_TELLING)
