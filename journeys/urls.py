from django.urls import path

from journeys import views

urlpatterns = [
    path("resor/", views.journeys, name="journeys"),
    path("resor/ny/", views.new_journey, name="new_journey"),
    path("resor/<int:pk>/", views.journey, name="journey"),
    path("resor/<int:pk>/om/", views.journey_settings, name="journey_settings"),
    path("resor/<int:pk>/deltagare/", views.journey_member, name="journey_member"),
    path("resor/<int:pk>/deltagare/<int:person>/ta-bort/", views.leave_journey, name="leave_journey"),
    path("resor/<int:pk>/lapp/", views.new_note, name="new_note"),
    path("resor/<int:pk>/lapp/<uuid:note>/", views.note, name="note"),
]
