"""What one has completed, and the certificate of each, by API; of an occasion too, for who may know its people."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from courses.api import CourseInBriefSerializer
from courses.certificates_api import CertificateSerializer
from courses.list_filters import BY_COURSE, by_order, put_in_order, read_filters, read_truth
from courses.models import Certificate, Completion
from courses.paper_queries import certificates
from courses.participants_api import PersonInBriefSerializer, read_occasion
from courses.services.certificates import issue_certificate
from people.requests import person_of

ORDERS = {"newest": ["-completed_on", "-id"], "oldest": ["completed_on", "id"]}


class CompletionSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    course = CourseInBriefSerializer()
    completed_on = serializers.DateField()
    certificate = serializers.SerializerMethodField(
        help_text="The genuine one; null where it is still to be asked for."
    )

    def get_certificate(self, completion: Completion) -> int | None:
        genuine = (each.pk for each in completion.certificates.all() if each.standing == Certificate.Standing.GENUINE)
        return next(genuine, None)


def with_certificates(completions: QuerySet[Completion]) -> QuerySet[Completion]:
    """Those that stand, each with its certificates, the newest first. Two queries."""
    every = Prefetch("certificates", certificates().order_by("-id"))
    return completions.filter(withdrawn_at=None).select_related("course", "person").prefetch_related(every)


@extend_schema_view(
    get=extend_schema(operation_id="completions_list", tags=["certificates"], parameters=[BY_COURSE, by_order(ORDERS)])
)
class CompletionList(generics.ListAPIView):
    """The courses that you have completed, the newest first, each with its certificate."""

    serializer_class = CompletionSerializer

    def get_queryset(self) -> QuerySet[Completion]:
        asked = read_filters(self.request, "course", "order")
        own = with_certificates(Completion.objects.filter(person=person_of(self.request)))
        if course := asked.get("course", ""):
            own = own.filter(course__slug=course)
        return put_in_order(own, asked, ORDERS)


class OthersCompletionSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    person = PersonInBriefSerializer()
    completed_on = serializers.DateField()
    certificates = CertificateSerializer(
        source="certificates.all", many=True, help_text="The newest first; those that were replaced say so."
    )


PEOPLE_ORDERS = {"name": ["person__sort_key", "id"], "newest": ["-completed_on", "-id"]}


@extend_schema_view(
    get=extend_schema(
        operation_id="occasions_certificates",
        tags=["certificates"],
        parameters=[
            OpenApiParameter("replaced", bool, description="Whether one of the certificates was issued anew."),
            by_order(PEOPLE_ORDERS),
        ],
    )
)
class OccasionCertificates(generics.ListAPIView):
    """Who completed the occasion, with their certificates; for whoever leads it and for HR."""

    serializer_class = OthersCompletionSerializer

    def get_queryset(self) -> QuerySet[Completion]:
        occasion = read_occasion(self.request, self.kwargs["pk"])
        asked = read_filters(self.request, "replaced", "order")
        completions = with_certificates(Completion.objects.filter(booking__occasion=occasion))
        if (replaced := read_truth(asked, "replaced")) is not None:
            anew = Exists(Certificate.objects.filter(completion=OuterRef("pk"), replaces__isnull=False))
            completions = completions.filter(anew if replaced else ~anew)
        return put_in_order(completions, asked, PEOPLE_ORDERS)


class CompletionCertificate(APIView):
    @extend_schema(
        operation_id="completions_certificate", tags=["certificates"], request=None, responses=CertificateSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """The certificate of something that you have completed: made now where there is none, else the one there is."""
        own = Completion.objects.filter(person=person_of(request), withdrawn_at=None)
        made = issue_certificate(get_object_or_404(own, pk=pk), now=timezone.now())
        if made is None:  # withdrawn meanwhile
            raise Http404
        return Response(CertificateSerializer(certificates(pk=made.pk).get(), context={"request": request}).data)


urlpatterns = [
    path("occasions/<int:pk>/certificates/", OccasionCertificates.as_view(), name="api_occasion_certificates"),
    path("completions/", CompletionList.as_view(), name="api_completions"),
    path("completions/<int:pk>/certificate/", CompletionCertificate.as_view(), name="api_completion_certificate"),
]
