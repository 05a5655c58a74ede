"""What a certificate shows, in Swedish and English side by side."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from courses.models import Certificate
from shared.codes import code_of
from shared.typesetting import typeset

TEMPLATE = "courses/paper/certificate.typ"


def set_certificate(certificate: Certificate) -> bytes:
    """The bytes of a certificate that is about to be issued: PDF/UA, the same for the same facts."""
    return typeset(TEMPLATE, certificate_data(certificate), made_at=certificate.issued_at)


def certificate_data(certificate: Certificate) -> dict[str, Any]:
    with translation.override("sv"):
        address = settings.SITE_URL + reverse("certificate", args=[certificate.number])
        swedish = _in_active_language(certificate)
        data = {
            "title": _("Certificate: %(course)s, %(name)s") % {"course": certificate.title, "name": certificate.name},
            "language": "sv",
            "municipality": certificate.issuer,
            "name": certificate.name,
            "course": certificate.title,
            "outcome": certificate.outcome,
            "issuer": certificate.issuer,
            "address": address,
            "shown_address": address.split("://", 1)[-1].rstrip("/"),
            "qr": code_of(address),
            "qr_alt": _("A code that leads to %(address)s") % {"address": address},
            **swedish,
        }
    with translation.override("en"):
        english = {f"{name}_en": value for name, value in _in_active_language(certificate).items()}
    return data | english | {"course_en": certificate.title_en, "outcome_en": certificate.outcome_en}


def _in_active_language(certificate: Certificate) -> dict[str, Any]:
    return {
        "hours": hours_in_words(certificate.hours) if certificate.hours else "",
        "parts": [part | {"done_on": day} for part, day in zip(_titles(certificate), _days(certificate), strict=True)],
        "completed_on": day_in_words(certificate.completed_on),
        "replaces": _replaces(certificate),
        "words": {
            "certificate": _("Certificate"),
            "completed": (
                _("has completed the course") if certificate.completion_id else _("has completed the learning path")
            ),
            "parts": _("What it held"),
            "extent": _("Extent"),
            "completed_on": _("Completed"),
            "issuer": _("Issued by"),
            "outcome": (
                _("What the course leads to") if certificate.completion_id else _("What the learning path leads to")
            ),
            "check": _("Read the code or open the address to see whether this certificate is genuine."),
            "issued": _("Issued %(day)s") % {"day": day_in_words(timezone.localdate(certificate.issued_at))},
        },
    }


def _titles(certificate: Certificate) -> list[dict[str, str]]:
    is_english = (get_language() or "sv").startswith("en")
    return [{"title": (part["title_en"] if is_english else "") or part["title"]} for part in certificate.parts]


def _days(certificate: Certificate) -> list[str]:
    return [day_in_words(dt.date.fromisoformat(part["done_on"])) for part in certificate.parts]


def _replaces(certificate: Certificate) -> str:
    """The sentence that stands on a certificate which was issued anew."""
    old = certificate.replaces
    if old is None:
        return ""
    told = {"number": old.number, "day": day_in_words(timezone.localdate(old.issued_at)), "why": certificate.why}
    if certificate.issued_by is None:
        return _("Replaces certificate %(number)s of %(day)s. Why: %(why)s") % told
    told["person"] = str(certificate.issued_by)
    return _("Replaces certificate %(number)s of %(day)s. Issued anew by %(person)s. Why: %(why)s") % told


def hours_in_words(hours: Decimal) -> str:
    """ "14 timmar", "1 timme", "2,5 timmar"."""
    shown = number_format(hours.normalize().__format__("f"))
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if hours == 1 else 2) % {"hours": shown}


def day_in_words(day: dt.date) -> str:
    return date_format(day, _("j F Y"))
