"""What happens on the days and between them: marks, codes, tasks, needs, missed days; and who is trained by it."""

from django.db.models import F
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from courses.models import (
    Attendance,
    AttendanceChange,
    Booking,
    BookingNeeds,
    Completion,
    HandIn,
    Interest,
    MadeUpDay,
    Occasion,
    PresenceClaim,
    RoomCode,
    Session,
    Task,
)
from courses.own_days import days_of
from courses.room_codes import Read, shown_code
from courses.services.attendance import mark_attendance, mark_the_rest_present, take_back_the_rest
from courses.services.hand_ins import Piece, hand_in_task, read_hand_in, save_draft
from courses.services.interest import end_interest, note_interest
from courses.services.judging_anew import judge_due
from courses.services.making_up import make_up_day
from courses.services.needs import KEPT_FOR, Needs, erase_needs, read_needs, write_needs
from courses.services.programmes import end_task, save_task
from courses.services.rooms import CLAIMS_KEPT_FOR, close_room, confirm_claims, erase_claims, open_room, say_here
from courses.services.writing_down import NotWritten, Written, write_down
from courses.task_queries import tasks_of_occasion
from tests.courses.ways.places import PEOPLE, WHICH, Places
from tests.courses.ways.seen import everything, rows

MARKS = st.sampled_from(["present", "present", "present", "absent", "excused", "left_early"])
WHY = st.sampled_from(["", "Fel rad"])


