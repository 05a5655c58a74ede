"""What a first visit to a page downloads, compressed by us: page, styles, scripts and drawings; fonts and photos apart.

`ask(path)` answers the bytes of an address as they are sent (compressed) and as they are read (plain).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

MOST = 150_000  # bytes
MOST_SHEETS = 3
_LINKED = re.compile(r'(?:href|src)="(/static/[^"#]+)')
_SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
# As journeys/ writes its modules; what a module names by another way is not found, and a test counts them.
_IMPORTED = re.compile(r'^(?:import|export)\b[^"\';]*["\'](\.{1,2}/[^"\']+)["\'];?', re.MULTILINE)
_APART = (".woff2", ".jpg", ".jpeg", ".png", ".webp", ".avif")

Ask = Callable[[str], tuple[bytes, bytes]]


@dataclass
class Weight:
    page: int
    files: dict[str, int] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.page + sum(self.files.values())

    @property
    def is_within(self) -> bool:
        return self.total <= MOST and len(self.sheets) <= MOST_SHEETS


def weigh(path: str, ask: Ask) -> Weight:
    """The page at `path` with what it links to, and the modules that its scripts import."""
    sent, plain = ask(path)
    text = plain.decode()
    weight = Weight(len(sent), sheets=_SHEET.findall(text))
    wanted = sorted({link for link in _LINKED.findall(text) if not link.endswith(_APART)})
    while wanted:
        link = wanted.pop()
        if link in weight.files:
            continue
        sent, plain = ask(link)
        weight.files[link] = len(sent)
        if link.endswith(".js"):
            wanted += [urljoin(link, name) for name in _IMPORTED.findall(plain.decode())]
    return weight
