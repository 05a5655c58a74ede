"""What machines read: words of schema.org, where a page is in other languages, the feed, robots."""

import datetime as dt
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils import timezone
from PIL import Image

from courses.models import Course
from courses.services.occasions import OccasionPlan, SessionPlan, create_occasion
from guide.linked_data import minutes_as_duration
from guide.models import CasePage, MethodPage, TermPage
from shared.public_pages import start_new_edition
from shared.templatetags.machines import linked_data

ATOM = "{http://www.w3.org/2005/Atom}"
PAGES = {
    "/": "WebSite",
    "/guiden/": "CollectionPage",
    "/guiden/undersoka/": "Article",
    "/guiden/undersoka/intervju/": "HowTo",
    "/metoder/": "CollectionPage",
    "/fall/": "CollectionPage",
    "/fall/elevens-resa/": "Article",
    "/ordlista/": "DefinedTermSet",
    "/ordlista/prototyp/": "DefinedTerm",
    "/forsta-dagen/": "Article",
    "/tillganglighet/": "WebPage",
}
# What a reader of the words may count on, beside name, description, url and inLanguage.
NEEDED = {
    "HowTo": {"step", "totalTime", "supply", "image", "author"},
    "Article": {"headline", "image", "author", "publisher", "datePublished", "dateModified", "mainEntityOfPage"},
    "DefinedTerm": {"inDefinedTermSet", "termCode"},
    "DefinedTermSet": {"hasDefinedTerm"},
    "CollectionPage": {"hasPart"},
    "WebSite": {"publisher"},
    "WebPage": {"dateModified"},
    "Course": {"provider", "offers", "hasCourseInstance"},
}


def things_of(html):
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert len(blocks) == 1
    data = json.loads(blocks[0])
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}


@pytest.mark.parametrize(("path", "kind"), PAGES.items())
def test_every_page_says_what_it_is(client, guide, path, kind):
    thing = things_of(client.get(path).content.decode())[kind]
    assert {"@id", "url", "name", "description", "inLanguage"} | NEEDED[kind] <= set(thing)
    assert all(thing.values()), thing
    assert thing["url"] == f"{settings.SITE_URL}{path}"
    assert thing["inLanguage"] == "sv"


def test_a_method_says_how_to_do_it_step_by_step(client, guide):
    method = MethodPage.objects.get(slug="intervju")
    thing = things_of(client.get("/guiden/undersoka/intervju/").content.decode())["HowTo"]
    assert thing["totalTime"] == minutes_as_duration(method.minutes)
    assert [step["name"] for step in thing["step"]] == [block.value["title"] for block in method.steps]
    assert [step["position"] for step in thing["step"]] == list(range(1, len(thing["step"]) + 1))
    assert all(step["@type"] == "HowToStep" and step["text"] and "<" not in step["text"] for step in thing["step"])
    assert [supply["name"] for supply in thing["supply"]] == [line.value for line in method.material]


@pytest.mark.parametrize(("minutes", "says"), [(1, "PT1M"), (59, "PT59M"), (60, "PT1H"), (90, "PT1H30M"), (0, "PT0M")])
def test_minutes_are_told_as_a_duration(minutes, says):
    assert minutes_as_duration(minutes) == says


def test_the_way_down_is_told_with_whole_addresses(client, guide):
    trail = things_of(client.get("/guiden/undersoka/intervju/").content.decode())["BreadcrumbList"]["itemListElement"]
    assert [item["item"] for item in trail] == [
        f"{settings.SITE_URL}{path}" for path in ("/guiden/", "/guiden/undersoka/", "/guiden/undersoka/intervju/")
    ]
    assert [item["position"] for item in trail] == [1, 2, 3]


def test_english_pages_speak_english(client, guide):
    thing = things_of(client.get("/en/guide/explore/interview/").content.decode())["HowTo"]
    assert thing["inLanguage"] == "en"
    assert thing["url"] == f"{settings.SITE_URL}/en/guide/explore/interview/"


def test_no_words_of_an_editor_end_the_block_of_data(client, guide):
    evil = '</script><script>alert(1)</script><!-- & "'
    term = TermPage.objects.get(slug="prototyp", locale__language_code="sv")
    term.explanation = evil
    term.save_revision().publish()
    html = client.get("/ordlista/prototyp/").content.decode()
    assert "<script>alert" not in html
    assert things_of(html)["DefinedTerm"]["description"] == evil
    assert "\u2028" not in linked_data([{"name": "a\u2028b"}])


def test_the_policy_allows_no_script_of_the_page_itself(client, guide):
    answer = client.get("/guiden/undersoka/intervju/")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    scripts = re.findall(r"<script([^>]*)>", answer.content.decode())
    assert all("src=" in words or 'type="application/ld+json"' in words for words in scripts)


