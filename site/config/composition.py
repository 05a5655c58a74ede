"""What rooms tell each other without knowing each other: small registries of the lower room, filled here."""


def join_rooms() -> None:
    """Fill the registries. Called once, when every room is loaded."""
    from config.front import (
        journeys_part,
        led_part,
        left_off_part,
        next_occasions_part,
        next_thing_part,
        paths_part,
        requests_part,
    )
    from config.progress import read_pages
    from courses.progress import register_progress_source
    from guide.front import register_front_part
    from insight.front import headline_part

    register_front_part("next occasions", next_occasions_part, audience="everyone", order=10)
    register_front_part("next thing", next_thing_part, audience="person", order=10)
    register_front_part("requests to decide", requests_part, audience="person", order=5)
    register_front_part("next day to lead", led_part, audience="person", order=20)
    register_front_part("left off", left_off_part, audience="person", order=25)
    register_front_part("paths", paths_part, audience="person", order=30)
    register_front_part("journeys", journeys_part, audience="person", order=50)
    register_front_part("headline figure", headline_part, audience="person", order=60)
    register_progress_source("read", read_pages)
