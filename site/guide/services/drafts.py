"""Drafts shown by link."""

import datetime as dt

from django.core import signing
from wagtail.models import Page

from guide.models import DraftLink
from people.models import Person

DAYS = 14
_SIGNER = signing.Signer(salt="guide.drafts")


def share_draft(page: Page, *, person: Person, now: dt.datetime, days: int = DAYS) -> DraftLink:
    return DraftLink.objects.create(
        page_id=page.pk, made_by=person, made_at=now, expires_at=now + dt.timedelta(days=days)
    )


def revoke_draft(link: DraftLink, *, now: dt.datetime) -> None:
    DraftLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)


def token_of(link: DraftLink) -> str:
    """The secret part of the link: signed, so that nobody can guess another's."""
    return _SIGNER.sign_object({"link": link.pk, "made": int(link.made_at.timestamp())})


def open_draft(token: str, *, now: dt.datetime) -> DraftLink | None:
    """The link, if it is one of ours, has not run out, is not revoked, and who made it is still here."""
    try:
        said = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    link = DraftLink.objects.select_related("page", "made_by").filter(pk=said.get("link")).first()
    return link if link and link.is_open(now) and link.made_by.is_active else None
