"""What Wagtail's accessibility checker looks at while an editor writes: the rules of the law, and our own words."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.userbar import ContentCheckerItem


class OurChecker(ContentCheckerItem):
    # Only what editors write: the frame around it is held by our own tests, and no editor can mend it.
    axe_include = ["main"]
    # Everything of WCAG 2.2 AA, and what is good practice in texts.
    axe_run_only: Any = None
    axe_rules: Any = {
        "region": {"enabled": False},
        "landmark-one-main": {"enabled": False},
        "page-has-heading-one": {"enabled": True},
    }
    axe_messages: Any = {
        **ContentCheckerItem.axe_messages,
        "heading-order": {
            "error_name": _("A heading level is skipped"),
            "help_text": _("A heading of level 3 stands below one of level 2. Change the level, not the size."),
        },
        "link-name": {
            "error_name": _("A link has no words"),
            "help_text": _("Write what one comes to. “Here” and “Read more” say nothing when read alone."),
        },
        "image-alt": {
            "error_name": _("A picture has no description"),
            "help_text": _("Say in one sentence what it shows, or choose that it is only decoration."),
        },
        "alt-text-quality": {
            "error_name": _("A picture is described by its file name"),
            "help_text": _("Say what it shows, as on the telephone."),
        },
        "empty-heading": {
            "error_name": _("A heading is empty"),
            "help_text": _("Take it away, or write what comes below it."),
        },
        "p-as-heading": {
            "error_name": _("A paragraph looks like a heading"),
            "help_text": _("Choose a real heading: screen readers jump between them."),
        },
        "color-contrast": {
            "error_name": _("The contrast is too low"),
            "help_text": _("The text is hard to read for many. Tell the administrator: colours come from the theme."),
        },
    }
