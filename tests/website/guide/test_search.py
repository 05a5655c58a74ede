"""What a reader finds, in whatever words and spelling, and what must not be found."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from courses.models import Course
from guide.models import ArticlePage, FrontPage, MethodPage, SearchEntry, SearchWord, StepPage, TermPage
from guide.search.asking import answer
from guide.search.meaning import meanings_of
from guide.search.sources import Findable
from guide.search.vocabulary import Vocabulary
from guide.services.search_index import add_to_index, index_pages, mend_index, rebuild_index


@pytest.fixture
def index(guide):
    """Everything the shipped guide and the database's courses give; a load of the guide has indexed it already."""
    if not SearchEntry.objects.filter(kind="method").exists():
        rebuild_index()
    return guide


@pytest.fixture
def shelf(db):
    """A few made-up entries and nothing else, so that a test can say exactly what is found."""
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()

    def put(*titles, **more):
        add_to_index(
            [
                Findable(
                    f"t-{title}", more.get("language", "sv"), more.get("kind", "article"), title, f"/{title}/",
                    names=more.get("names", ""), lead=more.get("lead", ""), text=more.get("text", ""),
                )
                for title in titles
            ]
        )  # fmt: skip

    return put


def titles(text, **more):
    found = answer(text, **{"language": "sv", **more})
    return [str(hit.title).replace("<mark>", "").replace("</mark>", "") for hit in found.hits]


# --- Words ---------------------------------------------------------------------------------------
def test_a_word_is_found_in_its_other_forms(shelf):
    shelf("Intervjuer med äldre")
    assert titles("intervju") == titles("intervjuerna") == ["Intervjuer med äldre"]


def test_rings_and_dots_may_be_left_out(shelf):
    shelf("En lösning", "Två lösningar", "Åtgärd")
    assert set(titles("losning")) == {"En lösning", "Två lösningar"}
    assert titles("atgard") == ["Åtgärd"]


def test_a_question_takes_nothing_into_the_vocabulary():
    """One that did grew the vocabulary's own lists while it walked through them, without end."""
    known = Vocabulary([("ide", "ide", 1), ("idé", "idé", 4), ("idéer", "idé", 3), ("ideer", "ideer", 1)])
    before = {word: known.spelt(word) for word in ("ide", "ideer")}
    (meaning,) = meanings_of(["ideer"], {"ideer": ["ideer"]}, known)
    assert "idé" in meaning.near
    assert {word: known.spelt(word) for word in before} == before


def test_rings_and_dots_that_are_written_are_meant(shelf):
    shelf("Hör av dig", "Hor", "Lån", "Lan")
    assert titles("hör") == ["Hör av dig"]
    assert titles("lån") == ["Lån"]
    assert titles("lan")[0] == "Lan"


def test_the_beginning_of_a_compound_finds_it(shelf):
    shelf("Tjänstedesign i vardagen", "Något annat")
    assert titles("tjänst") == titles("tjanst") == titles("tjänster") == ["Tjänstedesign i vardagen"]


def test_a_word_inside_a_compound_finds_it(shelf):
    shelf("Tjänstedesign", "Handlingsplan", text="tjänst handling")
    assert titles("design") == ["Tjänstedesign"]
    assert titles("plan") == ["Handlingsplan"]


def test_letters_that_only_happen_to_stand_in_a_word_do_not_find_it(shelf):
    shelf("Information", "En form")
    assert titles("form") == ["En form"]


def test_a_compound_that_nobody_has_written_is_found_by_its_parts(shelf):
    shelf("Kurs i design", "Resa")
    assert titles("designkurs") == ["Kurs i design"]


def test_the_english_index_is_searched_in_english(shelf):
    shelf("Services", language="en")
    shelf("Tjänster")
    assert titles("service", language="en") == ["Services"]
    assert titles("service", language="sv") == []


def test_words_that_the_dictionary_leaves_out_are_found_in_titles(index):
    assert titles("hur kan vi")[0].startswith("Hur kan vi")


def test_a_term_is_found_by_what_else_it_is_called(shelf):
    shelf("prototyp", kind="term", names="modell, skiss", lead="Något enkelt.")
    assert titles("skisser") == ["prototyp"]


