"""The REST API, version 1: indicators, values, ads, the register of sources, areas, code lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.routing import APIRoute

from marsad.base import areas, codes
from marsad.base.errors import InputError, MarsadError
from marsad.base.labels import LANGUAGES
from marsad.products.declare import DIMENSIONS
from marsad.publish.formats import Answer, format_named
from marsad.publish.http import answer, refusal, unchanged
from marsad.publish.query import AdQuery, DataQuery, Reader

Text = Annotated[str, Query(max_length=2000)]
Codes = Annotated[str, Query(max_length=4000, description="codes, separated by commas")]


class StrictRoute(APIRoute):
    """Refuses parameters it does not know, and maps every error of ours to its status."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        inner = super().get_route_handler()
        known = {p.alias for p in self.dependant.query_params}

        async def handle(request: Request) -> Response:
            if unknown := sorted(set(request.query_params) - known):
                said = f"unknown parameter {', '.join(unknown)}; known: {', '.join(sorted(known))}"
                return refusal(InputError(said))
            try:
                found: Response = await inner(request)
            except MarsadError as error:
                return refusal(error)
            return found

        return handle


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise InputError(f"lang must be one of {', '.join(LANGUAGES)}")
    return language


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def api_router(reader: Callable[[], Reader]) -> APIRouter:
    """The routes under /api/v1, reading through `reader()`, asked anew for each request."""
    router = APIRouter(prefix="/api/v1", route_class=StrictRoute, tags=["Marsad API v1"])

    def given(request: Request, body: Callable[[Reader], object]) -> Response:
        now = reader()
        release = now.release().id
        same = unchanged(request, release)
        if same:
            return same
        return answer(request, release, msgspec.json.encode(body(now)), "application/json")

    @router.get("/release", summary="The release that every answer comes from")
    def release(request: Request) -> Response:
        return given(request, lambda r: asdict(r.release()))

    @router.get("/indicators", summary="Every indicator with its definition, unit, source and caveats")
    def indicators(request: Request) -> Response:
        return given(request, lambda r: {"indicators": r.indicators()})

    @router.get("/indicators/{identifier}", summary="One indicator and the codes of its dimensions")
    def indicator(request: Request, identifier: str) -> Response:
        def body(r: Reader) -> object:
            found = r.indicator(identifier)
            present = {d: r.codes(identifier, d) for d in found.dimensions}
            return {**msgspec.to_builtins(found), "codes": present}

        return given(request, body)

    @router.get("/indicators/{identifier}/data", summary="Values of an indicator: JSON, CSV, SDMX-CSV")
    def data(
        request: Request,
        identifier: str,
        area: Codes = "",
        survey: Codes = "",
        sex: Codes = "",
        age: Codes = "",
        urbanisation: Codes = "",
        education: Codes = "",
        occupation: Codes = "",
        category: Codes = "",
        freq: Codes = "",
        level: Text = "",
        parent: Text = "",
        start: Text = "",
        end: Text = "",
        vintage: Text = "current",
        latest: bool = False,
        limit: Annotated[int, Query(ge=1, le=100_000)] = 10_000,
        offset: Annotated[int, Query(ge=0)] = 0,
        format: Text = "json",
        lang: Text = "en",
    ) -> Response:
        chosen, language = format_named(format), _language(lang)
        now = reader()
        if same := unchanged(request, now.release().id):
            return same
        said = locals()
        filters = {d: _listed(said[d]) for d in DIMENSIONS if said[d]}
        query = DataQuery(
            identifier, filters, level, parent, start, end, latest, vintage, limit, offset
        )
        result = now.data(query)
        mark = "_SYNTHETIC" if any(v.synthetic for v in result.rows) else ""
        name = f"marsad_{identifier}_{now.release().id}{mark}.{chosen.extension}"
        headers = {"X-Total-Count": str(result.total)}
        if chosen.extension == "csv":
            headers["Content-Disposition"] = f'attachment; filename="{name}"'
        body = chosen.write(Answer(result, now, language))
        return answer(request, now.release().id, body, chosen.media_type, headers)

    @router.get("/ads", summary="Search job ads; duplicates are folded, personal data removed")
    def ads(
        request: Request,
        q: Annotated[str, Query(max_length=200, description="words in any language")] = "",
        region: Text = "",
        province: Text = "",
        occupation: Annotated[str, Query(pattern=r"^\d{0,4}$", description="ISCO-08, 1-4 digits")] = "",
        language: Text = "",
        contract: Text = "",
        realm: Annotated[str, Query(description="real or synthetic; empty for both")] = "",
        page: Annotated[int, Query(ge=1, le=500)] = 1,
        size: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> Response:
        query = AdQuery(q, region, province, occupation, language, contract, realm, page, size)

        def body(r: Reader) -> object:
            found = r.search_ads(query)
            return replace(found, facets=dict(found.facets))

        return given(request, body)

    @router.get("/ads/{key}", summary="One ad with its codes, scores and the words they rest on")
    def ad(request: Request, key: str) -> Response:
        return given(request, lambda r: r.ad(key))

    @router.get("/sources", summary="The register: by what right each source is read, and its last run")
    def sources(request: Request) -> Response:
        return given(request, lambda r: {"sources": r.sources()})

    @router.get("/accuracy", summary="Measured accuracy of every classifier, by language")
    def accuracy(request: Request) -> Response:
        return given(request, lambda r: {"cards": r.cards()})

    @router.get("/areas", summary="Areas with their names in Arabic and French")
    def area_list(request: Request, level: Text = "", parent: Text = "") -> Response:
        def body(_: Reader) -> object:
            if level and level not in areas.LEVELS:
                raise InputError(f"level must be one of {', '.join(areas.LEVELS)}")
            if parent:
                areas.area(parent)
            found = areas.areas().values()
            return {
                "areas": [
                    {**asdict(a), "name": dict(a.name)}
                    for a in found
                    if (not level or a.level == level) and (not parent or a.parent == parent)
                ]
            }

        return given(request, body)

    @router.get("/codes", summary="Names of the code lists")
    def code_lists(request: Request) -> Response:
        return given(request, lambda _: {"lists": codes.names()})

    @router.get("/codes/{name}", summary="One code list with labels in Arabic, French and English")
    def code_list(request: Request, name: str) -> Response:
        def body(_: Reader) -> object:
            if name not in codes.names():
                raise InputError(f"there is no code list {name!r}; lists: {', '.join(codes.names())}")
            return {"list": name, "codes": {k: dict(v) for k, v in codes.codelist(name).items()}}

        return given(request, body)

    return router
