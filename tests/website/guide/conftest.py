"""The guide that comes with the site, laid once for the whole run, and a small one in a database of its own."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection

from tests.support.databases import copy_database, drop_database, in_database

NOW = dt.datetime(2027, 3, 2, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def db(request):
    """With the mark `committed`: a copy of the database with the guide in it, where nothing is rolled back.

    A flush after each such test would take the guide with it, and laying it again takes seconds.
    """
    if request.node.get_closest_marker("committed") is None:
        request.getfixturevalue("_django_db_helper")
        yield
        return
    request.getfixturevalue("guide_laid_once")
    blocker = request.getfixturevalue("django_db_blocker")
    name = f"{connection.settings_dict['NAME']}_committed"
    with blocker.unblock():
        copy_database(name)
        with in_database(name):
            yield
        drop_database(name)


def make_pages_anew():
    """No page is kept from the first request on, and the way to the site's root is that of the test's own database.

    Only these two are forgotten: the cache is one Redis for the whole run and for what runs beside it.
    """
    from wagtail.models import Site

    from shared.public_pages import EDITION

    cache.delete(EDITION)
    Site.clear_site_root_paths_cache()


@pytest.fixture(scope="session")
def guide_laid_once(django_db_setup, django_db_blocker):
    from guide.services.seed import load_guide

    with django_db_blocker.unblock():
        load_guide(NOW)


@pytest.fixture
def guide(guide_laid_once, db):
    """The shipped guide in both languages."""
    from guide.models import GuidePage

    make_pages_anew()
    return GuidePage.objects.get(locale__language_code="sv")


@pytest.fixture
def step(guide):
    from guide.models import StepPage

    return StepPage.objects.get(number=2, locale__language_code="sv")


@pytest.fixture(scope="session")
def small_database(django_db_setup, django_db_blocker, tmp_path_factory):
    """The name of a database that holds the small guide and nothing else of the guide's."""
    from guide.services.folder.importing import import_guide
    from tests.website.guide.folder_support import empty_the_site
    from tests.website.guide.small_guide import write_small_guide

    name = f"{connection.settings_dict['NAME']}_small"
    with django_db_blocker.unblock():
        copy_database(name)
        with in_database(name):
            empty_the_site()
            import_guide(write_small_guide(tmp_path_factory.mktemp("small")), now=NOW)
        yield name
        drop_database(name)


@pytest.fixture(scope="module")
def small_site(small_database):
    """The whole module on the small guide's database: what it asks of every page, it asks of a handful.

    Wider than the transaction that each test runs in, so that the connection is changed before one begins.
    """
    with in_database(small_database):
        yield


@pytest.fixture
def small_guide(small_site, db):
    from guide.models import GuidePage

    make_pages_anew()
    return GuidePage.objects.get(locale__language_code="sv")


@pytest.fixture(scope="session")
def whole_export(guide_laid_once, django_db_blocker, tmp_path_factory):
    """The shipped guide as an export writes it. To read: a test that changes something takes a copy."""
    from guide.services.folder.exporting import export_guide

    folder = tmp_path_factory.mktemp("whole") / "out"
    with django_db_blocker.unblock():
        export_guide(folder)
    return folder
