"""The REST API, version 1: indicators, values, ads, the register of sources, areas, code lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response

from marsad.base import areas, codes
from marsad.base.errors import InputError, NotFoundError
from marsad.base.fields import Property
from marsad.base.periods import instant
from marsad.products.declare import DIMENSIONS
from marsad.publish.formats.answer import Answer
from marsad.publish.formats.registry import format_named
from marsad.publish.http.replies import answer, for_administrators, unchanged
from marsad.publish.read.ad_filters import filters
from marsad.publish.read.counts import dimensions
from marsad.publish.read.model import MOST_ADS, MOST_VALUES, PAGE_VALUES
from marsad.publish.read.reader import AdQuery, DataQuery, Reader
from marsad.publish.rest.bodies import ad_body, page_body
from marsad.publish.rest.common import (
    KEY,
    PROBLEMS,
    Codes,
    Cursor,
    Handlers,
    Identifier,
    Linked,
    StrictRoute,
    Text,
    Words,
    in_language,
    listed,
    with_filters,
)
from marsad.publish.rest.cursor import following, offset
from marsad.publish.rest.figures import Figures
from marsad.publish.rest.lists import Lists
from marsad.publish.rest.search import Finding

FILTERS = dict.fromkeys((*DIMENSIONS[1:], "freq"), Codes)
"""The parameters that choose values by their dimensions."""


def ad_parameters() -> dict[str, object]:
    """The parameters that choose ads by what their fields declare."""

    def parameter(declared: Property) -> object:
        about = (
            f"{declared.description}; its beginning"
            if declared.match == "prefix"
            else declared.description
        )
        return Annotated[
            str, Query(max_length=200, pattern=declared.pattern or None, description=about)
        ]

    return {name: parameter(declared) for name, (_, declared) in filters().items()}


class Api(Handlers):
    """Indicators, values, ads, the register of sources, areas and code lists."""

    def release(self, request: Request) -> Response:
        """The release that every answer comes from."""
        return self.respond(request, lambda r: asdict(r.release()))

    def indicators(self, request: Request) -> Response:
        """Every indicator with its definition, unit, source and caveats."""
        return self.respond(request, lambda r: {"indicators": r.indicators()})

    def indicator(self, request: Request, identifier: Identifier) -> Response:
        """One indicator and the codes of its dimensions."""

        def body(r: Reader) -> object:
            indicator = r.indicator(identifier)
            present = {d: r.codes(identifier, d) for d in indicator.dimensions}
            return {**msgspec.to_builtins(indicator), "codes": present}

        return self.respond(request, body)

    def data(
        self,
        request: Request,
        identifier: Identifier,
        filters: Mapping[str, str],
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
        limit: Annotated[
            int,
            Query(
                ge=0,
                le=MOST_VALUES,
                description=f"0: {PAGE_VALUES:,} in JSON, all of them in a file",
            ),
        ] = 0,
        offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
        format: Text = "json",
        lang: Text = "en",
    ) -> Response:
        """Values of an indicator in any format; every filter takes codes."""
        limit = limit or (PAGE_VALUES if format_named(format).paged else MOST_VALUES)
        query = DataQuery(
            identifier,
            {name: listed(codes) for name, codes in filters.items() if codes},
            level=level,
            parent=parent,
            start=start,
            end=end,
            latest=latest,
            vintage=vintage,
            as_of=instant(as_of),
            history=history,
            limit=limit,
            offset=offset,
        )
        return self._data(request, query, format, lang)

    def _data(self, request: Request, query: DataQuery, format: str, language: str) -> Response:
        chosen, now = format_named(format), self._reader()
        release = now.release().id
        if same := unchanged(request, release):
            return same
        result = Answer.of(now, query, in_language(language))
        headers = {"X-Total-Count": str(result.total)}
        if not chosen.inline:
            mark = "_SYNTHETIC" if result.synthetic else ""
            name = f"marsad_{query.indicator}_{release}{mark}.{chosen.extension}"
            headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer(request, release, chosen.write(result), chosen.media_type, headers)

    def ads(
        self,
        request: Request,
        filters: Mapping[str, str],
        q: Words = "",
        realm: Annotated[str, Query(description="real or synthetic; empty for both")] = "",
        page: Annotated[int, Query(ge=1, le=500)] = 1,
        size: Annotated[int, Query(ge=1, le=MOST_ADS)] = 20,
        cursor: Cursor = "",
    ) -> Response:
        """Search job ads; duplicates are folded, personal data removed."""
        if cursor and page > 1:
            raise InputError("give page or cursor, not both")

        def body(r: Reader) -> object:
            release = r.release().id
            at = offset(cursor, request, release) // size + 1 if cursor else page
            query = AdQuery(q, filters, realm, at, size)
            result = r.search_ads(query)
            more = following(request, release, at * size) if at * size < result.total else None
            return Linked(page_body(result, more), more)

        return self.respond(request, body)

    def ad(
        self, request: Request, key: Annotated[str, Path(description="the key of an ad")]
    ) -> Response:
        """One ad with its codes, scores and the words they rest on."""
        return self.respond(request, lambda r: ad_body(r.ad(key)))

    def sources(self, request: Request) -> Response:
        """The register: by what right each source is read, and its last run."""
        return self.respond(request, lambda r: {"sources": r.sources()})

    def accuracy(self, request: Request) -> Response:
        """Measured accuracy of every classifier, by language."""
        return self.respond(request, lambda r: {"cards": r.cards()})

    def review(
        self,
        request: Request,
        scheme: Text = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Response:
        """What a person should look at first; 404 unless MARSAD_ADMIN is 1."""
        for_administrators()
        return self.respond(request, lambda r: {"review": r.review(scheme, limit)})

    def areas(self, request: Request, level: Text = "", parent: Text = "") -> Response:
        """Areas with their names in Arabic and French."""

        def body(_: Reader) -> object:
            if level and level not in areas.LEVELS:
                raise InputError(f"level must be one of {', '.join(areas.LEVELS)}")
            if parent:
                areas.area(parent)
            known = areas.areas().values()
            selected = (a for a in known if level in ("", a.level) and parent in ("", a.parent))
            return {"areas": [{**asdict(a), "name": dict(a.name)} for a in selected]}

        return self.respond(request, body)

    def code_lists(self, request: Request) -> Response:
        """Names of the code lists."""
        return self.respond(request, lambda _: {"lists": codes.names()})

    def code_list(self, request: Request, name: Annotated[str, Path(examples=["sex"])]) -> Response:
        """One code list with labels in Arabic, French and English."""

        def body(_: Reader) -> object:
            if name not in codes.names():
                raise NotFoundError(f"There is no code list {name!r}: {', '.join(codes.names())}.")
            return {"list": name, "codes": {k: dict(v) for k, v in codes.codelist(name).items()}}

        return self.respond(request, body)


def api_router(reader: Callable[[], Reader]) -> APIRouter:
    """The routes under /api/v1."""
    api, lists, figures, finding = Api(reader), Lists(reader), Figures(reader), Finding(reader)
    router = APIRouter(
        prefix="/api/v1",
        route_class=StrictRoute,
        tags=["Marsad API v1"],
        responses=PROBLEMS,
        dependencies=[KEY],
    )
    for path, handler in (
        ("/release", api.release),
        ("/indicators", api.indicators),
        ("/indicators/{identifier}", api.indicator),
        ("/indicators/{identifier}/data", with_filters(api.data, FILTERS)),
        ("/indicators/{identifier}/revisions", with_filters(figures.revisions, FILTERS)),
        ("/values/{key:path}", figures.value),
        ("/ads", with_filters(api.ads, ad_parameters())),
        ("/ads/counts", with_filters(figures.counts, dict.fromkeys(dimensions(), Codes))),
        ("/ads/{key}", api.ad),
        ("/sources", api.sources),
        ("/register", api.sources),
        ("/accuracy", api.accuracy),
        ("/review", api.review),
        ("/areas", api.areas),
        ("/areas/{code}", lists.area),
        ("/occupations", lists.occupations),
        ("/occupations/{code}", lists.occupation),
        ("/skills", lists.skills),
        ("/skills/{code:path}", lists.skill),
        ("/trainings", lists.trainings),
        ("/trainings/{identifier}", lists.training),
        ("/codes", api.code_lists),
        ("/codes/{name}", api.code_list),
        ("/search", finding.search),
        ("/matching", finding.matching),
        ("/pathways", finding.pathways),
        ("/limits", figures.limits),
    ):
        summary = " ".join((handler.__doc__ or "").split("\n\n")[0].split())
        name = path.strip("/").replace("/", "_").translate(str.maketrans("", "", "{}"))
        router.add_api_route(
            path,
            handler,
            summary=summary,
            operation_id=name.replace(":path", ""),
            openapi_extra={"security": [{}]},  # a key is never needed
        )
    return router