# --- Typing mistakes -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "mistyped", ["tjänstedesing", "tjanstedesing", "tjänstdesign", "tjänsteedsign", "tjänsteddesign"]
)
def test_a_typing_mistake_is_forgiven_and_told(shelf, mistyped):
    shelf("Tjänstedesign", "Bibliotek")
    found = answer(mistyped, language="sv")
    assert [hit.address for hit in found.hits] == ["/Tjänstedesign/"]
    assert found.corrected == [(mistyped, "tjänstedesign")]
    assert found.taken_for == "tjänstedesign"


def test_a_word_that_is_there_is_never_taken_for_another(shelf):
    shelf("Intervju", "Interjuv")
    assert answer("intervju", language="sv").corrected == []
    assert titles("intervju") == ["Intervju"]


def test_a_word_like_no_other_finds_nothing_and_is_offered_what_is_nearest(shelf):
    shelf("Observation")
    found = answer("obsarvatjon", language="sv")
    assert "observation" in [*found.nearest, found.taken_for]
    assert answer("qqqqqqqq", language="sv").nearest == []


# --- Order ---------------------------------------------------------------------------------------
def test_titles_come_before_leads_and_leads_before_texts(shelf):
    shelf("Text", text="persona persona persona persona " * 20)
    shelf("Lead", lead="En persona.", text="annat")
    shelf("Vår persona är viktig")
    shelf("Persona")
    assert titles("persona") == ["Persona", "Vår persona är viktig", "Lead", "Text"]


def test_what_has_all_the_words_comes_alone_and_else_what_has_some(shelf):
    shelf("Röd stuga", "Röd båt", "Grön båt")
    assert titles("röd båt") == ["Röd båt"]
    found = answer("grön stuga", language="sv")
    assert found.only_some
    assert {hit.address for hit in found.hits} == {"/Röd stuga/", "/Grön båt/"}


def test_results_are_paged_and_counted_by_kind(shelf):
    shelf(*(f"Resa {number:02}" for number in range(45)), kind="case")
    shelf("Resa till sist", kind="term")
    found = answer("resa", language="sv", page=3)
    assert (found.found, found.total, found.pages, len(found.hits)) == (46, 46, 3, 6)
    assert found.by_kind == {"case": 45, "term": 1}
    only = answer("resa", language="sv", kind="term")
    assert (only.total, only.found, [hit.kind for hit in only.hits]) == (1, 46, ["term"])
    assert answer("resa", language="sv", page=99).page == 3
    seen = {hit.address for page in (1, 2, 3) for hit in answer("resa", language="sv", page=page).hits}
    assert len(seen) == 46


# --- Marks ---------------------------------------------------------------------------------------
def test_what_was_found_is_marked_and_everything_else_is_escaped(shelf):
    shelf("Om <b>tjänst</b>", text="Före. En <script>alert(1)</script> tjänstedesign & mer.")
    (hit,) = answer("tjänst", language="sv").hits
    assert str(hit.title) == "Om &lt;b&gt;<mark>tjänst</mark>&lt;/b&gt;"
    assert "<mark>tjänstedesign</mark> &amp; mer" in hit.excerpt
    assert "<script>" not in hit.excerpt


def test_the_excerpt_is_the_passage_with_the_words(shelf):
    shelf("Lång", lead="Inget här.", text="Ord till. " * 300 + "Här står nålen i höstacken. " + "Ord till. " * 300)
    (hit,) = answer("nålen höstack", language="sv").hits
    assert "Här står <mark>nålen</mark> i <mark>höstacken</mark>." in hit.excerpt
    assert len(hit.excerpt) < 400


# --- Bad input -----------------------------------------------------------------------------------
HOSTILE = [
    "", "   ", "a" * 10_000, "ord " * 2_500, "a & b | !c", "'); DROP TABLE guide_searchentry; --",
    '"citat" <-> ordet:*',
    "\\", "'", "''", ":*", "!!!", "(((", "🙂🙃", "👩‍👩‍👧 familj", "\x00",
    "nål\x00ögla", "%s %(q)s %", "<script>alert(1)</script>",
    "ﬁnansiering", "İstanbul ß", "\u202eomvänt", "e\u0301", "1e400 0x1f 1.2.3.4 -5", "a_b_c", "ÅÄÖ åäö", "c++ c# .net",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=[f"{number}" for number in range(len(HOSTILE))])
