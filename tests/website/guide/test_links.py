"""Links between pages can't break; links out of the site are looked at, and nowhere else."""

import datetime as dt
import http.server
import threading

import pytest
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page

from guide.languages import behind_of
from guide.links import external_addresses, hand_written_page_links, links_to
from guide.models import ArticlePage, ExternalLink, FrontPage
from guide.outside import look_at
from guide.services.external_links import check_links
from guide.texts import texts_of

COMMENTS = {
    "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0",
    "comments-MAX_NUM_FORMS": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_swedish():
    with translation.override("sv"):
        yield


@pytest.fixture
def front(guide):
    return FrontPage.objects.get(locale__language_code="sv")


@pytest.fixture
def target(front):
    return front.add_child(instance=ArticlePage(title="Målet", slug="malet-x", lead="x"))


@pytest.fixture
def source(front, target):
    page = ArticlePage(title="Källan", slug="kallan-x", lead="x")
    page.body = [("text", f'<p><a linktype="page" id="{target.pk}">dit</a></p>')]
    return front.add_child(instance=page)


def test_a_page_that_others_link_to_is_neither_deleted_nor_unpublished(client, source, target, cast):
    client.force_login(cast.administrator)
    delete, unpublish = (reverse(f"wagtailadmin_pages:{act}", args=[target.pk]) for act in ("delete", "unpublish"))
    for answer in (client.get(delete), client.post(delete), client.post(unpublish)):
        assert answer.status_code == 409
        assert "”Källan” länkar till ”Målet”" in answer.content.decode()
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    assert client.post(f"{bulk}?id={target.pk}").status_code == 409
    assert Page.objects.get(pk=target.pk).live


def test_a_page_above_one_that_is_linked_to_stays_too(client, front, source, target, cast):
    parent = front.add_child(instance=ArticlePage(title="Över", slug="over-x", lead="x"))
    target.move(parent, pos="last-child")
    client.force_login(cast.administrator)
    assert client.post(reverse("wagtailadmin_pages:delete", args=[parent.pk])).status_code == 409


def test_without_links_it_goes(client, source, target, cast):
    client.force_login(cast.administrator)
    source.unpublish()
    assert links_to([target]) == []
    assert client.post(reverse("wagtailadmin_pages:unpublish", args=[target.pk])).status_code == 302
    assert not Page.objects.get(pk=target.pk).live


def send(client, page, text, action):
    return client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        {
            "title": page.title, "slug": page.slug, "lead": "Ny", "minutes_to_read": "", "seo_title": "",
            "search_description": "", "body-count": "1", "body-0-deleted": "", "body-0-order": "0",
            "body-0-type": "markdown", "body-0-id": "", "body-0-value": text, action: "1", **COMMENTS,
        },
    )  # fmt: skip


@pytest.mark.parametrize("address", ["/guiden/undersoka/", "/finns-inte/", "http://localhost:8000/guiden/"])
def test_an_address_written_by_hand_to_a_page_goes_into_a_draft_and_no_further(client, target, cast, address, settings):
    settings.SITE_URL = "http://localhost:8000"
    client.force_login(cast.administrator)
    answer = send(client, target, f"[dit]({address})", "action-publish")
    assert answer.status_code == 200
    assert "är skriven för hand" in answer.content.decode()
    assert ArticlePage.objects.get(pk=target.pk).lead == "x"
    assert send(client, target, f"[dit]({address})", "action-save").status_code == 302
    assert send(client, target, "[dit](/kurser/)", "action-publish").status_code == 302


def test_a_link_to_a_page_that_is_not_published_is_refused_at_publishing(client, source, target, cast):
    Page.objects.filter(pk=target.pk).update(live=False)
    client.force_login(cast.administrator)
    form = {
        "title": source.title, "slug": source.slug, "lead": "Ny", "minutes_to_read": "", "seo_title": "",
        "search_description": "", "body-count": "1", "body-0-deleted": "", "body-0-order": "0",
        "body-0-type": "text", "body-0-id": "", "action-publish": "1", **COMMENTS,
        "body-0-value": (
            '{"blocks":[{"key":"a","text":"dit","type":"unstyled","depth":0,"inlineStyleRanges":[],'
            '"entityRanges":[{"offset":0,"length":3,"key":0}]}],"entityMap":{"0":{"type":"LINK","mutability":"MUTABLE",'
            f'"data":{{"id":{target.pk},"parentId":{target.get_parent().pk}}}}}}}}}'
        ),
    }  # fmt: skip
    answer = client.post(reverse("wagtailadmin_pages:edit", args=[source.pk]), form)
    assert answer.status_code == 200
    assert "Sidan länkar till ”Målet”, som inte är publicerad." in answer.content.decode()


