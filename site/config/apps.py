from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """The one place where rooms that don't know each other are joined."""
        from config import composition  # registers on import of the app registry, not before

        composition.join_rooms()
