from courses.models.attendance import Attendance, AttendanceChange, Completion
from courses.models.booking import Booking, BookingEvent, Offer
from courses.models.calendar import CalendarEntry, CalendarFeed
from courses.models.certificate import Certificate
from courses.models.course import Course, Occasion, Session
from courses.models.programme import Programme, ProgrammeItem
from courses.models.reservation import Reservation

__all__ = [
    "Attendance",
    "AttendanceChange",
    "Booking",
    "BookingEvent",
    "CalendarEntry",
    "CalendarFeed",
    "Certificate",
    "Completion",
    "Course",
    "Occasion",
    "Offer",
    "Programme",
    "ProgrammeItem",
    "Reservation",
    "Session",
]
