import uuid

import pytest

from journeys.models import Note, Operation, Step
from journeys.queries import operations_after, whole_map
from journeys.rules import LONGEST_TEXT
from journeys.services import desk as desk_module
from journeys.services.operations import Asked, apply_operations
from shared.rules import RuleBroken
from tests.journeys.conftest import Hand, make_journey

pytestmark = pytest.mark.django_db


def test_a_note_is_added_and_the_journey_has_a_new_revision(elin, journey):
    target, revision = elin.add_note("Ringer skolan")
    journey.refresh_from_db()
    note = Note.objects.get(id=target)
    assert (note.text, note.written_by, note.revision, revision, journey.revision) == (
        "Ringer skolan",
        elin.person,
        1,
        1,
        1,
    )
    assert list(operations_after(journey, 0).values_list("number", "type", "target")) == [(1, "add_note", target)]


def test_the_same_operation_sent_again_is_known_and_done_once(elin, journey):
    once, target = uuid.uuid4(), uuid.uuid4()
    step, lane = journey.steps.first(), journey.lanes.first()
    fields = {"step": str(step.id), "lane": str(lane.id), "text": "En gång"}
    first = elin.do("add_note", target, id=once, **fields)
    again = elin.do("add_note", target, id=once, **fields)
    twice_at_once = elin.ask(*[Asked(once, "add_note", target, 0, fields)] * 2).results
    assert (first.outcome, first.revision) == ("applied", 1)
    assert [(result.outcome, result.revision) for result in (again, *twice_at_once)] == [("known", 1)] * 3
    assert Note.objects.count() == Operation.objects.count() == 1


def test_two_who_change_the_same_words_get_a_conflict_and_nothing_is_overwritten(elin, kaj):
    target, seen = elin.add_note("Först")
    assert elin.do("change_note", target, based_on=seen, text="Elins").outcome == "applied"
    late = kaj.do("change_note", target, based_on=seen, text="Kajs")
    assert (late.outcome, late.code, late.revision, late.changed_by) == ("conflict", "changed", 2, "Elin Ek")
    assert late.current == {"text": "Elins", "removed": False}
    assert late.fields == {"text": "Kajs"}
    assert Note.objects.get(id=target).text == "Elins"
    # Having seen what the other wrote, the same may be sent anew.
    assert kaj.do("change_note", target, based_on=late.revision, text="Kajs").outcome == "applied"


def test_two_who_write_the_same_words_do_not_disagree(elin, kaj):
    target, seen = elin.add_note("Först")
    elin.do("change_note", target, based_on=seen, text="Lika")
    assert kaj.do("change_note", target, based_on=seen, text="Lika").outcome == "applied"


def test_two_who_change_different_fields_do_not_disagree(elin, kaj):
    target, seen = elin.add_note("Först")
    elin.do("change_note", target, based_on=seen, text="Ny text")
    assert kaj.do("change_note", target, based_on=seen, evidence="data").outcome == "applied"
    note = Note.objects.get(id=target)
    assert (note.text, note.evidence) == ("Ny text", "data")


def test_several_changes_of_the_same_words_in_one_request_are_no_conflict(elin, journey):
    target, seen = elin.add_note("Först")
    first = Asked(uuid.uuid4(), "change_note", target, seen, {"text": "Andra"})
    second = Asked(uuid.uuid4(), "change_note", target, seen, {"text": "Tredje"})
    assert [result.outcome for result in elin.ask(first, second).results] == ["applied", "applied"]
    # The answer was lost: the sender sends both again, with one more.
    third = Asked(uuid.uuid4(), "change_note", target, seen, {"text": "Fjärde"})
    assert [result.outcome for result in elin.ask(first, second, third).results] == ["known", "known", "applied"]
    assert Note.objects.get(id=target).text == "Fjärde"


def test_the_same_person_in_another_window_is_not_overwritten_either(elin):
    target, seen = elin.add_note("Först")
    elin.do("change_note", target, based_on=seen, text="Ena fönstret")
    assert elin.do("change_note", target, based_on=seen, text="Andra fönstret").outcome == "conflict"


def test_a_note_that_someone_just_rewrote_is_not_removed_unseen(elin, kaj):
    target, seen = elin.add_note("Först")
    elin.do("change_note", target, based_on=seen, text="Viktigt tillägg")
    late = kaj.do("remove_note", target, based_on=seen)
    assert (late.outcome, late.current["text"]) == ("conflict", "Viktigt tillägg")
    assert kaj.do("remove_note", target, based_on=late.revision).outcome == "applied"


