"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

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
    return {
        "MUNICIPALITY": settings.MUNICIPALITY,
        "DEMO": settings.DEMO,
        "DEMO_LOG_INS": DEMO_LOG_INS if settings.DEMO else (),
    }