def test_any_text_has_an_answer(client, index, text):
    for path in ("/sok/", "/en/sok/"):
        response = client.get(path, {"q": text})
        assert response.status_code == 200
        assert b"<script>alert" not in response.content
    assert SearchEntry.objects.exists()


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "٣", "1.5", ""])
@pytest.mark.parametrize("kind", ["method", "nonsense", "'"])
def test_any_page_and_kind_has_an_answer(client, index, page, kind):
    assert client.get("/sok/", {"q": "idéer", "page": page, "kind": kind}).status_code == 200


def test_a_post_is_refused(client, db):
    assert client.post("/sok/", {"q": "x"}).status_code == 405


# --- The page ------------------------------------------------------------------------------------
def test_the_page_says_how_many_and_lets_choose_a_kind(client, index):
    text = client.get("/sok/", {"q": "idéer"}).content.decode()
    found = answer("idéer", language="sv")
    assert f"{found.found} träffar" in text
    assert "<mark>idéer</mark>" in text
    assert "kind=method" in text
    only = client.get("/sok/", {"q": "idéer", "kind": "method"}).content.decode()
    assert f"{found.by_kind['method']} träffar bland metoder" in only


def test_finding_nothing_says_what_to_do(client, index):
    text = client.get("/sok/", {"q": "xyzzyxyzzy"}).content.decode()
    assert "Inga träffar för ”xyzzyxyzzy”" in text
    assert "/metoder/" in text


def test_a_mistake_is_told_on_the_page(client, index):
    text = client.get("/sok/", {"q": "brainwritting"}).content.decode()
    assert "Visar träffar för <strong>brainwriting</strong>" in text


def test_a_search_asks_few_questions_however_much_it_finds(client, shelf, django_assert_max_num_queries):
    shelf("Resa 1")
    client.get("/sok/", {"q": "resa"})
    counts = []
    for more in (1, 30):
        shelf(*(f"Resa {number}" for number in range(more)))
        client.get("/sok/", {"q": "resa"})
        with CaptureQueriesContext(connection) as queries:
            client.get("/sok/", {"q": "resa"})
        counts.append(len(queries))
    # Two of them begin and end the savepoint that the test itself causes, one tells PostgreSQL to use the index.
    assert counts[0] == counts[1] <= 8


def test_search_pages_are_not_kept_ready_made_or_shown_to_other_searchers(client, index):
    first = client.get("/sok/", {"q": "prototyp"}).content
    second = client.get("/sok/", {"q": "intervju"}).content
    assert first != second
    assert b'name="robots" content="noindex"' in first


