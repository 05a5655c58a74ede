"""The agenda of a course day, its template, and what was left open."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.documents.models import Document
from wagtail.models import Page

from courses.models import AgendaItem, Course, Occasion, OpenPoint, Session
from people.models import Person
from shared.rules import RuleBroken

_COPIED = ("starts_after", "what", "leads", "material", "version", "page_id", "revision", "document_id", "file_hash")

# What is known of the material as it was when it was chosen.
_CHOSEN = ("page_id", "revision", "document_id", "file_hash", "version")


@dataclass(frozen=True)
class ItemPlan:
    """One line as it should be. `version` is as typed; of a page or a document kept here it is filled in by itself."""

    starts_after: int
    what: str
    leads: str = ""
    material: str = ""
    version: str = ""


MOST_ITEMS = 100


def set_agenda(session: Session, items: Sequence[ItemPlan], *, based_on: str | None = None) -> None:
    """All of it at once. Material that stands as it did keeps the version that was chosen.

    `based_on` is the `fingerprint` of what the page showed: what someone else has written since is not overwritten
    (`changed_meanwhile`). The same sent twice is one.
    """
    if len(items) > MOST_ITEMS:
        raise RuleBroken(
            _("An agenda has at most %(most)d lines.") % {"most": MOST_ITEMS}, code="agenda_too_many_lines"
        )
    if any(item.starts_after >= session.minutes for item in items):
        raise RuleBroken(_("The agenda goes on after the session has ended."), code="agenda_too_long")
    with transaction.atomic():
        # The session, because an empty agenda has no row to lock.
        Session.objects.select_for_update(no_key=True).get(pk=session.pk)
        stands = list(session.agenda.all())
        if based_on is not None and based_on != _fingerprint(stands):
            if _told(stands) == _told(items):
                return
            raise RuleBroken(
                _("Someone has changed the agenda since you opened it."),
                code="changed_meanwhile",
            )
        before = {item.material: item for item in stands if item.page_id or item.document_id}
        session.agenda.all().delete()
        for item in sorted(items, key=lambda one: one.starts_after):
            AgendaItem.objects.create(session=session, **vars(item) | _version_of(item, before.get(item.material)))


def fingerprint(session: Session) -> str:
    """Of the agenda as it stands: another for whatever is changed in it."""
    return _fingerprint(list(session.agenda.all()))


def _fingerprint(items: Sequence[AgendaItem]) -> str:
    told = sorted((*line, item.version, item.revision or 0, item.file_hash) for item in items for line in _told([item]))
    return hashlib.blake2b(json.dumps(told).encode(), digest_size=12).hexdigest()


def _told(items: Sequence[AgendaItem] | Sequence[ItemPlan]) -> list[tuple[int, str, str, str]]:
    """What was written, without the version, which a page or a document fills in by itself."""
    return sorted((item.starts_after, item.what, item.leads, item.material) for item in items)


def _version_of(item: ItemPlan, before: AgendaItem | None) -> dict[str, object]:
    if before is not None:
        return {name: getattr(before, name) for name in _CHOSEN}
    document = document_at(item.material)
    if document is not None:
        return _current_file(document)
    page = page_at(item.material)
    return {} if page is None else _current(page)


def _current(page: Page) -> dict[str, object]:
    return {"page_id": page.pk, "revision": page.live_revision_id, "version": _day(page.last_published_at)}


def _current_file(document: Document) -> dict[str, object]:
    """When the file came, which the document itself forgets when it is given another: its storage knows."""
    try:
        says = _day(document.file.storage.get_modified_time(document.file.name))
        mark = document.get_file_hash()
    except (OSError, NotImplementedError):  # gone from the store, or a store that keeps no times
        says, mark = "", document.file_hash
    return {"document_id": document.pk, "file_hash": mark, "version": says}


def _day(at: dt.datetime | None) -> str:
    return date_format(timezone.localtime(at), _("j F Y")) if at is not None else ""


def document_at(address: str) -> Document | None:
    """The document of this site that an address leads to; none that is kept from some."""
    path = _path_here(address)
    try:
        found = resolve(path) if path else None
    except Resolver404:
        return None
    if found is None or found.url_name != "wagtaildocs_serve" or len(found.args[0]) > 9:
        return None
    document = Document.objects.select_related("collection").filter(pk=int(found.args[0])).first()
    return None if document is None or document.collection.get_view_restrictions() else document


def _path_here(address: str) -> str:
    """Nothing where it leads elsewhere, or is no address."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:  # words that look like an address, such as "https://[länk]"
        return ""
    is_here = not parts.netloc or parts.netloc == urlsplit(settings.SITE_URL).netloc
    return parts.path if is_here and parts.path.strip("/") else ""


def page_at(address: str) -> Page | None:
    """The live page of this site that an address leads to."""
    path = _path_here(address)
    steps = [step for step in path.split("/") if step]
    if not steps:
        return None
    language = settings.LANGUAGE_CODE
    if steps[0] in dict(settings.LANGUAGES):
        language, steps = steps[0], steps[1:]
    ending = "/" + "".join(f"{step}/" for step in steps)
    pages = Page.objects.live().public().filter(url_path__endswith=ending, locale__language_code=language)
    return next((page for page in pages if page.url_path.split("/", 2)[2] == ending.lstrip("/")), None)


def take_newer_version(item: AgendaItem) -> None:
    if item.document is not None:
        AgendaItem.objects.filter(pk=item.pk).update(**_current_file(item.document))
    elif item.page is not None:
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
    AgendaItem.objects.bulk_create(
        AgendaItem(session=session, **{name: getattr(item, name) for name in _COPIED})
        for item in items
        if item.starts_after < session.minutes
    )


def make_template(session: Session) -> int:
    """The session's agenda becomes the course's for that day; answers which day. Planned occasions keep theirs."""
    course: Course = session.occasion.course
    order = list(session.occasion.sessions.order_by("starts_at", "id").values_list("pk", flat=True))
    number = order.index(session.pk) + 1
    with transaction.atomic():
        Course.objects.select_for_update(no_key=True).get(pk=course.pk)
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
    with transaction.atomic():
        Session.objects.select_for_update(no_key=True).get(pk=session.pk)
        there = OpenPoint.objects.filter(session=session, text=text, closed_at=None).order_by("id").first()
        return there or OpenPoint.objects.create(
            occasion_id=session.occasion_id, session=session, text=text, noted_by=by, noted_at=now
        )


def close_open_point(point: OpenPoint, *, by: Person, now: dt.datetime) -> None:
    OpenPoint.objects.filter(pk=point.pk, closed_at=None).update(closed_by=by, closed_at=now)


def open_again(point: OpenPoint) -> None:
    OpenPoint.objects.filter(pk=point.pk).update(closed_by=None, closed_at=None)