@pytest.fixture
def course(db, cast):
    course = Course.objects.create(
        slug="tva-dagar",
        title="Två dagar",
        title_en="Two days",
        outcome="Du kan </script>.",
        outcome_en="You can.",
        hours=15,
        days=2,
    )
    start = timezone.now() + dt.timedelta(days=30)
    before = start - dt.timedelta(days=3)
    plan = OccasionPlan(places=12, booking_closes_at=before, cancel_until=before, offers_until=before)
    day = SessionPlan(starts_at=start, ends_at=start + dt.timedelta(hours=7), place="Aulan", title="Dag 1")
    create_occasion(course, plan=plan, sessions=[day], facilitators=[cast.facilitator])
    return course


def test_a_course_says_when_and_where_it_is_given(client, course):
    html = client.get("/kurser/tva-dagar/").content.decode()
    things = things_of(html)
    thing = things["Course"]
    assert {"name", "description", "url"} | NEEDED["Course"] <= set(thing)
    assert thing["description"] == "Du kan </script>."
    (instance,) = thing["hasCourseInstance"]
    assert {"courseMode", "startDate", "endDate", "location", "courseWorkload"} <= set(instance)
    assert instance["courseMode"] == "onsite"
    assert instance["location"]["name"] == "Aulan"
    assert things["BreadcrumbList"]["itemListElement"][0]["item"] == f"{settings.SITE_URL}/kurser/"
    assert things_of(client.get("/en/kurser/tva-dagar/").content.decode())["Course"]["name"] == "Two days"


@pytest.mark.parametrize("path", [*PAGES, "/kurser/", "/en/guide/explore/", "/en/kurser/"])
def test_every_public_page_names_itself_its_languages_and_its_picture(client, guide, path):
    html = client.get(path).content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}{path}">' in html
    languages = dict(re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">', html))
    assert set(languages) == {"sv", "en", "x-default"}
    assert languages["x-default"] == languages["sv"]
    assert languages["en" if "/en/" in path else "sv"] == f"{settings.SITE_URL}{path}"
    told = dict(re.findall(r'<meta property="og:([^"]+)" content="([^"]*)">', html))
    assert {"type", "title", "description", "url", "image", "image:alt", "locale", "locale:alternate"} <= set(told)
    assert all(told.values()), told
    assert told["locale"] == ("en_GB" if "/en/" in path else "sv_SE")
    assert told["image"].startswith(settings.SITE_URL)


def test_the_drawn_picture_has_the_size_it_is_said_to_have():
    file = Path(finders.find("theme/social.png"))
    assert Image.open(file).size == (1200, 630)
    assert file.stat().st_size < 80_000


@pytest.mark.parametrize(
    ("path", "cases", "language"), [("/fall/atom.xml", "/fall/", "sv"), ("/en/fall/atom.xml", "/en/", "en")]
)
def test_the_feed_tells_of_cases_in_its_language(client, guide, path, cases, language):
    answer = client.get(path)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == CasePage.objects.live().filter(locale__language_code=language).count()
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == f"{settings.SITE_URL}{path}"
    for entry in entries:
        assert entry.find(f"{ATOM}id").text.startswith("urn:uuid:")
        assert entry.find(f"{ATOM}link").get("href").startswith(f"{settings.SITE_URL}{cases}")
        assert entry.find(f"{ATOM}updated").text
    assert len({entry.find(f"{ATOM}id").text for entry in entries}) == len(entries)


def test_a_renamed_case_is_no_new_one_and_a_new_one_is(client, guide):
    def ids():
        start_new_edition()
        return {
            each.text for each in ET.fromstring(client.get("/fall/atom.xml").content).findall(f"{ATOM}entry/{ATOM}id")
        }

    before = ids()
    case = CasePage.objects.filter(locale__language_code="sv").first()
    case.slug = "annat-namn"
    case.save_revision().publish()
    assert ids() == before
    case.unpublish()
    assert len(ids()) == len(before) - 1


def test_pages_lead_feed_readers_to_the_feed(client, guide):
    assert re.search(
        r'<link rel="alternate" type="application/atom\+xml"[^>]*href="/fall/atom.xml">',
        client.get("/").content.decode(),
    )
    assert 'href="/en/fall/atom.xml">' in client.get("/en/").content.decode()


def test_robots_keep_out_of_what_is_private_in_both_languages(client, db):
    text = client.get("/robots.txt").content.decode()
    for path in ("/min-sida/", "/en/min-sida/", "/cms/", "/konto/", "/en/resor/"):
        assert f"Disallow: {path}\n" in text
    assert "/guiden/" not in text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text
