from django.urls import path

from people.views import keys

urlpatterns = [
    path("min-sida/nycklar/", keys.api_keys, name="api_keys"),
    path("min-sida/nycklar/<int:pk>/aterkalla/", keys.revoke_api_key, name="revoke_api_key"),
]
