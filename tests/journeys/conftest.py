"""A small journey: Elin owns it, Kaj changes it, Märta reads it, Olle the outsider must see nothing of it."""

import itertools
import uuid

import pytest

from journeys.models import Journey, JourneyMember, Lane, Phase, Step
from journeys.ranks import ranks
from journeys.services.operations import Asked, apply_operations


@pytest.fixture
def journey(cast, now):
    return make_journey(cast, now)


def make_journey(cast, now, *, title="Elevens resa", steps=3):
    journey = Journey.objects.create(title=title, created_at=now, changed_at=now)
    JourneyMember.objects.create(journey=journey, person=cast.employee, role="owner")
    JourneyMember.objects.create(journey=journey, person=cast.colleague, role="editor")
    JourneyMember.objects.create(journey=journey, person=cast.manager, role="reader")
    phase = Phase.objects.create(journey=journey, title="Före", rank="V")
    for number, rank in enumerate(ranks(steps), 1):
        Step.objects.create(journey=journey, phase=phase, title=f"Steg {number}", rank=rank)
    Lane.objects.create(journey=journey, title="Gör", rank="V")
    Lane.objects.create(journey=journey, title="Känner", rank="W", kind="feeling")
    return journey


class Hand:
    """Does operations as one person, and answers the results."""

    def __init__(self, journey, person, now):
        self.journey, self.person, self.now = journey, person, now

    def ask(self, *asked):
        return apply_operations(self.journey, operations=asked, by=self.person, now=self.now)

    def do(self, type_, target=None, *, based_on=0, id=None, **fields):  # noqa: A002 - the operation's own word
        asked = Asked(id or uuid.uuid4(), type_, target, based_on, fields)
        return self.ask(asked).results[0]

    def add_note(self, text="Ringer skolan", *, step=None, lane=None, target=None, **fields):
        target = target or uuid.uuid4()
        step = step or self.journey.steps.first()
        lane = lane or self.journey.lanes.first()
        result = self.do("add_note", target, step=str(step.id), lane=str(lane.id), text=text, **fields)
        assert result.outcome == "applied", result
        return target, result.revision


@pytest.fixture
def elin(journey, cast, now):
    return Hand(journey, cast.employee, now)


@pytest.fixture
def kaj(journey, cast, now):
    return Hand(journey, cast.colleague, now)


@pytest.fixture
def numbers():
    return itertools.count(1)
