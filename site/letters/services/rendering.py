"""Setting a letter: three small templates, in the language of the one who gets it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.text import capfirst

from letters.models import Letter
from letters.services.writing import Attachable, one_line, write_letter
from people.models import Person


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def render_letter(template: str, context: dict[str, Any], *, person: Person | None, language: str = "") -> Rendered:
    """`template` is a name without ending, "courses/letters/booked"; beside it stand .subject.txt, .txt and .html.

    The .txt extends "letters/letter.txt" and the .html "letters/letter.html" (block `content`); both get `person`,
    `subject`, `SITE_URL` and `MUNICIPALITY`. Nothing is escaped in the .txt templates: they are no HTML.
    """
    spoken = language or (person.language if person else settings.LANGUAGE_CODE)
    with translation.override(spoken), timezone.override(None):
        everything = {
            "person": person,
            "language": spoken,
            "SITE_URL": settings.SITE_URL,
            "MUNICIPALITY": settings.MUNICIPALITY,
            **context,
        }
        subject = one_line(_render(f"{template}.subject.txt", everything, escape=False), longest=250)
        everything["subject"] = subject
        text = _render(f"{template}.txt", everything, escape=False).strip() + "\n"
        everything["preheader"] = _opening(text)
        html = _render(f"{template}.html", everything, escape=True)
    return Rendered(subject, text, html)


def _opening(text: str, *, longest: int = 140) -> str:
    """The first words after the greeting, for the inbox to show; up to the first address, which says nothing there."""
    _greeting, _blank, rest = text.partition("\n\n")
    lines = takewhile(lambda line: "://" not in line and line != "-- ", rest.split("\n"))
    return one_line(
        " ".join(capfirst(line.removeprefix("- ").strip()) for line in lines if line.strip()), longest=longest
    )


def write_rendered(
    letter: Rendered,
    *,
    key: str,
    kind: str,
    person: Person,
    now: dt.datetime,
    attachments: Sequence[Attachable] = (),
    unsubscribe_url: str = "",
) -> tuple[Letter, bool]:
    """What `write_letter` does, with the words of a letter that is set."""
    return write_letter(
        key=key, kind=kind, person=person, subject=letter.subject, text=letter.text, html=letter.html,
        attachments=attachments, unsubscribe_url=unsubscribe_url, now=now,
    )  # fmt: skip


def _render(name: str, context: dict[str, Any], *, escape: bool) -> str:
    template: Any = get_template(name)
    return template.template.render(Context(context, autoescape=escape))
