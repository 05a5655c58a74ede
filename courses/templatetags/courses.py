"""How an occasion reads in a template."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses import task_texts
from courses.attendance_texts import texts_of_waiting_marks
from courses.history_words import state_in_words
from courses.models import Booking, HandInPiece, Occasion, Session, Task
from courses.own_days import days_of, is_today
from courses.queries import places_of
from courses.rows import Day, Row, row_of
from courses.rules import Fewest, Places, fewest_of, may_cancel_oneself, offers_are_made, only_makes_up

register = template.Library()
# Lists of occasions stand on the pages that are read most, and the same few days and counts are said again and
# again: what depends on nothing but its arguments and the language is put into words once.
REMEMBERED = 2_000

TAG_COLOURS = {
    Booking.State.BOOKED: "success",
    Booking.State.OFFERED: "brand1",
    Booking.State.WAITING: "neutral",
    Booking.State.ASKED: "info",
}


@register.filter
def places(occasion: Occasion) -> Places:
    """Of an occasion that came through `with_places`."""
    return places_of(occasion)


@register.simple_tag
def places_bar(occasion: Occasion) -> SafeString:
    """Of an occasion that is over: how many had a place. Of a cancelled one nothing: nobody can have one."""
    if occasion.state == Occasion.State.CANCELLED:
        return SafeString()
    is_past = occasion.ends_at < timezone.now()
    return _places_bar(places_of(occasion), get_language(), is_past=is_past)


@lru_cache(REMEMBERED)
def _places_bar(places: Places, _language: str | None, *, is_past: bool) -> SafeString:
    return render_to_string("courses/parts/places.html", {"places": places, "is_past": is_past})


@register.simple_tag
def occasion_row(occasion: Occasion | Row, name: str = "", *, is_past: bool = False) -> SafeString:
    """A line of a list: of an occasion that came through `with_places`, or of its row. With a `name` that stands first,
    else the days do."""
    row = occasion if isinstance(occasion, Row) else row_of(occasion)
    return _occasion_row(row, str(name), get_language(), is_past=is_past)


@lru_cache(REMEMBERED)
def _occasion_row(row: Row, name: str, _language: str | None, *, is_past: bool) -> SafeString:
    return render_to_string("courses/parts/occasion_row.html", {"row": row, "name": name, "is_past": is_past})


@register.filter
def fewest(occasion: Occasion) -> Fewest | None:
    """For whoever leads an occasion that came through `with_places`."""
    return fewest_of(occasion, held=places_of(occasion).held, now=timezone.now())


@register.simple_tag
def date_block(at: dt.datetime) -> SafeString:
    """The day as on a tear-off calendar, silent to screen readers: the words beside it say the same."""
    return _date_block(timezone.localdate(at), get_language())


@lru_cache(REMEMBERED)
def _date_block(day: dt.date, _language: str | None) -> SafeString:
    return render_to_string("courses/parts/date_block.html", {"day": day})


@register.filter
def days(sessions: Any) -> str:
    """ "23 och 24 november 2026", "30 november och 1 december 2026": the days of the sessions, each once."""
    dates = sorted({timezone.localdate(session.starts_at) for session in sessions})
    return _days_in_words(tuple(dates), get_language()) if dates else ""


@lru_cache(REMEMBERED)
def _days_in_words(dates: tuple[dt.date, ...], _language: str | None) -> str:
    parts = []
    for number, day in enumerate(dates):
        following = dates[number + 1] if number + 1 < len(dates) else None
        if following is None or following.year != day.year:
            parts.append(date_format(day, "j F Y"))
        elif following.month != day.month:
            parts.append(date_format(day, "j F"))
        else:
            parts.append(date_format(day, "j"))
    if len(parts) == 1:
        return parts[0]
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


@register.filter
def hours(session: Session | Day) -> str:
    """ "09.00–16.00" on the wall clock."""
    return _hours_in_words(timezone.localtime(session.starts_at), timezone.localtime(session.ends_at), get_language())


@lru_cache(REMEMBERED)
def _hours_in_words(starts: dt.datetime, ends: dt.datetime, _language: str | None) -> str:
    pattern = _("H:i")
    return f"{date_format(starts, pattern)}–{date_format(ends, pattern)}"


@register.filter
def hours_of_all(sessions: Sequence[Session | Day]) -> str:
    """ "09.00–16.00" where all have the same, else that they differ."""
    found = {hours(session) for session in sessions}
    return found.pop() if len(found) == 1 else _("different hours")


@register.simple_tag(name="texts_of_waiting_marks")
def waiting_marks() -> dict[str, str]:
    return texts_of_waiting_marks()


@register.filter
def own_days(booking: Booking) -> list[Session]:
    """The days someone comes to: all of the occasion's, or the one that is made up."""
    return days_of(booking)


register.filter("is_today", is_today)
register.filter("only_makes_up", only_makes_up)


@register.filter
def may_be_changed(booking: Booking, occasion: Occasion) -> bool:
    """By the person, now."""
    return may_cancel_oneself(booking, occasion, now=timezone.now())


@register.filter
def makes_offers(occasion: Occasion) -> bool:
    """Whether a place that becomes free now is offered by itself."""
    return offers_are_made(occasion, now=timezone.now())


@register.filter
def map_link(session: Session) -> str:
    """The municipality's map (MAP_URL) at the address of the room."""
    return settings.MAP_URL.replace("{address}", quote(session.address, safe=""))


@register.filter
def where(session: Session | Day) -> str:
    return session.place or _("remotely")


@register.filter
def where_of_all(sessions: Sequence[Session | Day]) -> str:
    """The place, two places, or that there are several, in the order of the days."""
    found = list(dict.fromkeys(where(session) for session in sessions))
    if len(found) > 2:
        return _("several places")
    return _("%(first)s and %(last)s") % {"first": found[0], "last": found[1]} if len(found) == 2 else found[0]


@register.filter
def state_colour(booking: Booking) -> str:
    return TAG_COLOURS.get(Booking.State(booking.state), "neutral")


@register.filter
def state_words(booking: Booking, was: str | None) -> str:
    """`{{ booking|state_words:was }}`: the state for a label, told apart by what the booking was before it."""
    return state_in_words(booking, was=was or "")


@register.filter
def in_language(course_or_item: Any, name: str) -> str:
    """`{{ course|in_language:"outcome" }}`: the English text for English readers where there is one."""
    english = getattr(course_or_item, f"{name}_en", "")
    return english if english and (get_language() or "sv").startswith("en") else getattr(course_or_item, name)


@register.filter
def file_label(piece: HandInPiece) -> str:
    return task_texts.file_label(piece)


@register.filter
def piece_label(task: Task, number: int) -> str:
    return task_texts.piece_label(task, number)
