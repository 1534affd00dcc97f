"""The client, and the scripts of a page in R and JavaScript, as the page of recipes uses them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx2
import pandas as pd
import polars as pl
import pytest
from fastapi import FastAPI, Request, Response

from marsad.client import Client, MarsadApiError
from served import serve

CLIENTS = Path(__file__).parents[1] / "docs" / "clients"
NATIONAL = {"area": "MA", "survey": "ENE", "sex": "_T", "age": "Y_GE15", "urbanisation": "_T",
            "education": "_T", "freq": "A", "start": "2024", "end": "2024"}  # fmt: skip


def test_frames_of_pandas_and_polars_hold_the_same_with_labels(live_site: str) -> None:
    with Client(live_site, language="ar") as first, Client(live_site, frames="polars") as second:
        ours = first.data("unemployment_rate", labels=True, **NATIONAL)
        theirs = second.data("unemployment_rate", labels=True, **NATIONAL)
    assert isinstance(ours, pd.DataFrame)
    assert isinstance(theirs, pl.DataFrame)
    assert [*ours["value"]] == theirs["value"].to_list() == [13.3]
    assert [*ours["area_label"]] == ["المغرب"]
    assert theirs["area_label"].to_list() == ["Maroc"]
    assert theirs["sex_label"].to_list() == ["Les deux sexes"]
    names = list(ours.columns)
    assert names.index("sex_label") == names.index("sex") + 1
    with pytest.raises(ValueError, match="frames"):
        Client(live_site, frames="excel")


def test_everything_is_one_frame(live_site: str) -> None:
    with Client(live_site, frames="polars") as marsad:
        frame = marsad.everything()
        rate = frame.filter(pl.col("indicator") == "unemployment_rate")
        assert (
            rate.height == marsad.get("/api/v1/indicators/unemployment_rate/data?limit=1")["total"]
        )


def _answering(make: Callable[[Request], Response]) -> FastAPI:
    app = FastAPI()
    app.add_api_route("/x", make)
    return app


def test_what_is_unchanged_is_not_sent_again() -> None:
    sent = []

    def answer(request: Request) -> Response:
        same = request.headers.get("if-none-match") == '"a"'
        sent.append(304 if same else 200)
        if same:
            return Response(status_code=304, headers={"ETag": '"a"'})
        return Response('{"n": 1}', headers={"ETag": '"a"'}, media_type="application/json")

    for address in serve(_answering(answer)):
        with Client(address) as marsad:
            assert [marsad.get("/x")["n"] for _ in range(3)] == [1, 1, 1]
    assert sent == [200, 304, 304]


def test_a_server_that_is_not_there_for_the_moment_is_asked_again() -> None:
    statuses, waits = [503, 502, 200], list[float]()

    def answer(request: Request) -> Response:
        return Response('{"n": 2}', statuses.pop(0), media_type="application/json")

    for address in serve(_answering(answer)):
        with Client(address, sleep=waits.append) as marsad:
            assert marsad.get("/x") == {"n": 2}
            statuses[:] = [500]
            with pytest.raises(MarsadApiError):
                marsad.get("/x")
    assert waits == [1.0, 2.0]
    nobody = Client("http://127.0.0.1:9", sleep=waits.append)
    with nobody, pytest.raises(httpx2.TransportError):
        nobody.get("/x")
    assert len(waits) == 5


def test_the_script_in_r_reads_figures_and_labels(live_site: str) -> None:
    rscript = shutil.which("Rscript")
    if (
        rscript is None
        or subprocess.run(
            [rscript, "-e", "library(jsonlite)"], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("R (Rscript) with jsonlite is not installed on this machine")
    filters = ", ".join(f'{name} = "{code}"' for name, code in NATIONAL.items())
    code = (
        f'source("marsad.R"); d <- marsad_data("unemployment_rate", {filters});'
        "cat(nrow(d), d$value, d$period, d$area_label, d$synthetic, nrow(marsad_indicators()) > 20,"
        'marsad_labels("sex")[["F"]], sep = "|")'
    )
    environment = {**os.environ, "MARSAD_URL": live_site, "MARSAD_LANGUAGE": "fr"}
    out = subprocess.run([rscript, "-e", code], cwd=CLIENTS, env=environment, capture_output=True,
                         text=True, check=True)  # fmt: skip
    assert out.stdout == "1|13.3|2024|Maroc|FALSE|TRUE|Femmes"


def test_the_module_in_javascript_reads_figures_labels_and_ads(live_site: str) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed on this machine")
    code = f"""
    import {{ Marsad, MarsadError }} from "./marsad.mjs";
    const marsad = new Marsad({live_site!r}, {{ language: "ar" }});
    const rows = await marsad.data("unemployment_rate", {json.dumps(NATIONAL)});
    const again = await marsad.data("unemployment_rate", {json.dumps(NATIONAL)});
    let ads = 0;
    for await (const ad of marsad.ads({{ size: 50 }})) if (++ads > 120) break;
    const error = await marsad.data("nothing").catch((e) => e);
    console.log(JSON.stringify([rows.length, rows[0].value, again[0].value, ads,
      (await marsad.labels("sex")).F, error instanceof MarsadError, error.status]));
    """
    out = subprocess.run([node, "--input-type=module", "-e", code], cwd=CLIENTS, capture_output=True,
                         text=True, check=True)  # fmt: skip
    assert json.loads(out.stdout) == [1, 13.3, 13.3, 121, "إناث", True, 404]
