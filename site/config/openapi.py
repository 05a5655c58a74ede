"""The schema of the API: what every operation shares, and the same schema laid out for reading."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator

from guide.markdown import to_html

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. Go by `status` and `code`; `detail` is a sentence for people.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["about:blank"]},
        "title": {"type": "string", "examples": ["Conflict"]},
        "status": {"type": "integer", "examples": [409]},
        "code": {"type": "string", "description": "Stable.", "examples": ["occasion_full"]},
        "detail": {"type": "string"},
        "errors": {"type": "object", "description": "A field's sentences, where fields are wrong."},
    },
}
METHODS = ("get", "post", "put", "patch", "delete")


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "people.tokens.TokenAuthentication"
    name = "personalKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal key, made on Min sida or by `manage.py api_token EMAIL`.",
        }


def keep_our_own(endpoints: list[tuple[str, str, str, Any]], **_options: Any) -> list[tuple[str, str, str, Any]]:
    """Wagtail's editor has an API of its own, for itself. A hook of drf-spectacular."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


def say_how_it_refuses(result: dict[str, Any], generator: Any, **_options: Any) -> dict[str, Any]:
    """Every operation may refuse, always in one shape. A hook of drf-spectacular."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    answer = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for method in METHODS:
            if method in operations:
                responses = operations[method]["responses"]
                responses.setdefault("4XX", {"description": "Refused; `code` says why.", "content": answer})
    return result


@cache
def whole_schema() -> dict[str, Any]:
    """The schema as the public sees it: the code's, so it is the same until the next deploy."""
    return SchemaGenerator(api_version="v1").get_schema(request=None, public=True)


@cache
def schema_for_reading() -> list[dict[str, Any]]:
    """The operations, gathered by the first word of their address, with references followed one step."""
    schema = whole_schema()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in schema["paths"].items():
        word = path.removeprefix("/api/v1/").partition("/")[0]
        for method in METHODS:
            if method in operations:
                groups.setdefault(word, []).append(_operation(path, method, operations[method], schema))
    return [{"name": name, "operations": operations} for name, operations in sorted(groups.items())]


def _operation(path: str, method: str, operation: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": operation["operationId"].replace("_", "-"),
        "method": method.upper(),
        "path": path,
        "text": _text(operation) or operation.get("summary", ""),
        "parameters": [_parameter(parameter) for parameter in _parameters(operation) if parameter["in"] != "header"],
        "headers": [_parameter(parameter) for parameter in _parameters(operation) if parameter["in"] == "header"],
        "body": _fields(_content(operation.get("requestBody", {})), schema),
        "answers": [
            {
                "status": status,
                "text": _text(answer),
                "fields": [] if status == "4XX" else _fields(_content(answer), schema),
                "is_problem": "application/problem+json" in answer.get("content", {}),
            }
            for status, answer in sorted(operation["responses"].items())
        ],
    }


def _text(part: dict[str, Any]) -> str:
    """What is written about it. Descriptions are Markdown, as OpenAPI says."""
    return to_html(part.get("description", ""))


def _parameters(operation: dict[str, Any]) -> list[dict[str, Any]]:
    return operation.get("parameters", [])


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": parameter["name"],
        "place": parameter["in"],
        "kind": _kind(parameter.get("schema", {})),
        "needed": parameter.get("required", False),
        "text": _text(parameter),
    }


def _content(part: dict[str, Any]) -> dict[str, Any]:
    for content in part.get("content", {}).values():
        return content.get("schema", {})
    return {}


def _fields(part: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of an object in reading order, what stands in it set out with dots: `results[].id`."""
    return list(_walk(part, schema, before="", seen=()))


def _walk(
    part: dict[str, Any], schema: dict[str, Any], *, before: str, seen: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    name, part = _followed(part, schema)
    if name in seen:
        return
    seen = (*seen, name) if name else seen
    if part.get("type") == "array":
        yield from _walk(part.get("items", {}), schema, before=f"{before}[]", seen=seen)
        return
    needed = part.get("required", [])
    for field, kind in part.get("properties", {}).items():
        _name, followed = _followed(kind, schema)
        dotted = f"{before}.{field}" if before else field
        yield {
            "name": dotted,
            "kind": _kind(followed),
            "needed": field in needed,
            "text": _text(kind) or _text(followed),
        }
        yield from _walk(kind, schema, before=dotted, seen=seen)


def _followed(part: dict[str, Any], schema: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Where a reference leads, and the name it had. Of several choices the first that is not null."""
    for word in ("allOf", "oneOf", "anyOf"):
        if word in part:
            choices = [choice for choice in part[word] if choice.get("type") != "null"]
            part = choices[0] if choices else {}
    if "$ref" not in part:
        return "", part
    name = part["$ref"].rpartition("/")[2]
    return name, schema["components"]["schemas"][name]


def _kind(part: dict[str, Any]) -> str:
    if "enum" in part:
        return " | ".join("null" if value is None else str(value) for value in part["enum"])
    kinds = part.get("type", "object")
    words = kinds if isinstance(kinds, list) else [kinds]
    form = f" ({part['format']})" if "format" in part else ""
    return " | ".join(word if word == "null" else f"{word}{form}" for word in words)
