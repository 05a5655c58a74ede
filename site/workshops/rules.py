"""Who may do what with a workshop."""

from people.models import Person
from workshops.models import Workshop

CODE_LENGTH = 6


def may_plan_workshops(person: Person) -> bool:
    return person.has_perm("workshops.add_workshop")


def may_lead(person: Person, workshop: Workshop) -> bool:
    """The workshop's own facilitator: others plan their own."""
    return person.is_authenticated and workshop.facilitator_id == person.pk