def test_the_seeded_guide_has_no_link_that_can_break(guide):
    for page in Page.objects.live().filter(depth__gt=1).specific():
        assert hand_written_page_links(page) == [], page.title


def test_a_picture_comes_in_with_a_description(client, guide, cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    import io

    from PIL import Image
    from wagtail.images import get_image_model
    from wagtail.images.forms import get_image_form

    from guide.editing.forms import ImageForm

    form_class = get_image_form(get_image_model())
    assert issubclass(form_class, ImageForm)
    data = io.BytesIO()
    Image.new("RGB", (2, 2)).save(data, "png")
    for description, is_good in (("", False), ("En tom ruta", True)):
        form = form_class(
            {"title": "x", "description": description, "collection": "1", "tags": ""},
            {"file": SimpleUploadedFile("x.png", data.getvalue(), content_type="image/png")},
            user=cast.administrator,
        )
        assert ("description" not in form.errors) is is_good
    assert ImageFile


# --- Out of the site ---------------------------------------------------------------------------------


class _Web(http.server.BaseHTTPRequestHandler):
    asked: list[tuple[str, str]] = []

    def do_HEAD(self):
        self.asked.append((self.command, self.path))
        status, target = {
            "/ok": (200, ""), "/gone": (404, ""), "/no-head": (405 if self.command == "HEAD" else 200, ""),
            "/moved": (301, "/ok"), "/round": (302, "/round"), "/shut": (403, ""),
            "/inside": (302, "http://169.254.169.254/latest/"),
        }.get(self.path, (500, ""))  # fmt: skip
        self.send_response(status)
        if target:
            self.send_header("Location", target)
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815 - the server's own name

    def log_message(self, *_words):
        pass


@pytest.fixture
def web():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Web)
    _Web.asked.clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/ok", "works"),
        ("/gone", "broken"),
        ("/no-head", "works"),
        ("/moved", "works"),
        ("/round", "broken"),
        ("/shut", "works"),
        ("/fel", "broken"),
    ],
)
def test_what_an_address_answers(web, settings, path, state):
    settings.LINK_CHECK_MAY_LOOK_INSIDE = True
    assert look_at(web + path).state == state


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/",
        "http://[fd00::1]/", "ftp://example.com/", "file:///etc/passwd", "http://a:b@example.com/", "http://100.64.0.1/",
    ],
)  # fmt: skip
def test_no_address_inside_is_ever_called(url):
    assert look_at(url).state == "passed"


def test_the_server_itself_is_not_called_without_the_tests_own_setting(web):
    assert look_at(f"{web}/ok").state == "passed"
    assert _Web.asked == []


def test_a_redirect_does_not_lead_inside(web, settings, monkeypatch):
    from guide import outside

    real = outside._open_address

    def only_the_test_server(host, port):
        settings.LINK_CHECK_MAY_LOOK_INSIDE = web.endswith(f":{port}")
        return real(host, port)

    monkeypatch.setattr(outside, "_open_address", only_the_test_server)
    assert look_at(f"{web}/inside").state == "passed"


