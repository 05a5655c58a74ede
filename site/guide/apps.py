from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuideConfig(AppConfig):
    name = "guide"
    verbose_name = _("Guide")

    def ready(self) -> None:
        from guide.pictures import make_pictures_quickly
        from guide.staleness import watch_the_editors

        make_pictures_quickly()
        watch_the_editors()
