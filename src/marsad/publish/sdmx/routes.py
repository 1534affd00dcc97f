"""The two roots of SDMX REST over the labour cube: /sdmx/2.1 (REST 1.x) and /sdmx/3.0 (REST 2.x).

Every answer, in every format, is of the release in force; versions before it are asked for with
`includeHistory` and, in REST 2.x, `asOf`. https://github.com/sdmx-twg/sdmx-rest
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import unquote

from fastapi import APIRouter, Request, Response

from marsad.base.errors import MarsadError
from marsad.publish.http.answer_cache import of_figures
from marsad.publish.http.described import PROBLEMS, UNCHANGED, Responses, file_content, filed
from marsad.publish.http.negotiation import language_of, ranges
from marsad.publish.http.problems import MEDIA_TYPE
from marsad.publish.http.replies import answer, not_modified, site_of, status_of, unchanged
from marsad.publish.sdmx.answers import (
    RequestContext,
    availability_answer,
    data_answer,
    metadata_answer,
    schema_answer,
    structure_answer,
)
from marsad.publish.sdmx.catalogue import catalogue
from marsad.publish.sdmx.errors import SdmxError, error_json, error_ml, http_status, title_of
from marsad.publish.sdmx.metadata.request import MetadataAsk
from marsad.publish.sdmx.request import rest1, rest2
from marsad.publish.sdmx.request.negotiate import OFFERED, Media, choose
from marsad.publish.sdmx.request.query import AvailabilityAsk, DataAsk, SchemaAsk
from marsad.publish.sdmx.structure.artefacts import V21, V30
from marsad.publish.sdmx.structure.definitions import DIMENSIONS, Source
from marsad.publish.sdmx.structure.graph import StructureQuery

_RESOURCES: Mapping[type, str] = {
    StructureQuery: "structure", AvailabilityAsk: "structure", DataAsk: "data", SchemaAsk: "schema",
    MetadataAsk: "metadata",
}  # fmt: skip
LONGEST = 8_000
"""Longest address answered, in bytes; a longer one is 414."""
_METHODS = ["GET", "HEAD"]
_OPEN = {"Access-Control-Allow-Origin": "*", "Vary": "Accept, Accept-Language, Accept-Encoding"}
_DATA = ("updatedAfter", "firstNObservations", "lastNObservations", "dimensionAtObservation",
         "includeHistory")  # fmt: skip
_PATHS: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    V21: (
        ("/{resource}/{agency}/{id}/{version}", "Structures, by REST 1.x", ("detail", "references")),
        ("/{resource}/{agency}/{id}/{version}/{item}", "Items of a structure, by REST 1.x",
         ("detail", "references")),
        ("/data/{flow}/{key}/{provider}", "Data, by REST 1.x",
         ("startPeriod", "endPeriod", "detail", *_DATA)),
        ("/availableconstraint/{flow}/{key}/{provider}/{component}", "Codes with data, by REST 1.x",
         ("startPeriod", "endPeriod", "updatedAfter", "mode", "references")),
        ("/schema/{context}/{agency}/{id}/{version}", "XML schema of data, by REST 1.x",
         ("dimensionAtObservation", "explicitMeasure")),
    ),
    V30: (
        ("/structure/{type}/{agency}/{id}/{version}", "Structures, by REST 2.x",
         ("detail", "references")),
        ("/structure/{type}/{agency}/{id}/{version}/{item}", "Items of a structure, by REST 2.x",
         ("detail", "references")),
        ("/data/{context}/{agency}/{id}/{version}/{key}", "Data, by REST 2.x",
         ("c", "attributes", "measures", "asOf", "limit", "offset", "sort", *_DATA)),
        ("/availability/{context}/{agency}/{id}/{version}/{key}/{component}",
         "Codes with data, by REST 2.x", ("c", "updatedAfter", "mode", "references")),
        ("/schema/{context}/{agency}/{id}/{version}", "XML schema of data, by REST 2.x",
         ("dimensionAtObservation",)),
        ("/metadata/metadataset/{provider}/{id}/{version}", "Method notes, by REST 2.x", ("detail",)),
        ("/metadata/metadataflow/{agency}/{id}/{version}/{provider}",
         "Method notes of a metadataflow, by REST 2.x", ("detail",)),
        ("/metadata/structure/{type}/{agency}/{id}/{version}",
         "Method notes of a structure, by REST 2.x", ("detail",)),
    ),
}  # fmt: skip
"""Root -> (path, what it is, parameters of its query), as the OpenAPI page describes them."""


REFUSALS = ("application/vnd.sdmx.structure+json", "application/xml", MEDIA_TYPE)
"""Media types of refusals: messages of SDMX, and problem details where no resource was reached."""
_STATUSES = {
    V21: (400, 403, 404, 406, 413, 414, 500, 501, 503),
    V30: (400, 404, 406, 413, 414, 422, 500, 501, 503),
}
"""Root -> the statuses of refusals as SDMX messages."""


def _responses(root: str, path: str) -> Responses:
    """What a path answers: a format of its resource, or a refusal as an SDMX message."""
    first = path.split("/")[1]
    resource = first if first in ("data", "schema", "metadata") else "structure"
    offered = (media.content_type for media in OFFERED[root, resource])
    refusals: Responses = {
        status: {
            "description": title_of(status),
            "content": file_content(REFUSALS),
        }
        for status in _STATUSES[root]
    }
    limits: Responses = {status: PROBLEMS[status] for status in (401, 405, 429)}
    nothing: Responses = {204: {"description": title_of(404)}} if root == V30 else {}
    good = filed(offered, f"A message of SDMX ({resource}) in the format that Accept prefers.")
    return {**good, **nothing, **UNCHANGED, **refusals, **limits}


_MAP = {"style": "deepObject", "explode": True,
        "description": "c[COMPONENT]=VALUE, with operators: c[TIME_PERIOD]=ge:2020+le:2022"}  # fmt: skip
_TRUTH: dict[str, object] = {"type": "string", "enum": ["true", "false"]}
_COUNT: dict[str, object] = {"type": "integer", "minimum": 1}
_SCHEMAS: dict[str, dict[str, object]] = {
    "c": {"type": "object", "additionalProperties": {"type": "string"}},
    "resource": {"enum": list(rest1.RESOURCES)},
    "type": {"enum": ["*", *rest2.TYPES]},
    "mode": {"type": "string", "enum": ["exact", "available"]},
    "includeHistory": _TRUTH, "explicitMeasure": _TRUTH,
    "firstNObservations": _COUNT, "lastNObservations": _COUNT, "limit": _COUNT,
    "offset": {"type": "integer", "minimum": 0},
    "dimensionAtObservation": {
        "type": "string", "enum": ["TIME_PERIOD", "AllDimensions", *DIMENSIONS.values()],
    },
    "updatedAfter": {"type": "string", "format": "date-time"},
    "asOf": {"type": "string", "format": "date-time"},
}  # fmt: skip
"""Parameter -> its schema, where it is more than a text."""


def _described(path: str, query: tuple[str, ...]) -> dict[str, object]:
    """The parameters of a path for the OpenAPI page; this module parses them itself."""
    inside = [
        {
            "name": n,
            "in": "path",
            "required": True,
            "schema": {"type": "string", **_SCHEMAS.get(n, {})},
        }
        for n in re.findall(r"{(\w+)}", path)
    ]
    given = [
        {"name": n, "in": "query", "schema": _SCHEMAS.get(n, {"type": "string"})} for n in query
    ]
    conditions = [{**p, **_MAP} if p["name"] == "c" else p for p in given]
    return {"parameters": [*inside, *conditions]}


def _path(request: Request, root: str) -> list[str]:
    """The parts of the path after the root, decoded one by one."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    text = raw.decode("latin-1").partition("?")[0]
    return [unquote(part) for part in text.partition(f"/sdmx/{root}/")[2].split("/")]


