"""What readers say about pages, and for how long it is kept."""

import datetime as dt
import hashlib
import hmac
import ipaddress
import secrets
import uuid

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from guide.models import PageOpinion, ReadingPage
from guide.models.opinions import LONGEST_SENTENCE
from shared.rules import RuleBroken

# A whole municipality may stand behind one address, and a course of twenty may answer at once.
FROM_AN_ADDRESS_ON_A_PAGE = 40
FROM_AN_ADDRESS = 300
ON_A_PAGE = 1_000
# Without our script, the same answer from the same address and browser within this time is the same click.
SAME_CLICK_SECONDS = 60
_DAY = 60 * 60 * 24
_DAYS_IN_A_MONTH = 365.25 / 12


def give_opinion(
    page: ReadingPage,
    *,
    is_helpful: bool,
    language: str,
    address: str,
    browser: str,
    once: uuid.UUID | None,
    now: dt.datetime,
) -> PageOpinion:
    """Count one answer. `once` is what the reader's page named this answer, where a script could.

    `address` and `browser` leave no trace: they are mixed with a salt that lives in the cache for one day, and only
    counters of the cache are named by the mixture.
    """
    day = timezone.localdate(now)
    who = _unknowable(f"{_network(address)}", day)
    click = _unknowable(f"{address}|{browser}|{page.translation_key}|{is_helpful}", day)
    once = once or cache.get_or_set(f"opinions:click:{click}", uuid.uuid4(), SAME_CLICK_SECONDS) or uuid.uuid4()
    found = PageOpinion.objects.filter(once=once, translation_key=page.translation_key).first()
    if found is not None:
        return found
    _count(f"{who}:{page.translation_key}", FROM_AN_ADDRESS_ON_A_PAGE, day)
    _count(who, FROM_AN_ADDRESS, day)
    _count(str(page.translation_key), ON_A_PAGE, day)
    PageOpinion.objects.bulk_create(
        [
            PageOpinion(
                translation_key=page.translation_key, language=language, is_helpful=is_helpful, given_on=day, once=once
            )
        ],
        ignore_conflicts=True,
    )
    return PageOpinion.objects.get(once=once)


def say_more(once: uuid.UUID, *, sentence: str) -> None:
    """Put the reader's words to an answer that they have just given. The same twice is once."""
    words = " ".join(sentence.replace("\x00", " ").split())
    if not words:
        raise RuleBroken(_("Write a sentence first."), code="empty")
    if len(words) > LONGEST_SENTENCE:
        raise RuleBroken(
            _("Write at most %(longest)s characters. You have written %(length)s.")
            % {"longest": LONGEST_SENTENCE, "length": len(words)},
            code="too_long",
        )
    PageOpinion.objects.filter(once=once).update(sentence=words)


def remove_sentence(opinion: PageOpinion) -> None:
    """Take away words that should not be kept, for instance someone's name. The yes or no is left."""
    PageOpinion.objects.filter(pk=opinion.pk).update(sentence="")


def forget_sentences(*, now: dt.datetime) -> int:
    """The words of readers may say something about someone: after OPINION_MONTHS they go, the counts stay."""
    first_kept = timezone.localdate(now) - dt.timedelta(days=round(settings.OPINION_MONTHS * _DAYS_IN_A_MONTH))
    return PageOpinion.objects.filter(given_on__lt=first_kept).exclude(sentence="").update(sentence="")


def _count(name: str, at_most: int, day: dt.date) -> None:
    key = f"opinions:count:{day}:{name}"
    cache.add(key, 0, _DAY)
    try:
        count = cache.incr(key)
    except ValueError:  # it ran out between the two
        return
    if count > at_most:
        sentence = _("Thank you. So many answers have come from here today that we can't take more. Try tomorrow.")
        raise RuleBroken(sentence, code="too_many")


def _unknowable(text: str, day: dt.date) -> str:
    salt = cache.get_or_set(f"opinions:salt:{day}", lambda: secrets.token_hex(16), _DAY)
    return hmac.new(str(salt).encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def _network(address: str) -> str:
    """A household's or an office's network: one machine has as many IPv6 addresses as it likes."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{address}/{64 if known.version == 6 else 32}", strict=False))
