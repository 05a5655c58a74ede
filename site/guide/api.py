"""The guide by API: what its public pages say, to read for anyone. In the language that is asked for."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Q, QuerySet, UUIDField, Value
from django.http import Http404
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import override
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail.models import Locale

from guide.api_shapes import (
    CaseSerializer,
    MethodInBriefSerializer,
    MethodSerializer,
    StepSerializer,
    TermSerializer,
)
from guide.models import CasePage, MethodPage, StepPage, TermPage
from guide.models.method import STEPS
from guide.queries import Stop, path_stops
from guide.rich_text import open_links
from guide.search.asking import keys_found
from guide.search.pages import key_of_entry
from shared.sorting import InSwedishOrder

LANGUAGE = OpenApiParameter(
    "language", str, enum=[code for code, _name in settings.LANGUAGES], description="Swedish if left out."
)
SEARCH = OpenApiParameter(
    "q", str, description="What the site's search finds for these words, the likeliest first; slips are forgiven."
)
MOST_PEOPLE = 10_000


class _InOneLanguage(generics.GenericAPIView):
    """Everyone may read, and only what is published and restricted to nobody."""

    permission_classes = (AllowAny,)

    @cached_property
    def language(self) -> str:
        asked = self.request.query_params.get("language", "").strip().lower() or settings.LANGUAGE_CODE
        if asked not in dict(settings.LANGUAGES):
            raise serializers.ValidationError(
                {"language": [_("Write one of: %s.") % ", ".join(dict(settings.LANGUAGES))]}
            )
        return asked

    @cached_property
    def stops(self) -> list[Stop]:
        return path_stops(Locale.objects.get_for_language(self.language).pk, language=self.language)

    def published(self, pages: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return pages.live().public().filter(locale__language_code=self.language)  # type: ignore[attr-defined]  # Wagtail's own querysets

    def found(self, pages: QuerySet[Any, Any], *, kind: str) -> QuerySet[Any, Any]:
        """In Swedish order of title; with `q` those that the search finds, in its order."""
        text = self.request.query_params.get("q", "").replace("\x00", " ")
        if not text.strip():
            return pages.order_by(InSwedishOrder("title"), "pk")
        keys = [key_of_entry(each) for each in keys_found(text, language=self.language, kind=kind)]
        place = Func(Value(keys, ArrayField(UUIDField())), F("translation_key"), function="array_position")
        return pages.filter(translation_key__in=keys).order_by(place, "pk")

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {"language": self.language, "view": self}


@extend_schema_view(get=extend_schema(operation_id="guide_steps_list", tags=["guide"], parameters=[LANGUAGE]))
class StepList(_InOneLanguage, generics.ListAPIView):
    """The six steps of the method, in order."""

    serializer_class = StepSerializer

    def get_queryset(self) -> QuerySet[StepPage]:
        return self.published(StepPage.objects.all()).order_by("number", "path")


@extend_schema_view(
    get=extend_schema(
        operation_id="guide_methods_list",
        tags=["guide"],
        parameters=[
            LANGUAGE,
            SEARCH,
            OpenApiParameter("step", int, description="A step's number, 1 to 6."),
            OpenApiParameter("minutes_max", int, description="Exercises that take at most so long."),
            OpenApiParameter("people", int, description="Exercises that suit so many."),
            OpenApiParameter("remote", bool, description="Whether it works remotely."),
            OpenApiParameter("in_room", bool, description="Whether it works in the room."),
            OpenApiParameter("preparation", bool, description="Whether something must be done beforehand."),
        ],
    )
)
class MethodList(_InOneLanguage, generics.ListAPIView):
    """The method library, in Swedish order of title. Filters are joined by and."""

    serializer_class = MethodInBriefSerializer

    def get_queryset(self) -> QuerySet[MethodPage]:
        methods = self.published(MethodPage.objects.all())
        if number := self._number("step", most=STEPS):
            stop = next((stop for stop in self.stops if stop.number == number), None)
            methods = methods.filter(path__startswith=stop.path) if stop else methods.none()
        if minutes := self._number("minutes_max", most=MOST_PEOPLE):
            methods = methods.filter(minutes__lte=minutes)
        if people := self._number("people", most=MOST_PEOPLE):
            methods = methods.filter(Q(people_to__isnull=True) | Q(people_to__gte=people), people_from__lte=people)
        for name, column in (("remote", "can_be_remote"), ("in_room", "can_be_in_room")):
            if (wanted := self._truth(name)) is not None:
                methods = methods.filter(**{column: wanted})
        if (needed := self._truth("preparation")) is not None:
            methods = methods.exclude(preparation="") if needed else methods.filter(preparation="")
        return self.found(methods, kind="method")

    def _number(self, name: str, *, most: int) -> int | None:
        text = self.request.query_params.get(name, "").strip()
        if not text:
            return None
        if not text.isascii() or not text.isdecimal() or len(text) > 6 or not 1 <= int(text) <= most:
            raise serializers.ValidationError({name: [_("Write a whole number from 1 to %d.") % most]})
        return int(text)

    def _truth(self, name: str) -> bool | None:
        text = self.request.query_params.get(name, "").strip().lower()
        if text and text not in {"true", "false"}:
            raise serializers.ValidationError({name: [_("Write true or false.")]})
        return text == "true" if text else None


class MethodDetail(_InOneLanguage):
    serializer_class = MethodSerializer

    @extend_schema(operation_id="guide_methods_read", tags=["guide"], parameters=[LANGUAGE], responses=MethodSerializer)
    def get(self, request: Request, key: UUID) -> Response:
        """A method with all that is needed to lead it. `key` is the same in every language."""
        method = self.published(MethodPage.objects.all()).filter(translation_key=key).first()
        if method is None:
            raise Http404
        with override(self.language):
            open_links(method)
            return Response(self.get_serializer(method).data)


@extend_schema_view(
    get=extend_schema(operation_id="guide_glossary_list", tags=["guide"], parameters=[LANGUAGE, SEARCH])
)
class Glossary(_InOneLanguage, generics.ListAPIView):
    """The terms and what they mean here, in Swedish order."""

    serializer_class = TermSerializer

    def get_queryset(self) -> QuerySet[TermPage]:
        return self.found(self.published(TermPage.objects.all()), kind="term")


@extend_schema_view(get=extend_schema(operation_id="guide_cases_list", tags=["guide"], parameters=[LANGUAGE]))
class CaseList(_InOneLanguage, generics.ListAPIView):
    """Stories from the administrations, the latest published first."""

    serializer_class = CaseSerializer

    def get_queryset(self) -> QuerySet[CasePage]:
        return self.published(CasePage.objects.all()).order_by("-first_published_at", "pk")


urlpatterns = [
    path("guide/steps/", StepList.as_view(), name="api_guide_steps"),
    path("guide/methods/", MethodList.as_view(), name="api_guide_methods"),
    path("guide/methods/<uuid:key>/", MethodDetail.as_view(), name="api_guide_method"),
    path("guide/glossary/", Glossary.as_view(), name="api_guide_glossary"),
    path("guide/cases/", CaseList.as_view(), name="api_guide_cases"),
]
