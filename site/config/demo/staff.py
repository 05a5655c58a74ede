"""2,400 employees, some who have left, who manages what, and one log-in per role."""

import datetime as dt
import itertools
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import transaction

from config.demo import DOMAIN, PASSWORD, Demo
from config.demo.names import LONGEST, address_part, draw_name
from config.demo.organisation import ADMINISTRATIONS
from people.models import Employment, Person, Unit
from people.roles import ADMINISTRATOR, EDITOR, FACILITATOR, HR
from people.services.roles import give_role

EMPLOYEES = 2400
LEFT = 130
MOVED = 170
TITLES = {
    "BUF": ["Förskollärare", "Barnskötare", "Lärare", "Elevassistent", "Specialpedagog", "Skoladministratör"],
    "VOF": ["Undersköterska", "Vårdbiträde", "Sjuksköterska", "Stödassistent", "Arbetsterapeut", "Biståndshandläggare"],
    "IAF": ["Socialsekreterare", "Behandlare", "Arbetsmarknadskonsulent", "Handläggare"],
    "MSF": ["Bygglovshandläggare", "Planarkitekt", "Miljöinspektör", "Ingenjör"],
    "TSF": ["Lokalvårdare", "Kock", "Drifttekniker", "Parkarbetare", "Projektledare"],
    "KFF": ["Bibliotekarie", "Kulturskolelärare", "Fritidsledare", "Museipedagog"],
    "RTJ": ["Brandman", "Brandinspektör"],
    "KLF": ["Handläggare", "Verksamhetsutvecklare", "Systemförvaltare", "Kommunvägledare", "Ekonom"],
    "REV": ["Revisor"],
}


@dataclass(frozen=True)
class LogIn:
    address: str
    given_name: str
    family_name: str
    unit: str
    title: str
    role: str | None = None
    manages: bool = False


# chef@ is the manager of medarbetare@'s unit.
LOG_INS = (
    LogIn("chef", "Märta", "Öhlén", "KLF-401", "Enhetschef", manages=True),
    LogIn("medarbetare", "Elin", "Åkerblom", "KLF-401", "Kommunvägledare"),
    LogIn("processledare", "Amir", "Hägg", "KLF-101", "Processledare", FACILITATOR),
    LogIn("hr", "Hanna", "Lindé", "KLF-202", "HR-strateg", HR),
    LogIn("redaktor", "Edvin", "Säfström", "KLF-402", "Kommunikatör", EDITOR),
    LogIn("admin", "Agnes", "Ljungvall", "KLF-103", "Systemförvaltare", ADMINISTRATOR),
)


