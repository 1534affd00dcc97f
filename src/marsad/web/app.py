"""The portal as one ASGI application: pages in three languages, static files, and the two
machine interfaces, all over the same read path."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from marsad import __version__
from marsad.backoffice.ports import NOBODY, Desk
from marsad.base.errors import MarsadError
from marsad.base.labels import LANGUAGES, pick
from marsad.base.refusals import in_language
from marsad.base.settings import read_settings, site_path
from marsad.publish.feeds.stream import BODIES, stream_router
from marsad.publish.formats.dcat import catalogue_router
from marsad.publish.http.answer_cache import IN_MEMORY, AnswerCache, Served, Store
from marsad.publish.http.described import described
from marsad.publish.http.limits import MACHINES, Keys, Limiter, Limits, Reaches
from marsad.publish.http.methods import Methods, methods_of
from marsad.publish.http.metrics import Gauges, Metrics
from marsad.publish.http.negotiation import language_of, languages
from marsad.publish.http.parameters import invalid
from marsad.publish.http.problems import KINDS, MEDIA_TYPE, problem
from marsad.publish.http.process import few_threads
from marsad.publish.http.replies import preferred as language_preferred
from marsad.publish.http.replies import refusal, status_of
from marsad.publish.read.reader import Reader
from marsad.publish.rest.described import bodies
from marsad.publish.rest.routes import api_router
from marsad.publish.sdmx.routes import sdmx_router
from marsad.web import deliveries, interface, sitemap
from marsad.web.dispatch import endpoint, page_request, render
from marsad.web.locale import N_, TONGUES
from marsad.web.middleware import BelowPath, Compression, SecurityHeaders
from marsad.web.pages import pages
from marsad.web.static import manifest, static_file, static_url, worker

_LOG = logging.getLogger("marsad.web")


def create_app(
    reader: Callable[[], Reader],
    keys: Keys = lambda _key: None,
    desk: Desk = NOBODY,
    health: Callable[[], str] = lambda: "ok",
    store: Store | None = None,
    *,
    limiter: Limiter | None = None,
    reaches: Reaches = lambda _key, _path: True,
    gauges: Gauges | None = None,
) -> FastAPI:
    """The application over `reader`, which is called once for each visit; `keys` knows the API keys and `reaches`
    what each is for, `desk` takes what visitors leave, `health` says "ok", or "degraded" and why; `store` holds
    answers that all processes give, `limiter` counts questions for them; `gauges` are told at /metrics.

    Raises PlaceError when the static files were not built.
    """
    manifest()
    app = FastAPI(
        title="Marsad",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=few_threads,
        middleware=[
            Middleware(Metrics, gauges=gauges),
            Middleware(BelowPath),
            Middleware(SecurityHeaders),
            Middleware(Methods),
            Middleware(Limits, keys=keys, limiter=limiter, reaches=reaches),
            Middleware(
                AnswerCache,
                served=partial(_served, reader),
                store=store,
                most=min(IN_MEMORY, read_settings().answers_mb * 1_000_000),
            ),
            Middleware(Compression),
        ],
    )
    app.include_router(api_router(reader, desk.collection.states))
    app.include_router(sdmx_router(reader))
    app.include_router(stream_router(reader))
    app.include_router(catalogue_router(reader))
    app.router.routes.extend(_routes(reader, desk, health))
    app.openapi = described(app, (*bodies(), *BODIES))  # type: ignore[method-assign]
    for kind in (MarsadError, HTTPException, Exception):
        app.add_exception_handler(kind, partial(_failed, reader=reader))
    app.add_exception_handler(RequestValidationError, _invalid)
    return app


def _served(reader: Callable[[], Reader]) -> Served:
    release = reader().release()
    return Served(release.figures, release.tag)


def _health(health: Callable[[], str], _: Request) -> PlainTextResponse:
    """How the installation is, in plain words for machines, also where its control database is gone."""
    try:
        return PlainTextResponse(f"{health()}\n")
    except MarsadError as error:
        return PlainTextResponse(f"degraded: {error}\n", 503)


def _routes(reader: Callable[[], Reader], desk: Desk, health: Callable[[], str]) -> list[Route]:
    routes = [
        Route("/", _root),
        Route("/healthz", partial(_health, health)),
        Route("/static/{name}", static_file),
        Route("/worker.js", worker),
        Route("/favicon.ico", lambda _request: RedirectResponse(static_url("mark.svg"))),
        Route("/robots.txt", sitemap.robots),
        Route("/sitemap.xml", sitemap.index(reader)),
        deliveries.route(desk.deliveries),
        *interface.routes(reader),
        Route("/sitemap-{part}-{language}-{number:int}.xml", sitemap.part(reader)),
    ]
    for language in TONGUES:
        routes.append(
            Route(
                f"/{language}", lambda request: RedirectResponse(site_path(f"{request.url.path}/"))
            )
        )
        for page in pages().values():
            address, answer = f"/{language}{page.path}", endpoint(page, language, reader, desk)
            routes.append(Route(address, answer, methods=["GET", "POST"] if page.post else ["GET"]))
    return routes


def _root(request: Request) -> Response:
    header = request.headers.get("accept-language", "")
    headers = {"Vary": "Accept-Language", "Cache-Control": "no-cache"}
    return RedirectResponse(site_path(f"/{preferred(header)}/"), status_code=302, headers=headers)


def preferred(header: str) -> str:
    """The language for an Accept-Language header: Arabic unless only others are accepted, or
    Amazigh is wanted more."""
    weights = languages(header)
    arabic = weights.get("ar", weights.get("*", 0))
    if weights.get("zgh", 0) > arabic:
        return "zgh"
    return "ar" if arabic > 0 else language_of(header, LANGUAGES, "ar")


@dataclass(frozen=True, slots=True)
class ErrorView:
    """What the page of an error shows: the HTTP status, and what to do in words of the read path."""

    status: int
    detail: str


def _failed(http_request: Request, error: Exception, reader: Callable[[], Reader]) -> Response:
    status = _status(error)
    if status == 500:
        _LOG.error("unexpected error", exc_info=error)
    if http_request.url.path.startswith(MACHINES):
        return (
            refusal(error, http_request)
            if isinstance(error, MarsadError)
            else _machine_error(status, http_request)
        )
    first = http_request.url.path.split("/")[1]
    language = (
        first if first in TONGUES else preferred(http_request.headers.get("accept-language", ""))
    )
    request = page_request(http_request, language, "error", reader())
    detail = ""
    if isinstance(error, MarsadError) and status < 500:
        detail = in_language(error, request.language)
    html = render(request, _title(status), ErrorView(status, detail), "layout/error.html")
    return Response(html, status, {"Cache-Control": "no-store"}, media_type="text/html")


def _machine_error(status: int, request: Request) -> Response:
    language = language_preferred(request)
    kinds = KINDS.get(status)
    detail = pick(kinds.title, language) if kinds else HTTPStatus(status).phrase
    body = problem(status, detail, language=language)
    headers = {"Access-Control-Allow-Origin": "*"}
    if status == 405:
        headers["Allow"] = methods_of(request.scope)
    return Response(body, status, headers, MEDIA_TYPE)


def _invalid(request: Request, error: Exception) -> Response:
    """A parameter whose value its type does not take: which one, and what it should be."""
    assert isinstance(error, RequestValidationError)
    language = language_preferred(request)
    detail = "; ".join(invalid(e).texts[language] for e in error.errors())
    body = problem(422, detail, language=language)
    return Response(body, 422, {"Access-Control-Allow-Origin": "*"}, MEDIA_TYPE)


def _status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    return status_of(error) if isinstance(error, MarsadError) else 500


def _title(status: int) -> str:
    titles = {
        404: N_("Page not found"),
        400: N_("The address asks for something we cannot read"),
        403: N_("This page is for people on duty"),
        413: N_("What you sent is too large"),
    }
    return titles.get(status, N_("The page cannot be shown now"))
