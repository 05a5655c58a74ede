"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from config.look import GROUND, theme_colour
from guide.queries import fixed_addresses
from people.roles import is_manager

# Shown on the log-in page of a demo; config.demo lays them.
DEMO_LOG_INS = (
    {"email": "medarbetare@skarvik.example", "role": _("Employee")},
    {"email": "chef@skarvik.example", "role": _("Manager")},
    {"email": "processledare@skarvik.example", "role": _("Facilitator")},
    {"email": "hr@skarvik.example", "role": _("HR")},
    {"email": "redaktor@skarvik.example", "role": _("Editor")},
    {"email": "admin@skarvik.example", "role": _("Administrator")},
)


def site(request: HttpRequest) -> dict[str, Any]:
    pages = fixed_addresses()
    return {
        "GUIDE_URL": pages.get("guide"),
        "LIBRARY_URL": pages.get("library"),
        "CASES_URL": pages.get("cases"),
        "GLOSSARY_URL": pages.get("glossary"),
        "INTRODUCTION_URL": pages.get("introduction"),
        "ABOUT_URL": pages.get("about"),
        "ACCESSIBILITY_URL": pages.get("accessibility"),
        "MANAGES_UNITS": SimpleLazyObject(lambda: is_manager(request.user)),
        "MUNICIPALITY": settings.MUNICIPALITY,
        "GROUND": dict(zip(("light", "dark"), theme_colour(GROUND), strict=True)),
        "SOURCE_URL": settings.SOURCE_URL,
        "DEMO": settings.DEMO,
        "DEMO_LOG_INS": DEMO_LOG_INS if settings.DEMO else (),
    }
