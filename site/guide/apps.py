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
        # Set here, since models know no forms: Wagtail asks for the form when it builds a page's editor.
        from guide.editing.forms import ReadingPageForm
        from guide.models import ReadingPage

        ReadingPage.base_form_class = ReadingPageForm
