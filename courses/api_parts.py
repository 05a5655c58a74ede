"""What several parts of the API say or read alike."""

import base64
import datetime as dt
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from courses.forms import read_moment

# Who answers a request for a place. As the schema and the answers have it.
DECIDERS = ["manager", "facilitator", ""]
WHO_DECIDES = "Who says yes or no: the manager, or the facilitator where no manager is known; else empty."
NEEDS_APPROVAL = "Whether a manager, or where none is known the facilitator, is asked."


class Base64Field(serializers.CharField):
    """The bytes of a file, `most` of them at most. What is longer is not unpacked."""

    default_error_messages = {
        "not_base64": gettext_lazy("It is not base64."),
        "too_large": gettext_lazy("The file is too large: at most %(most)d MB."),
    }

    def __init__(self, *, most: int, help_text: str) -> None:
        super().__init__(help_text=f"{help_text} At most {most // 1024**2} megabytes.", trim_whitespace=False)
        self.most = most

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        if len(text) > (self.most + 2) // 3 * 4:
            self.refuse_too_large()
        try:
            return base64.b64decode(text, validate=True)
        except ValueError:
            self.fail("not_base64")

    def refuse_too_large(self) -> NoReturn:
        says = self.error_messages["too_large"] % {"most": self.most // 1024**2}
        raise serializers.ValidationError(says, code="too_large")


class _AsItIs(DefaultContentNegotiation):
    """A file is what it is, whatever kind the caller says it takes; a refusal is told as JSON."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class FileView(APIView):
    """Answers with a file: asked for by its own kind (`Accept: application/pdf`) too."""

    content_negotiation_class = _AsItIs


def refusals(*codes: str) -> OpenApiResponse:
    return OpenApiResponse(description="A rule says no: " + ", ".join(f"`{code}`" for code in codes) + ".")


def read_body(kind: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """What was handed in, or a 400 at the field that is wrong."""
    asked = kind(data=request.data)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


class MomentField(serializers.DateTimeField):
    """Without an offset it is what the clock on the wall shows, as in the forms: a time that never is, or is twice, is
    refused. With one it is the moment that it says."""

    def enforce_timezone(self, value: dt.datetime) -> dt.datetime:
        if timezone.is_aware(value):
            return super().enforce_timezone(value)
        try:
            return read_moment(value)
        except ValidationError as wrong:
            raise serializers.ValidationError(wrong.messages) from None
