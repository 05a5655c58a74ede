"""A method as one page to pin up, a step as a booklet."""

from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guide.markdown import to_html
from guide.models import MethodPage, StepPage
from guide.queries import Stop, address
from shared.codes import code_of
from shared.words import Block, blocks_of, plain_blocks

Data = dict[str, Any]


def card_data(method: MethodPage, stops: list[Stop], *, language: str) -> Data:
    """What the card shows. Ask with the method's language active."""
    return frame(method, language) | {"path": [stop.name for stop in stops]} | _method(method, stops, language)


def booklet_data(step: StepPage, methods: list[MethodPage], stops: list[Stop], *, language: str) -> Data:
    """What the booklet shows; the methods with all they hold. Ask with the step's language active."""
    data = frame(step, language) | way_to(step, language)
    return data | {
        "path": [stop.name for stop in stops],
        "name": step.title,
        "number": step.number,
        "aim": step.aim,
        "body": body_blocks(step.body),
        "questions": [line.value for line in step.questions],
        "results": [line.value for line in step.results],
        "mistakes": [line.value for line in step.mistakes],
        "way_back": plain_blocks(step.way_back),
        "methods": [_method(method, stops, language) for method in methods],
        "words": {
            "step": _("Step %(number)s of 6") % {"number": step.number},
            "booklet": _("A booklet for the step"),
            "questions": _("Questions to answer"),
            "results": _("What you have when you are done"),
            "tick": _("Tick off as you go"),
            "mistakes": _("Common mistakes"),
            "way_back": _("A way back"),
            "methods": _("Exercises for this step"),
            "methods_lead": _("Each exercise is a page of its own: take out the one you need."),
            "minutes": _("min"),
        },
    }


def frame(page: MethodPage | StepPage, language: str) -> Data:
    return {"title": page.title, "language": language, "municipality": settings.MUNICIPALITY}


def way_to(page: MethodPage | StepPage, language: str) -> Data:
    """The page's address, as a link, in words and as a code for the telephone."""
    whole = settings.SITE_URL + address(page.url_path, language=language)
    return {
        "address": whole,
        "shown_address": whole.split("://", 1)[-1].rstrip("/"),
        "qr": code_of(whole),
        "qr_alt": _("A code that leads to %(address)s") % {"address": whole},
    }


def _method(method: MethodPage, stops: list[Stop], language: str) -> Data:
    stop = next((stop for stop in stops if method.path.startswith(stop.path)), None)
    number, name = (stop.number, stop.name) if stop else (0, "")
    return way_to(method, language) | {
        "title": method.title,
        "lead": method.lead,
        "step": {"number": number, "name": name},
        "minutes": method.minutes,
        "facts": _facts(method),
        "exercise": [
            {
                "title": block.value["title"],
                "minutes": _("%(minutes)s min") % {"minutes": block.value["minutes"]},
                "text": blocks_of(block.value["text"].source if block.value["text"] else ""),
            }
            for block in method.steps
        ],
        "panels": _panels(method),
        "words": {
            "step": _("Step %(number)s: %(name)s") % {"number": number, "name": name} if stop else "",
            "how": _("How to do it"),
            "here": _("Worksheets and a timer for the exercise:") if method.worksheets else _("With a timer, here:"),
            "more": _("More on the page:"),
            "colophon": _("From the guide of %(municipality)s") % {"municipality": settings.MUNICIPALITY},
        },
    }


def _facts(method: MethodPage) -> list[dict[str, str]]:
    if method.people_to is None:
        people = _("%(from)s or more") % {"from": method.people_from}
    elif method.people_from == method.people_to:
        people = str(method.people_from)
    else:
        people = f"{method.people_from}–{method.people_to}"
    if method.can_be_in_room and method.can_be_remote:
        where = _("In the room or remotely")
    else:
        where = _("In the room") if method.can_be_in_room else _("Remotely")
    minutes = ngettext("%(minutes)s minute", "%(minutes)s minutes", method.minutes) % {"minutes": method.minutes}
    return [
        {"label": _("Time"), "value": minutes},
        {"label": _("How many people"), "value": people},
        {"label": _("Where"), "value": where},
        {"label": _("Comes from"), "value": capfirst(str(method.get_origin_display()))},
    ]


def _panels(method: MethodPage) -> list[Data]:
    """The texts beside the exercise. `goes`: in which order they give way when a page is not enough; 0 never."""
    materials = [[{"kind": "p", "runs": [{"t": line.value}]}] for line in method.material]
    tips = [[{"kind": "p", "runs": [{"t": line.value}]}] for line in method.tips]
    given: list[tuple[str, str, list[Block], int]] = [
        ("why", _("Why"), plain_blocks(method.why), 4),
        ("when", _("When"), plain_blocks(method.when_to_use), 3),
        ("preparation", _("Prepare"), plain_blocks(method.preparation), 0),
        ("material", _("Material"), [{"kind": "ul", "items": materials}] if materials else [], 0),
        ("room", _("In the room"), plain_blocks(method.in_room), 2),
        ("remote", _("Remotely"), plain_blocks(method.remote), 1),
        ("everyone", _("So that everyone can take part"), plain_blocks(method.accessibility), 5),
        ("tips", _("Tips"), [{"kind": "ul", "items": tips}] if tips else [], 6),
    ]
    return [{"kind": kind, "title": title, "text": text, "goes": goes} for kind, title, text, goes in given if text]


def body_blocks(body: Any) -> list[Block]:
    """A page's body. Pictures stay on the web: a booklet is words."""
    found: list[Block] = []
    for block in body:
        if block.block_type == "text":
            found += blocks_of(block.value.source)
        elif block.block_type == "markdown":
            found += blocks_of(to_html(block.value))
        elif block.block_type == "quote":
            found.append({"kind": "quote", "blocks": plain_blocks(block.value)})
        elif block.block_type == "note":
            title = {"warning": _("Mind this"), "example": _("Example")}.get(block.value["kind"], _("Tip"))
            found.append({"kind": "note", "title": title, "blocks": blocks_of(block.value["text"].source)})
    return found
