from courses.models.attendance import Attendance, AttendanceChange, Completion
from courses.models.booking import Booking, BookingEvent, CalendarEntry, Offer
from courses.models.course import Course, Occasion, Session
from courses.models.programme import Programme, ProgrammeItem

__all__ = [
    "Attendance",
    "AttendanceChange",
    "Booking",
    "BookingEvent",
    "CalendarEntry",
    "Completion",
    "Course",
    "Occasion",
    "Offer",
    "Programme",
    "ProgrammeItem",
    "Session",
]
