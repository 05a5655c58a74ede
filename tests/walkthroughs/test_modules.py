"""What the editor reckons in the browser is what the server reckons: the same words in, the same answer out."""

import itertools

import pytest

from journeys.curve import draw_curve
from journeys.ranks import is_rank, rank_after, rank_between, ranks

# The ends of the digits, of the capitals and of the small letters, and what lies beside the middle.
SIGNS = "019AUVWZayz"
FEELINGS = [None, -2, -1, 0, 1, 2]


@pytest.fixture
def page(open_page):
    page = open_page()
    page.goto("/konto/login/")  # any page of the site: its policy lets its own modules in
    return page


def some_ranks():
    short = ["".join(signs) for length in (1, 2) for signs in itertools.product(SIGNS, repeat=length)]
    long = ["V" * 40, "z" * 40, "z" * 39 + "1", "0" * 40 + "1", "Uz0001", "Uzzzzz", *ranks(200)[::20]]
    return sorted({rank for rank in short + long if is_rank(rank)})


def test_ranks_are_the_same_in_the_browser_and_on_the_server(page):
    given = some_ranks()
    pairs = [*itertools.combinations(given, 2), *((None, rank) for rank in given), *((rank, None) for rank in given)]
    pairs.append((None, None))
    answers = page.evaluate(
        """async (pairs) => {
            const { rankBetween } = await import("/static/journeys/ranks.js");
            return pairs.map(([left, right]) => rankBetween(left, right));
        }""",
        pairs,
    )
    wrong = [
        (left, right, here, there)
        for (left, right), here in zip(pairs, answers, strict=True)
        if here != (there := rank_between(left, right))
    ]
    assert wrong == []
    assert len(pairs) > 5000


def test_what_is_put_last_gets_the_same_rank(page):
    lefts = [None, "", *some_ranks()]
    answers = page.evaluate(
        """async (lefts) => {
            const { rankAfter } = await import("/static/journeys/ranks.js");
            return lefts.map((left) => rankAfter(left));
        }""",
        lefts,
    )
    assert dict(zip(lefts, answers, strict=True)) == {left: rank_after(left) for left in lefts}


def test_both_refuse_what_is_not_in_order(page):
    pairs = [["b", "a"], ["a", "a"], ["V", "9"], ["Va", "V"]]
    refused = page.evaluate(
        """async (pairs) => {
            const { rankBetween } = await import("/static/journeys/ranks.js");
            const refuses = ([left, right]) => {
                try { rankBetween(left, right); return false; } catch { return true; }
            };
            return pairs.map(refuses);
        }""",
        pairs,
    )
    assert refused == [True] * len(pairs)
    for left, right in pairs:
        with pytest.raises(ValueError, match="does not come before"):
            rank_between(left, right)


def test_the_emotion_curve_is_the_same_drawing(page):
    rows = [list(row) for length in range(5) for row in itertools.product(FEELINGS, repeat=length)]
    rows.append([FEELINGS[place % 6] for place in range(200)])  # as wide as a journey may be
    drawn = page.evaluate(
        """async (rows) => {
            const { drawCurve } = await import("/static/journeys/curve.js");
            return rows.map((row) => {
                const drawing = drawCurve(row);
                const path = (name) => drawing.querySelector(`.curve__${name}`).getAttribute("d");
                return [path("line"), path("bridge"), drawing.getAttribute("viewBox")];
            });
        }""",
        rows,
    )
    wrong = []
    for row, here in zip(rows, drawn, strict=True):
        curve = draw_curve(row)
        if here != [curve.line, curve.bridges, f"0 0 {curve.width} 100"]:
            wrong.append((row, here, curve))
    assert wrong == []
