"""An editor submits, someone else approves, the clock publishes, a draft is shared by link."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page, Workflow

from guide.models import ArticlePage, DraftLink, FrontPage
from guide.services.drafts import open_draft, revoke_draft, share_draft, token_of
from guide.services.publishing import publish_due
from guide.services.tree import REVIEW, lay_site
from letters.models import Letter
from people.roles import EDITOR
from people.services.roles import give_role

COMMENTS = {
    "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0",
    "comments-MAX_NUM_FORMS": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_swedish(settings):
    settings.EMAIL_BACKEND = "config.mail.LetterBackend"
    with translation.override("sv"):
        yield


@pytest.fixture
def front(guide):
    return FrontPage.objects.get(locale__language_code="sv")


@pytest.fixture
def article(front):
    return front.add_child(instance=ArticlePage(title="Om oss", slug="om-oss-x", lead="Gammal text."))


def written(article, lead, **more):
    return {
        "title": article.title, "slug": article.slug, "lead": lead, "minutes_to_read": "", "seo_title": "",
        "search_description": "", "body-count": "1", "body-0-deleted": "", "body-0-order": "0",
        "body-0-type": "markdown", "body-0-id": "", "body-0-value": "Hej", **COMMENTS, **more,
    }  # fmt: skip


def edit(client, article, lead, **more):
    return client.post(reverse("wagtailadmin_pages:edit", args=[article.pk]), written(article, lead, **more))


def approve(client, article):
    article = ArticlePage.objects.get(pk=article.pk)
    where = reverse(
        "wagtailadmin_pages:workflow_action", args=[article.pk, "approve", article.current_workflow_task_state.pk]
    )
    return client.post(where)


def test_the_review_is_laid_once_and_a_municipality_may_change_it(guide):
    lay_site()
    workflow = Workflow.objects.get(name=REVIEW)
    assert guide.get_workflow() == workflow
    workflow.active = False
    workflow.save()
    lay_site()
    assert Workflow.objects.filter(name=REVIEW).count() == 1
    assert not Workflow.objects.get(name=REVIEW).active


def test_an_editor_can_not_publish_past_the_review(client, article, cast):
    client.force_login(cast.editor)
    edit(client, article, "Ny text.", **{"action-publish": "1"})
    assert ArticlePage.objects.get(pk=article.pk).lead == "Gammal text."


def test_an_editor_submits_another_approves_and_the_reader_sees_it(
    client, article, cast, django_capture_on_commit_callbacks
):
    assert "Gammal text." in client.get("/om-oss-x/").content.decode()
    give_role(cast.colleague, role=EDITOR)
    client.force_login(cast.editor)
    assert edit(client, article, "Ny text.", **{"action-submit": "1"}).status_code == 302
    approve(client, article)
    assert ArticlePage.objects.get(pk=article.pk).lead == "Gammal text.", "nobody approves their own"
    client.force_login(cast.colleague)
    with django_capture_on_commit_callbacks(execute=True):
        assert approve(client, article).status_code == 302
    assert ArticlePage.objects.get(pk=article.pk).lead == "Ny text."
    client.logout()
    html = client.get("/om-oss-x/").content.decode()
    assert "Ny text." in html


def test_letters_tell_reviewers_and_then_the_editor(client, article, cast):
    client.force_login(cast.editor)
    edit(client, article, "Ny text.", **{"action-submit": "1"})
    told = Letter.objects.filter(kind="editors")
    assert {letter.person for letter in told} == {cast.administrator}
    assert "Om oss" in told.get().subject
    client.force_login(cast.administrator)
    approve(client, article)
    assert Letter.objects.filter(kind="editors", person=cast.editor).count() == 1


@pytest.mark.parametrize("role", ["employee", "outsider", "manager", "hr", "facilitator"])
def test_nobody_else_reviews(client, article, cast, role):
    client.force_login(cast.editor)
    edit(client, article, "Ny text.", **{"action-submit": "1"})
    client.force_login(getattr(cast, role))
    approve(client, article)
    assert ArticlePage.objects.get(pk=article.pk).lead == "Gammal text."


# --- By the clock ------------------------------------------------------------------------------------


def test_a_page_goes_up_when_its_time_has_come_and_not_before(article):
    now = timezone.now()
    article.lead, article.go_live_at = "I morgon.", now + dt.timedelta(days=1)
    article.save_revision().publish()
    assert publish_due(now=now) == (0, 0)
    assert publish_due(now=now + dt.timedelta(days=1, minutes=-1)) == (0, 0)
    import time_machine

    with time_machine.travel(now + dt.timedelta(days=1, seconds=1), tick=False):
        assert publish_due(now=timezone.now()) == (1, 0)
        assert publish_due(now=timezone.now()) == (0, 0)
    assert ArticlePage.objects.get(pk=article.pk).lead == "I morgon."


def test_a_page_comes_down_by_the_clock_unless_others_link_to_it(article, front):
    now = timezone.now()
    Page.objects.filter(pk=article.pk).update(expire_at=now - dt.timedelta(minutes=1))
    source = ArticlePage(title="Källa", slug="kalla-x", lead="x")
    source.body = [("text", f'<p><a linktype="page" id="{article.pk}">x</a></p>')]
    front.add_child(instance=source)
    assert publish_due(now=now) == (0, 0)
    assert ArticlePage.objects.get(pk=article.pk).live
    source.delete()
    assert publish_due(now=now) == (0, 1)
    assert not ArticlePage.objects.get(pk=article.pk).live


# --- Shared drafts -----------------------------------------------------------------------------------


@pytest.fixture
def draft(article, cast):
    article.lead = "Ett utkast."
    article.save_revision()
    return share_draft(article, person=cast.editor, now=timezone.now())


def test_whoever_has_the_link_sees_the_latest_draft_marked_as_one(client, draft):
    answer = client.get(reverse("draft", args=[token_of(draft)]))
    html = answer.content.decode()
    assert "Ett utkast." in html
    assert "Sidan är inte publicerad så som den står här." in html
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "Var sidan till hjälp?" not in html
    assert "Gammal text." in client.get("/om-oss-x/").content.decode()


def test_a_link_ends_is_revoked_and_can_not_be_guessed(client, draft, cast):
    now = draft.made_at
    token = token_of(draft)
    assert open_draft(token, now=now + dt.timedelta(days=14, seconds=-1)) == draft
    assert open_draft(token, now=now + dt.timedelta(days=14)) is None
    for wrong in (token[:-1] + ("a" if token[-1] != "a" else "b"), "x", str(draft.pk), token.split(":")[0]):
        assert client.get(reverse("draft", args=[wrong])).status_code == 404
    revoke_draft(draft, now=now)
    assert client.get(reverse("draft", args=[token])).status_code == 404
    assert client.post(reverse("draft", args=[token])).status_code == 405


def test_a_link_dies_with_the_account_that_made_it(client, draft, cast):
    cast.editor.is_active = False
    cast.editor.save()
    assert client.get(reverse("draft", args=[token_of(draft)])).status_code == 404


def test_an_editor_makes_and_closes_a_link_from_the_page(client, article, cast):
    client.force_login(cast.editor)
    assert "Dela utkastet" in client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    where = reverse("guide_draft_links", args=[article.pk])
    client.post(where)
    link = DraftLink.objects.get()
    assert token_of(link) in client.get(where).content.decode()
    client.post(reverse("guide_draft_link_revoke", args=[article.pk, link.pk]))
    assert DraftLink.objects.get().revoked_at


@pytest.mark.parametrize("role", ["employee", "outsider", "hr"])
def test_others_share_nothing(client, article, cast, role):
    client.force_login(getattr(cast, role))
    assert client.post(reverse("guide_draft_links", args=[article.pk])).status_code in {302, 403}
    assert not DraftLink.objects.exists()
