"""Every kind of text that we publish goes out compressed; pieces go out as they are made."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from marsad.publish.formats.dcat import SERIALISATIONS
from marsad.publish.formats.registry import formats
from marsad.publish.sdmx.request.negotiate import OFFERED
from marsad.web.middleware import Compression

BINARY = {"arrow", "parquet", "xlsx"}
KINDS = sorted(
    {form.media_type for form in formats().values() if form.id not in BINARY}
    | {media.content_type for offered in OFFERED.values() for media in offered}
    | {media for _, media in SERIALISATIONS.values()}
    | {"text/html; charset=utf-8", "text/css", "text/javascript", "application/problem+json"}
)


def _answer(request: Request) -> Response:
    return Response("words " * 400, media_type=request.query_params["kind"])


async def _pieces() -> AsyncIterator[str]:
    for number in range(3):
        yield f"data: {number}\n\n"


def _stream(request: Request) -> Response:
    return StreamingResponse(_pieces(), media_type=request.query_params["kind"])


@pytest.fixture(scope="module")
def client() -> TestClient:
    routes = [Route("/", _answer), Route("/stream", _stream)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Compression)]))


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_format_is_compressed(client: TestClient, kind: str) -> None:
    answer = client.get("/", params={"kind": kind}, headers={"Accept-Encoding": "br"})
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.text == "words " * 400


@pytest.mark.parametrize("kind", ["application/pdf", "font/woff2", "text/event-stream"])
def test_what_is_packed_already_or_must_not_wait_is_left_alone(
    client: TestClient, kind: str
) -> None:
    answer = client.get("/stream", params={"kind": kind}, headers={"Accept-Encoding": "br, gzip"})
    assert "content-encoding" not in answer.headers
    assert answer.text == "data: 0\n\ndata: 1\n\ndata: 2\n\n"


def test_a_stream_of_text_is_compressed_as_it_comes(client: TestClient) -> None:
    answer = client.get("/stream", params={"kind": "text/csv"}, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "content-length" not in answer.headers
    assert answer.text == "data: 0\n\ndata: 1\n\ndata: 2\n\n"
