"""What editors may do, and nobody else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from wagtail.documents.models import Document

from guide.models import ArticlePage, FrontPage
from people.roles import EDITOR
from people.services.roles import give_role


@pytest.fixture
def front(guide):
    return FrontPage.objects.get(locale__language_code="sv")


def test_an_administrator_writes_and_publishes_a_page_in_swedish(client, front, cast):
    client.force_login(cast.administrator)
    form = client.get(reverse("wagtailadmin_pages:add", args=["guide", "articlepage", front.pk]))
    assert form.status_code == 200
    assert "Vad läsaren får ut av artikeln" in form.content.decode()
    answer = client.post(
        reverse("wagtailadmin_pages:add", args=["guide", "articlepage", front.pk]),
        {
            "title": "Nytt om oss", "slug": "nytt-om-oss", "lead": "En kort text.", "minutes_to_read": "",
            "body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "markdown",
            "body-0-id": "", "body-0-value": "Hej **du**", "action-publish": "1",
            "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
            "comments-MIN_NUM_FORMS": "0", "comments-MAX_NUM_FORMS": "",
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert ArticlePage.objects.get(slug="nytt-om-oss").live
    client.logout()
    assert "<strong>du</strong>" in client.get("/nytt-om-oss/").content.decode()


@pytest.mark.parametrize("role", ["employee", "outsider", "manager", "hr", "facilitator"])
def test_others_do_not_come_into_the_editor(client, front, cast, role):
    client.force_login(getattr(cast, role))
    answer = client.get(reverse("wagtailadmin_pages:edit", args=[front.pk]))
    assert answer.status_code == 302
    assert not answer["Location"].startswith("/cms/pages")


def test_an_editor_may_not_delete_a_tree_of_pages(client, guide, cast):
    client.force_login(cast.editor)
    assert guide.permissions_for_user(cast.editor).can_edit()
    assert not guide.permissions_for_user(cast.editor).can_delete()


def test_an_editor_previews_a_page_with_its_path(client, guide, step, cast):
    client.force_login(cast.editor)
    answer = client.get(reverse("wagtailadmin_pages:view_draft", args=[step.pk]))
    assert answer.status_code == 200
    assert "Förverkliga" in answer.content.decode()


def test_no_picture_that_can_hold_a_script_is_taken(client, guide, cast):
    client.force_login(cast.editor)
    drawing = SimpleUploadedFile("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml")
    answer = client.post(reverse("wagtailimages:add_multiple"), {"files[]": drawing})
    assert not answer.json()["success"]


@pytest.mark.django_db
def test_a_document_is_handed_over_and_not_opened(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    document = Document.objects.create(title="x", file=SimpleUploadedFile("x.txt", b"<script>x()</script>"))
    answer = client.get(document.url)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_media_are_pictures_that_can_not_run(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for folder, name in [("images", "a.png"), ("images", "a.svg"), ("images", "a.html"), ("documents", "a.png")]:
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_bytes(b"<script>")
    answer = client.get("/media/images/a.png")
    assert b"".join(answer.streaming_content) == b"<script>"
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    for path in ["images/a.svg", "images/a.html", "documents/a.png", "images/../documents/a.png", "images/", ""]:
        assert client.get(f"/media/{path}").status_code == 404, path
    assert client.post("/media/images/a.png").status_code == 405


def test_give_role_is_enough_to_become_an_editor(client, guide, cast):
    assert not guide.permissions_for_user(cast.outsider).can_edit()
    give_role(cast.outsider, role=EDITOR)
    person = type(cast.outsider).objects.get(pk=cast.outsider.pk)
    assert guide.permissions_for_user(person).can_edit()


def test_the_editors_first_page_says_where_to_begin(client, guide, step, cast):
    step.save_revision(user=cast.administrator).publish(user=cast.administrator)
    client.force_login(cast.editor)
    with translation.override("sv"):
        html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert reverse("guide_side_by_side", args=[step.get_translations().get().pk]) in html
    assert reverse("wagtailadmin_explore", args=[guide.pk]) in html
    assert "Ingen har skrivit något än" in html
