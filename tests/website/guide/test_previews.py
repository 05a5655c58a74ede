"""Every page type shows itself to its editor before a reader sees it, in each of its modes, finished or not."""

import json

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import translation
from pytest_django.asserts import assertTemplateUsed
from wagtail.models import Page, get_page_models

from guide.models import DraftLink, FrontPage, ReadingPage, StepPage
from guide.services.drafts import share_draft, token_of

TYPES = [model for model in get_page_models() if issubclass(model, ReadingPage)]
# There is one front page for each language, made with the site, and a seventh step is refused.
MADE_BY_EDITORS = [model for model in TYPES if model not in {FrontPage, StepPage}]

STREAMS = ["body", "questions", "results", "mistakes", "material", "steps", "tips", "worksheets", "not_accessible"]
# What can't be left for later, for its column can't be empty.
NUMBERS = {
    "minutes": "10", "people_from": "2", "can_be_in_room": "on",
    "assessed_on": "2027-03-01", "published_on": "2027-03-01", "reviewed_on": "2027-03-01",
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_swedish():
    with translation.override("sv"):
        yield


@pytest.mark.parametrize("model", TYPES, ids=lambda model: model.__name__)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_mode_shows_the_draft_as_readers_will_see_it(client, guide, cast, model, language):
    page = model.objects.filter(locale__language_code=language).order_by("pk").first()
    assert page is not None, f"the shipped guide has no {model.__name__} in {language}"
    client.force_login(cast.editor)
    page.title = "Ett utkast med <b>märken</b>"
    page.save_revision()
    assert page.preview_modes
    for mode, _name in page.preview_modes:
        answer = client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]), {"mode": mode})
        assert answer.status_code == 200
        assertTemplateUsed(answer, model._meta.app_label + "/" + model.template.split("/")[-1])
        html = BeautifulSoup(answer.content, "html.parser")
        assert html.html["lang"] == language
        assert len(html.find_all("h1")) == 1
        # The front page is called by what one can do there.
        said = page.heading if model is FrontPage else "Ett utkast med <b>märken</b>"
        assert html.find("title").text.startswith(said)


@pytest.mark.parametrize("model", MADE_BY_EDITORS, ids=lambda model: model.__name__)
def test_a_page_with_nothing_but_a_title_can_be_looked_at(client, guide, cast, model):
    """The preview beside the form, at the first word: no number, no text and no parent's path is there yet."""
    example = model.objects.filter(locale__language_code="sv").order_by("pk").first()
    client.force_login(cast.administrator)
    place = [model._meta.app_label, model._meta.model_name, example.get_parent().pk]
    sent = {"title": "Bara en titel", "slug": "bara-en-titel", **NUMBERS}
    sent |= {f"{name}-count": "0" for name in STREAMS}
    for formset in ("comments", "related"):
        sent |= {f"{formset}-{count}_FORMS": "0" for count in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    where = reverse("wagtailadmin_pages:preview_on_add", args=place)
    kept = json.loads(client.post(where, sent).content)
    assert kept == {"is_valid": True, "is_available": True}
    answer = client.get(where, {"mode": ""})
    assert answer.status_code == 200
    assertTemplateUsed(answer, model.template)
    assert "Bara en titel" in answer.content.decode()


@pytest.mark.parametrize("role", ["employee", "outsider", "manager", "hr", "facilitator"])
def test_others_preview_no_draft(client, step, cast, role):
    client.force_login(getattr(cast, role))
    step.title = "Hemligt utkast"
    step.save_revision()
    answer = client.get(reverse("wagtailadmin_pages:view_draft", args=[step.pk]))
    assert answer.status_code in {302, 403}
    assert b"Hemligt utkast" not in answer.content


# --- Links to drafts: who may make, see and close them ------------------------------------------------


@pytest.mark.parametrize("role", ["employee", "outsider", "manager", "hr", "facilitator"])
def test_others_neither_see_nor_close_links(client, step, cast, role, now):
    link = share_draft(step, person=cast.editor, now=now)
    client.force_login(getattr(cast, role))
    shown = client.get(reverse("guide_draft_links", args=[step.pk]))
    assert shown.status_code in {302, 403}
    assert token_of(link).encode() not in shown.content
    assert client.post(reverse("guide_draft_link_revoke", args=[step.pk, link.pk])).status_code in {302, 403}
    assert DraftLink.objects.get().revoked_at is None


def test_a_link_is_closed_from_its_own_page_only(client, step, guide, cast, now):
    link = share_draft(step, person=cast.editor, now=now)
    client.force_login(cast.editor)
    assert client.post(reverse("guide_draft_link_revoke", args=[guide.pk, link.pk])).status_code == 404
    assert client.get(reverse("guide_draft_link_revoke", args=[step.pk, link.pk])).status_code == 405
    assert DraftLink.objects.get().revoked_at is None
    other = reverse("guide_draft_link_revoke", args=[step.pk, link.pk])
    client.force_login(cast.administrator)
    client.post(other)
    assert DraftLink.objects.get().revoked_at, "whoever may edit the page may close what another has shared"


def test_the_root_and_unknown_pages_are_not_shared(client, guide, cast):
    client.force_login(cast.editor)
    for number in (Page.objects.get(depth=1).pk, 0):
        assert client.post(reverse("guide_draft_links", args=[number])).status_code == 404
    assert not DraftLink.objects.exists()
