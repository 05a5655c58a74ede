"""The room's part of the API, included by config.api."""

from django.urls import path

from courses import api

urlpatterns = [
    path("courses/", api.CourseList.as_view(), name="api_courses"),
    path("occasions/", api.OccasionList.as_view(), name="api_occasions"),
    path("occasions/<int:pk>/bookings/", api.OccasionBookings.as_view(), name="api_occasion_bookings"),
    path("bookings/", api.BookingList.as_view(), name="api_bookings"),
    path("bookings/<int:pk>/", api.BookingDetail.as_view(), name="api_booking"),
]
