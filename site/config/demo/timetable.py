"""When the courses were and will be given: three years back, some months ahead."""

import datetime as dt
import functools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import holidays

from config.demo import DOMAIN, Demo
from config.demo.courses import EFFECT, INTRODUCTION, JOURNEYS, LEADING, MANAGERS, TWO_DAYS
from courses.models import Course, Occasion, Session
from people.models import Person
from people.roles import FACILITATOR

STOCKHOLM = ZoneInfo("Europe/Stockholm")
# Where, its street address, how to get in and take part.
ROOMS = (
    ("Stadshuset, sal Skutan", "Hamngatan 1, Skärvik", "Hiss från entrén, hörslinga, tillgänglig toalett på plan 2."),
    ("Stadshuset, sal Ejdern", "Hamngatan 1, Skärvik", "Hiss från entrén, tillgänglig toalett på samma plan."),
    ("Stadsbiblioteket, Stora salen", "Bibliotekstorget 3, Skärvik", "I markplan, automatiska dörrar, hörslinga."),
    ("Skärgårdsgymnasiet, aulan", "Kustvägen 12, Skärvik", "Ramp vid södra ingången, plats för rullstol längst fram."),
)
# The introduction that is given so many days ahead is held remotely.
REMOTE_IN_DAYS = 34
MEETING = "https://mote.skarvik.example/tjanstedesign"
# Blocks of a course: title, first hour, last hour; one day each.
BLOCKS: dict[str, tuple[tuple[str, float, float], ...]] = {
    TWO_DAYS: (("Dag 1: Ringa in och undersöka", 9, 16), ("Dag 2: Ta fram, testa, förverkliga", 9, 16)),
    INTRODUCTION: (("", 13, 15),),
    JOURNEYS: (("", 8.5, 12.5),),
    MANAGERS: (("", 13, 16),),
    EFFECT: (("", 9, 12),),
    LEADING: tuple((f"Pass {number}", 8.5, 12.5) for number in (1, 2, 3, 4)),
}
PLACES = {TWO_DAYS: 20, INTRODUCTION: 30, JOURNEYS: 16, MANAGERS: 18, EFFECT: 16, LEADING: 12}
PAST = {TWO_DAYS: 26, INTRODUCTION: 52, JOURNEYS: 14, MANAGERS: 9, EFFECT: 10, LEADING: 4}
DAYS_OF_HISTORY = 1080


@dataclass
class Plan:
    """One occasion and what is to become of it."""

    occasion: Occasion
    sessions: list[Session]
    facilitators: list[Person]
    # How many become trained who were not before; None where nobody counts.
    new: int | None = None
    booked: int = 0
    waiting: int = 0
    # Waiting for the manager's answer; holding an open offer.
    asked: int = 0
    offered: int = 0
    is_marked: bool = True
    # Log-ins who came, by name.
    also: tuple[str, ...] = ()


_HOLIDAYS = holidays.country_holidays("SE")


@functools.cache
def is_workday(day: dt.date) -> bool:
    """Nobody gives courses in July, nor between the holidays of Christmas and Epiphany."""
    quiet = day.month == 7 or (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 6)
    return day.weekday() < 5 and not quiet and day not in _HOLIDAYS


def workday(day: dt.date) -> dt.date:
    """The day itself or the first workday after it."""
    while not is_workday(day):
        day += dt.timedelta(days=1)
    return day


def draw_timetable(demo: Demo, chance: random.Random, *, trained: int) -> list[Plan]:
    """Every occasion, unsaved, the earliest first."""
    plans = [*_past(demo, chance, trained), *_coming(demo, chance)]
    return sorted(plans, key=lambda plan: plan.occasion.starts_at)


