"""An evaluation from the last day to its closing: who is asked, reminded, and told nothing twice.

Each evaluation is looked after in its own transaction, under its lock. A letter's key holds the evaluation and the
person: stopped in the middle it goes on, run twice at once it writes once.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import BigIntegerField, Count, DateTimeField, Exists, Expression, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.ballot_box import FEWEST, Unreadable
from courses.evaluation_questions import STANDARD, write_questions
from courses.models import Attendance, Ballot, Booking, Course, Evaluation, EvaluationForm, Occasion
from courses.rules import may_lead
from courses.services.ballots import ASKED, REMINDED, ballot_token, lock_evaluation
from courses.services.evaluation_closing import close_locked, forget_left_reminders
from letters.models import Letter
from letters.services.rendering import render_letter, write_rendered
from people.models import Person
from shared.ready import Given, Ready
from shared.rules import RuleBroken

log = logging.getLogger(__name__)

# Marks made by mistake are corrected, and the last ones made, before anybody is asked.
RESTS = dt.timedelta(hours=1)
# Nobody is asked about what lies longer back: attendance of last year may be typed in any day.
ASKED_WITHIN = dt.timedelta(days=21)
OPEN_DAYS = 14
REMIND_BEFORE = dt.timedelta(days=4)
LETTER_RESTS = dt.timedelta(days=3)
EXTENDED_BY = dt.timedelta(days=7)
LONGEST_OPEN = dt.timedelta(days=36)


def look_after_evaluations(*, now: dt.datetime) -> int:
    """The sweep: opens what is due, asks who has not been asked, reminds, closes; answers how many letters."""
    for pk in _to_open(now).values_list("pk", flat=True):
        open_evaluation(pk, now=now)
    written = 0
    for pk in Evaluation.objects.filter(closed_on=None).values_list("pk", flat=True):
        with transaction.atomic():
            evaluation = lock_evaluation(pk, waits=False)
            if evaluation is None or evaluation.closed_on is not None:
                continue
            if now < evaluation.closes_at:
                written += _ask(evaluation, now=now) + _remind(evaluation, now=now)
            else:
                _close(evaluation, now=now)
    forget_left_reminders()
    return written


def present_at(occasion: Occasion) -> QuerySet[Person]:
    """Who was there, any day, and can still be written to."""
    there = Booking.objects.filter(_was_there(), occasion=occasion)
    return Person.objects.filter(pk__in=there.values("person"))


def _was_there(through: str = "") -> Q:
    """Of a booking, or of what leads to bookings by `through`."""
    asked = {"state": Booking.State.BOOKED, "attendances__state__in": Attendance.WAS_THERE, "person__is_active": True}
    return Q(**{f"{through}{name}": value for name, value in asked.items()})


def open_evaluation(occasion_pk: int, *, now: dt.datetime) -> Evaluation | None:
    """Freezes the questions as they stand. None where fewer than five were there: nothing could ever be shown."""
    with transaction.atomic():
        occasion = Occasion.objects.select_for_update(no_key=True).get(pk=occasion_pk)
        known = Evaluation.objects.filter(occasion=occasion).first()
        if known is not None or present_at(occasion).count() < FEWEST:
            return known
        today = timezone.localdate(now)
        form = form_of(occasion.course, now=now)
        closes_at = _end_of(today + dt.timedelta(days=OPEN_DAYS))
        return Evaluation.objects.create(occasion=occasion, form=form, opened_on=today, closes_at=closes_at)


def form_of(course: Course, *, now: dt.datetime) -> EvaluationForm:
    """The newest version of the course's questions; the standard ones where nobody has written any."""
    newest = EvaluationForm.objects.filter(course=course).order_by("-version").first()
    if newest is not None:
        return newest
    return EvaluationForm.objects.get_or_create(
        course=course, version=1, defaults={"questions": write_questions(STANDARD), "made_at": now}
    )[0]


def extend_evaluation(evaluation: Evaluation, *, by: Person, now: dt.datetime) -> Evaluation:
    """A week more for those who have not answered; at most five weeks in all."""
    with transaction.atomic():
        locked = lock_evaluation(evaluation.pk)
        assert locked is not None
        if not may_lead(by, locked.occasion):
            raise RuleBroken(_("Only whoever leads the occasion does this."), code="not_your_occasion")
        if locked.closed_on is not None or now >= locked.closes_at:
            raise RuleBroken(_("The evaluation is closed."), code="evaluation_closed")
        later = _end_of(last_day_of(locked) + EXTENDED_BY)
        if timezone.localdate(later) - locked.opened_on > LONGEST_OPEN:
            raise RuleBroken(_("It can't be open longer than five weeks."), code="open_long_enough")
        locked.closes_at = later
        locked.save(update_fields=["closes_at"])
    return locked


