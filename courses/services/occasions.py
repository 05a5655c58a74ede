"""Planning an occasion: places, moments, sessions."""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Attendance, Booking, Course, Occasion, Session
from courses.services.agenda import begin_with_template
from courses.services.days_taken_away import let_go_of_days_taken_away
from courses.services.judging_anew import judge_occasion_later
from courses.services.leading_letters import follow_own_act, knows_before
from courses.services.limits import open_reservations
from courses.services.offers import close_open_offer, end_offers_by_the_start, fill_free_places
from courses.services.places import lock_occasion
from courses.services.states import change_state
from people.models import Person
from shared.public_pages import public_pages_changed
from shared.rules import RuleBroken


@dataclass(frozen=True)
class SessionPlan:
    """One block as it should be. `pk` names the session it changes; None is a new one."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str = ""
    address: str = ""
    link: str = ""
    title: str = ""
    room_access: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class OccasionPlan:
    places: int
    booking_closes_at: dt.datetime
    cancel_until: dt.datetime
    offers_until: dt.datetime
    offer_hours: int = 8
    language: str = "sv"
    state: str = Occasion.State.OPEN
    min_places: int = 0


def create_occasion(
    course: Course, *, plan: OccasionPlan, sessions: Sequence[SessionPlan], facilitators: Iterable[Person]
) -> Occasion:
    _refuse_impossible(plan, sessions)
    with transaction.atomic():
        occasion = Occasion.objects.create(
            course=course,
            starts_at=min(session.starts_at for session in sessions),
            ends_at=max(session.ends_at for session in sessions),
            **vars(plan),
        )
        occasion.facilitators.set(facilitators)
        Session.objects.bulk_create(_session(occasion, session) for session in sessions)
        begin_with_template(occasion)
        public_pages_changed()
    return occasion


def change_occasion(
    occasion: Occasion, *, plan: OccasionPlan, sessions: Sequence[SessionPlan], now: dt.datetime
) -> Occasion:
    """Everything of a plan at once, or nothing. More places are offered to those who wait.

    Fewer places than are held or reserved raises `places_below_booked`, and says by whom.
    """
    _refuse_impossible(plan, sessions)
    with transaction.atomic():
        locked = lock_occasion(occasion.pk)
        _refuse_too_few_places(locked, plan.places)
        for name, value in vars(plan).items():
            setattr(locked, name, value)
        set_sessions(locked, sessions)
        locked.save()
        end_offers_by_the_start(locked)
        let_go_of_days_taken_away(locked, now=now)
        fill_free_places(locked, now=now)
        public_pages_changed()
    return locked


def set_sessions(occasion: Occasion, sessions: Sequence[SessionPlan]) -> None:
    """Moves, adds and removes sessions so that they are as planned; the caller saves the occasion.

    Keeps `starts_at` and `ends_at`. Whoever holds a place is told of what changed, and a day that is taken away
    is taken out of the calendars too. A session with attendance can be moved but not removed.
    """
    before = {session.pk: session for session in occasion.sessions.all()}
    removed = [session for pk, session in before.items() if pk not in {plan.pk for plan in sessions}]
    for session in removed:
        # Also one that was taken back: its log stays.
        if Attendance.with_taken_back.filter(session=session).exists():
            raise RuleBroken(
                _("A session whose attendance is marked can be moved but not removed."), code="session_in_use"
            )
        session.delete()
    known = {session.pk: session.revision for session in before.values()}
    moved = [_move(before[plan.pk], plan) for plan in sessions if plan.pk in before]
    changed = [session for session, did_change in moved if did_change]
    new = [_session(occasion, plan) for plan in sessions if plan.pk not in before]
    for session in changed:
        session.save()
    Session.objects.bulk_create(new)
    occasion.starts_at = min(plan.starts_at for plan in sessions)
    occasion.ends_at = max(plan.ends_at for plan in sessions)
    if removed or changed:
        judge_occasion_later(occasion)
    if new or removed or any(session.revision != known[session.pk] for session in changed):
        occasion.to_tell = True


def cancel_occasion(occasion: Occasion, *, by: Person, now: dt.datetime, why: str) -> Occasion:
    """Every live booking is cancelled with the same words; each gets a letter and a CANCEL in the calendar."""
    if not why.strip():
        raise RuleBroken(_("Say why the occasion is cancelled."), code="reason_needed")
    with transaction.atomic():
        locked = lock_occasion(occasion.pk)
        if locked.state == Occasion.State.CANCELLED:
            return locked
        if now >= locked.starts_at:
            raise RuleBroken(_("The occasion has already started."), code="occasion_started")
        knows = knows_before(locked, by=by, now=now)
        locked.state = Occasion.State.CANCELLED
        locked.leaders_to_tell = True
        locked.save(update_fields=["state", "leaders_to_tell"])
        if knows:
            follow_own_act(locked, by=by, now=now)
        for booking in Booking.objects.filter(occasion=locked, state__in=Booking.LIVE).order_by("id"):
            close_open_offer(booking, declined=True, now=now)
            change_state(booking, Booking.State.CANCELLED, by=by, now=now, why=why)
        public_pages_changed()
    return locked


def _refuse_too_few_places(occasion: Occasion, places: int) -> None:
    holding = list(
        Booking.objects.filter(occasion=occasion, state__in=Booking.HOLDING)
        .select_related("person")
        .order_by("person__sort_key")
    )
    kept = [row for row in open_reservations(occasion) if row.places > row.used] if occasion.is_limited else []
    taken = len(holding) + sum(row.places - row.used for row in kept)
    if places < taken:
        names = [str(booking.person) for booking in holding]
        names += [f"{row.unit} ({row.places - row.used})" for row in kept]
        raise RuleBroken(
            _("%(held)d places are taken, so there can't be fewer. They are held by: %(names)s.")
            % {"held": taken, "names": ", ".join(names)},
            code="places_below_booked",
        )


def _refuse_impossible(plan: OccasionPlan, sessions: Sequence[SessionPlan]) -> None:
    if not sessions:
        raise RuleBroken(_("An occasion needs at least one session."), code="no_sessions")
    if plan.places < 1:
        raise RuleBroken(_("An occasion needs at least one place."), code="no_places")
    if plan.min_places > plan.places:
        raise RuleBroken(_("The fewest can't be more than the places."), code="fewest_above_places")
    in_order = sorted(sessions, key=lambda session: session.starts_at)
    for session in in_order:
        if session.ends_at <= session.starts_at:
            raise RuleBroken(_("A session must end after it starts."), code="ends_before_start")
        if not session.place and not session.link:
            raise RuleBroken(_("A session needs a place or a link."), code="session_nowhere")
    for earlier, later in itertools.pairwise(in_order):
        if later.starts_at < earlier.ends_at:
            raise RuleBroken(_("Two sessions overlap."), code="sessions_overlap")
    if plan.booking_closes_at > in_order[-1].ends_at:
        raise RuleBroken(_("The booking must close before the occasion ends."), code="closes_after_end")


def _session(occasion: Occasion, plan: SessionPlan) -> Session:
    return Session(
        occasion=occasion,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        place=plan.place,
        address=plan.address,
        link=plan.link,
        title=plan.title,
        room_access=plan.room_access,
    )


def _move(session: Session, plan: SessionPlan) -> tuple[Session, bool]:
    wanted = {name: value for name, value in vars(plan).items() if name != "pk"}
    changed = {name for name, value in wanted.items() if getattr(session, name) != value}
    for name in changed:
        setattr(session, name, wanted[name])
    # How to get into the room stands in no calendar: nobody is told anew because of it.
    if changed - {"room_access"}:
        session.revision += 1
    return session, bool(changed)
