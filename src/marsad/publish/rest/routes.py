"""The REST API, version 1: indicators, values, ads, the register of sources, areas, code lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from msgspec.structs import asdict

from marsad.base import areas, codes
from marsad.base.errors import InputError, NotFoundError
from marsad.base.periods import instant, plain_period
from marsad.base.refusals import refused
from marsad.products.declare import DIMENSIONS
from marsad.publish.formats.answer import Answer
from marsad.publish.formats.registry import format_named, formats
from marsad.publish.http.answer_cache import of_figures
from marsad.publish.http.bodies import ad_body, body_of
from marsad.publish.http.described import (
    PROBLEMS,
    UNCHANGED,
    Responses,
    answered,
    file_content,
    filed,
    json_content,
)
from marsad.publish.http.replies import answer, for_administrators, unchanged
from marsad.publish.http.strict import StrictRoute
from marsad.publish.read.counts import dimensions
from marsad.publish.read.model import MOST_ADS, MOST_VALUES, PAGE_VALUES
from marsad.publish.read.reader import AdQuery, DataQuery, Reader
from marsad.publish.rest.answers import question_body, widened_body
from marsad.publish.rest.bodies import (
    AdList,
    AreaList,
    CardList,
    CodeList,
    CodeListNames,
    IndicatorDetail,
    IndicatorList,
    ReviewList,
    SourceList,
    query_body,
)
from marsad.publish.rest.bulk import MEDIA_TYPE as PARQUET
from marsad.publish.rest.bulk import Bulk
from marsad.publish.rest.choices import FormatName, Level, ad_parameters
from marsad.publish.rest.common import (
    KEY,
    Codes,
    Cursor,
    Handlers,
    Identifier,
    Lang,
    Linked,
    Text,
    Words,
    in_language,
    listed,
    with_filters,
)
from marsad.publish.rest.cursor import following, offset
from marsad.publish.rest.described import ANSWERS, POSTED
from marsad.publish.rest.figures import Figures
from marsad.publish.rest.library import LibraryLists
from marsad.publish.rest.lists import Lists
from marsad.publish.rest.person import PersonMatching
from marsad.publish.rest.search import Finding
from marsad.publish.rest.source_states import Standing, States

FILTERS = dict.fromkeys((*DIMENSIONS[1:], "freq"), Codes)
"""The parameters that choose values by their dimensions."""


class Api(Handlers):
    """Indicators, values, ads, the register of sources, areas and code lists."""

    def release(self, request: Request) -> Response:
        """The release that every answer comes from."""
        return self.respond(request, lambda r: r.release())

    def indicators(self, request: Request) -> Response:
        """Every indicator with its definition, unit, source and caveats."""
        return self.respond(request, lambda r: IndicatorList(r.indicators()), figures=True)

    def indicator(self, request: Request, identifier: Identifier) -> Response:
        """One indicator and the codes of its dimensions."""

        def body(r: Reader) -> IndicatorDetail:
            indicator = r.indicator(identifier)
            present = {d: r.codes(identifier, d) for d in indicator.dimensions}
            return body_of(IndicatorDetail, {**asdict(indicator), "codes": present})

        return self.respond(request, body, figures=True)

    def data(
        self,
        request: Request,
        identifier: Identifier,
        filters: Mapping[str, str],
        level: Level = "",
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
        format: FormatName = "json",
        lang: Lang = "",
    ) -> Response:
        """Values of an indicator in any format; every filter takes codes."""
        limit = limit or (PAGE_VALUES if format_named(format).paged else MOST_VALUES)
        query = DataQuery(
            identifier,
            {name: listed(codes) for name, codes in filters.items() if codes},
            level=level,
            parent=parent,
            start=plain_period(start),
            end=plain_period(end),
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
        language = in_language(language, request)
        release = now.release().id
        of_figures(request)
        if same := unchanged(request, release):
            return same
        result = Answer.of(now, query, language)
        headers = {"X-Total-Count": str(result.total), "Content-Language": language}
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
        realm: Annotated[
            str,
            Query(
                max_length=20,
                description="real or synthetic; empty for both",
                json_schema_extra={"enum": ["", "real", "synthetic"]},
            ),
        ] = "",
        page: Annotated[int, Query(ge=1, le=500)] = 1,
        size: Annotated[int, Query(ge=1, le=MOST_ADS)] = 20,
        cursor: Cursor = "",
    ) -> Response:
        """Search job ads; duplicates are folded, personal data removed."""
        if cursor and page > 1:
            raise InputError(refused("page_or_cursor", page="page", cursor="cursor"))

        def body(r: Reader) -> Linked:
            release = r.release().id
            at = offset(cursor, request, release) // size + 1 if cursor else page
            query = AdQuery(q, filters, realm, at, size)
            result = r.search_ads(query)
            more = following(request, release, at * size) if at * size < result.total else None
            ads = tuple(ad_body(ad) for ad in result.ads)
            read = question_body(result.question, r, "en") if result.question else None
            listed = AdList(
                query_body(result.query), read, widened_body(result.widened, "ads"), ads, result.total,
                result.facets, more,
            )  # fmt: skip
            return Linked(listed, more)

        return self.respond(request, body)

    def ad(
        self, request: Request, key: Annotated[str, Path(description="the key of an ad")]
    ) -> Response:
        """One ad with its codes, scores and the words they rest on."""
        return self.respond(request, lambda r: ad_body(r.ad(key)))

    def sources(self, request: Request) -> Response:
        """The register: by what right each source is read, and its last run."""
        return self.respond(request, lambda r: SourceList(r.sources()), figures=True)

    def accuracy(self, request: Request) -> Response:
        """Measured accuracy of every classifier, by language."""
        return self.respond(request, lambda r: CardList(r.cards()), figures=True)

    def review(
        self,
        request: Request,
        scheme: Text = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Response:
        """What a person should look at first; 404 unless MARSAD_ADMIN is 1."""
        for_administrators()
        return self.respond(request, lambda r: ReviewList(r.review(scheme, limit)))

    def areas(self, request: Request, level: Level = "", parent: Text = "") -> Response:
        """Areas with their names in Arabic and French."""

        def body(_: Reader) -> AreaList:
            if level and level not in areas.LEVELS:
                raise InputError(refused("no_level", code=level, known=", ".join(areas.LEVELS)))
            if parent:
                areas.area(parent)
            known = areas.areas().values()
            selected = (a for a in known if level in ("", a.level) and parent in ("", a.parent))
            return AreaList(tuple(selected))

        return self.respond(request, body, figures=True)

    def code_lists(self, request: Request) -> Response:
        """Names of the code lists."""
        return self.respond(request, lambda _: CodeListNames(codes.names()), figures=True)

    def code_list(self, request: Request, name: Annotated[str, Path(examples=["sex"])]) -> Response:
        """One code list with labels in Arabic, French and English."""

        def body(_: Reader) -> CodeList:
            if name not in codes.names():
                raise NotFoundError(
                    refused("no_codelist", name=name, known=", ".join(codes.names()))
                )
            return CodeList(name, dict(codes.codelist(name)))

        return self.respond(request, body, figures=True)


def _values() -> Responses:
    """The answer of values: in every format, those in JSON by their type."""
    contents: dict[str, object] = {}
    for declared in formats().values():
        if declared.body:
            contents |= json_content(declared.body, declared.media_type)
        else:
            contents |= file_content([declared.media_type])
    return {
        200: {"description": "Values of an indicator in the format asked.", "content": contents}
    }


def _summary(handler: Callable[..., Response]) -> str:
    """The first paragraph of what a handler says of itself."""
    return " ".join((handler.__doc__ or "").split("\n\n")[0].split())


def _add_posted(router: APIRouter, reader: Callable[[], Reader]) -> None:
    """Add the routes of POSTED."""
    person = PersonMatching(reader).person
    for path, (question, body) in POSTED.items():
        router.add_api_route(
            path,
            person,
            methods=["POST"],
            summary=_summary(person),
            operation_id=f"post_{path.strip('/')}",
            responses=answered(body),
            openapi_extra={
                "security": [{}],
                "requestBody": {"required": True, "content": json_content(question)},
            },
        )


def _handlers(
    reader: Callable[[], Reader], states: States, bulk: Bulk
) -> tuple[tuple[str, Callable[..., Response]], ...]:
    """Each path with what answers it."""
    api, lists, figures, finding = Api(reader), Lists(reader), Figures(reader), Finding(reader)
    library = LibraryLists(reader)
    return (
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
        ("/register/states", Standing(reader, states).states),
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
        ("/library", library.studies),
        ("/library/{name}", library.study),
        ("/codes", api.code_lists),
        ("/codes/{name}", api.code_list),
        ("/search", finding.search),
        ("/matching", finding.matching),
        ("/pathways", finding.pathways),
        ("/limits", figures.limits),
        ("/bulk", bulk.manifest),
        ("/bulk/{name}", bulk.file),
    )


def _answers(path: str) -> Responses:
    """What a path answers: JSON of a type, a file, or values in every format."""
    if path == "/bulk/{name}":
        return filed([PARQUET], "Every value of a release.")
    return answered(ANSWERS[path]) if path in ANSWERS else _values()


def api_router(reader: Callable[[], Reader], states: States) -> APIRouter:
    """The routes under /api/v1; `states` says of each source whether it is fetched now."""
    router = APIRouter(
        prefix="/api/v1", route_class=StrictRoute, tags=["Marsad API v1"],
        responses={**PROBLEMS, **UNCHANGED}, dependencies=[KEY],
    )  # fmt: skip
    for path, handler in _handlers(reader, states, Bulk(reader)):
        name = path.strip("/").replace("/", "_").translate(str.maketrans("", "", "{}"))
        router.add_api_route(
            path,
            handler,
            summary=_summary(handler),
            operation_id=name.replace(":path", ""),
            response_class=Response,  # what it answers is described in full
            responses=_answers(path),
            openapi_extra={"security": [{}]},  # a key is never needed
        )
    _add_posted(router, reader)
    return router
