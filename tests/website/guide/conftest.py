"""The guide that comes with the site, laid once for the whole run."""

import datetime as dt

import pytest
from django.core.cache import cache

NOW = dt.datetime(2027, 3, 2, 8, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def guide_laid_once(django_db_setup, django_db_blocker):
    from guide.services.seed import load_guide

    with django_db_blocker.unblock():
        load_guide(NOW)


@pytest.fixture
def guide(guide_laid_once, db):
    """The shipped guide in both languages; laid again where another test has flushed the database."""
    from guide.models import GuidePage
    from guide.services.seed import load_guide

    if not GuidePage.objects.exists():
        load_guide(NOW)
    cache.clear()
    return GuidePage.objects.get(locale__language_code="sv")


@pytest.fixture
def step(guide):
    from guide.models import StepPage

    return StepPage.objects.get(number=2, locale__language_code="sv")
