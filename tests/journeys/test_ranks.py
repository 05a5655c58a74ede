import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.ranks import DIGITS, is_rank, rank_after, rank_between, ranks

RANKS = st.text(alphabet=DIGITS, min_size=1, max_size=20).filter(is_rank)


@given(RANKS, RANKS)
def test_there_is_always_a_rank_between_two(one, other):
    if one == other:
        return
    left, right = sorted([one, other])
    between = rank_between(left, right)
    assert left < between < right
    assert is_rank(between)


@given(RANKS)
def test_there_is_room_before_the_first_and_after_the_last(rank):
    assert rank_between(None, rank) < rank < rank_after(rank)
    assert is_rank(rank_between(None, rank))
    assert is_rank(rank_after(rank))


@given(st.lists(st.integers(min_value=0, max_value=10**6), max_size=120))
def test_things_put_in_anywhere_keep_the_order_in_which_they_lie(places):
    laid = []
    for place in places:
        at = place % (len(laid) + 1)
        left = laid[at - 1] if at else None
        right = laid[at] if at < len(laid) else None
        laid.insert(at, rank_between(left, right))
    assert laid == sorted(set(laid))
    assert all(is_rank(rank) for rank in laid)


def test_a_thousand_things_put_last_have_short_ranks():
    laid = ranks(1000)
    assert laid == sorted(set(laid))
    assert max(map(len, laid)) < 40


def test_what_does_not_come_before_has_nothing_between():
    with pytest.raises(ValueError, match="does not come before"):
        rank_between("b", "a")


@pytest.mark.parametrize("text", ["", "0", "a0", "å", "a b", "a\n", None, 5, "a" * 121])
def test_what_is_no_rank_is_not_taken_for_one(text):
    assert not is_rank(text)
