"""Pages that go up and come down by the clock."""

import datetime as dt
import logging

from django.db import transaction
from wagtail.models import Page, Revision

from guide.links import links_to, unpublished_targets

logger = logging.getLogger(__name__)


def publish_due(*, now: dt.datetime) -> tuple[int, int]:
    """Publish what is due and take down what has run out; answers how many of each.

    As Wagtail's own command, with two differences: one page that can't be published stops no other, and no link is
    broken by the clock (the page waits, and stands among the editors' links to mend).
    """
    down = sum(_take_down(page) for page in list(expired_pages(now=now)))
    due = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at", "pk")
    up = sum(_put_up(revision) for revision in due)
    return up, down


def expired_pages(*, now: dt.datetime) -> "list[Page]":
    return list(Page.objects.filter(live=True, expire_at__lte=now).order_by("expire_at", "pk"))


def _take_down(page: Page) -> bool:
    if links_to([page], with_children=False):
        logger.warning("Page %s should have come down, but other pages link to it", page.pk)
        return False
    try:
        with transaction.atomic():
            page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    except Exception:
        logger.exception("Page %s could not be taken down", page.pk)
        return False
    return True


def _put_up(revision: Revision) -> bool:
    page = revision.as_object()
    if isinstance(page, Page) and unpublished_targets(page):
        logger.warning("Page %s should have gone up, but it links to pages that are not published", page.pk)
        return False
    try:
        with transaction.atomic():
            revision.publish(log_action="wagtail.publish.scheduled")
    except Exception:
        logger.exception("Revision %s could not be published", revision.pk)
        return False
    return True
