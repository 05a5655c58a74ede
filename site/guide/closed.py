"""What a reader may not see: the pages below a restriction that does not let them in.

An editor can restrict who reads a page (to a group, to those who are logged in, by a password). Wagtail then guards the
page itself; lists that name it, with its title and its first words, ask here. Whoever has no reader at hand (the API,
a feed) leaves `closed` out, and tells what a stranger may see.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Exists, F, Func, Q, TextField, Value
from django.db.models.expressions import Expression
from django.http import HttpRequest
from wagtail.models import PageViewRestriction

from people.models import Person
from shared.ready import Given, Ready


@dataclass(frozen=True)
class Closed:
    """Places in the tree: a page there is closed, and so is all that stands below it."""

    paths: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        return path.startswith(self.paths)

    @property
    def patterns(self) -> list[str]:
        """As `is_open` is handed them. A path in the tree is letters and digits alone."""
        return [f"{path}%" for path in self.paths]

    @property
    def q(self) -> Q:
        """Leaves them out of any question to pages."""
        return ~Q(_is_below(Value(self.patterns, output_field=_TEXTS))) if self.paths else Q()


NOTHING = Closed()
_TEXTS: "ArrayField[Any, Any]" = ArrayField(TextField())


def is_open() -> Q:
    """For ready questions: leaves out what is below the patterns that are handed over as `closed`."""
    return ~Q(_is_below(Given("closed", _TEXTS)))


def _is_below(patterns: Expression) -> Func:
    template = "(%(expressions)s))"
    return Func(F("path"), patterns, template=template, arg_joiner=" LIKE ANY(", output_field=BooleanField())


_RESTRICTIONS = Ready(
    lambda: PageViewRestriction.objects.order_by("pk").values_list(
        "pk", "restriction_type", "page__path", "page__aliases__path", "groups"
    )
)


def closed_to_person(person: Person | None, *, passed: Collection[int] = ()) -> Closed:
    """`passed`: the restrictions whose password was given. One query, two where a group alone is let in; none for
    someone whose request has been asked about before."""
    known = getattr(person, _KNOWN, None)
    if known is not None:
        return known
    rows = _RESTRICTIONS.ask()
    restricted_to: dict[int, set[int | None]] = {}
    places: dict[int, set[str]] = {}
    kinds: dict[int, str] = {}
    for pk, kind, path, copy, group in rows:
        kinds[pk] = kind
        places.setdefault(pk, set()).update(each for each in (path, copy) if each)
        restricted_to.setdefault(pk, set()).add(group)
    groups: set[int] = set()
    if person is not None and PageViewRestriction.GROUPS in kinds.values():
        groups = set(person.groups.values_list("pk", flat=True))

    def lets_in(pk: int) -> bool:
        match kinds[pk]:
            case PageViewRestriction.PASSWORD:
                return pk in passed
            case PageViewRestriction.LOGIN:
                return person is not None
            case PageViewRestriction.GROUPS:
                return person is not None and (person.is_superuser or not groups.isdisjoint(restricted_to[pk]))
        return True

    return Closed(tuple(sorted(path for pk in kinds if not lets_in(pk) for path in places[pk])))


# For a question to pages: whether it is worth while to ask what is closed.
ANYTHING_RESTRICTED = {"is_anything_restricted": Exists(PageViewRestriction.objects.all())}


def closed_if_any(pages: Iterable[Any], person: Person | None) -> Closed:
    """`pages` were asked with `ANYTHING_RESTRICTED`: no query where nothing is restricted, or there is no page."""
    return closed_to_person(person) if any(page.is_anything_restricted for page in pages) else NOTHING


# Kept on the request, and on its person for those who are handed the person alone: both live as long as one answer.
_KNOWN = "closed_places"


def closed_to(request: HttpRequest | None) -> Closed:
    """Asked once for each request."""
    if request is None:
        return closed_to_person(None)
    known = getattr(request, _KNOWN, None)
    if known is None:
        user = getattr(request, "user", None)
        person = user if isinstance(user, Person) else None
        session = getattr(request, "session", None)
        passed = session.get(PageViewRestriction.passed_view_restrictions_session_key, []) if session else ()
        known = closed_to_person(person, passed=passed)
        remember_closed(request, known)
    return known


def remember_closed(request: HttpRequest, closed: Closed) -> None:
    """For whoever knows it already: a page's own query asks whether anything is restricted at all."""
    setattr(request, _KNOWN, closed)
    if isinstance(getattr(request, "user", None), Person):
        setattr(request.user, _KNOWN, closed)
