from django.urls import path

from people.views import duplicates, keys

urlpatterns = [
    path("personer/dubbletter/", duplicates.show, name="duplicates"),
    path("min-sida/nycklar/", keys.api_keys, name="api_keys"),
    path("min-sida/nycklar/<int:pk>/aterkalla/", keys.revoke_api_key, name="revoke_api_key"),
]