class Days(Places):
    def __init__(self):
        super().__init__()
        # By completion: the days and the tasks that it stood on when it was recorded.
        self.stood_on = {}
        # What was handed in, and when it first was.
        self.first_handed_in = {}
        task = Task(course=self.open, title="Tre samtal", text="Prata med tre.", pieces=2)
        save_task(task, is_required=False, by=self.facilitator, now=self.now)

    def some(self, found, which):
        return found[which % len(found)] if found else None

    def a_day(self, which, day):
        """Someone who is booked, and a day to come to."""
        booking = self.booking(which, "booked")
        sessions = days_of(booking) or list(booking.occasion.sessions.all())
        return booking, sessions[day % len(sessions)]

    @precondition(lambda self: Booking.objects.filter(state="booked").exists())
    @rule(which=WHICH, day=st.integers(0, 2), state=MARKS, minutes=st.sampled_from([None, 0, 200, 500]), why=WHY)
    def someone_is_marked(self, which, day, state, minutes, why):
        booking = self.booking(which, "booked")
        sessions = list(booking.occasion.sessions.all())
        session = sessions[day % len(sessions)]
        self.attempt(mark_attendance, booking, session, state=state, minutes=minutes, by=self.facilitator, why=why)

    @precondition(lambda self: Booking.objects.filter(state="booked").exists())
    @rule(which=WHICH, day=st.integers(0, 2), state=st.sampled_from(["present", "absent", "left_early"]))
    def the_clock_goes_to_a_day_and_someone_is_marked(self, which, day, state):
        booking, session = self.a_day(which, day)
        self.clock_to(session.starts_at)
        self.attempt(mark_attendance, booking, session, state=state, minutes=100, by=self.facilitator, why="Fel rad")

    @precondition(lambda self: Booking.objects.filter(state="booked").exists())
    @rule(which=WHICH, day=st.integers(0, 2), who=PEOPLE)
    def the_room_is_open_and_someone_says_to_be_there(self, which, day, who):
        """Most often whoever is to come, now and then another of the house."""
        booking, session = self.a_day(which, day)
        self.clock_to(session.starts_at)
        room = self.attempt(open_room, session, by=self.facilitator)
        if room is not None:
            person = booking.person if who else self.people[who]
            self.attempt(say_here, Read(shown_code(room, at=self.now), self.now), person=person)

    @precondition(lambda self: RoomCode.objects.exists())
    @rule(which=WHICH, closes=st.booleans())
    def those_who_say_to_be_there_are_confirmed(self, which, closes):
        room = self.some(list(RoomCode.objects.select_related("session").order_by("id")), which)
        if closes:
            close_room(room.session, now=self.now)
        self.attempt(confirm_claims, room.session, by=self.facilitator)

    @precondition(lambda self: Booking.objects.filter(state="booked").exists())
    @rule(which=WHICH, states=st.lists(MARKS, min_size=8, max_size=8), why=WHY)
    def the_list_is_typed_in_from_paper(self, which, states, why):
        """The day after: all of it or nothing, whoever else has marked since."""
        occasion = self.booking(which, "booked").occasion
        self.clock_to(occasion.ends_at)
        standing = [
            (booking, session)
            for booking in Booking.objects.filter(occasion=occasion, state="booked").order_by("id")
            for session in days_of(booking)
        ]
        lines = [
            Written(booking.pk, session.pk, states[at % 8], minutes=30, based_on=last_mark(booking, session))
            for at, (booking, session) in enumerate(standing)
        ]
        before, refused = everything(), None
        try:
            self.attempt(write_down, occasion, lines, by=self.facilitator, source="paper", why=why)
        except NotWritten as answer:
            refused = answer
        if refused is not None:
            assert all(refused.sentences.values())
            assert everything() == before

    @precondition(lambda self: Booking.objects.filter(state="booked").exists())
    @rule(which=WHICH, day=st.integers(0, 2))
    def the_rest_are_marked(self, which, day):
        booking, session = self.a_day(which, day)
        self.clock_to(session.starts_at)
        self.attempt(mark_the_rest_present, booking.occasion, session, by=self.facilitator)

    @precondition(lambda self: AttendanceChange.objects.exclude(press=None).exists())
    @rule(which=WHICH)
    def a_press_is_undone(self, which):
        """Whatever has happened since; the log never becomes shorter."""
        pressed = self.some(list(AttendanceChange.objects.exclude(press=None).order_by("-id")), which)
        before = set(AttendanceChange.objects.values_list("id", flat=True))
        session = pressed.attendance.session
        done = self.attempt(take_back_the_rest, session, press=pressed.press, by=self.facilitator)
        logged = set(AttendanceChange.objects.values_list("id", flat=True))
        assert before <= logged
        assert len(logged - before) == (done.count if done is not None else 0)

    @precondition(lambda self: Attendance.objects.exclude(state="present").exists())
    @rule(which=WHICH, where=WHICH, by_hand=st.booleans(), wait=st.booleans())
    def a_missed_day_is_made_up(self, which, where, by_hand, wait):
        marks = Attendance.objects.exclude(state="present").select_related("booking__person", "session")
        mark = self.some(list(marks.order_by("id")), which)
        coming = list(Occasion.objects.filter(state="open", starts_at__gt=self.now).order_by("id"))
        there = coming[where % len(coming)] if coming else self.occasion(where)
        by = self.facilitator if by_hand else mark.booking.person
        self.attempt(make_up_day, mark.booking, mark.session, on=there, by=by, wait=wait, why="Var sjuk" * by_hand)

    @rule(which=WHICH, is_required=st.booleans(), course=st.booleans(), is_new=st.booleans())
    def a_task_is_made_or_changed(self, which, is_required, course, is_new):
        task = None if is_new else self.some(list(Task.objects.filter(ended_at=None).order_by("id")), which)
        task = task or Task(course=self.asked if course else self.open, title="Två samtal", text="Prata.", pieces=2)
        self.attempt(save_task, task, is_required=is_required, by=self.facilitator)

    @precondition(lambda self: Task.objects.filter(ended_at=None).exists())
    @rule(which=WHICH)
    def a_task_is_ended(self, which):
        task = self.some(list(Task.objects.filter(ended_at=None).order_by("id")), which)
        self.attempt(end_task, task, by=self.facilitator)

    @precondition(lambda self: Task.objects.exists())
    @rule(which=WHICH, who=PEOPLE, pieces=st.integers(0, 2), is_draft=st.booleans())
    def someone_hands_in(self, which, who, pieces, is_draft):
        task = self.some(list(Task.objects.order_by("id")), which)
        said = [Piece(f"Samtal {number} {self.now}") for number in range(pieces)]
        self.attempt(save_draft if is_draft else hand_in_task, task, by=self.people[who], pieces=said)

    @precondition(lambda self: Booking.objects.filter(state="booked").exists())
    @rule(which=WHICH)
    def someone_who_is_booked_hands_in_what_is_asked_for(self, which):
        booking = self.booking(which, "booked")
        for task, _due in tasks_of_occasion(booking.occasion):
            self.attempt(hand_in_task, task, by=booking.person, pieces=[Piece("Ett"), Piece("Två")])

    @precondition(lambda self: HandIn.objects.exists())
    @rule(which=WHICH, behind=st.integers(0, 1))
    def what_was_handed_in_is_read(self, which, behind):
        hand_in = self.some(list(HandIn.objects.order_by("id")), which)
        version = hand_in.version - behind
        self.attempt(read_hand_in, hand_in, by=self.facilitator, version=version, word="Tack!")

    @precondition(lambda self: Booking.objects.exists())
    @rule(which=WHICH, by=PEOPLE, needs=st.sampled_from([Needs(), Needs(food="Vegan", wheelchair=True)]))
    def someone_says_what_is_needed(self, which, by, needs):
        booking = self.booking(which)
        self.attempt(write_needs, booking, by=booking.person if by else self.people[by], needs=needs)

    @rule(who=PEOPLE, course=st.booleans(), ends=st.booleans())
    def someone_wants_a_course_or_no_longer(self, who, course, ends):
        interest, _is_new = self.attempt(note_interest, self.asked if course else self.open, person=self.people[who])
        if ends:
            self.attempt(end_interest, interest)

    @rule()
    def the_night_comes(self):
        erase_needs(now=self.now)
        erase_claims(now=self.now)
        judge_due(now=self.now)
        needs = BookingNeeds.objects.select_related("booking__occasion")
        assert all(is_live(row) and row.booking.occasion.ends_at > self.now - KEPT_FOR for row in needs)
        claims = PresenceClaim.objects.select_related("booking__occasion")
        assert all(row.booking.occasion.ends_at > self.now - CLAIMS_KEPT_FOR for row in claims)
        assert not Booking.objects.filter(to_judge=True).exists()

    @invariant()
    def a_missed_day_is_made_up_once_by_the_same_person_on_a_day_that_is_given(self):
        live = [day for day in MadeUpDay.objects.select_related("booking", "original", "instead") if is_live(day)]
        assert len({(day.original_id, day.missed_id) for day in live}) == len(live)
        for day in live:
            assert day.original.person_id == day.booking.person_id
            assert day.original.occasion_id != day.booking.occasion_id
        assert all(days_of(day.booking) for day in live)

    @invariant()
    def whoever_is_trained_was_at_each_day_here_or_elsewhere_and_has_done_what_was_asked(self):
        trained = list(Completion.objects.filter(withdrawn_at=None).select_related("booking__occasion__course"))
        assert len({each.booking_id for each in trained}) == len(trained)
        there = self.marks_of_presence()
        handed_in = self.what_is_handed_in()
        for completion in trained:
            own = completion.booking
            assert own.state == "booked"
            sessions, asked = set(own.occasion.sessions.all()), required_tasks(own.occasion)
            # A day or a task that is added when someone has completed the course takes nothing back.
            known = (completion.pk, completion.recorded_at)
            days_then, asked_then = self.stood_on.setdefault(known, (sessions, asked))
            for session in days_then & sessions:
                assert days_that_count(own, session) & there
            assert {(own.person_id, task) for task in asked_then} <= handed_in

    @invariant()
    def whoever_has_done_all_of_it_is_trained(self):
        """And waits for nothing but the next sweep."""
        there, handed_in = self.marks_of_presence(), self.what_is_handed_in()
        trained = set(Completion.objects.filter(withdrawn_at=None).values_list("booking", flat=True))
        booked = Booking.objects.filter(
            state="booked", made_up_days=None, to_judge=False, pk__in={b for b, _s in there}
        )
        for own in booked.select_related("occasion__course").exclude(pk__in=trained):
            was_everywhere = all(days_that_count(own, session) & there for session in own.occasion.sessions.all())
            has_done_all = {(own.person_id, task) for task in required_tasks(own.occasion)} <= handed_in
            assert not (was_everywhere and has_done_all)

    @invariant()
    def each_mark_stands_as_its_log_ends(self):
        last = AttendanceChange.objects.order_by("attendance", "-id").distinct("attendance")
        logged = set(last.values_list("attendance", "after", "minutes"))
        assert logged == set(Attendance.with_taken_back.values_list("id", "state", "minutes"))

    @invariant()
    def what_is_handed_in_stays_handed_in_and_is_read_by_no_outsider(self):
        now_stands = dict(HandIn.objects.filter(handed_in_at__isnull=False).values_list("id", "handed_in_at"))
        assert self.first_handed_in.items() <= now_stands.items()
        self.first_handed_in = now_stands
        assert not HandIn.objects.filter(read_at__isnull=False).exclude(read_by=self.facilitator).exists()
        assert not HandIn.objects.filter(read_by=F("person")).exists()

    @invariant()
    def needs_are_kept_only_where_they_are_asked_for_and_seen_by_whoever_leads(self):
        told = BookingNeeds.objects.select_related("booking__person", "booking__occasion")
        for row in told:
            assert row.booking.occasion.asks_needs
            others = [each for each in self.people if each.pk != row.booking.person_id]
            assert all(read_needs(row.booking, reader=each) is None for each in others)

    @invariant()
    def who_wants_a_course_is_noted_once(self):
        standing = list(Interest.objects.filter(ended_at=None).values_list("person", "course"))
        assert len(set(standing)) == len(standing)

    @invariant()
    def who_said_to_be_there_has_a_place_on_that_day(self):
        claims = rows(
            "SELECT 1 FROM courses_presenceclaim claim JOIN courses_booking b ON b.id = claim.booking_id "
            "JOIN courses_session s ON s.id = claim.session_id WHERE s.occasion_id <> b.occasion_id"
        )
        assert claims == []

    def marks_of_presence(self):
        return set(Attendance.objects.filter(state="present").values_list("booking", "session"))

    def what_is_handed_in(self):
        return set(HandIn.objects.filter(handed_in_at__isnull=False).values_list("person", "task"))


def is_live(row):
    return row.booking.state in Booking.LIVE


def last_mark(booking, session):
    changes = AttendanceChange.objects.filter(attendance__booking=booking, attendance__session=session)
    return changes.order_by("id").values_list("mark", flat=True).last()


def days_that_count(own, session):
    """The day itself, and those elsewhere that make up for it, each with the booking it is marked on."""
    elsewhere = own.days_made_up.filter(missed=session, booking__state="booked")
    return {(own.pk, session.pk), *elsewhere.values_list("booking", "instead")}


def required_tasks(occasion):
    """What the course waits for on this occasion, counted without the services' help."""
    starts = list(Session.objects.filter(occasion=occasion).order_by("starts_at").values_list("starts_at", flat=True))
    found = set()
    for task in Task.objects.filter(course=occasion.course_id, required_since__lte=occasion.starts_at):
        due = starts[min(task.due_day, len(starts)) - 1]
        if task.made_at <= due and (task.ended_at is None or task.ended_at > due):
            found.add(task.pk)
    return found
