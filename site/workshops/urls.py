from django.urls import path

from workshops import views

urlpatterns = [
    path("workshopar/", views.workshops, name="workshops"),
    path("workshopar/ny/", views.new_workshop, name="new_workshop"),
    path("workshopar/<int:pk>/", views.workshop, name="workshop"),
    path("workshopar/<int:pk>/stang/", views.close, name="close_workshop"),
    path("w/", views.join, name="join"),
]
