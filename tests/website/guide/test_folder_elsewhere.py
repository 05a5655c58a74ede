"""The guide moves house: out of one database as a folder, into another that has never seen it, by other processes."""

import subprocess
import sys

import pytest

from guide.services.folder.exporting import export_guide
from tests.support.databases import copy_database, drop_database, in_database
from tests.support.processes import ROOT, environment
from tests.website.guide.folder_support import empty_the_site, make_article, tree_of

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def elsewhere(django_db_setup, django_db_blocker, tmp_path_factory):
    """Runs a command on a migrated database without a page, an image or a file of the guide's."""
    with django_db_blocker.unblock():
        from django.db import connection

        name = f"{connection.settings_dict['NAME']}_elsewhere"
        copy_database(name)
        with in_database(name):
            empty_the_site()
            env = environment(STIGEN_DATA=str(tmp_path_factory.mktemp("elsewhere")))

        def manage(*command):
            return subprocess.run(
                [sys.executable, "-W", "ignore", "manage.py", *command],
                cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True,
            ).stdout  # fmt: skip

        yield manage
        drop_database(name)


def test_another_municipality_takes_the_folder_in_and_gives_it_out_the_same(elsewhere, guide, cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    make_article(cast)
    exported = export_guide(tmp_path / "ours")
    assert (exported.images, exported.documents) == (1, 1)
    told = elsewhere("guide_import", str(tmp_path / "ours"))
    # The two front pages stand in every database from the beginning.
    assert f"{exported.pages - 2} pages created, 2 changed, 0 moved, 0 unchanged" in told
    elsewhere("guide_export", str(tmp_path / "theirs"))
    assert tree_of(tmp_path / "theirs") == tree_of(tmp_path / "ours")
    assert f"0 pages created, 0 changed, 0 moved, {exported.pages} unchanged" in elsewhere(
        "guide_import", str(tmp_path / "theirs")
    )
