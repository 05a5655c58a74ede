from courses.models.agenda import AgendaItem, OpenPoint
from courses.models.attendance import Attendance, AttendanceChange, Completion
from courses.models.booking import Booking, BookingEvent, LateWord, Offer
from courses.models.calendar import CalendarEntry, CalendarFeed, LeaderEntry
from courses.models.certificate import Certificate
from courses.models.course import Course, Occasion, Session
from courses.models.evaluation import (
    Ballot,
    BallotBox,
    Evaluation,
    EvaluationFigure,
    EvaluationForm,
    EvaluationText,
)
from courses.models.interest import Interest
from courses.models.making_up import MadeUpDay
from courses.models.message import MessageReceiver, OccasionMessage
from courses.models.needs import BookingNeeds
from courses.models.programme import Programme, ProgrammeCompletion, ProgrammeItem
from courses.models.reservation import Reservation
from courses.models.room import PresenceClaim, RoomCode
from courses.models.task import HandIn, HandInFile, HandInPiece, Task

__all__ = [
    "AgendaItem",
    "Attendance",
    "AttendanceChange",
    "Ballot",
    "BallotBox",
    "Booking",
    "BookingEvent",
    "BookingNeeds",
    "CalendarEntry",
    "CalendarFeed",
    "Certificate",
    "Completion",
    "Course",
    "Evaluation",
    "EvaluationFigure",
    "EvaluationForm",
    "EvaluationText",
    "HandIn",
    "HandInFile",
    "HandInPiece",
    "Interest",
    "LateWord",
    "LeaderEntry",
    "MadeUpDay",
    "MessageReceiver",
    "Occasion",
    "OccasionMessage",
    "Offer",
    "OpenPoint",
    "PresenceClaim",
    "Programme",
    "ProgrammeCompletion",
    "ProgrammeItem",
    "Reservation",
    "RoomCode",
    "Session",
    "Task",
]
