"""The Python client against a real server: figures, pages, errors, limits and the stream."""

from __future__ import annotations

import ast
import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import httpx2
import pandas as pd
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

import marsad.client as module
from marsad.backoffice.api_keys import limit_of, make
from marsad.client import Client, MarsadApiError
from marsad.lake.control import Control
from served import serve

VALUE = "A.MA.unemployment_rate.ENE._T.Y_GE15._T._T._T._T.N/2024"
NATIONAL = {"area": "MA", "survey": "ENE", "sex": "_T", "age": "Y_GE15", "urbanisation": "_T",
            "education": "_T", "freq": "A"}  # fmt: skip


@pytest.fixture(scope="module")
def marsad(live_site: str) -> Iterator[Client]:
    with Client(live_site, language="en") as client:
        yield client


def test_data_is_a_typed_frame_equal_to_the_json(marsad: Client) -> None:
    frame = marsad.data("unemployment_rate", **NATIONAL)
    values = marsad.get("/api/v1/indicators/unemployment_rate/data", **NATIONAL)["values"]
    assert list(frame["value"]) == [row["value"] for row in values]
    assert list(frame["period"]) == [row["period"] for row in values]
    assert frame["value"].dtype == float
    assert isinstance(frame["valid_from"].dtype, pd.DatetimeTZDtype)
    assert set(frame["synthetic"]) == {False}


def test_data_as_known_then_and_every_version(marsad: Client) -> None:
    then = marsad.data("unemployment_rate", as_of="2024-12-31", **NATIONAL)
    same = marsad.data("unemployment_rate", as_of=dt.date(2024, 12, 31), **NATIONAL)
    now = marsad.data("unemployment_rate", **NATIONAL)
    every = marsad.data("unemployment_rate", history=True, **NATIONAL)
    assert then.equals(same)
    assert 0 < len(then) < len(now) < len(every)
    assert (then["valid_from"] <= pd.Timestamp("2025-01-01", tz="UTC")).all()


def test_data_takes_several_codes_and_more_rows_than_a_page(
    marsad: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = marsad.data("unemployment_rate", sex=["M", "F"], level="region")
    assert set(whole["sex"]) == {"M", "F"}
    monkeypatch.setattr(module, "_ROWS", 37)
    assert (
        marsad.data("unemployment_rate", sex=("M", "F"), level="region")
        .astype(object)
        .equals(whole.astype(object))
    )


def test_without_pandas_data_are_rows(marsad: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda _name: None)
    rows = marsad.data("unemployment_rate", **NATIONAL)
    assert isinstance(rows, list)
    assert {row["period"]: row["value"] for row in rows}["2024"] == 13.3


def test_one_number_indicators_search_and_matching(marsad: Client) -> None:
    assert marsad.value(VALUE)["value"] == 13.3
    assert "unemployment_rate" in [row["id"] for row in marsad.indicators()]
    assert marsad.search("بطالة")["indicators"][0]["name"] == "Unemployment rate"
    scores = [row["score"] for row in marsad.match(occupation="2512", area="MA-06", limit=5)]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)


def test_a_person_is_understood(marsad: Client) -> None:
    answer = marsad.person("développeur web à Casablanca, 3 ans", within_km=50)
    assert answer["understood"]["occupations"][0]["code"].startswith("251")
    assert answer["understood"]["years"] == 3
    assert all(row["ad"]["isco08"].startswith("251") for row in answer["openings"])
    with pytest.raises(MarsadApiError, match="Tokyo"):
        marsad.person("maçon", area="Tokyo")


def test_ads_are_every_one_once(marsad: Client) -> None:
    keys = [ad["key"] for ad in marsad.ads(region="MA-06")]
    total = marsad.get("/api/v1/ads", region="MA-06")["total"]
    assert len(keys) == len(set(keys)) == total > 100


def test_counts_are_a_frame(marsad: Client) -> None:
    frame = marsad.counts(["region", "isco08"], digits=1)
    assert list(frame.columns) == ["region", "isco08", "count"]
    assert (frame["count"] > 0).all()
    assert marsad.counts("region", realm="real").empty


