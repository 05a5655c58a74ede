"""Certificates by API: one's own, and those of others for whoever leads the occasion and for HR."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api_parts import FileView, read_body, refusals
from courses.list_filters import BY_COURSE, NEWEST_FIRST, by_order, put_in_order, read_filters
from courses.models import Certificate
from courses.paper_queries import certificates, may_have_certificate, may_reissue
from courses.services.certificates import reissue_certificate
from courses.views.certificates import as_file
from people.requests import person_of


class CertificateSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.CharField()
    standing = serializers.ChoiceField(choices=Certificate.Standing.choices)
    name = serializers.CharField()
    course = serializers.IntegerField(
        source="completion.course_id", default=None, allow_null=True, help_text="Empty for a programme's."
    )
    programme = serializers.IntegerField(
        source="programme_completion.programme_id", default=None, allow_null=True, help_text="Empty for a course's."
    )
    title = serializers.CharField()
    title_en = serializers.CharField()
    hours = serializers.DecimalField(max_digits=5, decimal_places=1)
    completed_on = serializers.DateField()
    issued_at = serializers.DateTimeField()
    replaces = serializers.CharField(source="replaces.number", default=None, allow_null=True)
    why = serializers.CharField(help_text="Why it was issued anew; empty for the first.")
    sha256 = serializers.CharField(help_text="Of the PDF's bytes, which never change.")
    check_url = serializers.SerializerMethodField(help_text="The page where anyone sees whether it is genuine.")
    file_url = serializers.SerializerMethodField(help_text="The PDF.")

    def get_check_url(self, certificate: Certificate) -> str:
        request: Request = self.context["request"]
        return request.build_absolute_uri(reverse("certificate", args=[certificate.number]))

    def get_file_url(self, certificate: Certificate) -> str:
        request: Request = self.context["request"]
        return request.build_absolute_uri(reverse("api_certificate_file", args=[certificate.pk]))


def _own(request: Request) -> QuerySet[Certificate]:
    person = person_of(request)
    own = Q(completion__person=person) | Q(programme_completion__person=person)
    return certificates().filter(own).order_by("-id")


@extend_schema_view(
    get=extend_schema(
        operation_id="certificates_list",
        tags=["certificates"],
        parameters=[BY_COURSE, by_order(NEWEST_FIRST)],
    )
)
class CertificateList(generics.ListAPIView):
    """Your own certificates, the newest first; those that were replaced or withdrawn say so."""

    serializer_class = CertificateSerializer

    def get_queryset(self) -> QuerySet[Certificate]:
        asked, own = read_filters(self.request, "course", "order"), _own(self.request)
        if course := asked.get("course", ""):
            own = own.filter(completion__course__slug=course)
        return put_in_order(own, asked, NEWEST_FIRST)


def _seen(request: Request, pk: int) -> Certificate:
    """One's own, and those of others for whoever leads the occasion and for HR."""
    certificate = get_object_or_404(certificates(), pk=pk)
    if not may_have_certificate(person_of(request), certificate):
        raise Http404
    return certificate


def _described(request: Request, certificate: Certificate) -> Response:
    return Response(CertificateSerializer(certificate, context={"request": request}).data)


class CertificateDetail(APIView):
    @extend_schema(operation_id="certificates_read", tags=["certificates"], responses=CertificateSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One of your own, or of someone on an occasion that you lead; HR reads every one."""
        return _described(request, _seen(request, pk))


class CertificateFile(FileView):
    @extend_schema(
        operation_id="certificates_file",
        tags=["certificates"],
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, description="The PDF as issued.")},
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The certificate as a tagged PDF. The same bytes each time."""
        return as_file(_seen(request, pk))


class ReissueSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=161, required=False, help_text="As it is if left out.")
    hours = serializers.DecimalField(
        min_value=Decimal("0.5"), max_value=999, max_digits=5, decimal_places=1, required=False,
        help_text="As they are if left out.",
    )  # fmt: skip
    why = serializers.CharField(max_length=250, help_text="Stands on the new one and on the page of the old.")


class CertificateReissue(APIView):
    @extend_schema(
        operation_id="certificates_reissue",
        tags=["certificates"],
        request=ReissueSerializer,
        responses={201: CertificateSerializer, 409: refusals("nothing_changed", "certificate_not_genuine")},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Issue it anew with what was wrong put right; for whoever leads the occasion and for HR. The old one stays
        as it is and says so, and the person gets a letter."""
        certificate = _seen(request, pk)
        if not may_reissue(person_of(request), certificate):
            raise PermissionDenied
        asked: dict[str, Any] = {"name": certificate.name, "hours": certificate.hours} | read_body(
            ReissueSerializer, request
        )
        new = reissue_certificate(certificate, by=person_of(request), now=timezone.now(), **asked)
        answer = _described(request, certificates(pk=new.pk).get())
        answer.status_code = status.HTTP_201_CREATED
        return answer


urlpatterns = [
    path("certificates/", CertificateList.as_view(), name="api_certificates"),
    path("certificates/<int:pk>/", CertificateDetail.as_view(), name="api_certificate"),
    path("certificates/<int:pk>/reissue/", CertificateReissue.as_view(), name="api_certificate_reissue"),
    path("certificates/<int:pk>/file/", CertificateFile.as_view(), name="api_certificate_file"),
]