def _to_open(now: dt.datetime) -> QuerySet[Occasion]:
    known = Evaluation.objects.filter(occasion=OuterRef("pk"))
    ended = Occasion.objects.filter(
        ~Exists(known), state=Occasion.State.OPEN, ends_at__gt=now - ASKED_WITHIN, ends_at__lte=now - RESTS
    )
    present = Count("bookings__person", distinct=True, filter=_was_there("bookings__"))
    return ended.annotate(present=present).filter(present__gte=FEWEST).order_by("pk")


def _ask(evaluation: Evaluation, *, now: dt.datetime) -> int:
    """A ballot and its letter for everyone present who has none: also who was marked only afterwards."""
    has_one = Ballot.objects.filter(evaluation=evaluation, person=OuterRef("pk"))
    people = list(present_at(evaluation.occasion).filter(~Exists(has_one)).order_by("?"))
    ballots = Ballot.objects.bulk_create(Ballot(evaluation=evaluation, person=person) for person in people)
    return sum(_write(ASKED, ballot, evaluation, now=now) for ballot in ballots)


def _remind(evaluation: Evaluation, *, now: dt.datetime) -> int:
    """Once, some days before it closes, those who have not answered; not who has just been asked."""
    if evaluation.is_reminded or now < evaluation.closes_at - REMIND_BEFORE:
        return 0
    evaluation.is_reminded = True
    evaluation.save(update_fields=["is_reminded"])
    unspent = Ballot.objects.filter(evaluation=evaluation, is_spent=False).select_related("person")
    by_key = {f"{ASKED}:{evaluation.pk}:{ballot.person_id}": ballot for ballot in unspent}
    asked = Letter.objects.filter(key__in=by_key, written_at__lte=now - LETTER_RESTS).values_list("key", flat=True)
    return sum(_write(REMINDED, by_key[key], evaluation, now=now) for key in asked)


def _write(kind: str, ballot: Ballot, evaluation: Evaluation, *, now: dt.datetime) -> bool:
    occasion, person = evaluation.occasion, ballot.person
    with translation.override(person.language):
        link = answer_link(evaluation, ballot)
    context = {
        "evaluation": evaluation,
        "occasion": occasion,
        "course": occasion.course,
        "link": link,
        "last_day": last_day_of(evaluation),
    }
    letter = render_letter(f"courses/letters/{kind}", context, person=person)
    key = f"{kind}:{evaluation.pk}:{person.pk}"
    _letter, is_new = write_rendered(letter, key=key, kind=kind, person=person, now=now)
    return is_new


def answer_link(evaluation: Evaluation, ballot: Ballot) -> str:
    """The whole address, in the active language."""
    return f"{settings.SITE_URL}{reverse('evaluate', args=[ballot_token(evaluation.pk, ballot.pk)])}"


def last_day_of(evaluation: Evaluation) -> dt.date:
    return timezone.localdate(evaluation.closes_at - dt.timedelta(seconds=1))


def _end_of(day: dt.date) -> dt.datetime:
    """The midnight after it, by the clocks of the place: a week is not always 168 hours."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))


def open_ballots_of(person: Person | Expression, *, now: dt.datetime | Expression) -> QuerySet[Ballot]:
    """What the person is asked and has not answered."""
    is_open = Q(evaluation__closed_on=None, evaluation__closes_at__gt=now)
    found = Ballot.objects.filter(is_open, person=person, is_spent=False)
    return found.select_related("evaluation__occasion__course").order_by("evaluation__closes_at", "evaluation")


_OPEN_BALLOTS = Ready(lambda: open_ballots_of(Given("person", BigIntegerField()), now=Given("now", DateTimeField())))


@dataclass(frozen=True)
class ToEvaluate:
    occasion: Occasion
    link: str
    last_day: dt.date


def to_evaluate(person: Person, *, now: dt.datetime) -> list[ToEvaluate]:
    """What `open_ballots_of` finds, with the link that answers it. One query."""
    return [
        ToEvaluate(
            ballot.evaluation.occasion,
            reverse("evaluate", args=[ballot_token(ballot.evaluation_id, ballot.pk)]),
            last_day_of(ballot.evaluation),
        )
        for ballot in _OPEN_BALLOTS.ask(person=person.pk, now=now)
    ]


def _close(evaluation: Evaluation, *, now: dt.datetime) -> None:
    try:
        with transaction.atomic():
            close_locked(evaluation, now=now)
    except Unreadable:
        # Nothing is erased: with the old key among SECRET_KEY_FALLBACKS it closes after all.
        log.exception("The box of evaluation %s can't be opened with any key of the settings.", evaluation.pk)
