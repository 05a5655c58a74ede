"""Pages laid by the dozen are the same as those that Wagtail publishes one by one."""

import json

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, ReferenceIndex, Revision

from guide.models import FrontPage, MethodPage, ReadingPage, RelatedMethod

# What says when, and by which revision.
OF_THE_MOMENT = {"latest_revision", "live_revision", "latest_revision_created_at", "last_published_at"}


def _columns(page):
    fields = [field for field in page._meta.concrete_fields if field.name not in OF_THE_MOMENT]
    return {field.name: field.get_prep_value(getattr(page, field.attname)) for field in fields}


def _references(page):
    rows = ReferenceIndex.get_references_for_object(page)
    return sorted(rows.values_list("to_content_type", "to_object_id", "model_path", "content_path"))


def _words(page):
    entries = apps.get_model("wagtailsearch", "IndexEntry").objects
    kind = ContentType.objects.get_for_model(page)
    return list(entries.filter(content_type=kind, object_id=str(page.pk)).values("title", "body", "autocomplete"))


def _content(page):
    content = Revision.objects.get(pk=page.latest_revision_id).content
    # A revision's own count of children is of its moment too: a page that gets children keeps its revision.
    return {name: _parsed(value) for name, value in content.items() if name not in {*OF_THE_MOMENT, "numchild"}}


def _parsed(value):
    """Blocks are kept as JSON in a string, in any order of keys."""
    return json.loads(value) if isinstance(value, str) and value.startswith("[") else value


# The front pages stand before the load, which publishes them in Wagtail's own way.
@pytest.mark.parametrize(
    "kind", [kind for kind in ReadingPage.__subclasses__() if kind is not FrontPage], ids=lambda kind: kind.__name__
)
def test_a_laid_page_is_as_one_published_by_hand(guide, kind):
    page = kind.objects.filter(locale__language_code="sv").first()
    laid = [look(page) for look in (_columns, _references, _words, _content)]
    assert laid[2]
    assert page.live
    assert page.latest_revision_id == page.live_revision_id
    page.save_revision(clean=True).publish()
    page = kind.objects.get(pk=page.pk)
    assert [look(page) for look in (_columns, _references, _words, _content)] == laid


def test_the_tree_holds_together_and_every_page_has_one_revision(guide):
    assert not any(Page.find_problems())
    numbers = [str(pk) for pk in Page.objects.filter(depth__gt=2).values_list("pk", flat=True)]
    assert Revision.objects.filter(object_id__in=numbers).count() == len(numbers)


def test_a_page_added_after_the_load_gets_a_place_of_its_own(guide, step):
    youngest = step.get_last_child()
    new = step.add_child(
        instance=MethodPage(
            title="Ny", slug="ny", lead="Ny.", why="Därför.", when_to_use="Nu.", minutes=5, people_from=2, steps="[]"
        )
    )
    assert new.path > youngest.path
    assert not any(Page.find_problems())
    assert RelatedMethod.objects.exists()