def test_what_is_written_on_a_removed_note_comes_back_to_the_writer(elin, kaj):
    target, seen = elin.add_note("Först")
    elin.do("remove_note", target, based_on=seen)
    late = kaj.do("change_note", target, based_on=seen, text="Lång tanke")
    assert (late.outcome, late.code, late.current["removed"], late.fields) == (
        "conflict",
        "removed",
        True,
        {"text": "Lång tanke"},
    )
    both = [
        Asked(uuid.uuid4(), "restore_note", target, late.revision, {}),
        Asked(uuid.uuid4(), "change_note", target, late.revision, {"text": "Lång tanke"}),
    ]
    assert [result.outcome for result in kaj.ask(*both).results] == ["applied", "applied"]


def test_a_removed_step_takes_its_notes_out_of_sight_and_brings_them_back(elin, journey):
    step = journey.steps.first()
    elin.add_note("Hör till steget", step=step)
    assert elin.do("remove_step", step.id).outcome == "applied"
    assert (len(whole_map(journey).steps), whole_map(journey).notes) == (2, [])
    assert elin.do("restore_step", step.id).outcome == "applied"
    assert [note.text for note in whole_map(journey).notes] == ["Hör till steget"]


def test_moving_a_note_puts_it_last_where_no_rank_is_given(elin, journey):
    first_step, second_step = journey.steps.all()[:2]
    moved, seen = elin.add_note("Flyttas", step=first_step)
    elin.add_note("Stod där", step=second_step)
    assert elin.do("move_note", moved, based_on=seen, step=str(second_step.id)).outcome == "applied"
    assert [note.text for note in Note.objects.filter(step=second_step)] == ["Stod där", "Flyttas"]


def test_a_feeling_is_set_on_the_scale_and_unset(elin, journey):
    step = journey.steps.first()
    assert elin.do("set_feeling", step.id, feeling=-2).outcome == "applied"
    assert elin.do("set_feeling", step.id, based_on=1, feeling=None).outcome == "applied"
    assert [elin.do("set_feeling", step.id, based_on=2, feeling=wrong).code for wrong in (3, -3, True, 1.5, "1")] == [
        "feeling_off_the_scale"
    ] * 5


def test_phases_lanes_and_steps_are_added_changed_and_moved(elin, journey):
    phase, lane, step = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    done = [
        elin.do("add_phase", phase, title="Efter"),
        elin.do("add_step", step, phase=str(phase), title="Svaret kommer"),
        elin.do("add_lane", lane, title="Tänker"),
        elin.do("change_lane", lane, based_on=9, title="Tänker och säger"),
        elin.do("move_lane", lane, based_on=9, rank="1"),
        elin.do("move_phase", phase, based_on=9, rank="1"),
    ]
    assert [result.outcome for result in done] == ["applied"] * 6
    journey_map = whole_map(journey)
    assert [one.title for one in journey_map.phases] == ["Efter", "Före"]
    assert [one.title for one in journey_map.steps] == ["Svaret kommer", "Steg 1", "Steg 2", "Steg 3"]
    assert [one.title for one in journey_map.lanes] == ["Tänker och säger", "Gör", "Känner"]


def test_title_and_state_of_the_journey_are_operations_too(elin, kaj, journey):
    assert elin.do("change_journey", title="Elevens resa till skolan", state="active").outcome == "applied"
    late = kaj.do("change_journey", title="Kajs namn")
    assert (late.outcome, late.current) == ("conflict", {"title": "Elevens resa till skolan"})
    journey.refresh_from_db()
    assert (journey.title, journey.state) == ("Elevens resa till skolan", "active")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": "a" * (LONGEST_TEXT + 1)}, "text_too_long"),
        ({"text": "a\x00b"}, "text_invalid"),
        ({"text": "a\x1bb"}, "text_invalid"),
        ({"text": "\ud800"}, "text_invalid"),
        ({"text": 5}, "text_invalid"),
        ({"text": "  \n "}, "text_empty"),
        ({"evidence": "gissning"}, "choice_unknown"),
        ({"evidence": ["data"]}, "choice_unknown"),
        ({"colour": "#ff0000"}, "choice_unknown"),
        ({"written_by": 1}, "field_unknown"),
        ({"step": "x"}, "field_unknown"),
        ({}, "field_missing"),
    ],
)
def test_what_a_note_does_not_accept_is_refused_and_comes_back(elin, journey, fields, code):
    target, seen = elin.add_note()
    result = elin.do("change_note", target, based_on=seen, **fields)
    assert (result.outcome, result.code, result.fields) == ("refused", code, fields)
    journey.refresh_from_db()
    assert journey.revision == 1


def test_the_longest_text_and_line_ends_are_accepted(elin):
    target, _seen = elin.add_note("a" * LONGEST_TEXT)
    other, _seen = elin.add_note("rad 1\r\nrad 2\rrad 3")
    assert len(Note.objects.get(id=target).text) == LONGEST_TEXT
    assert Note.objects.get(id=other).text == "rad 1\nrad 2\nrad 3"