def log_in(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@transaction.atomic
def lay(demo: Demo) -> None:
    if not Person.objects.filter(employee_id="S00001").exists():
        chance = demo.chance("staff")
        units = {unit.code: unit for unit in Unit.objects.all()}
        places = _places(units, chance)
        people = _make_people(demo, chance, places)
        _employ(demo, chance, people, places, units)
        _name_managers(units)
        _give_roles(people, chance)
    demo.say(f"{EMPLOYEES} employees; log-ins {', '.join(account.address + '@' for account in LOG_INS)}")


def _places(units: dict[str, Unit], chance: random.Random) -> list[Unit]:
    """The unit of each of the 2,400: the log-ins first, then every unit some, leaders above them one each."""
    places = [units[account.unit] for account in LOG_INS]
    places += [unit for code, unit in sorted(units.items()) if "-" not in code or len(code) == len("KLF-1")]
    places += [units["REV"]] * 3
    weights: list[float] = []
    leaves: list[Unit] = []
    for top, (_name, share, _departments) in ADMINISTRATIONS.items():
        below = [unit for code, unit in sorted(units.items()) if code.startswith(f"{top}-") and len(code) > 5]
        sizes = [chance.uniform(0.5, 1.6) for _unit in below]
        leaves += below
        weights += [share * size / sum(sizes) for size in sizes]
    places += [unit for unit in leaves for _one in range(4)]
    return places + chance.choices(leaves, weights, k=EMPLOYEES - len(places))


def _make_people(demo: Demo, chance: random.Random, places: list[Unit]) -> list[Person]:
    password = make_password(PASSWORD)  # once: it is meant to be slow
    taken: Counter[str] = Counter()
    people = []
    for number in range(1, len(places) + LEFT + 1):
        account = LOG_INS[number - 1] if number <= len(LOG_INS) else None
        given, family = (account.given_name, account.family_name) if account else draw_name(chance)
        if number == len(LOG_INS) + 1:
            given, family = LONGEST
        address = account.address if account else f"{address_part(given)}.{address_part(family)}"[:55]
        taken[address] += 1
        doubled = f"{address}{taken[address]}" if taken[address] > 1 else address
        people.append(
            Person(
                employee_id=f"S{number:05}",
                email=f"{doubled}@{DOMAIN}",
                given_name=given,
                family_name=family,
                password=password if account else f"{UNUSABLE_PASSWORD_PREFIX}demo{number:05}",
                is_active=number <= len(places),
                date_joined=demo.now,
            )
        )
    return Person.objects.bulk_create(people, batch_size=1000)


def _employ(
    demo: Demo, chance: random.Random, people: list[Person], places: list[Unit], units: dict[str, Unit]
) -> None:
    """Main employments; some moved here from another unit, some have left, a few work in two places."""
    anywhere = sorted(units.values(), key=lambda unit: unit.code)
    rows: list[Employment] = []
    movers = set(chance.sample(range(len(LOG_INS), len(places)), MOVED))
    for index, (person, unit) in enumerate(zip(people, places, strict=False)):
        began = demo.today - dt.timedelta(days=_days_employed(index, chance))
        title = LOG_INS[index].title if index < len(LOG_INS) else _title(unit, chance)
        if index in movers:
            moved = demo.today - dt.timedelta(days=chance.randint(40, 900))
            began = min(began, moved - dt.timedelta(days=400))
            before = chance.choice([other for other in anywhere if other.code != "REV" and other != unit])
            rows.append(_employment(person, before, _title(before, chance), began, moved - dt.timedelta(days=1)))
            began = moved
        rows.append(_employment(person, unit, title, began, None))
        if chance.random() < 0.01:
            other = chance.choice(anywhere)
            rows.append(_employment(person, other, _title(other, chance), began, None, is_main=False))
    for person in people[len(places) :]:
        unit = chance.choice([other for other in anywhere if len(other.code) > 5])
        ended = demo.today - dt.timedelta(days=chance.randint(20, 1000))
        began = ended - dt.timedelta(days=chance.randint(400, 4000))
        rows.append(_employment(person, unit, _title(unit, chance), began, ended))
    Employment.objects.bulk_create(rows, batch_size=1000)


def _days_employed(index: int, chance: random.Random) -> int:
    if index < len(LOG_INS) or chance.random() < 0.8:
        return chance.randint(1150, 7000)
    return chance.randint(10, 1150)


def _employment(
    person: Person, unit: Unit, title: str, began: dt.date, ended: dt.date | None, *, is_main: bool = True
) -> Employment:
    return Employment(person=person, unit=unit, title=title, starts_on=began, ends_on=ended, is_main=is_main)


def _title(unit: Unit, chance: random.Random) -> str:
    return chance.choice(TITLES[unit.code[:3]])


def _name_managers(units: dict[str, Unit]) -> None:
    """The first employee of each unit manages it; in the unit of the log-ins it is chef@."""
    first: dict[int, Employment] = {}
    for employment in Employment.objects.filter(is_main=True, ends_on=None).order_by("person_id"):
        first.setdefault(employment.unit_id, employment)
    leads = {account.unit: f"{account.address}@{DOMAIN}" for account in LOG_INS if account.manages}
    plain = {f"{account.address}@{DOMAIN}" for account in LOG_INS if not account.manages}
    addresses = dict(Person.objects.filter(email__in=[*leads.values(), *plain]).values_list("email", "pk"))
    logged_in = {addresses[address] for address in plain}
    for code, unit in units.items():
        chosen = addresses[leads[code]] if code in leads else None
        if chosen is None and unit.pk in first and first[unit.pk].person_id not in logged_in:
            chosen = first[unit.pk].person_id
        unit.manager_id = chosen or _next_in(unit, logged_in)
    Unit.objects.bulk_update(units.values(), ["manager"], batch_size=200)
    managers = {unit.manager_id: unit for unit in units.values()}
    led = [row for row in first.values() if row.person_id in managers]
    for employment in led:
        employment.title = "Enhetschef" if len(managers[employment.person_id].code) > 5 else "Verksamhetschef"
    Employment.objects.bulk_update(led, ["title"], batch_size=200)


def _next_in(unit: Unit, not_these: set[int]) -> int | None:
    row = (
        Employment.objects.filter(unit=unit, is_main=True, ends_on=None)
        .exclude(person_id__in=not_these)
        .order_by("person_id")
        .first()
    )
    return row.person_id if row else None


def _give_roles(people: list[Person], chance: random.Random) -> None:
    for account, person in zip(LOG_INS, people, strict=False):
        if account.role:
            give_role(person, role=account.role)
    for person in itertools.islice(_facilitators(), 5):
        give_role(person, role=FACILITATOR)


def _facilitators() -> Iterator[Person]:
    """Colleagues of processledare@, so that no occasion hangs on one person."""
    yield from (
        Person.objects.filter(employments__unit__code="KLF-101", employments__ends_on=None, is_active=True)
        .exclude(email__in=[f"{account.address}@{DOMAIN}" for account in LOG_INS])
        .order_by("pk")
    )
