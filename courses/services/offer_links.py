"""The link in a letter that answers an offer without a log-in.

It is signed, names one offer to one person, and can do nothing but answer that offer: once, because an answered offer
can't be answered otherwise. A link that was changed, or made for someone else, finds nothing.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from courses.models import Offer

_SIGNER = signing.Signer(salt="courses.offers", sep="~")


def offer_token(offer: Offer) -> str:
    return _SIGNER.sign(f"{offer.pk}.{offer.booking.person_id}")


def offer_link(offer: Offer) -> str:
    """The whole address, in the active language."""
    return f"{settings.SITE_URL}{reverse('offer_by_letter', args=[offer_token(offer)])}"


def read_offer_token(token: str) -> Offer | None:
    """None for whatever was not made here, and for someone who no longer may log in."""
    try:
        offer, person = (int(number) for number in _SIGNER.unsign(token).split("."))
    except (signing.BadSignature, ValueError):
        return None
    found = Offer.objects.select_related("booking__person", "booking__occasion__course")
    return found.filter(pk=offer, booking__person=person, booking__person__is_active=True).first()
