from django.urls import path

from letters.views import letters as views

urlpatterns = [
    path("utskick/", views.letters, name="letters"),
    path("utskick/<int:pk>/", views.letter, name="letter"),
    path("utskick/<int:pk>/beslut/", views.decide, name="decide_letter"),
    path("utskick/<int:pk>/sida/", views.letter_page, name="letter_page"),
    path("utskick/<int:pk>/bilaga/<int:attachment_pk>/", views.letter_attachment, name="letter_attachment"),
    path("min-sida/brev/<int:pk>/", views.my_letter, name="my_letter"),
]
