"""One's own certificates by API."""

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from courses.list_filters import put_in_order, read_filters
from courses.models import Certificate
from courses.paper_queries import certificates
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


ORDERS = {"newest": ["-id"], "oldest": ["id"]}


@extend_schema_view(
    get=extend_schema(
        operation_id="certificates_list",
        tags=["certificates"],
        parameters=[
            OpenApiParameter("course", str, description="A course's slug."),
            OpenApiParameter("order", str, enum=list(ORDERS), description="`newest` if left out."),
        ],
    )
)
class CertificateList(generics.ListAPIView):
    """Your own certificates, the newest first; those that were replaced or withdrawn say so."""

    serializer_class = CertificateSerializer

    def get_queryset(self) -> QuerySet[Certificate]:
        asked, own = read_filters(self.request, "course", "order"), _own(self.request)
        if course := asked.get("course", ""):
            own = own.filter(completion__course__slug=course)
        return put_in_order(own, asked, ORDERS)


@extend_schema_view(get=extend_schema(operation_id="certificates_read", tags=["certificates"]))
class CertificateDetail(generics.RetrieveAPIView):
    serializer_class = CertificateSerializer

    def get_queryset(self) -> QuerySet[Certificate]:
        return _own(self.request)


class CertificateFile(APIView):
    @extend_schema(
        operation_id="certificates_file",
        tags=["certificates"],
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, description="The PDF as issued.")},
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The certificate as a tagged PDF. The same bytes each time."""
        return as_file(get_object_or_404(_own(request), pk=pk))


urlpatterns = [
    path("certificates/", CertificateList.as_view(), name="api_certificates"),
    path("certificates/<int:pk>/", CertificateDetail.as_view(), name="api_certificate"),
    path("certificates/<int:pk>/file/", CertificateFile.as_view(), name="api_certificate_file"),
]
