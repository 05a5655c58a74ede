"""From the task between the days to a certificate that a stranger checks."""

import pytest

from tests.support.browser import check, forgive, visit
from tests.walkthroughs.test_attendance import wait_until_sent

# A course of its own, in no list, with day one two days ago and day two in a moment; a path that holds it.
LAY = """
import datetime as dt
from courses.models import Course, Programme, ProgrammeItem, Task
from courses.services.booking import book_place
from courses.services.occasions import OccasionPlan, SessionPlan, create_occasion
from django.utils import timezone
from people.models import Person
now = timezone.now()
course = Course.objects.create(slug="vandring", title="Lyssna i två dagar", hours=8, days=2, is_listed=False)
task = Task.objects.create(course=course, title="Två samtal", text="Prata med två personer.", pieces=2,
    piece_name="Samtal", made_at=now - dt.timedelta(days=9), required_since=now - dt.timedelta(days=9))
starts = [now - dt.timedelta(days=2), now + dt.timedelta(minutes=5)]
days = [SessionPlan(starts_at=at, ends_at=at + dt.timedelta(hours=1), place="Rådhuset") for at in starts]
plan = OccasionPlan(places=5, booking_closes_at=starts[0], cancel_until=starts[0], offers_until=starts[0],
    offer_hours=8)
leader = Person.objects.get(email="processledare@skarvik.example")
occasion = create_occasion(course, plan=plan, sessions=days, facilitators=[leader])
person = Person.objects.get(email="redaktor@skarvik.example")

book_place(occasion, person=person, now=starts[0] - dt.timedelta(days=1))
path = Programme.objects.create(slug="lyssna", title="Att lyssna", title_en="To listen")
ProgrammeItem.objects.create(programme=path, position=1, kind="attend", title="Gå kursen", course=course)
ProgrammeItem.objects.create(programme=path, position=2, kind="task", title="Gör uppgiften", task=task)
print("laid", task.pk, occasion.pk, *[session.pk for session in occasion.sessions.all()])
"""


@pytest.mark.long
def test_a_task_is_done_between_the_days_and_the_path_ends_in_a_certificate(site, open_page, log_in):
    laid = site.manage("shell", "-c", LAY)
    task, occasion, first, second = next(line for line in laid.splitlines() if line.startswith("laid")).split()[1:]

    person = log_in("redaktor")
    visit(person, f"/uppgifter/{task}/")
    person.get_by_label("Din text").nth(0).fill("Han ringde tre gånger.")
    # What is typed is there again after the page was left.
    person.reload()
    person.get_by_text("Det du skrev innan du lämnade sidan är tillbaka.").wait_for()
    person.get_by_role("button", name="Lämna in").press("Enter")
    person.get_by_text("1 av 2 delar finns med.").first.wait_for()
    forgive(person)  # the browser writes a refusal into its console
    check(person)
    person.get_by_label("En fil").nth(1).set_input_files(
        {"name": "samtal.exe", "mimeType": "text/plain", "buffer": b"%PDF-1.7 anteckningar"}
    )
    person.get_by_role("button", name="Lämna in").press("Enter")
    person.get_by_text("Uppgiften är inlämnad.").wait_for()
    check(person)

    leader = log_in("processledare")
    visit(leader, f"/kurstillfallen/{occasion}/dag/{second}/")
    leader.get_by_role("link", name="Två samtal").click()
    check(leader)
    leader.get_by_role("main").locator(".hand-ins a").first.click()
    leader.get_by_role("link", name="samtal.pdf").wait_for()
    leader.get_by_label("Några ord tillbaka").fill("Fint lyssnat!")
    check(leader)
    leader.get_by_role("button", name="Markera som läst").press("Enter")
    leader.get_by_text("Markerad som läst.").wait_for()

    for day in (first, second):
        visit(leader, f"/kurstillfallen/{occasion}/dag/{day}/", checked=False)
        leader.wait_for_selector("html[data-attendance=ready]")
        leader.get_by_role("button", name="Markera resten som närvarande").click()
        leader.locator(".attendance__person[data-state=present]").wait_for()
        wait_until_sent(leader)

    visit(person, "/larvagar/lyssna/")
    person.get_by_role("button", name="Hämta ditt kursbevis").press("Enter")
    certificate = person.get_by_role("link", name="Sidan som andra ser").get_attribute("href")
    check(person)
    stranger = open_page()
    visit(stranger, certificate)
    stranger.get_by_role("heading", name="Kursbeviset är äkta").wait_for()
    assert "Gör uppgiften" in stranger.locator("main").inner_text()
