"""The Swedish catalogues: found in the code, kept per room, all without gettext being installed.

Source strings are English. What Python says through gettext is read from its syntax tree; what a template says is
read from the template as Django itself understands it.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.template import engines
from django.template.base import Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

LANGUAGE = "sv"
HEADER = """\
msgid ""
msgstr ""
"Language: sv\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
# The position of context, singular and plural among a function's arguments.
_FUNCTIONS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
_IN_AN_EXPRESSION = re.compile(r"""_\((?:"([^"]+)"|'([^']+)')\)""")
# A sentence that begins where another ends, without a space: two translations that became one.
_RUN_TOGETHER = re.compile(r"[a-zåäö)][.!?][A-ZÅÄÖ]")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd]|\{(\w*)\}")


@dataclass(frozen=True)
class Said:
    """One sentence of the code: what it says and in which context."""

    singular: str
    plural: str | None = None
    context: str | None = None

    @property
    def message_id(self) -> Any:
        return (self.singular, self.plural) if self.plural else self.singular


@dataclass
class Room:
    """A folder with a catalogue, and what is said below it: each sentence with the files that say it."""

    folder: Path
    said: dict[Said, set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def name(self) -> str:
        return str(self.folder.relative_to(settings.ROOT))

    @property
    def catalogue(self) -> Path:
        return self.folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def read_rooms() -> list[Room]:
    """Every room of this project with what it says; what belongs to no room belongs to the site's own catalogue."""
    root = Path(settings.ROOT)
    rooms = [
        Room(Path(config.path))
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(root) and ".venv" not in Path(config.path).parts and config.name != "config"
    ]
    rest = Room(root / "site")
    for path in sorted(_sources(root)):
        room = next((room for room in rooms if path.is_relative_to(room.folder)), rest)
        for said in _said_in(path):
            room.said[said].add(str(path.relative_to(root)))
    return sorted([*rooms, rest], key=lambda room: room.name)


def _sources(root: Path) -> Iterator[Path]:
    for top in ("site", "courses", "journeys", "workers"):
        for path in (root / top).rglob("*"):
            is_code = path.suffix == ".py" and "migrations" not in path.parts
            is_template = path.suffix in {".html", ".txt"} and "templates" in path.parts
            if is_code or is_template:
                yield path


def _said_in(path: Path) -> Iterator[Said]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _said_in_python(ast.parse(source))
    else:
        yield from _said_in_template(source, name=str(path))


def _said_in_python(tree: ast.AST) -> Iterator[Said]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _FUNCTIONS:
            continue
        context, singular, plural = (
            None if position is None else _text(node.args, position) for position in _FUNCTIONS[name]
        )
        if singular:
            yield Said(singular, plural, context)


def _text(arguments: list[ast.expr], position: int) -> str | None:
    if position >= len(arguments):
        return None
    value = arguments[position]
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _said_in_template(source: str, *, name: str) -> Iterator[Said]:
    template = Template(source, engine=engines["django"].engine, name=name)  # type: ignore[attr-defined]  # Django's engine has one
    # The nodes keep what they say to themselves, so to the type checker they are anything.
    translated: list[Any] = template.nodelist.get_nodes_by_type(TranslateNode)
    blocks: list[Any] = template.nodelist.get_nodes_by_type(BlockTranslateNode)
    for node in translated:
        literal = getattr(node.filter_expression.var, "literal", None)
        if isinstance(literal, str):
            yield Said(literal, None, _context_of(node))
    for node in blocks:
        singular, _variables = node.render_token_list(node.singular)
        plural = node.render_token_list(node.plural)[0] if node.plural else None
        yield Said(singular, plural, _context_of(node))
    for match in _IN_AN_EXPRESSION.finditer(source):
        yield Said(match[1] or match[2])


def _context_of(node: Any) -> str | None:
    expression = node.message_context
    literal = getattr(getattr(expression, "var", expression), "literal", None) or getattr(expression, "var", None)
    return str(literal) if expression is not None else None


def read_catalogue(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def update(room: Room) -> None:
    """Write the room's catalogue: what is said today, with the translations that are known, nothing else."""
    old = read_catalogue(room.catalogue)
    if not room.said:
        return
    new = Catalog(locale=LANGUAGE)
    for said in sorted(room.said, key=lambda said: (said.singular, said.context or "")):
        known = old.get(said.singular, context=said.context)
        string: Any = ("", "") if said.plural else ""
        if known is not None and isinstance(known.string, str) == isinstance(string, str) and not known.fuzzy:
            string = known.string
        # Files without line numbers: a moved line changes no catalogue.
        places: Any = [(file, None) for file in sorted(room.said[said])]
        new.add(said.message_id, string, context=said.context, locations=places)
    room.catalogue.parent.mkdir(parents=True, exist_ok=True)
    with room.catalogue.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, new, omit_header=True, include_lineno=False, width=110)


def faults(room: Room) -> Iterator[str]:
    """What is wrong with the room's catalogue, a sentence each; nothing where it is complete."""
    catalogue = read_catalogue(room.catalogue)
    for said in room.said:
        where = ", ".join(sorted(room.said[said]))
        message = catalogue.get(said.singular, context=said.context)
        strings = () if message is None else (message.string,) if isinstance(message.string, str) else message.string
        if not strings or not all(strings) or (message is not None and message.fuzzy):
            yield f"{room.name}: no Swedish for {said.singular!r} ({where})"
            continue
        if bool(said.plural) != (len(strings) > 1):
            yield f"{room.name}: plural forms differ for {said.singular!r} ({where})"
        wanted = _placeholders(said.singular) | _placeholders(said.plural or "")
        for string in strings:
            if not _placeholders(string) <= wanted or (string is strings[-1] and _placeholders(string) != wanted):
                yield f"{room.name}: other placeholders in the Swedish of {said.singular!r} ({where})"
            if _RUN_TOGETHER.search(string):
                yield f"{room.name}: two sentences run together in the Swedish of {said.singular!r} ({where})"
    known = {(message.id if isinstance(message.id, str) else message.id[0], message.context) for message in catalogue}
    for singular, _context in sorted(known - {(said.singular, said.context) for said in room.said}, key=str):
        if singular:
            yield f"{room.name}: nobody says {singular!r} any more (run manage.py messages)"


def contradictions(rooms: Iterable[Room]) -> Iterator[str]:
    """Sentences that two rooms say differently in Swedish: all catalogues become one, so one of them is not heard."""
    heard: dict[tuple[Any, str | None], dict[Any, str]] = {}
    for room in rooms:
        for message in read_catalogue(room.catalogue):
            if message.id:
                heard.setdefault((message.id, message.context), {}).setdefault(message.string, room.name)
    for (text, _context), said in heard.items():
        if len(said) > 1:
            each = " and ".join(f"{swedish!r} ({name})" for swedish, name in said.items())
            yield f"{text!r} is {each}: give one of them another English sentence, or a context"


def _placeholders(text: str) -> set[str]:
    return {match.group(0) for match in _PLACEHOLDER.finditer(text)}
