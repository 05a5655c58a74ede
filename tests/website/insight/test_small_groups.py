"""Groups of one to four people are not shown, nor found by subtraction."""

from hypothesis import given
from hypothesis import strategies as some

from insight.figures import Figure
from insight.rules import SMALLEST_GROUP, hide_small_groups, thin_out


def rows_of(*pairs):
    rows = [Figure(number, f"F{number}", "", employees, trained) for number, (employees, trained) in enumerate(pairs)]
    whole = Figure(None, "", "", sum(row.employees for row in rows), sum(row.trained for row in rows))
    return rows, whole


def shown(*pairs):
    rows, whole = hide_small_groups(*rows_of(*pairs))
    return [(row.employees, row.trained) for row in rows], (whole.employees, whole.trained)


def test_large_groups_are_shown_as_they_are():
    assert shown((20, 10), (30, 0), (25, 25)) == ([(20, 10), (30, 0), (25, 25)], (75, 35))


def test_four_are_hidden_and_five_are_not():
    assert shown((20, 4), (20, 5), (20, 6), (20, 4))[0] == [(20, None), (20, 5), (20, 6), (20, None)]


def test_one_hidden_figure_takes_the_next_smallest_with_it():
    assert shown((20, 3), (40, 12), (20, 9), (30, 10))[0] == [(20, None), (40, 12), (20, None), (30, 10)]


def test_those_who_are_not_trained_can_be_the_small_group():
    assert shown((20, 18), (40, 12), (20, 10))[0][0] == (20, None)


def test_a_single_unit_hides_the_whole_too():
    assert shown((12, 3)) == ([(12, None)], (12, None))
    assert shown((4, 3)) == ([(None, None)], (None, None))


@given(some.lists(some.integers(0, 60).flatmap(lambda n: some.tuples(some.just(n), some.integers(0, n))), max_size=8))
def test_what_is_hidden_can_not_be_worked_out(pairs):
    rows, whole = rows_of(*pairs)
    seen, seen_whole = hide_small_groups(rows, whole)
    for row in seen:
        groups = (row.employees, row.trained, row.not_trained)
        assert not any(people is not None and 0 < people < SMALLEST_GROUP for people in groups)
    hidden = [row for row, kept in zip(rows, seen, strict=True) if kept.trained is None]
    if hidden and seen_whole.trained is not None:
        assert len(hidden) > 1
        assert sum(row.trained for row in hidden) >= SMALLEST_GROUP
        assert sum(row.employees - row.trained for row in hidden) >= SMALLEST_GROUP
    hidden = [row for row, kept in zip(rows, seen, strict=True) if kept.employees is None]
    if hidden and seen_whole.employees is not None:
        assert len(hidden) > 1
        assert sum(row.employees for row in hidden) >= SMALLEST_GROUP


def test_a_curve_is_thinned_until_no_step_is_small():
    assert thin_out([("a", 0), ("b", 3), ("c", 7), ("d", 7), ("e", 20)]) == [("a", 0), ("c", 7), ("d", 7), ("e", 20)]
