"""Documents on paper: made once, kept in the database until what they show has changed.

A document is kept under the hash of everything it shows, so the one that is found is right by itself: nobody has to
throw anything away when an editor publishes. What nobody asks for any longer is swept away.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from guide.models import KeptDocument
from shared.fillable import Field, make_fillable
from shared.typesetting import document_key, typeset

KEPT_FOR = dt.timedelta(days=30)


@dataclass(frozen=True)
class Recipe:
    """What a document is made of."""

    template: str
    data: Mapping[str, Any]
    fields: Mapping[str, Field] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        # The fields follow from the data, but that there are any does not.
        return document_key(self.template, {**self.data, "is_fillable": bool(self.fields)})


def fetch_document(recipe: Recipe, *, now: dt.datetime) -> bytes:
    """The document, from the store if it is there. Two who ask for a new one at once make it once."""
    kept = KeptDocument.objects.filter(key=recipe.key).first()
    today = timezone.localdate(now)
    if kept is None:
        return _make_once(recipe, now=now)
    if kept.used_on < today:
        KeptDocument.objects.filter(pk=kept.pk).update(used_on=today)
    return bytes(kept.content)


def _make_once(recipe: Recipe, *, now: dt.datetime) -> bytes:
    with transaction.atomic():
        _wait_for_turn(recipe.key)
        kept = KeptDocument.objects.filter(key=recipe.key).first()
        if kept is not None:
            return bytes(kept.content)
        content = _make(recipe, now=now)
        made = KeptDocument(key=recipe.key, content=content, made_at=now, used_on=timezone.localdate(now))
        KeptDocument.objects.bulk_create([made], ignore_conflicts=True)
        return content


def _wait_for_turn(key: str) -> None:
    """One at a time for each document, in all processes; given back when the transaction ends."""
    number = int(key[:16], 16) - 2**63
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _make(recipe: Recipe, *, now: dt.datetime) -> bytes:
    document = typeset(recipe.template, recipe.data, made_at=now)
    return make_fillable(document, recipe.fields) if recipe.fields else document


def sweep_documents(*, now: dt.datetime) -> int:
    """Throws away what nobody has asked for in a month: mostly what shows a text that has been changed since."""
    oldest = timezone.localdate(now) - KEPT_FOR
    swept, _each = KeptDocument.objects.filter(used_on__lt=oldest).delete()
    return swept
