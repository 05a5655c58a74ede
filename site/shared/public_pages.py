"""Pages that everyone may see, kept ready-made: what makes them go stale, and which ones may be kept.

The keeping itself is `config.page_cache`. Redis holds only a hint: losing it costs a rendering, never a fact.
"""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

# The edition that every kept page was made under. A random name, not a number: a number that started over
# after Redis lost it could bring an old page back.
EDITION = "public-pages:edition"


def public_pages_changed() -> None:
    """Say that something a public page shows is about to change: every kept page is stale once this commits.

    Call it from the service that changes it, inside or outside the transaction; a rolled-back change tells nothing.
    """
    transaction.on_commit(start_new_edition, robust=True)


def start_new_edition() -> None:
    cache.set(EDITION, uuid.uuid4().hex, timeout=None)


def keep_for_everyone(response: HttpResponseBase) -> None:
    """Mark an answer as the same for everyone who is not logged in, so that it may be kept ready-made."""
    response.is_for_everyone = True  # type: ignore[attr-defined]  # read by config.page_cache


def kept_part(name: str, make: Callable[[], SafeString]) -> SafeString:
    """A part that is the same for everyone, of pages that are not: made once for each language and edition.

    It may hold nothing of the reader: no name, no form's token, no address of the host.
    """
    if not settings.PAGE_CACHE_SECONDS:
        return make()
    key = f"public-part:{name}:{get_language()}"
    found = cache.get_many([EDITION, key])
    edition, kept = found.get(EDITION), found.get(key)
    if edition is not None and kept is not None and kept[0] == edition:
        return mark_safe(kept[1])  # noqa: S308 - what `make` made, which is safe
    made = make()
    if edition is None:
        start_new_edition()
    else:  # the edition from before it was made: what changed meanwhile is not kept
        cache.set(key, (edition, str(made)), settings.PAGE_CACHE_SECONDS)
    return made
