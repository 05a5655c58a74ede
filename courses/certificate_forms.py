"""What may have been wrong on a certificate."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Certificate


class ReissueForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=161, help_text=_("As it shall stand on the certificate."))
    hours = forms.DecimalField(
        label=_("Hours"), min_value=Decimal("0.5"), max_value=999, max_digits=5, decimal_places=1, localize=True
    )
    why = forms.CharField(
        label=_("Why"),
        max_length=250,
        help_text=_(
            "Stands on the new certificate and on the page of the old one. For instance: the name was misspelt."
        ),
    )

    def __init__(self, data: Any = None, *, certificate: Certificate) -> None:
        # The name in the register is the likeliest correction, unless a person has already put it right.
        name = certificate.name if certificate.issued_by else str(certificate.ground.person)
        initial = {"name": name, "hours": certificate.hours.normalize()}
        super().__init__(data, initial=initial)
        if certificate.programme_completion_id is not None and not certificate.hours:
            del self.fields["hours"]
