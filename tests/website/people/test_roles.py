"""Roles are groups with rights."""

from django.contrib.auth.models import Group, Permission

from people.roles import ROLES, is_manager
from people.services.roles import lay_roles


def test_every_right_that_a_role_names_exists(db):
    assert lay_roles() == []


def test_laying_the_roles_again_changes_nothing_and_keeps_what_was_added_by_hand(db):
    lay_roles()
    extra = Permission.objects.exclude(group__name="hr").first()
    Group.objects.get(name="hr").permissions.add(extra)
    before = {group.name: group.permissions.count() for group in Group.objects.all()}
    lay_roles()
    assert {group.name: group.permissions.count() for group in Group.objects.all()} == before


def test_each_role_has_its_rights_and_nobody_else_has_any(cast):
    for name, person in [
        ("facilitator", cast.facilitator),
        ("hr", cast.hr),
        ("editor", cast.editor),
        ("administrator", cast.administrator),
    ]:
        rights = next(role.rights for role in ROLES if role.name == name)
        assert person.has_perms(rights), name
    every_right = {right for role in ROLES for right in role.rights}
    for person in (cast.employee, cast.manager, cast.outsider):
        assert not any(person.has_perm(right) for right in every_right), person


def test_a_manager_is_whoever_a_unit_names(cast):
    assert is_manager(cast.manager)
    assert not is_manager(cast.outsider)
