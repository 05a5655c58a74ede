"""New cases as an Atom feed, one in each language, for feed readers and other municipalities."""

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guide.keys import KEYS
from guide.queries import fixed_addresses
from guide.surroundings import NewCase, newest_cases
from shared.public_pages import keep_for_everyone

LONGEST = 30


class Feed(Atom1Feed):
    """`text/xml`-minded browsers show it; the type is the one that feed readers ask for."""

    content_type = "application/atom+xml; charset=utf-8"


@require_safe
def cases_feed(request: HttpRequest) -> HttpResponse:
    language = get_language() or settings.LANGUAGE_CODE
    feed = Feed(
        title=f"{_('Stories from colleagues')} – Stigen, {settings.MUNICIPALITY}",
        link=settings.SITE_URL + fixed_addresses().get("cases", "/"),
        description=None,
        subtitle=_("Challenges that colleagues have worked with: what they learnt and what changed."),
        language=language,
        feed_url=settings.SITE_URL + reverse("cases_feed"),
        author_name=settings.MUNICIPALITY,
        feed_guid=f"urn:uuid:{uuid.uuid5(KEYS, f'cases feed {language}')}",
    )
    for case in newest_cases(language, limit=LONGEST):
        _add(feed, case, language=language)
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
    keep_for_everyone(response)
    return response


def _add(feed: Feed, case: NewCase, *, language: str) -> None:
    feed.add_item(
        title=case.title,
        link=settings.SITE_URL + case.url,
        description=case.lead,
        # Of the page, not of its address: a case that is renamed or moved is no new one.
        unique_id=f"urn:uuid:{uuid.uuid5(KEYS, f'{case.key} {language}')}",
        pubdate=case.published_at,
        updateddate=case.changed_at,
        author_name=case.administration,
        categories=[case.administration],
    )
