"""The facts above a page's text: YAML read as what was typed, so that 1.10, no and 2026-11-21 stay words.

Each field makes of the words what it needs. Only names with a word or a list of words are read: no nesting, no tags.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from guide.services.folder.problems import Problems

FENCE = "---"


@dataclass(frozen=True)
class Fact:
    line: int
    value: str | list[str]
    is_broken: bool = False


def read_front_matter(text: str, *, file: str, problems: Problems) -> tuple[dict[str, Fact], str] | None:
    """The facts, and the text below with empty lines in their place, so that its lines keep their numbers."""
    lines = text.split("\n")
    end = next((number for number, line in enumerate(lines) if number and line.rstrip() == FENCE), 0)
    if lines[0].rstrip() != FENCE or not end:
        problems.add(file, 1, "The file must begin with front matter between two lines of ---.")
        return None
    facts = read_facts("\n".join(lines[1:end]), file=file, above=1, problems=problems)
    if facts is None:
        return None
    return facts, "\n" * (end + 1) + "\n".join(lines[end + 1 :])


def read_facts(text: str, *, file: str, above: int, problems: Problems) -> dict[str, Fact] | None:
    """None if it is no YAML at all; what is wrong in a single fact is told, and the fact left out."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = above + (mark.line + 1 if mark else 1)
        why = getattr(error, "problem", None) or str(error)
        problems.add(file, line, f"The front matter can't be read: {why}.")
        return None
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        problems.add(file, above + 1, "The front matter can't be read: it must be lines of “name: value”.")
        return None
    return _facts(root, file=file, above=above, problems=problems)


def _facts(root: yaml.MappingNode, *, file: str, above: int, problems: Problems) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for key, node in root.value:
        line = above + key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            problems.add(file, line, "A fact's name must be a word.")
            continue
        if key.value in facts:
            problems.add(file, line, f"{key.value} stands twice.")
        value = _value(node)
        if value is None:
            problems.add(file, line, f"{key.value} must be a single value or a list of words.")
        facts[key.value] = Fact(line, value or "", is_broken=value is None)
    return facts


def _value(node: yaml.Node) -> str | list[str] | None:
    if isinstance(node, yaml.ScalarNode):
        is_empty = node.style is None and node.value in {"", "~", "null"}
        return "" if is_empty else node.value
    if isinstance(node, yaml.SequenceNode) and all(isinstance(each, yaml.ScalarNode) for each in node.value):
        return [each.value for each in node.value]
    return None


def read_about(text: str, *, file: str, problems: Problems) -> dict[str, dict[str, Fact]]:
    """What is told about files: name → facts."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problems.add(file, mark.line + 1 if mark else 1, f"The file can't be read: {getattr(error, 'problem', error)}.")
        return {}
    if root is None:
        return {}
    told: dict[str, dict[str, Fact]] = {}
    for key, node in root.value if isinstance(root, yaml.MappingNode) else [(root, root)]:
        if isinstance(key, yaml.ScalarNode) and isinstance(node, yaml.MappingNode):
            told[key.value] = _facts(node, file=file, above=0, problems=problems)
        else:
            problems.add(file, key.start_mark.line + 1, "Each file is told about as “name.jpg:” with its facts below.")
    return told


FactValue = str | int | bool | dt.date | list[str] | list[int]


def write_facts(facts: Mapping[str, FactValue], *, indent: str = "") -> str:
    """One fact a line, in the types that other readers of front matter expect."""
    return "".join(f"{indent}{_written(name, value)}" for name, value in facts.items())


def _written(name: str, value: FactValue) -> str:
    if isinstance(value, list):
        return f"{name}: {_dump(value, default_flow_style=True)}"
    return _dump({name: value}, default_flow_style=False)


def _dump(value: object, *, default_flow_style: bool) -> str:
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, default_flow_style=default_flow_style,
                     width=float("inf"))  # fmt: skip


class _Dumper(yaml.SafeDumper):
    """Keeps a text on its line, whatever it holds."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if "\n" in text else None),
)