def test_changes_end_and_go_on_from_a_cursor(marsad: Client) -> None:
    every = list(marsad.changes(kinds=["new", "release"]))
    assert [c["seq"] for c in every] == sorted({c["seq"] for c in every})
    assert {c["kind"] for c in every} == {"new", "release"}
    place = every[len(every) // 2]["seq"]
    assert list(marsad.changes(after=place, kinds="new,release")) == [
        c for c in every if c["seq"] > place
    ]


def test_follow_gives_what_changes_gives(marsad: Client) -> None:
    followed = list(islice(marsad.follow(after=0), 5))
    assert [c["seq"] for c in followed] == [c["seq"] for c in islice(marsad.changes(), 5)]
    last = marsad.get("/api/v1/changes", limit=1)["last"]
    assert next(marsad.follow(after=last - 1, kinds=["release"]))["kind"] == "release"


@pytest.mark.parametrize(
    ("ask", "status", "words"),
    [
        (lambda c: c.data("nothing"), 404, "no indicator"),
        (lambda c: c.data("unemployment_rate", regoin="MA"), 400, "unknown parameter regoin"),
        (lambda c: c.value("nothing"), 400, "a key is"),
        (lambda c: c.match(), 400, "say at least"),
        (lambda c: list(c.ads(cursor="x")), 400, "another question"),
        (lambda c: next(c.follow(after=0, kinds="strange")), 400, "no kind of change"),
    ],
)
def test_errors_say_status_title_and_detail(
    marsad: Client, ask: Callable[[Client], Any], status: int, words: str
) -> None:
    with pytest.raises(MarsadApiError) as caught:
        ask(marsad)
    assert caught.value.status == status
    assert words in caught.value.detail
    assert caught.value.title in {"This question cannot be read", "Nothing is there"}


def test_titles_are_in_the_language_of_the_client(live_site: str) -> None:
    with Client(live_site, language="ar") as client, pytest.raises(MarsadApiError) as caught:
        client.value("nothing")
    assert caught.value.title == "لا يمكن قراءة هذا الطلب"


def test_a_key_is_sent_and_an_unknown_one_refused(tmp_path: Path, live_site: str) -> None:
    with Client(live_site, key="marsad_wrong") as client, pytest.raises(MarsadApiError) as caught:
        client.indicators()
    assert caught.value.status == 401
    control = Control(tmp_path / "control.db")
    key = make(control, "someone", 100)
    assert limit_of(control, key) == 100
    assert _asking(lambda request: Response(json.dumps({"indicators": [request.headers["x-api-key"]]})),
                   lambda client: client.indicators(), key=key) == [key]  # fmt: skip


# What a server may do to its callers --------------------------------------------------------------


def _asking(
    answer: Callable[[Request], Response],
    ask: Callable[[Client], Any],
    waits: list[float] | None = None,
    key: str | None = None,
) -> Any:
    """What a client gets from a server of one handler; the seconds it would wait go to `waits`."""
    app = FastAPI()
    app.add_api_route("/{path:path}", _handler(answer), response_model=None)
    server = serve(app)
    base = next(server)
    try:
        with Client(base, key, sleep=(waits if waits is not None else []).append) as client:
            return ask(client)
    finally:
        next(server, None)


def _handler(answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
    def handle(request: Request) -> Response:
        return answer(request)

    handle.__annotations__ = {"request": Request}
    return handle


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [("7", 7, 7), ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0), ("", 1, 1), ("99999", 120, 120)],
)
def test_it_waits_as_told_and_asks_again(header: str, least: float, most: float) -> None:
    requests: list[str] = []

    def answer(request: Request) -> Response:
        requests.append(request.url.path)
        if len(requests) < 2:
            return Response(status_code=429, headers={"Retry-After": header} if header else {})
        return Response('{"indicators": []}')

    waits: list[float] = []
    assert _asking(answer, lambda client: client.indicators(), waits) == []
    assert len(waits) == 1
    assert least <= waits[0] <= most


def test_it_gives_up_after_four_times() -> None:
    waits: list[float] = []
    with pytest.raises(MarsadApiError) as caught:
        _asking(lambda _: Response(status_code=429), lambda client: client.indicators(), waits)
    assert caught.value.status == 429
    assert waits == [1, 2, 4]


def test_errors_without_problem_details_are_told_too() -> None:
    for body in ("<html>", "[]", ""):
        with pytest.raises(MarsadApiError) as caught:
            _asking(lambda _, b=body: Response(b, 502), lambda client: client.indicators())
        assert (caught.value.status, caught.value.title) == (502, "Bad Gateway")


def test_a_broken_stream_goes_on_where_it_was() -> None:
    given: list[str] = []

    def answer(request: Request) -> Response:
        given.append(request.headers["last-event-id"])
        if len(given) == 2:
            return Response(status_code=429, headers={"Retry-After": "3"})
        start = int(given[-1])
        lines = [f"retry: 5000\n\n: still here\n\nid: {n}\nevent: new\ndata: {{\"seq\": {n}}}\n\n"
                 for n in (start + 1, start + 2)]  # fmt: skip
        return StreamingResponse(iter(lines), media_type="text/event-stream")

    waits: list[float] = []
    followed = _asking(
        answer, lambda c: [*islice((x["seq"] for x in c.follow(after=10)), 5)], waits
    )
    assert followed == [11, 12, 13, 14, 15]
    assert given == ["10", "12", "12", "14"]
    assert 3 in waits


def test_it_could_be_copied_out() -> None:
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import)
             for alias in node.names}  # fmt: skip
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    outside = {name.split(".")[0] for name in named} - set(sys.stdlib_module_names)
    assert outside == {"httpx2", "pyarrow"}


def test_a_server_that_is_not_there_is_said() -> None:
    with Client("http://127.0.0.1:9") as client, pytest.raises(httpx2.ConnectError):
        client.indicators()
