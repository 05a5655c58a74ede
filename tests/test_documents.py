"""What the documents say is there, is there."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ["README.md", "CHANGELOG.md", *(str(each.relative_to(ROOT)) for each in (ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_to_something(document):
    # Between backticks stand examples of how to write.
    text = re.sub(r"```.*?```|`[^`\n]+`", "", (ROOT / document).read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    missing = [each for each in links if "://" not in each and not (ROOT / document).parent.joinpath(each).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_script_that_is_named_can_be_run(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    for name in set(re.findall(r"\bscript/([a-z]+)\b", text)) - {"house", "benches"}:
        assert os.access(ROOT / "script" / name, os.X_OK), f"{document} names script/{name}"


def test_the_two_commands_and_a_picture_stand_in_the_first_twenty_lines():
    top = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:20])
    assert "script/server" in top
    assert "script/test" in top
    assert re.search(r"!\[.+\]\(docs/pictures/front\.png\)", top)


def test_every_management_command_that_is_named_exists():
    from django.core.management import get_commands

    for document in DOCUMENTS:
        for name in re.findall(r"manage\.py ([a-z_]+)", (ROOT / document).read_text(encoding="utf-8")):
            assert name in get_commands(), f"{document} names manage.py {name}"


def test_the_licence_is_the_same_everywhere():
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert 'license = "EUPL-1.2"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "EUPL-1.2" in (ROOT / "README.md").read_text(encoding="utf-8")
