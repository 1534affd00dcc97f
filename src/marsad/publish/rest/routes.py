"""The REST API, version 1: indicators, values, ads, the register of sources, areas, code lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.routing import APIRoute

from marsad.base import areas, codes
from marsad.base.errors import InputError, MarsadError, NotFoundError
from marsad.base.labels import LANGUAGES
from marsad.base.periods import instant
from marsad.products.declare import DIMENSIONS
from marsad.publish.answer import Answer
from marsad.publish.formats import format_named
from marsad.publish.http import answer, for_administrators, refusal, unchanged
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
                return refusal(InputError(said), request)
            try:
                found: Response = await inner(request)
            except MarsadError as error:
                return refusal(error, request)
            return found

        return handle


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise InputError(f"lang must be one of {', '.join(LANGUAGES)}")
    return language


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


class Api:
    """The handlers, reading through `reader()`, asked anew for each request."""

    def __init__(self, reader: Callable[[], Reader]) -> None:
        self._reader = reader

    def _given(self, request: Request, body: Callable[[Reader], object]) -> Response:
        """An answer as JSON, or 304 when the caller has it."""
        now = self._reader()
        release = now.release().id
        if same := unchanged(request, release):
            return same
        return answer(request, release, msgspec.json.encode(body(now)), "application/json")

    def release(self, request: Request) -> Response:
        """The release that every answer comes from."""
        return self._given(request, lambda r: asdict(r.release()))

    def indicators(self, request: Request) -> Response:
        """Every indicator with its definition, unit, source and caveats."""
        return self._given(request, lambda r: {"indicators": r.indicators()})

    def indicator(self, request: Request, identifier: str) -> Response:
        """One indicator and the codes of its dimensions."""

        def body(r: Reader) -> object:
            found = r.indicator(identifier)
            present = {d: r.codes(identifier, d) for d in found.dimensions}
            return {**msgspec.to_builtins(found), "codes": present}

        return self._given(request, body)

    def data(
        self,
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
        adjustment: Codes = "",
        freq: Codes = "",
        level: Text = "",
        parent: Text = "",
        start: Text = "",
        end: Text = "",
        vintage: Text = "current",
        latest: bool = False,
        as_of: Annotated[
            str, Query(max_length=40, description="as known on this day or time")
        ] = "",
        history: Annotated[bool, Query(description="every version of each value")] = False,
        limit: Annotated[int, Query(ge=1, le=100_000)] = 10_000,
        offset: Annotated[int, Query(ge=0)] = 0,
        format: Text = "json",
        lang: Text = "en",
    ) -> Response:
        """Values of an indicator in any format; every filter takes codes."""
        said = locals()
        filters = {d: _listed(said[d]) for d in DIMENSIONS if said[d]}
        query = DataQuery(
            identifier,
            filters,
            level,
            parent,
            start,
            end,
            latest,
            vintage,
            instant(as_of),
            history,
            limit,
            offset,
        )
        return self._data(request, query, format, lang)

    def _data(self, request: Request, query: DataQuery, format: str, language: str) -> Response:
        chosen, now = format_named(format), self._reader()
        release = now.release().id
        if same := unchanged(request, release):
            return same
        result = now.data(query)
        body = chosen.write(Answer(result, now, _language(language)))
        headers = {"X-Total-Count": str(result.total)}
        if chosen.name not in ("json", "json-stat"):
            mark = "_SYNTHETIC" if any(v.synthetic for v in result.rows) else ""
            name = f"marsad_{query.indicator}_{release}{mark}.{chosen.extension}"
            headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer(request, release, body, chosen.media_type, headers)

    def ads(
        self,
        request: Request,
        q: Annotated[str, Query(max_length=200, description="words in any language")] = "",
        region: Text = "",
        province: Text = "",
        occupation: Annotated[str, Query(pattern=r"^\d{0,4}$", description="ISCO-08")] = "",
        language: Text = "",
        contract: Text = "",
        realm: Annotated[str, Query(description="real or synthetic; empty for both")] = "",
        page: Annotated[int, Query(ge=1, le=500)] = 1,
        size: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> Response:
        """Search job ads; duplicates are folded, personal data removed."""
        query = AdQuery(q, region, province, occupation, language, contract, realm, page, size)
        return self._given(request, lambda r: r.search_ads(query))

    def ad(self, request: Request, key: str) -> Response:
        """One ad with its codes, scores and the words they rest on."""
        return self._given(request, lambda r: r.ad(key))

    def sources(self, request: Request) -> Response:
        """The register: by what right each source is read, and its last run."""
        return self._given(request, lambda r: {"sources": r.sources()})

    def accuracy(self, request: Request) -> Response:
        """Measured accuracy of every classifier, by language."""
        return self._given(request, lambda r: {"cards": r.cards()})

    def review(
        self,
        request: Request,
        scheme: Text = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Response:
        """What a person should look at first; 404 unless MARSAD_ADMIN is 1."""
        for_administrators()
        return self._given(request, lambda r: {"review": r.review(scheme, limit)})

    def areas(self, request: Request, level: Text = "", parent: Text = "") -> Response:
        """Areas with their names in Arabic and French."""

        def body(_: Reader) -> object:
            if level and level not in areas.LEVELS:
                raise InputError(f"level must be one of {', '.join(areas.LEVELS)}")
            if parent:
                areas.area(parent)
            found = areas.areas().values()
            kept = (a for a in found if level in ("", a.level) and parent in ("", a.parent))
            return {"areas": [{**asdict(a), "name": dict(a.name)} for a in kept]}

        return self._given(request, body)

    def code_lists(self, request: Request) -> Response:
        """Names of the code lists."""
        return self._given(request, lambda _: {"lists": codes.names()})

    def code_list(self, request: Request, name: str) -> Response:
        """One code list with labels in Arabic, French and English."""

        def body(_: Reader) -> object:
            if name not in codes.names():
                raise NotFoundError(f"There is no code list {name!r}: {', '.join(codes.names())}.")
            return {"list": name, "codes": {k: dict(v) for k, v in codes.codelist(name).items()}}

        return self._given(request, body)


def api_router(reader: Callable[[], Reader]) -> APIRouter:
    """The routes under /api/v1."""
    api = Api(reader)
    router = APIRouter(prefix="/api/v1", route_class=StrictRoute, tags=["Marsad API v1"])
    for path, handler in (
        ("/release", api.release),
        ("/indicators", api.indicators),
        ("/indicators/{identifier}", api.indicator),
        ("/indicators/{identifier}/data", api.data),
        ("/ads", api.ads),
        ("/ads/{key}", api.ad),
        ("/sources", api.sources),
        ("/accuracy", api.accuracy),
        ("/review", api.review),
        ("/areas", api.areas),
        ("/codes", api.code_lists),
        ("/codes/{name}", api.code_list),
    ):
        router.add_api_route(path, handler, summary=(handler.__doc__ or "").split("\n")[0])
    return router
