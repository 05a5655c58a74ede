"""The whole shipped guide as a folder: what the small one proves in general, of these very pages."""

from wagtail.models import Page

from guide.services.folder.exporting import export_guide
from guide.services.folder.importing import import_guide
from guide.services.seed import CONTENT
from tests.website.guide.conftest import NOW
from tests.website.guide.folder_support import empty_the_site, tree_of


def test_the_shipped_folder_is_what_an_export_of_it_gives(whole_export):
    """Editors and the repository speak of the same files: nothing in the shipped guide is written in another way."""
    assert tree_of(whole_export) == tree_of(CONTENT)


def test_the_shipped_guide_comes_back_from_its_folder_as_it_was(guide, whole_export, tmp_path):
    empty_the_site()
    loaded = import_guide(whole_export, now=NOW).loaded
    assert (loaded.same, loaded.kept) == (0, [])
    assert loaded.created + loaded.updated == Page.objects.filter(depth__gt=1).count()
    export_guide(tmp_path / "again")
    assert tree_of(tmp_path / "again") == tree_of(whole_export)
