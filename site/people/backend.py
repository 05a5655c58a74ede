"""Who is logged in, and with which rights: asked on every page, so in as few questions as it can be."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q

from people.models import Person, Unit


class PersonBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> Person | None:
        """The person comes with whether they manage a unit: what the navigation asks (`people.roles.is_manager`)."""
        managed = Unit.objects.filter(manager=OuterRef("pk"))
        person = Person.objects.filter(pk=user_id).annotate(manages_units=Exists(managed)).first()
        return person if person is not None and self.user_can_authenticate(person) else None

    def _get_user_permissions(self, user_obj: Any) -> Any:
        """Asked for together with those of the groups."""
        return Permission.objects.none()

    def _get_group_permissions(self, user_obj: Any) -> Any:
        given = Q(group__in=user_obj.groups.all()) | Q(pk__in=user_obj.user_permissions.all())
        return Permission.objects.filter(given).distinct()
