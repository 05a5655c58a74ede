from django.urls import path

from insight import views

urlpatterns = [
    path("uppfoljning/", views.headcount, name="headcount"),
    path("uppfoljning/personer/", views.headcount_people, name="headcount_people"),
]
