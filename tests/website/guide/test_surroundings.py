"""What stands around a page: the way down to it, its parts, its neighbours, the journey behind a story."""

import itertools
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guide.models import ArticlePage, CasePage, CasesPage, FrontPage, GlossaryPage, MethodPage, TermPage
from guide.services.reading import mark_read
from journeys.models import Journey, JourneyMember
from tests.website.guide.conftest import NOW


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def headings(html):
    return [int(level) for level in re.findall(r"<h([1-6])[\s>]", html)]


def swedish(model):
    return model.objects.filter(locale__language_code="sv")


@pytest.fixture
def front(guide):
    return swedish(FrontPage).get()


@pytest.fixture
def series(front):
    """An article in three parts, four minutes each."""
    whole = front.add_child(
        instance=ArticlePage(title="Kom igång", slug="kom-igang", lead="Tre delar.", locale=front.locale)
    )
    for number in (1, 2, 3):
        whole.add_child(
            instance=ArticlePage(
                title=f"Del {number}", slug=f"del-{number}", lead="Kort.", minutes_to_read=4, locale=front.locale
            )
        )
        whole.refresh_from_db()
    return whole


@pytest.fixture
def case(guide):
    return swedish(CasePage).order_by("pk").first()


@pytest.fixture
def journey(cast, now):
    journey = Journey.objects.create(
        title="Resan som syns", aim="Att se den.", visibility="members", created_at=now, changed_at=now
    )
    JourneyMember.objects.create(journey=journey, person=cast.employee)
    return journey


def test_the_way_down_to_a_page_names_each_page_above_it_but_the_front_page(client, guide):
    html = read(client, "/guiden/undersoka/intervju/")
    trail = re.search(r'<nav class="breadcrumbs".*?</nav>', html, re.DOTALL)[0]
    assert re.findall(r'<a href="([^"]+)">', trail) == ["/guiden/", "/guiden/undersoka/"]
    assert '<span aria-current="page">Intervju</span>' in trail
    assert 'class="breadcrumbs"' not in read(client, "/guiden/")


def test_an_article_in_parts_lists_them_with_minutes_and_their_sum(client, series):
    html = read(client, "/kom-igang/")
    assert "3 delar" in html
    assert "12 minuters läsning" in html
    assert html.count("4 min<") == 3
    assert "Börja med första delen" in html


def test_a_part_says_where_it_stands_and_leads_on_and_back(client, series):
    html = read(client, "/kom-igang/del-2/")
    assert "Del 2 av 3" in html
    assert re.search(r'href="/kom-igang/del-1/" rel="prev"', html)
    assert re.search(r'href="/kom-igang/del-3/" rel="next"', html)
    last = read(client, "/kom-igang/del-3/")
    assert 'rel="next"' not in last
    assert "Det var sista delen" in last


def test_a_reader_sees_which_parts_are_read_and_goes_on_with_the_next(client, series, cast):
    first = ArticlePage.objects.get(slug="del-1")
    mark_read(first, person=cast.employee, now=NOW)
    client.force_login(cast.employee)
    html = read(client, "/kom-igang/")
    assert "1 av 3 delar lästa" in html
    assert "Fortsätt med del 2" in html
    client.force_login(cast.outsider)
    assert "0 av 3 delar lästa" in read(client, "/kom-igang/")


def test_an_article_without_parts_and_minutes_is_a_page_all_the_same(client, front):
    front.add_child(instance=ArticlePage(title="Ensam", slug="ensam", lead="Kort.", locale=front.locale))
    html = read(client, "/ensam/")
    assert "Delarna" not in html
    assert "läsning" not in re.search(r"<main.*?</main>", html, re.DOTALL)[0]


def test_the_shipped_introduction_takes_twenty_minutes(client, guide):
    assert "20 minuters läsning" in read(client, "/forsta-dagen/")
    assert "20 minutes to read" in read(client, "/en/first-day/")


