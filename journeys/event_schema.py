"""How the event stream stands in the API's schema: no view of REST framework answers it, so nothing else tells."""

from typing import Any

PATH = "/api/v1/journeys/{id}/events/"
_LIKE = "/api/v1/journeys/{id}/operations/"  # the same journey, the same log-in
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_DESCRIPTION = """\
An event stream (server-sent events) that says that a revision exists; ask the operations for what it holds.

The first line tells how long to wait before coming back. Then comes the present revision, then each new one:

    id: 42
    event: revision
    data: {"revision": 42}

Revisions that come close together may be told as one, the last. Lines that begin with a colon are signs of life, at
least every 15 seconds. `event: closed` says that you may no longer read the journey: do not come back.

Send the last `id` as `Last-Event-ID` when you come back, as browsers do by themselves: with nothing new since then you
are not told the same revision again. Where streams are refused (503) or blocked, ask for the operations now and then.
"""
_EXAMPLE = 'retry: 2000\n\nid: 42\nevent: revision\ndata: {"revision": 42}\n\n: still here\n\n'


def describe_events(result: dict[str, Any], generator: Any, **_options: Any) -> dict[str, Any]:
    """A hook of drf-spectacular."""
    like = result["paths"][_LIKE]["get"]
    result["paths"][PATH] = {
        "get": {
            "operationId": "journeys_events_retrieve",
            "description": _DESCRIPTION,
            "parameters": [
                *(parameter for parameter in like["parameters"] if parameter["in"] == "path"),
                {
                    "in": "header",
                    "name": "Last-Event-ID",
                    "schema": {"type": "integer", "minimum": 0},
                    "description": "The last revision that you were told.",
                },
            ],
            "tags": like["tags"],
            "security": like["security"],
            "responses": {
                "200": {
                    "description": "The stream, open until you leave.",
                    "content": {"text/event-stream": {"schema": {"type": "string"}, "example": _EXAMPLE}},
                },
                "503": {
                    "description": "No room for more streams: ask for the operations instead, and come back later.",
                    "headers": {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}},
                    "content": _PROBLEM,
                },
            },
        }
    }
    result["paths"] = dict(sorted(result["paths"].items()))
    return result
