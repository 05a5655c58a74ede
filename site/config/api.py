"""The root of the API: each room's part, the schema and a page to read it on."""

from typing import Any

from django.urls import include, path
from drf_spectacular.extensions import OpenApiAuthenticationExtension
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


def only_ours(endpoints: list[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """The schema tells our contract only: Wagtail's editor talks to itself under /cms/."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


class TokenScheme(OpenApiAuthenticationExtension):
    """What the schema says of the bearer token; it registers itself."""

    target_class = "people.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A personal key, made on Min sida."}
