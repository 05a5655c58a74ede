"""Windows and themes for what must hold in each: a newcomer waits for one of each, `script/test --all` for all."""

from collections.abc import Sequence
from typing import Any

import pytest

SCHEMES = ["light", "dark"]


def windows(sizes: Sequence[Any], name: str = "size") -> pytest.MarkDecorator:
    """Each size in both themes, as parameters `name` and `scheme`; every other one of them is long."""
    pairs = [(size, scheme) for size in sizes for scheme in SCHEMES]
    rows = [pair for number, pair in enumerate(pairs) if number % 4 in {0, 3}]
    later = [pytest.param(*pair, marks=pytest.mark.long) for pair in pairs if pair not in rows]
    return pytest.mark.parametrize((name, "scheme"), [*rows, *later])
