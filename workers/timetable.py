"""When the bells ring, in UTC. What is due is decided by the task, on rows; a bell rung twice does nothing twice.

A bell that waited in the queue longer than until its next stroke is thrown away (`expires`), so that a worker that
was away does not find a thousand of them.
"""

from typing import Any

from celery.schedules import crontab, schedule


def every(seconds: int, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": schedule(seconds), "options": {"expires": max(seconds - 1, 5)}}


def nightly(hour: int, minute: int, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": crontab(hour=hour, minute=minute), "options": {"expires": 3600}}


TIMETABLE = {
    "send letters": every(10, "letters.send_due"),
    "look after letters whose sender fell silent": every(60, "letters.recover"),
    "write letters about bookings": every(5, "courses.tell_news"),
    "pass on offers that ran out": every(60, "courses.lapse_offers"),
    "let requests lapse that nobody answered": every(60, "courses.lapse_requests"),
    "tell those who want a course of its occasions": every(300, "courses.tell_interested"),
    "pass on the places of those who left": every(3600, "courses.pass_on_after_leaving"),
    "erase what people needed": nightly(2, 50, "courses.erase_needs"),
    "erase who said to be there": nightly(2, 52, "courses.erase_claims"),
    "erase what people handed in": nightly(2, 55, "courses.erase_hand_ins"),
    "judge those of whom the course asks for less": every(30, "courses.judge_due"),
    "remind of course days": every(300, "courses.write_reminders"),
    "ask what those who were there thought": every(5, "courses.look_after_evaluations"),
    "prove that places agree": every(3600, "courses.check_places"),
    "sweep documents that nobody asks for": nightly(2, 40, "guide.sweep_documents"),
    "close the reports of days gone by": every(3600, "insight.close_reports"),
    "mend the search index": every(600, "guide.mend_search"),
    "publish pages by the clock": every(60, "guide.publish_due"),
    "look at links out of the site": nightly(1, 10, "guide.check_links"),
    "forget what readers wrote long ago": nightly(2, 40, "guide.forget_sentences"),
    "clear old sessions": nightly(2, 20, "people.clear_sessions"),
}