def test_the_glossary_goes_by_letter_as_swedes_sort(client, guide):
    glossary = swedish(GlossaryPage).get()
    for slug, title in enumerate(("öppna data", "ånger", "ärende", "Élan")):
        glossary.add_child(
            instance=TermPage(title=title, slug=f"ord-{slug}", explanation="Ett ord.", locale=glossary.locale)
        )
        glossary.refresh_from_db()
    html = read(client, "/ordlista/")
    letters = re.findall(r'<h2 id="[^"]+">(\w)</h2>', html)
    assert letters[-3:] == ["Å", "Ä", "Ö"]
    assert len(letters) == len(set(letters))
    e = re.search(r'<h2 id="e">E</h2>(.*?)</section>', html, re.DOTALL)[1]
    assert "Élan" in e


def test_a_glossary_and_a_list_of_cases_that_are_empty_say_what_to_do(client, guide):
    for kind in (TermPage, CasePage):
        swedish(kind).update(live=False)
    assert "Inga ord är förklarade än" in read(client, "/ordlista/")
    assert "Ingen berättelse finns än" in read(client, "/fall/")


def test_a_term_tells_where_it_is_used_and_what_stands_beside_it(client, guide):
    html = read(client, "/ordlista/behov/")
    assert 'href="/guiden/undersoka/"' in html
    assert 'rel="prev"' in html
    assert 'rel="next"' in html


def test_a_case_tells_its_story_and_leads_to_others(client, case):
    html = read(client, f"/fall/{case.slug}/")
    for told in (case.administration, "Utmaningen", "Vad vi lärde oss", "Vad som ändrades", "Fler berättelser"):
        assert told in html
    assert f'href="/fall/{case.slug}/"' not in re.search(r"Fler berättelser.*?</section>", html, re.DOTALL)[0]


def connect(case, link):
    case.journey_link = link
    case.save_revision().publish()


def test_the_journey_behind_a_story_shows_itself_to_those_who_may_open_it(client, case, journey, cast):
    connect(case, f"/resor/{journey.pk}/")
    client.force_login(cast.employee)
    html = read(client, f"/fall/{case.slug}/")
    assert "Öppna ”Resan som syns”" in html
    assert f'href="/resor/{journey.pk}/"' in html
    client.force_login(cast.outsider)
    hidden = read(client, f"/fall/{case.slug}/")
    assert "Resan som syns" not in hidden
    assert "Resan bakom berättelsen" not in hidden


def test_who_is_not_logged_in_learns_that_there_is_a_journey_and_nothing_else(client, case, journey):
    connect(case, f"/resor/{journey.pk}/")
    html = read(client, f"/fall/{case.slug}/")
    assert "Resan som syns" not in html
    assert "Logga in för att se resan" in html
    assert f"/konto/login/?next=/fall/{case.slug}/" in html
    connect(case, "/resor/999999/")
    assert "Logga in för att se resan" in read(client, f"/fall/{case.slug}/")


@pytest.mark.parametrize("link", ["/resor/999999999999999999999/", "/resor/", "/finns/inte/", "/en/resor/1?x=1"])
def test_a_link_that_leads_to_no_journey_shows_none(client, case, cast, link):
    connect(case, link)
    client.force_login(cast.employee)
    assert "Resan bakom berättelsen" not in read(client, f"/fall/{case.slug}/")


def test_a_journey_elsewhere_is_a_link_for_everyone(client, case):
    connect(case, "https://example.org/resa")
    html = read(client, f"/fall/{case.slug}/")
    assert '<a href="https://example.org/resa" rel="external">' in html


def link_to(page):
    return f'<a linktype="page" id="{page.pk}">{page.title}</a>'