@pytest.mark.parametrize("type_", ["", "add", "add_journey", "drop_note", "__init___note", "save", "add_note\x00"])
def test_an_unknown_type_is_refused(elin, type_):
    assert elin.do(type_, uuid.uuid4()).code == "type_unknown"


def test_another_journeys_rows_are_as_unknown_as_those_that_are_nowhere(elin, cast, now):
    other = make_journey(cast, now, title="En annan resa")
    theirs, _revision = Hand(other, cast.employee, now).add_note("Hemligt")
    mine, seen = elin.add_note()
    nowhere = uuid.uuid4()
    for foreign in (theirs, nowhere):
        for type_, fields in (("change_note", {"text": "x"}), ("remove_note", {}), ("move_note", {"rank": "a"})):
            result = elin.do(type_, foreign, based_on=seen, **fields)
            assert (result.outcome, result.code, result.current) == ("refused", "target_unknown", None)
    for step in (other.steps.first().id, nowhere):
        assert elin.do("move_note", mine, based_on=seen, step=str(step)).code == "target_unknown"
    assert Note.objects.get(id=theirs).text == "Hemligt"


def test_notes_do_not_go_into_the_emotion_curve_nor_into_what_is_removed(elin, journey):
    note, seen = elin.add_note()
    curve = journey.lanes.get(kind="feeling")
    gone = journey.steps.last()
    elin.do("remove_step", gone.id)
    assert elin.do("move_note", note, based_on=seen, lane=str(curve.id)).code == "lane_holds_feelings"
    assert elin.do("move_note", note, based_on=seen, step=str(gone.id)).code == "place_removed"


def test_who_only_reads_and_who_is_outside_may_not_change(journey, cast, now):
    journey.visibility = "everyone"
    journey.save()
    for person in (cast.manager, cast.outsider):
        with pytest.raises(RuleBroken) as no:
            Hand(journey, person, now).do("change_journey", title="Nej")
        assert no.value.code == "may_not_change"
    assert Operation.objects.count() == 0


def test_more_operations_than_allowed_are_refused_as_a_whole(elin, journey, cast, now):
    asked = [Asked(uuid.uuid4(), "change_journey", None, 0, {"aim": str(n)}) for n in range(201)]
    with pytest.raises(RuleBroken, match="200"):
        elin.ask(*asked)


def test_a_map_holds_no_more_than_it_may(elin, journey, monkeypatch):
    monkeypatch.setitem(desk_module.MOST_ROWS, "note", 2)
    step, lane = str(journey.steps.first().id), str(journey.lanes.first().id)
    asked = [Asked(uuid.uuid4(), "add_note", uuid.uuid4(), 0, {"step": step, "lane": lane, "text": "x"}) for _ in "abc"]
    assert [result.code for result in elin.ask(*asked).results] == [None, None, "map_full"]


def test_a_long_queue_is_applied_with_few_questions(elin, journey, django_assert_max_num_queries):
    step, lane = str(journey.steps.first().id), str(journey.lanes.first().id)
    asked = [
        Asked(uuid.uuid4(), "add_note", uuid.uuid4(), 0, {"step": step, "lane": lane, "text": "x", "rank": rank})
        for rank in "abcdefgh"
    ]
    with django_assert_max_num_queries(14):
        elin.ask(*asked)


def test_what_was_before_is_kept_in_the_log(elin):
    target, seen = elin.add_note("Förr")
    elin.do("change_note", target, based_on=seen, text="Nu")
    assert Operation.objects.get(number=2).before == {"text": "Förr"}


def test_the_log_alone_tells_how_the_map_came_to_be(elin, journey):
    """What a client does: add, change, move, remove as the log says, and stand with the same map."""
    step = journey.steps.last()
    note, seen = elin.add_note("Ett", evidence="staff")
    elin.do("change_note", note, based_on=seen, text="Två", colour="pink")
    elin.do("move_note", note, based_on=2, step=str(step.id))
    rows = {}
    for operation in operations_after(journey, 0):
        rows.setdefault(operation.target, {}).update(operation.fields)
    stored = Note.objects.get(id=note)
    assert rows[note] == {
        "text": "Två",
        "evidence": "staff",
        "colour": "pink",
        "step": str(step.id),
        "lane": str(stored.lane_id),
        "rank": stored.rank,
    }


def test_an_operation_that_fails_half_way_leaves_nothing(elin, journey, monkeypatch):
    def fail(self):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(desk_module.Desk, "save", fail)
    with pytest.raises(RuntimeError):
        apply_operations(
            journey,
            operations=[Asked(uuid.uuid4(), "change_step", Step.objects.first().id, 0, {"title": "x"})],
            by=elin.person,
            now=elin.now,
        )
    assert Operation.objects.count() == 0
