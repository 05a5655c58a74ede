"""People in the administration: Wagtail's user views with the names and rules of this house.

Names come from HR, roles are groups. "Superuser" can't be given here: a role that reaches everything would be a
right outside every group.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.admin.views.account import AccountView, NameEmailSettingsPanel
from wagtail.users.views.users import IndexView, UserColumn, UserViewSet

from people.models import Person


class PersonForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ["email", "given_name", "family_name", "employee_id", "language", "is_active", "groups"]
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if editing_self:
            del self.fields["is_active"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if Person.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Someone else has this address."))
        return email

    def save(self, commit: bool = True) -> Person:  # noqa: FBT001, FBT002 - Django's own signature
        if self.instance.pk is None:
            # No password is invented: the person sets one through the letter of "forgotten password".
            self.instance.set_unusable_password()
        return super().save(commit)


class PersonIndexView(IndexView):
    search_fields = ["given_name", "family_name", "email", "employee_id"]

    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(UserColumn)
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="user"),
            title(
                "name",
                accessor="name_in_lists",
                label=_("Name"),
                sort_key="sort_key",
                get_url=self.get_edit_url,
                classname="name",
            ),
            Column("email", label=_("E-mail"), sort_key="email"),
            Column("employee_id", label=_("Employee id"), sort_key="employee_id"),
            BooleanColumn("is_active", label=_("May log in"), sort_key="is_active"),
            DateColumn("last_login", label=_("Last log-in"), sort_key="last_login"),
        ]

    def order_queryset(self, queryset: QuerySet[Person]) -> QuerySet[Person]:
        return queryset.order_by(self.ordering or "sort_key", "id")


class PersonViewSet(UserViewSet):
    ordering = "sort_key"
    index_view_class = PersonIndexView
    menu_label = _("People")
    create_template_name = "people/administration/create.html"
    edit_template_name = "people/administration/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:  # noqa: FBT001, FBT002 - Wagtail's
        return PersonForm


class OwnAccountView(AccountView):
    """The editor's own settings, without the panel for names: those come from HR."""

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if not isinstance(panel, NameEmailSettingsPanel)]
