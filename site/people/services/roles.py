"""Laying the roles in place."""

from django.contrib.auth.models import Group, Permission

from people.models import Person
from people.roles import ROLES


def lay_roles() -> list[str]:
    """Create each role's group and give it the rights of `ROLES`; answers what is missing among the rights.

    Rights that a municipality added by hand are kept. Safe to run again.
    """
    known = {
        f"{right.content_type.app_label}.{right.codename}": right
        for right in Permission.objects.select_related("content_type")
    }
    missing = []
    for role in ROLES:
        group, _created = Group.objects.get_or_create(name=role.name)
        missing += [right for right in role.rights if right not in known]
        group.permissions.add(*[known[right] for right in role.rights if right in known])
    return missing


def give_role(person: Person, *, role: str) -> None:
    person.groups.add(Group.objects.get(name=role))
