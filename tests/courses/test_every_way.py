"""Every act in every order with a moving clock: whatever people do, the rules hold after each step.

What can be done stands in `ways`: places, days, telling, each with the rules that hold for it.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from courses.services.needs import Needs
from tests.courses.ways.telling import Telling

PRESENT = ["present"] * 8
# By the names of the services, the methods of the calendar's files, and what was found of certificates.
ACTS = {
    "accept_offer", "approve_request", "book_place", "cancel_booking", "cancel_occasion", "change_with_circle",
    "confirm_claims", "decide_who_may_book", "decline_offer", "end_interest", "end_task", "give_place",
    "give_place_to", "hand_in_task", "hand_over_place", "make_up_day", "mark_attendance", "mark_the_rest_present",
    "move_booking",
    "name_for_place", "note_interest", "open_room", "read_hand_in", "refuse_request", "reissue_certificate",
    "release_reservation", "reserve_places", "save_draft", "save_task", "say_here", "take_back_the_rest",
    "tell_news", "write_down", "write_needs", "a_day_is_moved", "REQUEST", "CANCEL", "certificate",
}  # fmt: skip


def drive(examples, steps, **more):
    """Answers how often each act was let through."""
    Telling.done.clear()
    run_state_machine_as_test(
        Telling,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )
    return Telling.done


@pytest.fixture
def roles(db):
    from people.services.roles import lay_roles

    lay_roles()


WAY = [
    ("there_is_a_queue_to_begin_with", {}),
    ("someone_wants_a_course_or_no_longer", {"who": 6, "course": True, "ends": True}),
    ("someone_wants_a_course_or_no_longer", {"who": 6, "course": False, "ends": False}),
    ("someone_says_what_is_needed", {"which": 3, "by": 1, "needs": Needs(food="Vegan")}),
    ("the_news_is_told", {}),
    ("someone_decides", {"which": 1, "yes": False}),
    ("someone_books", {"who": 5, "where": 2, "wait": False}),
    ("someone_books_or_waits", {"who": 2, "where": 2}),
    ("someone_decides", {"which": 1, "yes": True}),
    # The first who waits for two places says yes, the one who waits for one says no.
    ("someone_cancels", {"which": 7, "by_hand": False}),
    ("the_news_is_told", {}),
    ("someone_answers", {"which": 1, "yes": True}),
    ("someone_cancels", {"which": 2, "by_hand": False}),
    ("someone_answers", {"which": 1, "yes": False}),
    ("someone_books", {"who": 3, "where": 1, "wait": False}),
    ("there_are_more_places_or_fewer", {"where": 3, "places": 4}),
    ("someone_moves", {"which": 3, "where": 3, "wait": False, "by_hand": False}),
    ("someone_hands_over", {"which": 1, "to": 4}),
    ("someone_leaves_the_municipality_or_comes_back", {"who": 6}),
    ("places_are_reserved", {"where": 3, "unit": 1, "places": 1, "hours": 100}),
    ("the_manager_names_someone", {"which": 1, "who": 0}),
    ("places_are_reserved", {"where": 1, "unit": 2, "places": 1, "hours": 100}),
    ("a_reservation_is_released", {"which": 0}),
    ("a_reservation_is_released", {"which": 0}),
    ("who_may_book_is_decided", {"where": 1, "chosen": (0,)}),
    ("who_may_book_is_decided", {"where": 1, "chosen": ()}),
    ("a_place_is_given_to_someone_not_on_the_list", {"who": 5, "where": 1}),
    ("there_are_more_places_or_fewer", {"where": 1, "places": 3}),
    ("a_day_is_moved", {"where": 3, "day": 1, "hours": 7}),
    ("someone_else_leads_too_or_no_longer", {"where": 3, "both": True}),
    ("a_day_is_added_or_the_last_taken_away", {"where": 2}),
    ("the_news_is_told", {}),
    ("a_task_is_made_or_changed", {"which": 0, "is_required": True, "course": False, "is_new": False}),
    # The first day: one is absent, the others say by the room's code that they are there.
    ("the_clock_goes_to_a_day_and_someone_is_marked", {"which": 2, "day": 0, "state": "absent"}),
    ("the_room_is_open_and_someone_says_to_be_there", {"which": 4, "day": 0, "who": 1}),
    ("those_who_say_to_be_there_are_confirmed", {"which": 0, "closes": True}),
    ("someone_hands_in", {"which": 0, "who": 4, "pieces": 1, "is_draft": True}),
    ("someone_who_is_booked_hands_in_what_is_asked_for", {"which": 0}),
    ("what_was_handed_in_is_read", {"which": 1, "behind": 0}),
    ("the_rest_are_marked", {"which": 4, "day": 1}),
    ("a_press_is_undone", {"which": 0}),
    ("a_missed_day_is_made_up", {"which": 0, "where": 0, "by_hand": True, "wait": False}),
    ("the_list_is_typed_in_from_paper", {"which": 4, "states": PRESENT, "why": "Från papper"}),
    ("time_goes_by_and_the_sweeps_tell", {"hours": 1}),
    ("a_certificate_is_issued_anew", {"which": 0, "name": "Åsa Öberg"}),
    ("a_task_is_ended", {"which": 0}),
    # After the last moment for offers a place is given by hand.
    ("the_clock_goes", {"hours": 72}),
    ("the_clock_goes", {"hours": 72}),
    ("the_clock_goes", {"hours": 72}),
    ("the_clock_goes", {"hours": 24}),
    ("someone_cancels", {"which": 10, "by_hand": True}),
    ("a_place_is_given_by_hand", {"which": 5}),
    ("an_occasion_is_cancelled_and_another_planned", {"where": 1, "course": True, "places": 1, "ahead": 9}),
    ("the_night_comes", {}),
    ("the_news_is_told", {}),
]


def test_the_rules_hold_on_one_way_through_every_act(roles):
    """Written by hand, so that each act is let through at least once, in every run."""
    Telling.done.clear()
    machine = Telling()
    for name, about in WAY:
        getattr(machine, name)(**about)
        for each in machine.invariants:
            each.function(machine)
    assert set() == ACTS - set(machine.done)


def test_the_rules_hold_after_every_step(roles):
    """The same ways each time, so that a red run says something about the change at hand."""
    drive(2, 15, derandomize=True, phases=[Phase.generate, Phase.shrink])


@pytest.mark.long
def test_the_rules_hold_after_thousands_of_steps(roles):
    """The same ways each time, too; with OTHER_WAYS=1 another. What it finds is printed as a program to run again."""
    drive(50, 50, print_blob=True, derandomize="OTHER_WAYS" not in os.environ)
