from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuideConfig(AppConfig):
    name = "guide"
    verbose_name = _("Guide")

    def ready(self) -> None:
        from guide.staleness import watch_the_editors

        watch_the_editors()