def _answered(request: Request, source: Source, root: str) -> Response:
    """The answer to a request; SdmxError when it is refused."""
    query: bytes = request.scope.get("query_string", b"")
    if len(request.url.path) + len(query) > LONGEST:
        raise SdmxError(414, "sdmx_long", most=str(LONGEST))
    release_catalogue = catalogue(source)
    parse = rest1.ask if root == V21 else rest2.ask
    ask = parse(_path(request, root), query, release_catalogue.surveys)
    resource = _RESOURCES[type(ask)]
    chosen = choose(request.headers.get("accept", ""), OFFERED[root, resource])
    if chosen is None:
        listed = ", ".join(m.content_type for m in OFFERED[root, resource])
        raise SdmxError(406, "sdmx_formats", known=listed)
    preferred = language_of(request.headers.get("accept-language", ""))
    base = f"{site_of(request)}/sdmx/{root}"
    context = RequestContext(source, release_catalogue, *chosen, preferred, base, root)
    if isinstance(ask, StructureQuery):
        body = structure_answer(context, ask)
    elif isinstance(ask, AvailabilityAsk):
        body = availability_answer(context, ask)
    elif isinstance(ask, DataAsk):
        body = data_answer(context, ask)
    elif isinstance(ask, MetadataAsk):
        body = metadata_answer(context, ask)
    else:
        body = schema_answer(context, ask)
    headers = {"Content-Language": preferred} if "labels" in chosen[1] else {}
    headers["Last-Modified"] = format_datetime(_modified(source), usegmt=True)
    return answer(request, source.release().id, body, _content_type(*chosen), headers)


