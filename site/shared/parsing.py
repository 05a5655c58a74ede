"""What the API takes in: JSON, not too big, not too deep, and with no characters that the database can't keep."""

import codecs
import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.utils import json as strict_json


class BodyTooBig(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("The request is too big.")
    default_code = "too_big"


class BoundedJSONParser(JSONParser):
    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return _read(stream, parser_context, limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


class FilesInJSONParser(BaseParser):
    """For addresses that take files in their JSON: in base64 they are a third larger than they are. The whole still
    goes through the proxy, which takes 20 MB.

    No JSONParser, since REST framework holds those to what every address takes before they are asked.
    """

    media_type = "application/json"
    most = 20_000_000

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return _read(stream, parser_context, limit=self.most)


def _read(stream: IO[bytes], parser_context: Mapping[str, Any] | None, *, limit: int) -> Any:
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise BodyTooBig
    encoding = (parser_context or {}).get("encoding") or "utf-8"
    try:
        "".encode(encoding)  # a charset that is no text encoding could unpack into anything
        text = codecs.decode(body, encoding)
        parsed = json.loads(text, parse_constant=strict_json.strict_constant)
    except RecursionError:
        raise exceptions.ParseError(_("The JSON is nested too deep.")) from None
    except (ValueError, LookupError) as error:
        raise exceptions.ParseError(_("This is no valid JSON: %(why)s") % {"why": error}) from None
    # Looked for in the raw text first: hardly any request holds them.
    if ("\\u" in text or "\x00" in text) and not all(_can_be_kept(words) for words in _texts(parsed)):
        raise exceptions.ParseError(_("The text holds characters that can't be kept."))
    return parsed


def _can_be_kept(words: str) -> bool:
    return "\x00" not in words and not any("\ud800" <= character <= "\udfff" for character in words)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _texts(item)
