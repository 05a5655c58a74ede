"""What people are told: one letter for each thing, and calendars that show the days as they stand."""

import datetime as dt
import hashlib

from django.db.models import Count
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from icalendar import Calendar

from courses.models import Booking, Certificate, Completion, Occasion
from courses.own_days import days_of
from courses.services.calendar import uid_of
from courses.services.certificates import reissue_certificate
from courses.services.interest import tell_interested
from courses.services.telling import COMPLETION_RESTS, tell_news
from letters.models import Letter
from tests.courses.ways.days import Days
from tests.courses.ways.places import WHICH

GENUINE = {"superseded_at": None, "withdrawn_at": None}


class Telling(Days):
    def __init__(self):
        super().__init__()
        # What each calendar holds by the letters alone: by person and UID the event that was sent last.
        self.calendars = {}
        self.read_to = Letter.objects.count() and Letter.objects.latest("id").pk
        self.bytes_of = {}

    @rule()
    def the_news_is_told(self):
        tell_news(now=self.now)
        tell_interested(now=self.now)
        self.done["tell_news"] += 1
        assert tell_news(now=self.now) == tell_interested(now=self.now) == 0
        self.letters_arrive()
        self.calendars_show_the_days_that_are_to_come()
        self.whoever_is_trained_has_one_certificate()

    @rule(hours=st.sampled_from([1, 30, 72]))
    def time_goes_by_and_the_sweeps_tell(self, hours):
        self.clock_to(self.now + dt.timedelta(hours=hours))
        self.the_news_is_told()

    @precondition(lambda self: Certificate.objects.exists())
    @rule(which=WHICH, name=st.sampled_from(["Åsa Öberg", "Åsa Öberg-Ek", ""]))
    def a_certificate_is_issued_anew(self, which, name):
        certificate = self.some(list(Certificate.objects.order_by("id")), which)
        self.attempt(
            reissue_certificate, certificate, name=name, hours=certificate.hours, why="Fel namn", by=self.facilitator
        )

    def letters_arrive(self):
        for letter in Letter.objects.filter(pk__gt=self.read_to).order_by("id").prefetch_related("attachments"):
            self.read_to = letter.pk
            for part in letter.attachments.all():
                if part.content_type.startswith("text/calendar"):
                    self.take_in(letter.person_id, bytes(part.content), part.content_type)

    def take_in(self, person, content, content_type):
        calendar = Calendar.from_ical(content)
        method = str(calendar["METHOD"])
        assert f"method={method};" in content_type
        (event,) = calendar.walk("VEVENT")
        uid = str(event["UID"])
        known = self.calendars.get((person, uid))
        assert not any(other != person for other, name in self.calendars if name == uid)
        if known is None:
            assert method == "REQUEST"
        else:
            assert event["SEQUENCE"] > known["sequence"]
        self.done[method] += 1
        self.calendars[person, uid] = {
            "sequence": int(event["SEQUENCE"]), "stands": method == "REQUEST", "from": event.start, "to": event.end,
        }  # fmt: skip

    def calendars_show_the_days_that_are_to_come(self):
        """Of those who are booked; and of whoever came to lead an occasion, and did not plan it."""
        shown = {
            (person, uid, event["from"], event["to"])
            for (person, uid), event in self.calendars.items()
            if event["stands"] and event["to"] > self.now and person not in {self.facilitator.pk, self.second.pk}
        }
        booked = Booking.objects.filter(state="booked").select_related("occasion")
        days = {
            (booking.person_id, uid_of(booking, session), session.starts_at, session.ends_at)
            for booking in booked
            for session in days_of(booking)
            if session.ends_at > self.now
        }
        assert (shown - days, days - shown) == (set(), set())
        led = {
            (event["from"], event["to"])
            for (person, _uid), event in self.calendars.items()
            if event["stands"] and event["to"] > self.now and person == self.second.pk
        }
        assert led == {
            (session.starts_at, session.ends_at)
            for occasion in Occasion.objects.filter(facilitators=self.second, state="open")
            for session in occasion.sessions.filter(ends_at__gt=self.now)
        }

    def whoever_is_trained_has_one_certificate(self):
        rested = Completion.objects.filter(withdrawn_at=None, recorded_at__lte=self.now - COMPLETION_RESTS)
        genuine = dict(Certificate.objects.filter(**GENUINE).values_list("completion", "completed_on"))
        for completion in rested:
            assert genuine[completion.pk] == completion.completed_on
            self.done["certificate"] += 1
        for certificate in Certificate.objects.all():
            content = bytes(certificate.content)
            assert hashlib.sha256(content).hexdigest() == certificate.sha256
            assert self.bytes_of.setdefault(certificate.number, content) == content

    @invariant()
    def at_most_one_certificate_is_genuine_and_none_of_what_was_withdrawn(self):
        genuine = Certificate.objects.filter(**GENUINE)
        assert not genuine.exclude(completion__withdrawn_at=None).exists()
        several = genuine.order_by().values("completion").annotate(many=Count("id")).filter(many__gt=1)
        assert not several.exists()
