from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """The one place where rooms that don't know each other are joined."""
        from config import composition  # registers on import of the app registry, not before

        composition.join_rooms()


class PeopleInWagtailConfig(WagtailUsersAppConfig):
    """Wagtail's user administration, with the views of the room of people."""

    user_viewset = "people.views.administration.PersonViewSet"
