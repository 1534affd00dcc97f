"""What an operator measures: counted right, readable by Prometheus, and silent about visitors."""

from __future__ import annotations

import json
import logging
import re

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from marsad.cli.watching import Lines
from marsad.publish.http.metrics import Metrics

_LINE = re.compile(r'[a-z_]+(?:\{(?:[a-z]+="[^"]*",?)*\})? [-+.\deInf]+')


async def _fails(request: Request) -> Response:
    raise ValueError(request.url.path)


@pytest.fixture
def client() -> TestClient:
    ok = lambda _request: PlainTextResponse("ok")  # noqa: E731
    routes = [
        Route("/api/x", ok),
        Route("/fr/secret-words", ok, methods=["GET", "POST"]),
        Route("/fails", _fails),
    ]
    gauges = lambda: {"marsad_healthy": 1.0, 'marsad_source_alarm{source="a"}': 0.0}  # noqa: E731
    return TestClient(Metrics(Starlette(routes=routes), gauges), raise_server_exceptions=False)


def test_answers_are_counted_by_kind_and_status_and_nothing_else(client: TestClient) -> None:
    for path in ("/api/x?q=my-name", "/api/x", "/api/none", "/fr/secret-words", "/fails"):
        client.get(path)
    client.post("/fr/secret-words")
    text = client.get("/metrics").text
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    counts = {re.sub(r',process="\d+"', "", key): value for key, value in values.items()}
    assert counts['marsad_answers_total{kind="api",status="200"}'] == "2"
    assert counts['marsad_answers_total{kind="api",status="404"}'] == "1"
    assert counts['marsad_answers_total{kind="page",status="200"}'] == "1"
    assert counts['marsad_answers_total{kind="page",status="500"}'] == "1"
    assert counts['marsad_answers_total{kind="form",status="200"}'] == "1"
    assert counts['marsad_answer_seconds_count{kind="api"}'] == "3"
    assert counts["marsad_healthy"] == "1"
    assert all(_LINE.fullmatch(line) for line in text.splitlines() if not line.startswith("#"))
    assert "secret" not in text
    assert "my-name" not in text


def test_where_no_figures_are_shown_there_is_no_such_page() -> None:
    assert TestClient(Metrics(Starlette())).get("/metrics").status_code == 404


def test_the_log_is_lines_of_json_without_a_visitor(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "marsad.access"):
        client.get("/fr/secret-words?q=my-name", headers={"X-API-Key": "marsad_key"})
    (record,) = caplog.records
    line = Lines().format(record)
    entry = json.loads(line)
    assert (entry["kind"], entry["status"], entry["bytes"]) == ("page", 200, 2)
    assert not any(words in line for words in ("secret", "my-name", "marsad_key", "testclient"))
