"""What stands in the editor's menu for whoever looks after the register."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


class DuplicatesItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.is_authenticated and request.user.has_perm("people.change_person"))


@hooks.register("register_settings_menu_item")  # type: ignore[untyped-decorator]  # wagtail has no types
def duplicates_item() -> Any:
    return DuplicatesItem(_("Possible duplicates"), reverse("duplicates"), name="duplicates", icon_name="group")
