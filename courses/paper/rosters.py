"""The list of one course day, to print and mark with a pen."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from courses.agenda_queries import agenda_of, points_for
from courses.models import Occasion, Session
from courses.queries import roster
from shared.typesetting import typeset

TEMPLATE = "courses/paper/roster.typ"
# For those who come without standing on the list.
_EMPTY_LINES = 3
_EMPTY_LINES_ALONE = 12


def set_roster(occasion: Occasion, session: Session) -> bytes:
    """The list as PDF/UA, in the active language. Four queries, however many come."""
    data = roster_data(occasion, session)
    return typeset(TEMPLATE, data, made_at=timezone.now())


def roster_data(occasion: Occasion, session: Session) -> dict[str, Any]:
    people = [booking.person.name_in_lists for booking in roster(occasion, session)]
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    day = capfirst(date_format(starts, _("l j F Y")))
    clock = _("H:i")
    return {
        "title": _("Attendance list: %(course)s, %(day)s") % {"course": occasion.course.name, "day": day},
        "language": "en" if (get_language() or "sv").startswith("en") else "sv",
        "municipality": settings.MUNICIPALITY,
        "course": occasion.course.name,
        "session": session.title,
        "day": day,
        "hours": f"{date_format(starts, clock)}–{date_format(ends, clock)}",
        "place": ", ".join(part for part in (session.place, session.address) if part) or _("remotely"),
        "count": ngettext("%(count)d participant", "%(count)d participants", len(people)) % {"count": len(people)},
        "people": people,
        "agenda": [
            {
                "time": f"{date_format(timezone.localtime(moment.starts_at), clock)}–"
                f"{date_format(timezone.localtime(moment.ends_at), clock)}",
                "what": moment.item.what,
                "more": " · ".join(
                    part for part in (moment.item.leads, moment.material_name, moment.item.version) if part
                ),
            }
            for moment in agenda_of(session)
        ],
        "open": [point.text for point in points_for(session) if point.closed_at is None],
        "empty_lines": _EMPTY_LINES if people else _EMPTY_LINES_ALONE,
        "words": {
            "number": _("No."),
            "name": _("Name"),
            "here": _("Here"),
            "absent": _("Absent"),
            "excused": _("Excused"),
            "left": _("Left at"),
            "notes": _("Notes"),
            "nobody": _("Nobody is booked yet. Write down those who come."),
            "agenda": _("What to do when"),
            "open": _("Left open"),
            "more": _("Came without standing on the list"),
            "leader": _("Signed by whoever led the day"),
            "page": _("Page %(number)s of %(all)s") % {"number": "{number}", "all": "{all}"},
        },
    }