def test_a_broken_link_is_a_row_with_its_page_and_since_when(web, settings, client, target, cast, now):
    settings.LINK_CHECK_MAY_LOOK_INSIDE = True
    target.body = [("markdown", f"[ett]({web}/gone) [två]({web}/ok) [en gång till]({web}/ok#del)")]
    target.save_revision().publish()
    assert external_addresses(ArticlePage.objects.get(pk=target.pk)) == [f"{web}/gone", f"{web}/ok", f"{web}/ok"]
    ours = ExternalLink.objects.filter(url__startswith=web)

    def look(url):
        return look_at(url) if url.startswith(web) else look_at("ftp://x")

    check_links(now=now, look=look, pause_seconds=0)
    assert dict(ours.values_list("url", "state")) == {f"{web}/gone": "broken", f"{web}/ok": "works"}
    check_links(now=now + dt.timedelta(days=1), look=look, pause_seconds=0)
    broken = ours.get(state="broken")
    assert broken.broken_since == now
    assert broken.checked_at == now + dt.timedelta(days=1)
    assert ours.get(state="works").checked_at == now, "its turn comes once a week"
    client.force_login(cast.editor)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert f"{web}/gone" in html
    assert "Målet" in html
    assert client.get(reverse("guide_links")).status_code == 200
    target.body = []
    target.save_revision().publish()
    check_links(now=now + dt.timedelta(days=2), look=look, pause_seconds=0)
    assert not ours.exists()


# --- Languages ---------------------------------------------------------------------------------------


@pytest.fixture
def pair(step):
    return step, step.get_translations().get().specific


def publish(page, user):
    page.save_revision(user=user).publish(user=user)


def test_who_is_behind_is_told_by_the_order_of_publishing(pair, cast, client):
    swedish, english = pair
    key = swedish.translation_key
    assert behind_of([key]) == {}
    publish(swedish, cast.administrator)
    assert behind_of([key])[key].language == "en"
    publish(english, cast.administrator)
    assert behind_of([key]) == {}, "a translation made after its original does not make that one old"
    publish(english, cast.administrator)
    assert behind_of([key])[key].language == "sv"
    client.force_login(cast.editor)
    client.post(reverse("guide_languages_agree", args=[swedish.pk]))
    assert behind_of([key]) == {}


def test_the_mark_stands_in_the_list_and_on_the_page(client, pair, cast):
    swedish, _english = pair
    publish(swedish, cast.administrator)
    client.force_login(cast.editor)
    listing = reverse("wagtailadmin_explore", args=[swedish.get_parent().pk])
    assert client.get(listing).content.decode().count("Engelskan är äldre") == 1
    assert "Engelskan är äldre" in client.get(reverse("wagtailadmin_pages:edit", args=[swedish.pk])).content.decode()


def test_both_languages_are_changed_in_one_place(client, pair, cast):
    swedish, english = pair
    client.force_login(cast.editor)
    where = reverse("guide_side_by_side", args=[swedish.pk])
    html = client.get(where).content.decode()
    assert swedish.aim in html
    assert english.title in html
    marks = {f"shown-aim-{page.locale.language_code}": texts_of(page)["aim"].mark for page in pair}
    answer = client.post(where, {"aim-sv": "Nytt syfte.", "aim-en": "New aim.", **marks})
    assert answer.status_code == 302
    drafts = [type(page).objects.get(pk=page.pk).get_latest_revision_as_object() for page in pair]
    assert [draft.aim for draft in drafts] == ["Nytt syfte.", "New aim."]
    assert type(swedish).objects.get(pk=swedish.pk).aim == swedish.aim, "a draft only"


def test_what_is_wrong_is_said_and_nothing_is_saved(client, pair, cast):
    swedish, _english = pair
    client.force_login(cast.editor)
    where = reverse("guide_side_by_side", args=[swedish.pk])
    marks = {
        "shown-title-sv": texts_of(swedish)["title"].mark,
        "shown-aim-en": texts_of(pair[1])["aim"].mark,
    }
    html = client.post(where, {"title-sv": "", "aim-en": "Typed and kept", **marks}).content.decode()
    assert "Inget är sparat än" in html
    assert "Typed and kept" in html
    assert swedish.revisions.count() == type(swedish).objects.get(pk=swedish.pk).revisions.count() == 1


@pytest.mark.parametrize("role", ["employee", "outsider"])
def test_the_editors_pages_are_the_editors_own(client, pair, cast, role):
    client.force_login(getattr(cast, role))
    pages = [reverse("guide_side_by_side", args=[pair[0].pk]), reverse("guide_links"), reverse("guide_opinions")]
    for where in pages:
        assert client.get(where).status_code in {302, 403}
    client.force_login(cast.editor)
    for where in pages:
        assert client.get(where).status_code == 200
