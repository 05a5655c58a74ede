"""Who may do what with a workshop."""

from people.models import Person
from workshops.models import Workshop

# Letters and digits that are not mistaken for each other when read aloud or from a wall: no 0/O, 1/I/L, 5/S, 2/Z, U/V.
CODE_SIGNS = "ABCDEFGHJKMNPQRTWXY346789"
CODE_LENGTH = 6


def may_plan_workshops(person: Person) -> bool:
    return person.has_perm("workshops.add_workshop")


def may_lead(person: Person, workshop: Workshop) -> bool:
    """The workshop's own facilitator: others plan their own."""
    return person.is_authenticated and workshop.facilitator_id == person.pk


def tidy_code(typed: str) -> str:
    """A code as it was meant: capitals, without the spaces and dashes people put in."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())[:20]
