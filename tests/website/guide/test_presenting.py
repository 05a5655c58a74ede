"""An exercise on the big screen, as pages: without a script each step is one."""

import re
import uuid

import pytest
from wagtail.models import PageViewRestriction

from guide.models import MethodPage


@pytest.fixture
def method(guide):
    return MethodPage.objects.get(slug="brainwriting", locale__language_code="sv")


def show(client, method, query=""):
    return client.get(f"/visa/{method.translation_key}/{query}")


def shown(response):
    """The numbers of the slides that are not hidden."""
    slides = re.findall(r'<section class="slide[^>]*?data-slide="(\d+)"[^>]*>', response.content.decode())
    hidden = re.findall(r'<section class="slide[^>]*?data-slide="(\d+)"[^>]* hidden>', response.content.decode())
    return [int(each) for each in slides if each not in hidden]


def test_the_first_step_is_shown_with_its_minutes_and_a_way_on(client, method):
    response = show(client, method)
    page = response.content.decode()
    assert shown(response) == [1]
    assert f"1 av {len(method.steps)}" in page
    assert method.steps[0].value["title"] in page
    assert 'href="?steg=2"' in page


@pytest.mark.parametrize(
    ("asked", "number"), [("2", 2), ("0", 1), ("999", 5), ("99999", 1), ("x", 1), ("²", 1), ("-1", 1)]
)
def test_any_number_leads_to_a_step_or_the_end(client, method, asked, number):
    assert len(method.steps) == 4
    assert shown(show(client, method, f"?steg={asked}")) == [number]


def test_it_is_there_for_those_who_may_read_the_page_alone(client, method, cast):
    PageViewRestriction.objects.create(page=method, restriction_type=PageViewRestriction.LOGIN)
    assert show(client, method).status_code == 404
    client.force_login(cast.employee)
    assert show(client, method).status_code == 200


def test_what_is_not_published_or_no_method_is_not_there(client, method, step):
    assert show(client, step).status_code == 404
    assert client.get(f"/visa/{uuid.uuid4()}/").status_code == 404
    method.unpublish()
    assert show(client, method).status_code == 404
    assert client.post(f"/visa/{method.translation_key}/").status_code == 405


def test_the_methods_page_leads_to_all_of_it(client, guide):
    page = client.get("/guiden/ringa-in/uppdragssamtal/").content.decode()
    key = MethodPage.objects.get(slug="uppdragssamtal", locale__language_code="sv").translation_key
    for path in (f"/visa/{key}/", *(f"/utskrift/{key}/{file}.pdf" for file in ("kort", "arbetsblad", "arbetsblad-a3"))):
        assert f'href="{path}"' in page
    english = client.get("/en/guide/frame/").content.decode()
    assert '/hafte.pdf"' in english
    assert 'href="/en/utskrift/' in english
