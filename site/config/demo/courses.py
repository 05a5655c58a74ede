"""What Skärvik teaches, and what it set out to reach."""

import datetime as dt

from django.db import transaction

from config.demo import Demo
from courses.models import Course
from insight.models import Goal

TWO_DAYS = "tjanstedesign-i-tva-dagar"
INTRODUCTION = "introduktion-till-tjanstedesign"
JOURNEYS = "anvandarresor-i-praktiken"
MANAGERS = "tjanstedesign-for-chefer"
EFFECT = "fran-ide-till-effekt"
LEADING = "leda-en-innovationsprocess"

COURSES = (
    Course(
        slug=TWO_DAYS,
        title="Tjänstedesign i två dagar",
        title_en="Service design in two days",
        outcome="Du kan ringa in en utmaning, prata med dem den gäller, ta fram idéer och testa dem billigt. "
        "Under två dagar går ni igenom guidens sex steg med ett verkligt fall från Skärvik.",
        outcome_en="You can frame a challenge, talk to the people it concerns, come up with ideas and test them "
        "cheaply. In two days you walk through the six steps of the guide with a real case from Skärvik.",
        audience="Alla medarbetare. Du behöver inte kunna något i förväg.",
        audience_en="All employees. No previous knowledge is needed.",
        hours=14,
        days=2,
    ),
    Course(
        slug=INTRODUCTION,
        title="Introduktion till tjänstedesign",
        title_en="Introduction to service design",
        outcome="Du vet vad tjänstedesign är, vilka sex steg som finns och när de hjälper dig i jobbet.",
        outcome_en="You know what service design is, which six steps there are and when they help you at work.",
        audience="Alla medarbetare, särskilt du som är ny.",
        audience_en="All employees, especially if you are new.",
        hours=2,
    ),
    Course(
        slug=JOURNEYS,
        title="Användarresor i praktiken",
        title_en="User journeys in practice",
        outcome="Du kan rita en användarresa tillsammans med andra och säga vad ni vet och vad ni bara tror.",
        outcome_en="You can map a user journey together with others and tell what you know from what you assume.",
        audience="Du som ska kartlägga en tjänst under året.",
        audience_en="Those who will map a service during the year.",
        hours=4,
    ),
    Course(
        slug=MANAGERS,
        title="Tjänstedesign för chefer",
        title_en="Service design for managers",
        outcome="Du vet vad teamet behöver av dig: tid, frågor och mod att testa i liten skala.",
        outcome_en="You know what the team needs from you: time, questions and the courage to test on a small scale.",
        audience="Chefer och ledningsgrupper.",
        audience_en="Managers and management teams.",
        hours=3,
    ),
    Course(
        slug=EFFECT,
        title="Från idé till effekt",
        title_en="From idea to effect",
        outcome="Du kan beskriva vilken nytta en idé ska göra, för vem, och hur ni märker om det blev så.",
        outcome_en="You can describe the benefit an idea should bring, to whom, and how you notice whether it did.",
        audience="Du som har gått Tjänstedesign i två dagar.",
        audience_en="Those who have completed Service design in two days.",
        hours=3,
    ),
    Course(
        slug=LEADING,
        title="Leda en innovationsprocess",
        title_en="Leading an innovation process",
        outcome="Du kan leda ett team genom de sex stegen: planera, hålla workshoppar och förankra.",
        outcome_en="You can lead a team through the six steps: plan, run workshops and anchor the result.",
        audience="Blivande processledare.",
        audience_en="Future facilitators.",
        hours=16,
        days=4,
        completion_rule=Course.CompletionRule.SHARE_OF_TIME,
        share_needed=80,
        needs_approval=True,
    ),
)
# People trained, and the share of the employees that every administration should reach.
GOALS = {TWO_DAYS: (300, 15), INTRODUCTION: (1000, 40)}


@transaction.atomic
def lay(demo: Demo) -> None:
    there = set(Course.objects.values_list("slug", flat=True))
    new = [course for course in COURSES if course.slug not in there]
    for course in new:
        course.pk = None
        course.save(force_insert=True)
        if course.slug in GOALS:
            people, share = GOALS[course.slug]
            Goal.objects.create(course=course, people=people, share=share, reach_by=dt.date(demo.today.year, 12, 31))
    demo.say(f"{len(COURSES)} courses, a goal of {GOALS[TWO_DAYS][0]} people in the two-day course")
