"""Links out of the site, looked up once a week so that editors hear of the broken ones before readers do."""

import datetime as dt
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from guide.links import external_addresses
from guide.models import ExternalLink
from guide.outside import Answer, look_at

logger = logging.getLogger(__name__)

AGAIN_AFTER = dt.timedelta(days=6, hours=12)
# A broken one is tried again the next night: a site that was down for an hour is no news.
BROKEN_AGAIN_AFTER = dt.timedelta(hours=20)
# Polite to each host, and done well before the worker's time limit.
AT_A_HOST = 25
PAUSE_SECONDS = 1.0
LONGEST_ROUND = dt.timedelta(minutes=7)

State = ExternalLink.State


@transaction.atomic
def gather_links() -> int:
    """Bring the rows in step with what published pages link to; answers how many addresses there are."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for page in Page.objects.live().filter(depth__gt=1).specific().iterator():
        for address in external_addresses(page):
            wanted[address].add(page.pk)
    ExternalLink.objects.exclude(url__in=wanted).delete()
    ExternalLink.objects.bulk_create([ExternalLink(url=url) for url in wanted], ignore_conflicts=True)
    through = ExternalLink.pages.through
    through.objects.all().delete()
    numbers = dict(ExternalLink.objects.filter(url__in=wanted).values_list("url", "pk"))
    through.objects.bulk_create(
        [
            through(externallink_id=numbers[url], page_id=page_id)
            for url, page_ids in wanted.items()
            for page_id in sorted(page_ids)
        ]
    )
    return len(wanted)


def check_links(
    *,
    now: dt.datetime,
    look: Callable[[str], Answer] = look_at,
    pause_seconds: float = PAUSE_SECONDS,
    clock: Callable[[], dt.datetime] = timezone.now,
) -> int:
    """Look at the links whose time has come, oldest first; answers how many. What is left is taken the next night."""
    gather_links()
    due = ExternalLink.objects.filter(checked_at=None) | ExternalLink.objects.filter(checked_at__lte=now - AGAIN_AFTER)
    due |= ExternalLink.objects.filter(state=State.BROKEN, checked_at__lte=now - BROKEN_AGAIN_AFTER)
    asked: dict[str, int] = defaultdict(int)
    stops_at, count = clock() + LONGEST_ROUND, 0
    for link in list(due.order_by("checked_at", "pk")):
        host = urlsplit(link.url).hostname or ""
        if asked[host] >= AT_A_HOST:
            continue
        if clock() >= stops_at:
            break
        if asked[host] and pause_seconds:
            time.sleep(pause_seconds)
        asked[host] += 1
        write_down(link, look(link.url), now=now)
        count += 1
    return count


def write_down(link: ExternalLink, answer: Answer, *, now: dt.datetime) -> None:
    is_broken = answer.state == State.BROKEN
    ExternalLink.objects.filter(pk=link.pk).update(
        state=answer.state,
        trouble=answer.trouble[:200],
        checked_at=now,
        broken_since=(link.broken_since or now) if is_broken else None,
    )
