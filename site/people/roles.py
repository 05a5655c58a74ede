"""Roles are groups with rights. The rights of a role are written here and laid in place by `manage.py prepare`."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from people.models import Person

FACILITATOR = "facilitator"
HR = "hr"
EDITOR = "editor"
ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Role:
    name: str
    rights: tuple[str, ...]


# "app.codename"; a manager is no group: whoever a unit names as its manager is one.
ROLES = (
    Role(
        FACILITATOR,
        (
            "courses.view_occasion",
            "courses.add_occasion",
            "courses.change_occasion",
            "courses.take_attendance",
            "courses.view_evaluation",
            "courses.change_evaluationform",
            "courses.change_task",
            "courses.change_programme",
            "journeys.add_journey",
            "workshops.add_workshop",
            "workshops.change_workshop",
        ),
    ),
    Role(
        HR,
        (
            "insight.view_headcount",
            "insight.view_people",
            "insight.change_goal",
            "people.view_person",
            "courses.view_booking",
            "courses.view_evaluation",
            "courses.change_certificate",
        ),
    ),
    Role(
        EDITOR,
        (
            "wagtailadmin.access_admin",
            "wagtailimages.add_image",
            "wagtailimages.change_image",
            "wagtailimages.choose_image",
            "wagtaildocs.add_document",
            "wagtaildocs.change_document",
            "wagtaildocs.choose_document",
            "courses.change_programme",
        ),
    ),
    Role(
        ADMINISTRATOR,
        (
            "wagtailadmin.access_admin",
            "courses.view_occasion",
            "courses.add_occasion",
            "courses.change_occasion",
            "courses.take_attendance",
            "courses.lead_any_occasion",
            "courses.change_task",
            "courses.change_programme",
            "courses.view_evaluation",
            "courses.change_evaluationform",
            "letters.view_letter",
            "letters.decide_letter",
            "people.view_person",
            "people.add_person",
            "people.change_person",
            "auth.view_group",
            "auth.change_group",
        ),
    ),
)


def is_manager(person: Person | AnonymousUser) -> bool:
    """No query for whoever is logged in: `people.backend` brings it with the person."""
    if not isinstance(person, Person):
        return False
    known = getattr(person, "manages_units", None)  # not by vars(): a request's user is wrapped
    return person.managed_units.exists() if known is None else known
