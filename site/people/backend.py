"""Who is logged in, and with which rights: asked on every page, so in as few questions as it can be, written
beforehand."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from people.models import Person, Unit
from shared.ready import Given, Ready

_ID = Given("person", BigIntegerField())


def _names(person: Any) -> QuerySet[Any, Any]:
    """The person's permissions, by their groups and given to themselves, as "room.codename"."""
    groups = Person.groups.through.objects.filter(person=person).values("group_id")
    own = Person.user_permissions.through.objects.filter(person=person).values("permission_id")
    given = Permission.objects.filter(Q(group__in=groups) | Q(pk__in=own)).order_by()
    return given.values_list(Concat("content_type__app_label", Value("."), "codename"), flat=True).distinct()


_PERSON = Ready(
    lambda: Person.objects.filter(pk=_ID).annotate(
        manages_units=Exists(Unit.objects.filter(manager=OuterRef("pk"))),
        permission_names=ArraySubquery(_names(OuterRef(OuterRef("pk")))),
    )
)
_NAMES = Ready(lambda: _names(_ID))


class PersonBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> Person | None:
        """The person comes with what the navigation asks on every page: the rights, and whether they manage a unit
        (`people.roles.is_manager`). One query."""
        found = _PERSON.ask(person=user_id)
        if not found or not self.user_can_authenticate(found[0]):
            return None
        person: Person = found[0]
        if not person.is_superuser:
            person._group_perm_cache = set(vars(person).pop("permission_names"))  # type: ignore[attr-defined]  # noqa: SLF001 - Django's name
        return person

    def _get_user_permissions(self, user_obj: Any) -> Any:
        """Asked for together with those of the groups."""
        return Permission.objects.none()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Those given to the person too: one query for each person object, as Django keeps them."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None or user_obj.is_superuser:
            return super().get_group_permissions(user_obj, obj)
        if not hasattr(user_obj, "_group_perm_cache"):
            user_obj._group_perm_cache = set(_NAMES.ask(person=user_obj.pk))  # noqa: SLF001 - Django's name
        kept: set[str] = user_obj._group_perm_cache  # noqa: SLF001 - Django's name
        return kept
