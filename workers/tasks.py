"""The tasks: doorbells with names. Each asks the room it belongs to to do what is due now; none holds a rule."""

import logging

import django
from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

django.setup()

from courses.checks import find_faults
from courses.services.approval import lapse_requests
from courses.services.evaluating import look_after_evaluations
from courses.services.hand_ins import erase_hand_ins
from courses.services.interest import tell_interested
from courses.services.judging_anew import judge_due
from courses.services.leaving import cancel_for_those_who_left
from courses.services.needs import erase_needs
from courses.services.offers import lapse_offers
from courses.services.reminders import write_reminders
from courses.services.rooms import erase_claims
from courses.services.task_reminders import write_task_reminders
from courses.services.telling import tell_news
from guide.services.external_links import check_links
from guide.services.keeping import sweep_documents
from guide.services.opinions import forget_sentences
from guide.services.publishing import publish_due
from guide.services.search_index import mend_index
from insight.services.closing import close_reports
from letters.services.sending import recover_letters, send_due

logger = logging.getLogger(__name__)

# Every task here may be run again at any moment, so it is acknowledged when it is done: a message whose worker
# died is given to another.
doorbell = {"acks_late": True, "ignore_result": True}


@shared_task(name="letters.send_due", **doorbell)
def send_due_letters() -> None:
    send_due()


@shared_task(name="letters.recover", **doorbell)
def look_after_silent_senders() -> None:
    recover_letters(now=timezone.now())


@shared_task(name="people.clear_sessions", **doorbell)
def clear_old_sessions() -> None:
    call_command("clearsessions")


@shared_task(name="courses.tell_news", **doorbell)
def tell_news_of_courses() -> None:
    tell_news(now=timezone.now())


@shared_task(name="courses.lapse_offers", **doorbell)
def pass_on_offers() -> None:
    lapse_offers(now=timezone.now())


@shared_task(name="courses.lapse_requests", **doorbell)
def pass_on_what_nobody_answered() -> None:
    lapse_requests(now=timezone.now())


@shared_task(name="courses.tell_interested", **doorbell)
def tell_those_who_want_a_course() -> None:
    tell_interested(now=timezone.now())


@shared_task(name="courses.pass_on_after_leaving", **doorbell)
def pass_on_places_of_those_who_left() -> None:
    cancel_for_those_who_left(now=timezone.now())


@shared_task(name="courses.erase_needs", **doorbell)
def erase_what_people_needed() -> None:
    erase_needs(now=timezone.now())


@shared_task(name="courses.erase_claims", **doorbell)
def erase_who_said_to_be_there() -> None:
    erase_claims(now=timezone.now())


@shared_task(name="courses.erase_hand_ins", **doorbell)
def erase_what_people_handed_in() -> None:
    erase_hand_ins(now=timezone.now())


@shared_task(name="courses.write_reminders", **doorbell)
def remind_of_course_days() -> None:
    write_reminders(now=timezone.now())
    write_task_reminders(now=timezone.now())


@shared_task(name="courses.look_after_evaluations", **doorbell)
def ask_what_they_thought() -> None:
    look_after_evaluations(now=timezone.now())


@shared_task(name="courses.judge_due", **doorbell)
def judge_those_who_are_asked_for_less() -> None:
    judge_due(now=timezone.now())


@shared_task(name="courses.check_places", **doorbell)
def check_places() -> None:
    """Shouts in the log; an operator's alarm listens for level ERROR."""
    for fault in find_faults(now=timezone.now()):
        logger.error("Places do not agree: %s", fault)


@shared_task(name="guide.sweep_documents", **doorbell)
def sweep_kept_documents() -> None:
    sweep_documents(now=timezone.now())


@shared_task(name="insight.close_reports", **doorbell)
def close_reports_of_days_gone_by() -> None:
    close_reports(now=timezone.now())


@shared_task(name="guide.mend_search", **doorbell)
def mend_search() -> None:
    """What a process that died between publishing and indexing left out is found after all."""
    if wrong := mend_index():
        logger.warning("The search index was wrong about %s pages; now it is right.", wrong)


@shared_task(name="guide.publish_due", **doorbell)
def publish_pages_by_the_clock() -> None:
    publish_due(now=timezone.now())


@shared_task(name="guide.check_links", **doorbell)
def check_links_out_of_the_site() -> None:
    """Rung each night; a link's own turn comes once a week."""
    check_links(now=timezone.now())


@shared_task(name="guide.forget_sentences", **doorbell)
def forget_what_readers_wrote_long_ago() -> None:
    forget_sentences(now=timezone.now())
