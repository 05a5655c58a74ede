"""Possible duplicates by API, for whoever looks after the register."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from people.duplicates import pairs_told_apart, possible_duplicates
from people.models import Person, ToldApart
from people.requests import person_of
from people.services.duplicates import take_back, tell_apart

LARGEST = 2**62


class RegisteredSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="get_full_name")
    email = serializers.EmailField()
    employee_id = serializers.CharField(allow_null=True)


class DuplicateSerializer(serializers.Serializer):
    first = RegisteredSerializer()
    second = RegisteredSerializer(source="likeness.person")
    same_name = serializers.BooleanField(source="likeness.has_same_name")
    same_unit = serializers.BooleanField(source="likeness.has_same_unit")
    like_address = serializers.BooleanField(source="likeness.has_like_address")
    same_account = serializers.BooleanField(
        source="likeness.has_same_account", help_text="The same before the @, in two domains."
    )
    known_once = serializers.BooleanField(
        source="likeness.is_known_once", help_text="HR has a number for one of them alone."
    )


class ToldApartSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    first = RegisteredSerializer()
    second = RegisteredSerializer()
    by = serializers.EmailField(source="by.email", default=None, allow_null=True)
    at = serializers.DateTimeField()
    taken_back_by = serializers.EmailField(source="taken_back_by.email", default=None, allow_null=True)
    taken_back_at = serializers.DateTimeField(allow_null=True)


class TellApartSerializer(serializers.Serializer):
    first = serializers.IntegerField(min_value=1, max_value=LARGEST)
    second = serializers.IntegerField(min_value=1, max_value=LARGEST)


def _refuse_others(request: Request) -> Person:
    person = person_of(request)
    if not person.has_perm("people.change_person"):
        raise PermissionDenied
    return person


@extend_schema_view(get=extend_schema(operation_id="duplicates_list", tags=["people"]))
class DuplicateList(generics.ListAPIView):
    """People who may stand twice in the register, those of one unit first. Whoever was told apart is not among them."""

    serializer_class = DuplicateSerializer

    def get_queryset(self) -> Any:
        _refuse_others(self.request)
        return possible_duplicates(day=timezone.localdate())


@extend_schema_view(get=extend_schema(operation_id="duplicates_list_told_apart", tags=["people"]))
class ToldApartList(generics.ListAPIView):
    """Pairs that somebody found to be two people, the newest first; also what was taken back."""

    serializer_class = ToldApartSerializer

    def get_queryset(self) -> Any:
        _refuse_others(self.request)
        return pairs_told_apart()

    @extend_schema(
        operation_id="duplicates_tell_apart",
        tags=["people"],
        request=TellApartSerializer,
        responses={
            200: OpenApiResponse(ToldApartSerializer, description="Somebody has said so already."),
            201: ToldApartSerializer,
            409: OpenApiResponse(description="A rule says no: `same_person`."),
        },
    )
    def post(self, request: Request) -> Response:
        """Say of two people that they are two."""
        by, asked = _refuse_others(request), TellApartSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        one, other = (get_object_or_404(Person, pk=asked.validated_data[name]) for name in ("first", "second"))
        told, is_new = tell_apart(one, other, by=by, now=timezone.now())
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(ToldApartSerializer(told).data, status=code)


class ToldApartTakeBack(APIView):
    @extend_schema(
        operation_id="duplicates_take_back", tags=["people"], request=None, responses={200: ToldApartSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """The pair may be one person again. Taken back twice is taken back once."""
        by = _refuse_others(request)
        take_back(get_object_or_404(ToldApart, pk=pk), by=by, now=timezone.now())
        return Response(ToldApartSerializer(pairs_told_apart().get(pk=pk)).data)


urlpatterns = [
    path("duplicates/", DuplicateList.as_view(), name="api_duplicates"),
    path("duplicates/told-apart/", ToldApartList.as_view(), name="api_told_apart"),
    path("duplicates/told-apart/<int:pk>/take-back/", ToldApartTakeBack.as_view(), name="api_take_back_told_apart"),
]
