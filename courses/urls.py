"""Addresses of the room, inside the language prefix."""

from django.urls import path

from courses.views import (
    booking,
    catalogue,
    certificates,
    deciding,
    interest,
    leading,
    offer_by_letter,
    papers,
    planning,
)

urlpatterns = [
    path("kurser/", catalogue.show_catalogue, name="courses"),
    path("kurser/att-godkanna/", deciding.list_requests, name="requests"),
    path("kurser/att-godkanna/<int:pk>/", deciding.decide, name="decide_request"),
    path("kurser/sag-till/<uuid:key>/", interest.end, name="end_interest"),
    path("kurser/<slug:slug>/", catalogue.show_course, name="course"),
    path("kurstillfallen/<int:pk>/", catalogue.show_occasion, name="occasion"),
    path("kurstillfallen/<int:pk>/boka/", booking.book, name="book"),
    path("bokningar/<int:pk>/avboka/", booking.cancel, name="cancel_booking"),
    path("erbjudanden/svar/<str:token>/", offer_by_letter.answer, name="offer_by_letter"),
    path("erbjudanden/<int:pk>/svara/", booking.answer_offer, name="answer_offer"),
    path("processledare/", leading.list_facilitated, name="facilitated"),
    path("processledare/nytt/", planning.plan_new, name="plan_occasion"),
    path("kurstillfallen/<int:pk>/andra/", planning.change, name="change_occasion"),
    path("kurstillfallen/<int:pk>/stall-in/", planning.cancel, name="cancel_occasion"),
    path("kurstillfallen/<int:pk>/deltagare/", leading.show_participants, name="participants"),
    path("kurstillfallen/<int:pk>/deltagare/<int:booking_pk>/", leading.change_participant, name="change_participant"),
    path("kurstillfallen/<int:pk>/lista/", leading.show_roster, name="roster"),
    path("kurstillfallen/<int:pk>/dag/<int:session_pk>/", leading.show_run_sheet, name="run_sheet"),
    path("kurstillfallen/<int:pk>/dag/<int:session_pk>/narvaro/", leading.mark, name="mark_attendance"),
    path("kurstillfallen/<int:pk>/dag/<int:session_pk>/lista.pdf", papers.roster_file, name="roster_file"),
    path("kurstillfallen/<int:pk>/deltagare.<str:kind>", papers.participants_file, name="participants_file"),
    path("kurstillfallen/<int:pk>/kursbevis/", certificates.occasion_certificates, name="occasion_certificates"),
    path("min-sida/kalender/", papers.my_calendar, name="my_calendar"),
    path("kalender/<str:secret>.ics", papers.calendar_feed, name="calendar_feed"),
    path("min-sida/kursbevis/", certificates.my_certificates, name="my_certificates"),
    path("kursbevis/", certificates.check_certificate, name="check_certificate"),
    path("kursbevis/<str:number>/", certificates.check_certificate, name="certificate"),
    path("kursbevis/<str:number>/kursbevis.pdf", certificates.certificate_file, name="certificate_file"),
    path("kursbevis/<str:number>/nytt/", certificates.reissue, name="reissue_certificate"),
]
