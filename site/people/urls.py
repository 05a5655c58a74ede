from django.urls import path

from people.views import duplicates, keys

urlpatterns = [
    path("personer/dubbletter/", duplicates.show, name="duplicates"),
    path("personer/dubbletter/skilj/", duplicates.apart, name="tell_apart"),
    path("personer/dubbletter/skilda/", duplicates.show_apart, name="told_apart"),
    path("personer/dubbletter/skilda/<int:pk>/ta-tillbaka/", duplicates.undo, name="take_back_told_apart"),
    path("min-sida/nycklar/", keys.api_keys, name="api_keys"),
    path("min-sida/nycklar/<int:pk>/aterkalla/", keys.revoke_api_key, name="revoke_api_key"),
]
