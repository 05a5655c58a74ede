"""The agenda of a course day, its template, and what was left open."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.models import AgendaItem, Course, Occasion, OpenPoint, Session
from people.models import Person
from shared.rules import RuleBroken

_COPIED = ("starts_after", "what", "leads", "material", "version", "page_id", "revision")


@dataclass(frozen=True)
class ItemPlan:
    """One line as it should be. `version` is as typed; of a page of the guide it is filled in by itself."""

    starts_after: int
    what: str
    leads: str = ""
    material: str = ""
    version: str = ""


def set_agenda(session: Session, items: Sequence[ItemPlan]) -> None:
    """All of it at once. Material that stands as it did keeps the version that was chosen."""
    length = int((session.ends_at - session.starts_at).total_seconds() // 60)
    if any(item.starts_after >= length for item in items):
        raise RuleBroken(_("The agenda goes on after the session has ended."), code="agenda_too_long")
    with transaction.atomic():
        before = {item.material: item for item in session.agenda.select_for_update() if item.page_id}
        session.agenda.all().delete()
        for item in sorted(items, key=lambda one: one.starts_after):
            AgendaItem.objects.create(session=session, **vars(item) | _version_of(item, before.get(item.material)))


def _version_of(item: ItemPlan, before: AgendaItem | None) -> dict[str, object]:
    if before is not None:
        return {"page_id": before.page_id, "revision": before.revision, "version": before.version}
    page = page_at(item.material)
    return {} if page is None else _current(page)


def _current(page: Page) -> dict[str, object]:
    at = page.last_published_at
    says = date_format(timezone.localtime(at), _("j F Y")) if at is not None else ""
    return {"page_id": page.pk, "revision": page.live_revision_id, "version": says}


def page_at(address: str) -> Page | None:
    """The live page of this site that an address leads to."""
    parts = urlsplit(address.strip())
    if not parts.path.strip("/") or (parts.netloc and parts.netloc != urlsplit(settings.SITE_URL).netloc):
        return None
    steps = [step for step in parts.path.split("/") if step]
    language = settings.LANGUAGE_CODE
    if steps[0] in dict(settings.LANGUAGES):
        language, steps = steps[0], steps[1:]
    ending = "/" + "".join(f"{step}/" for step in steps)
    pages = Page.objects.live().public().filter(url_path__endswith=ending, locale__language_code=language)
    return next((page for page in pages if page.url_path.split("/", 2)[2] == ending.lstrip("/")), None)


def take_newer_version(item: AgendaItem) -> None:
    if item.page is not None:
        AgendaItem.objects.filter(pk=item.pk).update(**_current(item.page))


def begin_with_template(occasion: Occasion) -> None:
    """The course's agenda, for the first session and the second."""
    template = list(AgendaItem.objects.filter(course=occasion.course_id))
    if not template:
        return
    for number, session in enumerate(occasion.sessions.order_by("starts_at", "id"), start=1):
        _copy([item for item in template if item.number == number], session)


def copy_agenda(earlier: Occasion, *, to: Occasion) -> None:
    """Session by session in the order of time, instead of what stands there."""
    pairs = zip(earlier.sessions.order_by("starts_at", "id"), to.sessions.order_by("starts_at", "id"), strict=False)
    with transaction.atomic():
        for old, new in pairs:
            if items := list(old.agenda.all()):
                new.agenda.all().delete()
                _copy(items, new)


def _copy(items: Sequence[AgendaItem], session: Session) -> None:
    length = int((session.ends_at - session.starts_at).total_seconds() // 60)
    AgendaItem.objects.bulk_create(
        AgendaItem(session=session, **{name: getattr(item, name) for name in _COPIED})
        for item in items
        if item.starts_after < length
    )


def make_template(session: Session) -> int:
    """The session's agenda becomes the course's for that day; answers which day. Planned occasions keep theirs."""
    course: Course = session.occasion.course
    order = list(session.occasion.sessions.order_by("starts_at", "id").values_list("pk", flat=True))
    number = order.index(session.pk) + 1
    with transaction.atomic():
        AgendaItem.objects.filter(course=course, number=number).delete()
        AgendaItem.objects.bulk_create(
            AgendaItem(course=course, number=number, **{name: getattr(item, name) for name in _COPIED})
            for item in session.agenda.all()
        )
    return number


def note_open_point(session: Session, *, text: str, by: Person, now: dt.datetime) -> OpenPoint:
    """The same note sent twice is one."""
    text = " ".join(text.split())[:500]
    if not text:
        raise RuleBroken(_("Write what was left open."), code="nothing_written")
    point, _is_new = OpenPoint.objects.get_or_create(
        occasion_id=session.occasion_id, session=session, text=text, closed_at=None,
        defaults={"noted_by": by, "noted_at": now},
    )  # fmt: skip
    return point


def close_open_point(point: OpenPoint, *, by: Person, now: dt.datetime) -> None:
    OpenPoint.objects.filter(pk=point.pk, closed_at=None).update(closed_by=by, closed_at=now)


def open_again(point: OpenPoint) -> None:
    OpenPoint.objects.filter(pk=point.pk).update(closed_by=None, closed_at=None)