def test_a_link_to_a_term_brings_its_explanation_and_stays_a_link(client, step):
    term = swedish(TermPage).get(slug="prototyp")
    term.explanation = 'Ett "utkast" <script>'
    term.save_revision().publish()
    step.body = [("text", f"<p>En {link_to(term)}.</p>")]
    step.save_revision().publish()
    html = read(client, "/guiden/undersoka/")
    link = re.search(r'<a class="term"[^>]*>', html)[0]
    assert 'href="/ordlista/prototyp/"' in link
    assert 'data-explanation="Ett &quot;utkast&quot; &lt;script&gt;"' in link
    assert "guide/terms.js" in html
    assert '<template id="term-panel">' in html


def test_a_page_without_terms_needs_no_script_for_them(client, step):
    step.body = [("text", "<p>Inga ord att förklara.</p>")]
    step.save_revision().publish()
    html = read(client, "/guiden/undersoka/")
    assert "guide/terms.js" not in html
    assert "term-panel" not in html


def count(client, path):
    with CaptureQueriesContext(connection) as queries:
        read(client, f"{path}?fresh=1")
    return len(queries)


def test_links_in_many_texts_cost_one_query(client, guide):
    method = swedish(MethodPage).get(slug="intervju")
    terms = list(swedish(TermPage)[:6])

    def write(how_many):
        steps = [
            ("step", {"title": f"Gör {number}", "minutes": 5, "text": f"<p>{link_to(terms[number % 6])}</p>"})
            for number in range(how_many)
        ]
        method.steps = steps
        method.save_revision().publish()
        count(client, "/guiden/undersoka/intervju/")  # publishing forgets what each process remembers

    write(1)
    few = count(client, "/guiden/undersoka/intervju/")
    write(12)
    assert count(client, "/guiden/undersoka/intervju/") == few <= 12
    assert read(client, "/guiden/undersoka/intervju/?x=1").count('class="term"') == 12


def test_lists_cost_the_same_with_few_and_many(client, guide):
    places = {"/ordlista/": (GlossaryPage, TermPage), "/fall/": (CasesPage, CasePage)}
    for path, (parent_type, child_type) in places.items():
        count(client, path)
        few = count(client, path)
        parent = swedish(parent_type).get()
        for number in range(12):
            words = {"explanation": "Ett ord."} if child_type is TermPage else {
                "lead": "Kort.", "administration": "Vi", "challenge": "a", "learnt": "b", "changed": "c",
            }  # fmt: skip
            parent.add_child(
                instance=child_type(title=f"Ny {number}", slug=f"ny-{number}", locale=parent.locale, **words)
            )
            parent.refresh_from_db()
        assert "Ny 11" in read(client, f"{path}?x=1")
        assert count(client, path) == few <= 12


PAGES = ["/", "/guiden/", "/guiden/undersoka/", "/guiden/undersoka/intervju/", "/metoder/", "/fall/", "/ordlista/",
         "/ordlista/prototyp/", "/forsta-dagen/", "/om-tjanstedesign/", "/tillganglighet/"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_kind_of_page_takes_at_most_twelve_queries_and_has_its_headings_in_order(client, guide, path):
    count(client, path)
    assert count(client, path) <= 12
    levels = headings(read(client, path))
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_the_statement_says_all_that_the_law_asks_for_in_the_authoritys_order(client, guide):
    html = read(client, "/tillganglighet/")
    order = [
        "Hur tillgänglig är webbplatsen?", "delvis förenlig", "Om du inte kan använda en del av webbplatsen",
        "Berätta för oss när något inte fungerar", "mailto:", "Tillsyn", "https://www.digg.se/tdosanmalan",
        "Teknisk information om webbplatsens tillgänglighet", "Det som inte uppfyller kraven",
        "Oskäligt betungande anpassning", "Innehåll som lagen inte gäller", "Så har vi testat webbplatsen",
        "Vår egen granskning", "Senast testad", "Redogörelsen uppdaterad",
    ]  # fmt: skip
    places = []
    start = html.index("Vad redogörelsen gäller")
    for words in order:
        start = html.index(words, start)
        places.append(start)
    assert places == sorted(places)
    assert "Skärviks kommun" in html
