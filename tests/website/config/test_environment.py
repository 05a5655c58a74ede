"""The settings are read strictly: production refuses to start without what it needs, and says what."""

import ast
import functools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import read_choice, read_database, read_flag, read_list, read_number, read_text

ROOT = Path(__file__).resolve().parents[3]
GOOD = {
    "STIGEN_ENV": "production",
    "SECRET_KEY": "not-the-real-one-but-long-enough-for-the-deploy-check-0123456789",
    "DATABASE_URL": "postgresql://stigen@db.example/stigen",
    "REDIS_URL": "redis://redis.example/0",
    "SITE_URL": "https://stigen.example",
    "ALLOWED_HOSTS": "stigen.example",
    "TRUSTED_PROXIES": "1",
}


def start(**changes: str) -> subprocess.CompletedProcess:
    """Read the settings in a process of its own, with these surroundings and no others."""
    env = {name: value for name, value in (GOOD | changes).items() if value}
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); from django.conf import settings; print(settings.DEBUG)",
        ],
        cwd=ROOT / "site",
        env=env | {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "SITE_URL", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without(name):
    answer = start(**{name: ""})
    assert answer.returncode != 0
    assert f"ImproperlyConfigured: {name} must be set" in answer.stderr.strip().splitlines()[-1]


def test_production_is_what_it_is_when_nothing_else_is_said_and_never_debugs():
    answer = start(STIGEN_ENV="", STIGEN_DEBUG="true")
    assert answer.stdout.strip() == "False", answer.stderr


def test_a_secret_may_stand_in_a_file(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("from-the-file\n")
    monkeypatch.setenv("THING_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("THING", "from-the-variable")
    assert read_text("THING") == "from-the-file"


def test_a_secret_file_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("THING_FILE", "/nowhere/at/all")
    with pytest.raises(Exception, match="THING_FILE points at /nowhere/at/all"):
        read_text("THING")


@pytest.mark.parametrize(
    ("read", "value", "sentence"),
    [
        (lambda: read_flag("THING", default=False), "perhaps", "THING must be true or false, not 'perhaps'"),
        (lambda: read_number("THING", default=1), "many", "THING must be a whole number, not 'many'"),
        (lambda: read_number("THING", default=1, at_least=5), "4", "THING must be at least 5, not 4"),
        (lambda: read_choice("THING", {"a", "b"}, default="a"), "c", "THING must be one of a, b, not 'c'"),
        (lambda: read_database("THING"), "mysql://x", "THING must begin with postgresql://"),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(monkeypatch, read, value, sentence):
    monkeypatch.setenv("THING", value)
    with pytest.raises(Exception, match=re.escape(sentence)):
        read()


def test_a_list_is_words_between_commas(monkeypatch):
    monkeypatch.setenv("THING", " a.example , b.example,")
    assert read_list("THING") == ["a.example", "b.example"]


@functools.cache
def variables_read() -> set[str]:
    """The names in every `read_…("NAME")` of the settings and every os.environ of the scripts."""
    names = set()
    places = [*ROOT.glob("site/**/*.py"), *ROOT.glob("script/house/*.py"), ROOT / "tests/support/browser.py"]
    for file in places:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = ast.unparse(node.func)
                if re.fullmatch(r"read_(text|flag|number|list|choice|database)|(os\.)?environ\.get|env\.get", called):
                    names.add(node.args[0].value)
            if isinstance(node, ast.FunctionDef) and node.name == "read_database":
                names.add(node.args.defaults[0].value)
    return {name for name in names if isinstance(name, str) and name.isupper()} - {"PATH"}


def variables_explained() -> set[str]:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", text, flags=re.MULTILINE))


# Set by those who make the surroundings, not by those who run the site.
OTHERS = {"DJANGO_SETTINGS_MODULE", "UV_INDEX_URL"}


def test_env_example_explains_every_variable_that_is_read_and_no_other():
    assert variables_read() - OTHERS == variables_explained()


def test_every_variable_in_env_example_has_a_comment_above():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r"^#? ?[A-Z][A-Z_]+=", line):
            above = lines[number - 1]
            assert re.match(r"# \S.{5,}", above), f"{line} is not explained"
