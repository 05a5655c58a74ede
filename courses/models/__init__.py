from courses.models.attendance import Attendance, AttendanceChange, Completion
from courses.models.booking import Booking, BookingEvent, Offer
from courses.models.calendar import CalendarEntry, CalendarFeed
from courses.models.certificate import Certificate
from courses.models.course import Course, Occasion, Session
from courses.models.interest import Interest
from courses.models.making_up import MadeUpDay
from courses.models.message import MessageReceiver, OccasionMessage
from courses.models.needs import BookingNeeds
from courses.models.programme import Programme, ProgrammeItem
from courses.models.reservation import Reservation

__all__ = [
    "Attendance",
    "AttendanceChange",
    "Booking",
    "BookingEvent",
    "BookingNeeds",
    "CalendarEntry",
    "CalendarFeed",
    "Certificate",
    "Completion",
    "Course",
    "Interest",
    "MadeUpDay",
    "MessageReceiver",
    "Occasion",
    "OccasionMessage",
    "Offer",
    "Programme",
    "ProgrammeItem",
    "Reservation",
    "Session",
]
