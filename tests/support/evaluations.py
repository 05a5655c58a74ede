"""A course day that is over, with people who were there and are asked what they thought."""

import datetime as dt
import re

from courses.models import Attendance, Ballot, Booking, Evaluation, Occasion
from courses.services.ballots import spend_ballot
from courses.services.evaluating import look_after_evaluations
from letters.models import Letter
from people.models import Person
from tests.support.cast import new_person

HOUR = dt.timedelta(hours=1)


def mark_present(occasion: Occasion, people: list[Person], *, state: str = "present") -> None:
    """Rows laid straight in: how they come about is tested elsewhere."""
    bookings = Booking.objects.bulk_create(
        Booking(occasion=occasion, person=person, state="booked", created_at=occasion.starts_at) for person in people
    )
    session = occasion.sessions.first()
    Attendance.objects.bulk_create(
        Attendance(booking=booking, session=session, state=state, minutes=90, marked_at=occasion.ends_at)
        for booking in bookings
    )


def make_people(count: int, *, first: int = 500) -> list[Person]:
    return Person.objects.bulk_create(
        new_person(f"Deltagare{number}", "Prov", number=first + number) for number in range(count)
    )


def ask(occasion: Occasion, count: int, *, first: int = 500) -> Evaluation:
    """An open evaluation, with so many ballots."""
    mark_present(occasion, make_people(count, first=first))
    look_after_evaluations(now=occasion.ends_at + 2 * HOUR)
    return Evaluation.objects.get(occasion=occasion)


def ballots_of(evaluation: Evaluation) -> list[Ballot]:
    return list(Ballot.objects.filter(evaluation=evaluation).select_related("person").order_by("person_id"))


def answer_all(evaluation: Evaluation, answers: list[dict]) -> None:
    now = evaluation.occasion.ends_at + 3 * HOUR
    for ballot, answer in zip(ballots_of(evaluation), answers, strict=False):
        spend_ballot(evaluation, ballot.pk, answer=answer, now=now)


def link_of(letter: Letter) -> str:
    return re.search(r"https?://[^/\s]+(/\S*utvardering/\S+/)", letter.text)[1]
