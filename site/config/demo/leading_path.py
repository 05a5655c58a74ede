"""*Leda en workshop*: a learning path with a task of its own, and a journey to contribute to."""

import datetime as dt
from typing import Any

from django.db import transaction

from config.demo import Demo
from config.demo.courses import LEADING
from config.demo.journeys import PUPIL
from config.demo.staff import log_in
from courses.models import Course, HandIn, HandInPiece, Programme, ProgrammeItem, Task
from journeys.models import Journey

SLUG = "leda-en-workshop"
TEXT = "När du har gått den här vägen har du hållit i en workshop och vet vad du gör annorlunda nästa gång."
TEXT_EN = "When you have walked this path you have run a workshop and know what to do differently the next time."
TASK = (
    "Håll i en workshop på högst en timme med dina egna kollegor. Skriv sedan några rader till dig själv: vad fick "
    "igång dem, när tystnade de, och vad gör du annorlunda nästa gång?"
)
TASK_EN = (
    "Run a workshop of at most an hour with your own colleagues. Then write a few lines to yourself: what got them "
    "going, when did they fall silent, and what will you do differently the next time?"
)
LEARNT = (
    "Det som fick igång dem var att alla skrev tyst i tre minuter först. De tystnade när jag började förklara metoden. "
    "Nästa gång visar jag ett exempel i stället."
)


@transaction.atomic
def lay(demo: Demo) -> None:
    defaults = {"title": "Leda en workshop", "title_en": "Run a workshop", "text": TEXT, "text_en": TEXT_EN}
    programme, new = Programme.objects.get_or_create(slug=SLUG, defaults=defaults)
    if new:
        _lay_parts(programme, demo)
    demo.say(f"{programme.title}: {programme.items.count()} things to do")


def _lay_parts(programme: Programme, demo: Demo) -> None:
    made_at = demo.now - dt.timedelta(days=20)
    task = Task.objects.create(
        programme=programme, title="Vad tar du med dig?", title_en="What do you take along?", text=TASK,
        text_en=TASK_EN, takes=Task.Takes.EITHER, made_at=made_at,
    )  # fmt: skip
    course = Course.objects.get(slug=LEADING)
    attend = {"title": f"Gå {course.title}", "title_en": f"Attend {course.title_en}", "course": course}
    do = {"title": f"Gör uppgiften {task.title}", "title_en": f"Do the task {task.title_en}", "task": task}
    parts: list[dict[str, Any]] = [{"kind": "attend", **attend}, _contribute(), {"kind": "task", **do}]
    for position, part in enumerate(parts, start=1):
        ProgrammeItem.objects.create(programme=programme, position=position, **part)
    programme.readers.add(log_in("processledare"))
    at = demo.now - dt.timedelta(days=2)
    hand_in = HandIn.objects.create(task=task, person=log_in("redaktor"), handed_in_at=at, changed_at=at, version=1)
    HandInPiece.objects.create(hand_in=hand_in, number=1, text=LEARNT)


def _contribute() -> dict[str, str]:
    journey = Journey.objects.filter(title=PUPIL["title"], visibility="everyone").order_by("pk").first()
    if journey is None:
        return {"kind": "contribute", "title": "Bidra till en användarresa", "title_en": "Contribute to a user journey"}
    title, title_en = f"Bidra till {journey.title}", f"Contribute to {journey.title}"
    return {"kind": "contribute", "title": title, "title_en": title_en, "key": str(journey.pk)}
