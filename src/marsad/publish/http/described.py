"""How answers are described in OpenAPI: the schema of a JSON answer is made from the frozen type that is
encoded, so that the two cannot differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import msgspec
from fastapi import FastAPI

from marsad.publish.http.problems import KINDS, MEDIA_TYPE

Described: TypeAlias = dict[str, Any]
"""A piece of an OpenAPI document, as FastAPI takes it."""
Responses: TypeAlias = dict[int | str, Described]
"""Status -> what OpenAPI says of such an answer."""
_REFERENCE = "#/components/schemas/{name}"
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "titles"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string", "description": "in the language that Accept-Language prefers"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "the parameter and the rule"},
        "titles": {"type": "object", "additionalProperties": {"type": "string"}},
        "kind": {"type": "string"},
    },
}
PROBLEMS: Responses = {
    status: {
        "description": KINDS[status].title["en"],
        "content": {MEDIA_TYPE: {"schema": _PROBLEM}},
    }
    for status in (400, 401, 403, 404, 405, 413, 422, 429, 500, 503)
}
"""What each route may answer beside 200, as problem details (RFC 9457)."""
UNCHANGED: Responses = {304: {"description": "The caller has this answer already (If-None-Match)."}}


def _summary(body: type) -> str:
    return " ".join((body.__doc__ or "").split("\n\n")[0].split())


def json_content(body: type, media_type: str = "application/json") -> Described:
    """The content of an answer that is a `body` as JSON."""
    return {media_type: {"schema": {"$ref": _REFERENCE.format(name=body.__name__)}}}


def file_content(media_types: Iterable[str]) -> Described:
    """The content of an answer that is text or bytes in one of these media types."""
    return {
        media_type.split(";")[0]: {"schema": {"type": "string", "format": "binary"}}
        for media_type in media_types
    }


def answered(body: type) -> Responses:
    """The answer 200 of a route that gives a `body` as JSON."""
    return {200: {"description": _summary(body), "content": json_content(body)}}


def filed(media_types: Iterable[str], description: str) -> Responses:
    """The answer 200 of a route that gives text or bytes in one of these media types."""
    return {200: {"description": description, "content": file_content(media_types)}}


def schemas(bodies: Sequence[type]) -> dict[str, Described]:
    """Component -> schema of these types and of all that stand in them.

    Answers hold every property of their type and no other; only those that may be `UNSET` can lack.
    """
    _, components = msgspec.json.schema_components(bodies, ref_template=_REFERENCE)
    for schema in components.values():
        properties = schema.get("properties", {})
        needed = {
            *schema.get("required", ()),
            *(k for k, p in properties.items() if "default" in p),
        }
        schema["required"] = [name for name in properties if name in needed]
        schema["additionalProperties"] = False
        for described_property in properties.values():
            described_property.pop("default", None)
    return components


def described(app: FastAPI, bodies: Sequence[type]) -> Callable[[], dict[str, object]]:
    """The description of an application with the schemas of its answers; made once."""

    def description() -> dict[str, object]:
        if app.openapi_schema is None:
            document = FastAPI.openapi(app)
            known = document.setdefault("components", {}).setdefault("schemas", {})
            known |= schemas(bodies)
        return dict(app.openapi_schema or {})

    return description
