"""What is known about letters."""

import datetime as dt

from django.db.models import BigIntegerField, Expression, Min, QuerySet
from django.db.models.functions import Now

from letters.models import Letter
from letters.secret_kinds import holds_a_secret, kinds_that_tell
from people.models import Person
from shared.ready import Given, Ready

State = Letter.State


def letters_looked_after() -> QuerySet[Letter]:
    """Those that an administrator may know of."""
    return Letter.objects.exclude(kind__in=kinds_that_tell())


def letters_shown(*, state: str = "", address: str = "") -> QuerySet[Letter]:
    """The administrator's list: newest first, by state and by a part of the address where they are given."""
    letters = letters_looked_after().select_related("person").defer("text", "html")
    if state:
        letters = letters.filter(state=state)
    if address:
        letters = letters.filter(address__icontains=address)
    return letters.order_by("-due_at", "-id")


def letters_to_decide() -> QuerySet[Letter]:
    """What a person must decide, oldest first: did the uncertain ones arrive, shall the failed ones be sent again?"""
    undecided = letters_looked_after().filter(state__in=[State.UNCERTAIN, State.FAILED])
    return undecided.select_related("person").defer("text", "html").order_by("due_at", "id")


def letters_of(person: Person | Expression) -> QuerySet[Letter]:
    """A person's own letters, newest first: what was sent, and what is on its way. Not what waits for its day."""
    mine = Letter.objects.filter(person=person, due_at__lte=Now()).exclude(state=State.DROPPED)
    return mine.defer("text", "html").order_by("-due_at", "-id")


# How many of the newest letters other pages show at most.
NEWEST = 10
_NEWEST = Ready(lambda: letters_of(Given("person", BigIntegerField()))[:NEWEST])


def newest_letters(person: Person, *, most: int) -> list[Letter]:
    """The first of `letters_of`."""
    return _NEWEST.ask(person=person.pk)[:most]


def oldest_due(*, now: dt.datetime) -> dt.datetime | None:
    """When the letter that has waited longest should have left; None when none is late. Says whether sending stands."""
    waiting = Letter.objects.filter(state__in=[State.DUE, State.CLAIMED], due_at__lte=now)
    return waiting.aggregate(oldest=Min("due_at"))["oldest"]


def is_secret(letter: Letter) -> bool:
    return holds_a_secret(letter.kind)
