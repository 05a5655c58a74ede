"""What is decided about two people who look like one: that they are two, and that it was said too soon."""

import datetime as dt

from django.utils.translation import gettext as _

from people.models import Person, ToldApart
from shared.rules import RuleBroken


def tell_apart(one: Person, other: Person, *, by: Person, now: dt.datetime) -> tuple[ToldApart, bool]:
    """The row, and whether it is new: said twice, in whichever order, it is said once."""
    if one.pk == other.pk:
        raise RuleBroken(_("Choose two different people."), code="same_person")
    first, second = sorted((one, other), key=lambda person: person.pk)
    return ToldApart.objects.get_or_create(
        first=first, second=second, taken_back_at=None, defaults={"by": by, "at": now}
    )


def take_back(told: ToldApart, *, by: Person, now: dt.datetime) -> bool:
    """The pair is looked at again; the row stays and says who took it back. False if somebody had done so."""
    standing = ToldApart.objects.filter(pk=told.pk, taken_back_at=None)
    return bool(standing.update(taken_back_by=by, taken_back_at=now))
