"""Who is logged in, and with which rights: asked on every page, so in as few questions as it can be, written
beforehand."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet

from people.models import Person, Unit
from shared.ready import Given, Ready

_ID = Given("person", BigIntegerField())
_PERSON = Ready(
    lambda: Person.objects.filter(pk=_ID).annotate(manages_units=Exists(Unit.objects.filter(manager=OuterRef("pk"))))
)


def _permissions() -> QuerySet[Any, Any]:
    groups = Person.groups.through.objects.filter(person=_ID).values("group_id")
    own = Person.user_permissions.through.objects.filter(person=_ID).values("permission_id")
    given = Permission.objects.filter(Q(group__in=groups) | Q(pk__in=own)).distinct().order_by()
    return given.values_list("content_type__app_label", "codename")


_PERMISSIONS = Ready(_permissions)


class PersonBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> Person | None:
        """The person comes with whether they manage a unit: what the navigation asks (`people.roles.is_manager`)."""
        found = _PERSON.ask(person=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None

    def _get_user_permissions(self, user_obj: Any) -> Any:
        """Asked for together with those of the groups."""
        return Permission.objects.none()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Those given to the person too: one query for each person object, as Django keeps them."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None or user_obj.is_superuser:
            return super().get_group_permissions(user_obj, obj)
        if not hasattr(user_obj, "_group_perm_cache"):
            asked = _PERMISSIONS.ask(person=user_obj.pk)
            user_obj._group_perm_cache = {f"{room}.{name}" for room, name in asked}  # noqa: SLF001 - Django's name
        return user_obj._group_perm_cache  # type: ignore[no-any-return]  # noqa: SLF001 - as above