def _past(demo: Demo, chance: random.Random, trained: int) -> Iterator[Plan]:
    for slug, times in PAST.items():
        course = Course.objects.get(slug=slug)
        quotas = _quotas(times, trained, chance) if slug == TWO_DAYS else [None] * times
        for number, new in enumerate(quotas):
            ago = 14 + round((DAYS_OF_HISTORY - 14) * (times - number - 0.5) / times) + chance.randint(-4, 4)
            first = workday(demo.today - dt.timedelta(days=max(ago, 13)))
            if first >= demo.today - dt.timedelta(days=8):
                first = _workday_before(demo.today - dt.timedelta(days=9))
            plan = _plan(course, first, _crew(chance), chance)
            plan.new = new
            plan.booked = min(plan.occasion.places, (new or 0) + chance.randint(2, 4)) if new is not None else 0
            plan.booked = plan.booked or chance.randint(plan.occasion.places // 2, plan.occasion.places)
            plan.waiting = chance.choice((0, 0, 1, 3)) if plan.booked == plan.occasion.places else 0
            # The path of the log-ins has begun: both know the introduction, the manager the two days as well.
            plan.also = {(INTRODUCTION, times - 9): ("chef", "medarbetare"), (TWO_DAYS, 15): ("chef",)}.get(
                (slug, number), ()
            )
            yield plan


def _workday_before(day: dt.date) -> dt.date:
    while not is_workday(day):
        day -= dt.timedelta(days=1)
    return day


def _quotas(times: int, trained: int, chance: random.Random) -> list[int]:
    """`trained` spread over `times` occasions, a little unevenly, the sum exact."""
    quotas = [trained // times + (number < trained % times) for number in range(times)]
    for _turn in range(times):
        one, other = chance.sample(range(times), 2)
        if quotas[one] < 17 and quotas[other] > 12:
            quotas[one] += 1
            quotas[other] -= 1
    return quotas


def _coming(demo: Demo, chance: random.Random) -> Iterator[Plan]:
    """Those to come; beside them the last one, whose attendance nobody has marked yet."""
    led = ["processledare"]
    courses = {course.slug: course for course in Course.objects.all()}
    # Slug, days from now, booked, waiting, further.
    coming: tuple[tuple[str, int, int, int, dict[str, int]], ...] = (
        (TWO_DAYS, 1, 16, 0, {}),
        (TWO_DAYS, 4, 20, 6, {}),
        (TWO_DAYS, 27, 11, 0, {}),
        (TWO_DAYS, 55, 19, 3, {"offered": 1}),
        (TWO_DAYS, 83, 4, 0, {}),
        (INTRODUCTION, 0, 22, 0, {}),
        (INTRODUCTION, 13, 30, 4, {}),
        (INTRODUCTION, 34, 9, 0, {}),
        (INTRODUCTION, 62, 2, 0, {}),
        (JOURNEYS, 9, 13, 0, {}),
        (JOURNEYS, 48, 5, 0, {}),
        (MANAGERS, 20, 12, 0, {}),
        (EFFECT, 30, 7, 0, {}),
        (LEADING, 38, 6, 0, {"asked": 3}),
    )
    for slug, days, booked, waiting, more in coming:
        plan = _plan(courses[slug], workday(demo.today + dt.timedelta(days=days)), _crew(chance, led), chance)
        plan.booked, plan.waiting, plan.is_marked = booked, waiting, False
        plan.asked, plan.offered = more.get("asked", 0), more.get("offered", 0)
        if slug == INTRODUCTION and days == REMOTE_IN_DAYS:
            for session in plan.sessions:
                session.place = session.address = session.room_access = ""
                session.link = MEETING
        yield plan
    last = _plan(courses[TWO_DAYS], _workday_before(demo.today - dt.timedelta(days=4)), _crew(chance, led), chance)
    last.booked, last.is_marked = 17, False
    yield last


def _crew(chance: random.Random, first: list[str] | None = None) -> list[Person]:
    """Two facilitators."""
    everyone = list(Person.objects.filter(groups__name=FACILITATOR).order_by("pk"))
    chosen = [person for person in everyone if person.email in {f"{name}@{DOMAIN}" for name in first or ()}]
    return chosen + chance.sample([person for person in everyone if person not in chosen], 2 - len(chosen))


def _plan(course: Course, first: dt.date, crew: list[Person], chance: random.Random) -> Plan:
    place, address, access = chance.choice(ROOMS)
    sessions = []
    day = first
    for title, begins, ends in BLOCKS[course.slug]:
        day = workday(day)
        sessions.append(
            Session(
                title=title, place=place, address=address, room_access=access,
                starts_at=_at(day, begins), ends_at=_at(day, ends),
            )
        )  # fmt: skip
        day += dt.timedelta(days=7 if course.slug == LEADING else 1)
    starts = sessions[0].starts_at
    occasion = Occasion(
        course=course,
        state=Occasion.State.OPEN,
        places=PLACES[course.slug],
        booking_closes_at=starts - dt.timedelta(hours=1),
        cancel_until=starts - dt.timedelta(hours=20),
        offers_until=starts - dt.timedelta(hours=20),
        starts_at=starts,
        ends_at=sessions[-1].ends_at,
    )
    return Plan(occasion, sessions, crew)


def _at(day: dt.date, hour: float) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(int(hour), int(hour % 1 * 60)), STOCKHOLM)
