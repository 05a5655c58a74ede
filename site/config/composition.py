"""What rooms tell each other without knowing each other: small registries of the lower room, filled here."""

from typing import Any

from django.utils.translation import gettext_lazy as _


def join_rooms() -> None:
    """Fill the registries. Called once, when every room is loaded."""
    from config.adapters import KIND as ACCOUNT
    from config.case_journeys import case_journey
    from config.front import (
        journeys_part,
        led_part,
        left_off_part,
        next_occasions_part,
        next_thing_part,
        paths_part,
        requests_part,
    )
    from config.progress import CONTRIBUTED, parts_to_contribute, parts_to_read, read_pages
    from config.site_map import course_addresses
    from courses.programme_parts import register_part_kind
    from courses.progress import register_progress_record, register_progress_source
    from courses.search import courses_to_find
    from courses.services.ballots import ASKED, REMINDED
    from guide.case_journeys import register_case_journeys
    from guide.front import register_front_part
    from guide.search.sources import register_search_source
    from guide.site_map import register_addresses
    from insight.front import headline_part
    from letters.secret_kinds import register_secret_kind

    register_front_part("next occasions", next_occasions_part, audience="everyone", order=10)
    register_front_part("next thing", next_thing_part, audience="person", order=10)
    register_front_part("requests to decide", requests_part, audience="person", order=5)
    register_front_part("next day to lead", led_part, audience="person", order=20)
    register_front_part("left off", left_off_part, audience="person", order=25)
    register_front_part("paths", paths_part, audience="person", order=30)
    register_front_part("journeys", journeys_part, audience="person", order=50)
    register_front_part("headline figure", headline_part, audience="person", order=60)
    register_progress_source("read", read_pages)
    register_progress_record("contribute", CONTRIBUTED)
    register_part_kind("read", _("Read a page"), parts_to_read)
    register_part_kind("contribute", _("Contribute"), parts_to_contribute)
    register_case_journeys(case_journey)
    register_addresses(course_addresses)
    register_search_source("course", courses_to_find, one=_("Course"), many=_("Courses"))
    register_secret_kind(ACCOUNT)
    register_secret_kind(ASKED)
    register_secret_kind(REMINDED, tells_by_being=True)
    watch_the_courses()


def watch_the_courses() -> None:
    """A course is written by whoever administers the site, in no service of ours: a signal tells the search."""
    from django.db.models.signals import post_delete, post_save

    from courses.models import Course
    from guide.services.search_index import note_source

    def tell(**_what: Any) -> None:
        note_source("course")

    for signal in (post_save, post_delete):
        signal.connect(tell, sender=Course, weak=False, dispatch_uid=f"search-course-{id(signal)}")
