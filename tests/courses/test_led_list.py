"""A facilitator's own list: what comes, all that has been, page by page, and what was cancelled."""

import pytest
from django.utils import timezone

from courses.models import Occasion
from courses.services.occasions import cancel_occasion
from people.roles import FACILITATOR
from people.services.roles import give_role
from tests.courses import test_pages
from tests.courses.conftest import DAY, two_days
from tests.courses.test_pages import as_

LIST = "/processledare/"
start = test_pages.start


@pytest.fixture
def past(plan_occasion, start):
    """Forty-one that are over, the latest first: three pages."""
    return [plan_occasion(sessions=two_days(start - (70 + 3 * number) * DAY)) for number in range(41)]


def shown(page, occasions):
    return [occasion for occasion in occasions if f'href="/kurstillfallen/{occasion.pk}/"' in page]


def test_all_that_has_been_led_is_there_page_by_page(client, past, cast):
    as_(client, cast.facilitator)
    first, second, third = (client.get(f"{LIST}{query}").text for query in ("", "?page=2", "?page=3"))
    assert [shown(page, past) for page in (first, second, third)] == [past[:20], past[20:40], past[40:]]
    newer, older = 'href="?page={}#past">Nyare', 'href="?page={}#past">Äldre'
    assert ("Sida 1 av 3" in first, older.format(2) in first, "Nyare" in first) == (True, True, False)
    assert ("Sida 2 av 3" in second, older.format(3) in second, newer.format(1) in second) == (True, True, True)
    assert ("Sida 3 av 3" in third, newer.format(2) in third, "Äldre" in third) == (True, True, False)
    assert 'id="past"' in second
    for query, page in (("?page=x", first), ("?page=%00", first), ("?page=99", third)):
        assert shown(client.get(f"{LIST}{query}").text, past) == shown(page, past)


def test_what_fits_on_one_page_has_no_pages(client, plan_occasion, start, cast):
    for number in range(20):
        plan_occasion(sessions=two_days(start - (70 + 3 * number) * DAY))
    page = as_(client, cast.facilitator).get(LIST).text
    assert (len(shown(page, Occasion.objects.all())), 'aria-label="Sidor"' in page) == (20, False)


def test_another_facilitator_is_led_to_none_of_them(client, past, cast):
    give_role(cast.outsider, role=FACILITATOR)
    for query in ("", "?page=2"):
        page = as_(client, cast.outsider).get(f"{LIST}{query}").text
        assert (shown(page, past), "Sida" in page) == ([], False)
    assert as_(client, cast.employee).get(LIST).status_code == 404


def test_the_list_takes_as_many_queries_with_1_as_with_41(
    client, plan_occasion, start, cast, django_assert_num_queries, django_assert_max_num_queries, request
):
    plan_occasion(sessions=two_days(start - 70 * DAY))
    as_(client, cast.facilitator).get(LIST)
    with django_assert_max_num_queries(18) as few:
        client.get(LIST)
    request.getfixturevalue("past")
    with django_assert_num_queries(len(few.captured_queries)):
        client.get(f"{LIST}?page=2")


def test_a_cancelled_one_says_so_and_counts_no_places(client, occasion, cast):
    as_(client, cast.facilitator)
    assert "2 av 2 platser kvar" in client.get(LIST).text
    cancel_occasion(occasion, by=cast.facilitator, now=timezone.now(), why="Salen brann")
    coming = client.get(LIST).text
    earlier = dict.fromkeys(
        ("booking_closes_at", "cancel_until", "offers_until", "starts_at"), timezone.now() - 3 * DAY
    )
    Occasion.objects.update(**earlier, ends_at=timezone.now() - 2 * DAY)
    for page in (coming, client.get(LIST).text):
        said = [words in page for words in ("Inställt", "Avbokad", "avbokad", "platser kvar", "platser var bokade")]
        assert (shown(page, [occasion]), said) == ([occasion], [True, False, False, False, False])
