"""A page that an editor has restricted: whoever may not read it does not meet its title or its words anywhere."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from config.progress import read_pages
from courses.models import ProgrammeItem
from guide.closed import closed_to_person
from guide.models import ArticlePage, CasePage, GlossaryPage, MethodPage, StepPage, TermPage
from guide.services.reading import mark_read, note_opened
from people.roles import EDITOR
from shared.public_pages import start_new_edition

TITLE = "Kvastskaftet"
KINDS = [PageViewRestriction.GROUPS, PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD]


@pytest.fixture(autouse=True)
def laid(small_guide, cast):
    """A second case and a second term, to stand beside the ones that are hidden."""
    case = CasePage.objects.get()
    case.get_parent().add_child(
        instance=CasePage(
            title="Altanen", slug="altanen", lead="x", administration="Bygg", challenge="x", learnt="x", changed="x"
        )
    )
    GlossaryPage.objects.get(locale=small_guide.locale).add_child(
        instance=TermPage(title="aktör", slug="aktor", explanation="Den som berörs.")
    )


def hide(model, slug, *, kind=PageViewRestriction.GROUPS, groups=(EDITOR,)):
    """The page by another name, that stands nowhere else, and its restriction."""
    page = model.objects.get(slug=slug)
    page.title = TITLE
    setattr(page, page.described_by, f"{TITLE} står i ett hörn.")
    page.save_revision().publish()
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="x")
    restriction.groups.set(Group.objects.filter(name__in=groups))
    return page


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


PLACES = [
    (MethodPage, "dagbok", ["/guiden/", "/guiden/undersoka/", "/metoder/", "/guiden/undersoka/intervju/"]),
    (StepPage, "fokusera", ["/", "/guiden/", "/guiden/undersoka/", "/metoder/"]),
    (CasePage, "elevens-resa", ["/fall/", "/fall/altanen/"]),
    (TermPage, "belagg", ["/ordlista/", "/ordlista/aktor/", "/guiden/undersoka/"]),
    (ArticlePage, "behov", ["/forsta-dagen/"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "slug", "path"), [(model, slug, path) for model, slug, paths in PLACES for path in paths]
)
def test_a_list_names_it_to_those_with_the_right_alone(client, cast, model, slug, path):
    hide(model, slug)
    assert TITLE not in read(client, path)
    client.force_login(cast.outsider)
    assert TITLE not in read(client, path)
    client.force_login(cast.editor)
    assert TITLE in read(client, path)


def test_what_stands_below_it_is_hidden_too_and_counted_nowhere(client, cast):
    hide(StepPage, "fokusera")
    html = read(client, "/metoder/")
    assert "2 av 2 metoder" in html or "2 metoder" in html
    assert "Insikter" not in html
    assert "Insikter" not in read(client, "/guiden/")
    client.force_login(cast.editor)
    assert "Insikter" in read(client, "/metoder/")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_restriction_hides_from_strangers(client, cast, kind):
    hide(MethodPage, "dagbok", kind=kind)
    assert TITLE not in read(client, "/metoder/")
    client.force_login(cast.outsider)
    assert (TITLE in read(client, "/metoder/")) == (kind == PageViewRestriction.LOGIN)


def test_whoever_gave_the_password_sees_it(client):
    page = hide(MethodPage, "dagbok", kind=PageViewRestriction.PASSWORD)
    restriction = PageViewRestriction.objects.get()
    assert TITLE not in read(client, "/metoder/")
    address = reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, page.pk])
    client.post(address, {"password": "x", "return_url": page.url})
    assert TITLE in read(client, "/metoder/")
    client.cookies.clear()
    assert TITLE not in read(client, "/metoder/")


def test_our_answer_is_wagtails_own(cast, rf):
    hide(MethodPage, "dagbok")
    hide(StepPage, "fokusera", kind=PageViewRestriction.LOGIN)
    hide(CasePage, "elevens-resa", groups=())
    cast.colleague.is_superuser = True
    for person in (cast.outsider, cast.editor, cast.administrator, cast.colleague):
        request = rf.get("/")
        request.user, request.session = person, {}
        closed = closed_to_person(person)
        for page in Page.objects.filter(depth__gt=1).specific():
            accepted = all(each.accept_request(request) for each in page.get_view_restrictions())
            assert closed.holds(page.path) != accepted, (person, page)


def test_a_link_to_it_is_no_link_and_its_word_explains_nothing(client, cast):
    hide(TermPage, "belagg")
    html = read(client, "/guiden/undersoka/")
    assert "märk lappen med <a>belägg</a>" in html
    assert "/ordlista/belagg/" not in html
    client.force_login(cast.editor)
    assert f'data-explanation="{TITLE} står i ett hörn."' in read(client, "/guiden/undersoka/")


def test_a_translation_is_led_to_by_those_who_may_read_it(client, cast):
    page = hide(StepPage, "explore")
    assert page.url not in read(client, "/guiden/undersoka/")
    client.force_login(cast.editor)
    assert page.url in read(client, "/guiden/undersoka/")


def test_machines_and_the_search_never_tell_of_it(client, cast):
    for model, slug, _paths in PLACES:
        hide(model, slug)
    places = [f"/sok/?q={TITLE}", "/sitemap.xml", "/fall/atom.xml"]
    places += [f"/api/v1/guide/{each}/" for each in ("steps", "methods", "glossary", "cases")]
    for person in (None, cast.outsider):
        if person:
            client.force_login(person)
        for place in places:
            told = read(client, place)
            assert f"{TITLE} står" not in told, place
            assert f">{TITLE}<" not in told, place
            assert "dagbok" not in told, place
    interview = MethodPage.objects.get(slug="intervju")
    told = client.get(f"/api/v1/guide/methods/{interview.translation_key}/").json()
    assert told["related"] == []
    assert TITLE not in str(told)


def test_where_someone_left_off_is_told_while_they_may_read_it(client, cast, now):
    page = hide(StepPage, "fokusera")
    for person in (cast.outsider, cast.editor):
        note_opened(page, person=person, now=now)
        mark_read(StepPage.objects.get(slug="undersoka"), person=person, now=now)
        client.force_login(person)
        may = person == cast.editor
        for path in ("/min-sida/", "/"):
            assert (TITLE in read(client, path)) == may, (path, person)


def test_a_programme_names_a_page_to_read_to_those_who_may(cast, small_guide):
    page = hide(ArticlePage, "behov")
    item = ProgrammeItem(pk=1, key=str(page.translation_key))
    assert read_pages(cast.outsider, [item])[1].title == ""
    assert TITLE in read_pages(cast.editor, [item])[1].title


@pytest.mark.parametrize("name", ["present", "method_card"])
def test_what_is_made_of_it_is_there_for_those_with_the_right_alone(client, cast, name):
    address = reverse(name, args=[hide(MethodPage, "intervju").translation_key])
    assert client.get(address).status_code == 404
    client.force_login(cast.outsider)
    assert client.get(address).status_code == 404
    client.force_login(cast.editor)
    assert client.get(address).status_code == 200


def test_marking_and_saying_something_of_it_is_for_those_with_the_right(client, cast, caplog):
    key = hide(StepPage, "fokusera").translation_key
    client.force_login(cast.outsider)
    assert client.post(reverse("mark_read", args=[key])).status_code == 404
    assert client.get(reverse("opinion", args=[key])).status_code == 404
    client.force_login(cast.editor)
    assert client.post(reverse("mark_read", args=[key])).status_code == 302
    with caplog.at_level("INFO", logger="stigen.requests"):
        assert client.get(reverse("opinion", args=[key])).status_code == 200
    assert {each.person_id for each in caplog.records if "/tyck-till/" in each.getMessage()} == {None}


# --- Pages kept ready-made -------------------------------------------------------------------------
def test_a_page_shown_to_who_may_see_it_is_never_kept_for_strangers(client, cast):
    hide(MethodPage, "dagbok")
    start_new_edition()
    client.force_login(cast.editor)
    assert TITLE in read(client, "/metoder/")
    client.logout()
    client.cookies.clear()
    assert TITLE not in read(client, "/metoder/")
    assert TITLE not in read(client, "/metoder/")
    client.force_login(cast.editor)
    assert TITLE in read(client, "/metoder/")


def test_a_restriction_is_there_from_the_moment_it_is_made_until_it_is_taken_away(
    client, django_capture_on_commit_callbacks
):
    start_new_edition()
    for _time in range(2):
        assert "Dagbok" in read(client, "/metoder/")
    with django_capture_on_commit_callbacks(execute=True):
        restriction = PageViewRestriction.objects.create(
            page=MethodPage.objects.get(slug="dagbok"), restriction_type=PageViewRestriction.LOGIN
        )
    for _time in range(2):
        assert "Dagbok" not in read(client, "/metoder/")
    with django_capture_on_commit_callbacks(execute=True):
        restriction.delete()
    assert "Dagbok" in read(client, "/metoder/")


# --- Cost ------------------------------------------------------------------------------------------
def asked(client, path):
    client.get(f"{path}?warm=1")
    with CaptureQueriesContext(connection) as queries:
        read(client, f"{path}?fresh=1")
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("path", ["/", "/guiden/", "/guiden/undersoka/", "/guiden/undersoka/intervju/", "/metoder/"])
def test_it_costs_nothing_where_nothing_is_restricted_and_one_question_where_much_is(client, cast, path):
    free = asked(client, path)
    assert not any('FROM "wagtailcore_pageviewrestriction"' in each and "EXISTS" not in each for each in free)
    hide(TermPage, "belagg")
    one = len(asked(client, path))
    for model, slug in ((CasePage, "elevens-resa"), (ArticlePage, "behov"), (MethodPage, "dagbok")):
        hide(model, slug)
    assert len(asked(client, path)) == one
    # Wagtail's own guard of the page asks two questions, ours one.
    assert one <= len(free) + 3
