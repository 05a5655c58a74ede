"""*Tre intervjuer*: what is done between the two days, and what those on the next occasion have handed in."""

import datetime as dt

from django.db import transaction

from config.demo import Demo
from config.demo.courses import TWO_DAYS
from courses.models import Booking, Course, HandIn, HandInPiece, Occasion, Task

TITLE = "Tre intervjuer"
TEXT = (
    "Prata med tre personer som din tjänst är till för, en i taget. Be dem berätta om den senaste gången de behövde "
    "den: vad hände först, vad kom sedan, när blev det svårt? Lyssna mer än du frågar.\n\n"
    "Skriv några rader om varje samtal redan samma dag: vad personen gjorde, vad som förvånade dig och ett citat."
)
TEXT_EN = (
    "Talk to three people your service is for, one at a time. Ask them to tell you about the last time they needed "
    "it: what happened first, what came next, when did it get hard? Listen more than you ask.\n\n"
    "Write a few lines about each talk the same day: what the person did, what surprised you, and a quotation."
)
HEARD = (
    (
        "Ringde tre gånger innan någon svarade. Hade redan fyllt i blanketten på nätet, men visste inte om den kommit "
        "fram. ”Jag vill bara veta att någon har sett den.” Det förvånade mig att ingen hade frågat om det förut."
    ),
    (
        "Kom in till kontaktcenter med hela familjen för att slippa förklara allt två gånger. Det svåraste var att "
        "inte veta vad nästa steg var. ”Man får känna sig dum när man frågar igen.”"
    ),
    (
        "Gav upp första gången och försökte igen efter en månad, då en granne hjälpte till. Det som löste det var ett "
        "telefonnummer till en person, inte till en växel."
    ),
)


@transaction.atomic
def lay(demo: Demo) -> None:
    course = Course.objects.get(slug=TWO_DAYS)
    # Occasions that were held before there was a task are left as they were.
    task, new = Task.objects.get_or_create(
        course=course,
        title=TITLE,
        defaults={
            "title_en": "Three interviews", "text": TEXT, "text_en": TEXT_EN, "pieces": 3, "piece_name": "Intervju",
            "piece_name_en": "Interview", "made_at": demo.now - dt.timedelta(hours=1),
        },
    )  # fmt: skip
    if new:
        _hand_in(task, demo)
    demo.say(f"{task.title}: {task.hand_ins.count()} hand-ins")


def _hand_in(task: Task, demo: Demo) -> None:
    """Some of those who come to the next occasion are early."""
    coming = Occasion.objects.filter(course=task.course_id, state=Occasion.State.OPEN, starts_at__gt=demo.now)
    occasion = coming.order_by("starts_at", "id").first()
    if occasion is None:
        return
    booked = Booking.objects.filter(occasion=occasion, state=Booking.State.BOOKED).order_by("person__sort_key", "id")
    for number, booking in enumerate(booked[:5]):
        at = demo.now - dt.timedelta(minutes=40 - 5 * number)
        hand_in = HandIn.objects.create(
            task=task, person_id=booking.person_id, handed_in_at=at, changed_at=at, version=1
        )
        HandInPiece.objects.bulk_create(
            HandInPiece(hand_in=hand_in, number=part + 1, text=HEARD[(number + part) % len(HEARD)]) for part in range(3)
        )
