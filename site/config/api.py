"""The root of the API: each room's part, the schema and a page to read it on."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

import courses.api
import insight.api
import journeys.api

urlpatterns = [
    path("", include(courses.api.urlpatterns)),
    path("", include(journeys.api.urlpatterns)),
    path("", include(insight.api.urlpatterns)),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
]