# --- Kept up to date -----------------------------------------------------------------------------
@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """`with committed():` what is done inside is committed as far as the index can tell."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def article(index, committed):
    front = FrontPage.objects.get(locale__language_code="sv")
    page = ArticlePage(title="Kvittblommor", slug="kvittblommor", lead="Om kvittens blommor.", body="[]")
    with committed():
        front.add_child(instance=page)
        page.save_revision().publish()
    return page


def test_a_published_page_is_found_at_once_by_its_new_words_alone(article, committed):
    assert titles("kvittblomma") == ["Kvittblommor"]
    article.title = "Mispelblad"
    article.lead = "Om mispelns blad."
    with committed():
        article.save_revision().publish()
    assert titles("mispelblad") == ["Mispelblad"]
    assert "Mispelblad" not in titles("kvittblommor")
    assert not SearchWord.objects.filter(word="kvittblommor").exists()


def test_a_draft_is_not_found_until_it_is_published(article, committed):
    article.title = "Hemligheten"
    with committed():
        article.save_revision()
    assert "Hemligheten" not in titles("hemligheten")
    assert "Kvittblommor" not in titles("hemligheten")
    assert titles("kvittblommor") == ["Kvittblommor"]


def test_an_unpublished_page_is_found_no_more(article, committed):
    with committed():
        article.unpublish()
    assert "Kvittblommor" not in titles("kvittblommor")


def test_a_deleted_page_is_found_no_more_in_any_language(article, committed):
    with committed():
        article.delete()
    assert "Kvittblommor" not in titles("kvittblommor")
    assert not SearchEntry.objects.filter(title="Kvittblommor").exists()


def test_a_moved_page_is_found_at_its_new_address(article, committed):
    other = ArticlePage.objects.filter(locale__language_code="sv").exclude(pk=article.pk).first()
    with committed():
        article.move(other, pos="last-child")
    (hit,) = answer("kvittblommor", language="sv").hits
    assert hit.address == f"/{other.slug}/kvittblommor/"


def test_a_new_slug_moves_everything_below_it(index, committed):
    step = StepPage.objects.get(number=4, locale__language_code="sv")
    step.slug = "nya-ideer"
    with committed():
        step.save_revision().publish()
    assert answer("brainwriting", language="sv").hits[0].address == "/guiden/nya-ideer/brainwriting/"


def test_a_step_that_is_renamed_is_renamed_beside_its_methods(index, committed):
    step = StepPage.objects.get(number=4, locale__language_code="sv")
    step.title = "Hitta på"
    with committed():
        step.save_revision().publish()
    assert answer("brainwriting", language="sv").hits[0].facts["step_name"] == "Hitta på"


def test_a_restricted_page_is_never_found(article, committed):
    with committed():
        restriction = PageViewRestriction.objects.create(page=article, restriction_type=PageViewRestriction.LOGIN)
    assert "Kvittblommor" not in titles("kvittblommor")
    with committed():
        restriction.delete()
    assert titles("kvittblommor") == ["Kvittblommor"]


def test_what_was_rolled_back_leaves_no_trace(article):
    article.title = "Rullad tillbaka"
    article.save_revision().publish()
    assert "Rullad tillbaka" not in titles("rullad")


def test_an_index_that_cannot_be_written_stops_no_editor(article, committed, monkeypatch):
    monkeypatch.setattr("guide.services.search_index.write_entries", lambda found: 1 / 0)
    article.title = "Ändå publicerad"
    with committed():
        article.save_revision().publish()
    assert ArticlePage.objects.get(pk=article.pk).title == "Ändå publicerad"
    monkeypatch.undo()
    assert mend_index() == 1
    assert titles("ändå publicerad") == ["Ändå publicerad"]
    assert mend_index() == 0


def test_the_whole_guide_can_be_found_and_counted_again(index):
    before = set(SearchEntry.objects.values_list("key", "language", "title"))
    words = set(SearchWord.objects.values_list("language", "word", "entries"))
    index_pages(set(Page.objects.values_list("pk", flat=True)))
    assert set(SearchWord.objects.values_list("language", "word", "entries")) == words
    call_command("search_index", verbosity=0)
    assert set(SearchEntry.objects.values_list("key", "language", "title")) == before
    assert set(SearchWord.objects.values_list("language", "word", "entries")) == words
    for model, kind in ((MethodPage, "method"), (TermPage, "term"), (StepPage, "step")):
        assert SearchEntry.objects.filter(kind=kind).count() == model.objects.live().count()


# --- Courses -------------------------------------------------------------------------------------
def test_a_course_of_the_catalogue_is_found_and_follows_its_changes(index, committed):
    with committed():
        course = Course.objects.create(
            slug="sy", title="Sömnadskursen", title_en="Sewing", hours=2, outcome="Du kan sy."
        )
    (hit,) = answer("sömnad", language="sv").hits
    assert (hit.kind, hit.address) == ("course", "/kurser/sy/")
    assert answer("sewing", language="en").hits[0].address == "/en/kurser/sy/"
    course.title = "Vävkursen"
    with committed():
        course.save()
    assert "Vävkursen" not in titles("sömnad")
    assert "Sömnadskursen" not in titles("sömnad")
    assert titles("vävkurs") == ["Vävkursen"]
    course.is_listed = False
    with committed():
        course.save()
    assert "Vävkursen" not in titles("vävkurs")