def _modified(source: Source) -> dt.datetime:
    """When what is answered last changed: with the release, to the second as HTTP tells it."""
    return source.release().published_at.astimezone(dt.UTC).replace(microsecond=0)


def _fresh(request: Request, source: Source) -> bool:
    """Whether the caller has the answer already, by its date; a tag, where given, counts alone."""
    header = request.headers.get("if-modified-since", "")
    if not header or "if-none-match" in request.headers:
        return False
    try:
        since = parsedate_to_datetime(header)
    except ValueError:
        return False
    return (since if since.tzinfo else since.replace(tzinfo=dt.UTC)) >= _modified(source)


def _content_type(media: Media, parameters: Mapping[str, str]) -> str:
    labels = parameters.get("labels") if media.key.startswith("csv") else None
    return f"{media.content_type}; labels={labels}" if labels else media.content_type


def _refused(request: Request, root: str, status: int, error: MarsadError) -> Response:
    """An error as an SDMX message, in JSON where that is accepted first; 204 has no body."""
    if status == 404 and not str(error) and root == V30:
        return Response(status_code=204, headers=_OPEN)
    listed = [r.type for r in ranges(request.headers.get("accept", ""))]
    json = next(("json" in t for t in listed if "json" in t or "xml" in t), root == V30)
    language = language_of(request.headers.get("accept-language", ""))
    body = error_json(status, error, root, language) if json else error_ml(status, error, root)
    kind = "application/vnd.sdmx.structure+json;version=2.0.0" if json else "application/xml"
    headers = {**_OPEN, "Content-Language": language} if json else _OPEN
    return Response(body, http_status(status, root), headers, media_type=kind)


def sdmx_router(reader: Callable[[], Source]) -> APIRouter:
    """The routes of both versions of SDMX REST."""
    router = APIRouter(tags=["SDMX"])

    def endpoint(root: str) -> Callable[[Request], Response]:
        def answered(request: Request) -> Response:
            source = reader()
            of_figures(request)
            if same := unchanged(request, source.release().id):
                return same
            try:
                made = _answered(request, source, root)
                if _fresh(request, source):
                    modified = {"Last-Modified": made.headers["last-modified"]}
                    return not_modified(request, source.release().id, modified)
                return made
            except SdmxError as error:
                return _refused(request, root, error.status, error)
            except MarsadError as error:
                return _refused(request, root, status_of(error), error)

        return answered

    for root, paths in _PATHS.items():
        made = endpoint(root)
        for path, summary, query in paths:
            router.add_api_route(f"/sdmx/{root}{path}", made, summary=summary,
                                 operation_id=f"sdmx {root} {summary}", response_class=Response,
                                 responses=_responses(root, path),
                                 openapi_extra=_described(path, query))  # fmt: skip
        router.add_api_route(
            f"/sdmx/{root}/{{path:path}}", made, methods=_METHODS, include_in_schema=False
        )
    return router
