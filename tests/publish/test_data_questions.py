"""What may be asked of the values of an indicator: codes of its lists, periods, cubes of a size."""

from __future__ import annotations

import math
from typing import Any

import httpx2
import pytest


@pytest.fixture(scope="module")
def api(live_site: str) -> httpx2.Client:
    return httpx2.Client(base_url=live_site)


def _get(api: httpx2.Client, path: str, **parameters: Any) -> Any:
    answer = api.get(f"/api/v1{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("area=ZZ", "areas"),
        ("area=ma", "areas"),
        ("sex=female", "'sex'"),
        ("survey=Ene", "'survey'"),
        ("education=BTS", "'education'"),
        ("freq=Q,X", "'freq'"),
    ],
)
def test_a_code_that_no_list_holds_is_refused(api: httpx2.Client, query: str, rule: str) -> None:
    answer = api.get(f"/api/v1/indicators/unemployment_rate/data?{query}")
    assert answer.status_code == 400
    assert rule in answer.json()["detail"]


def test_periods_may_be_written_as_sdmx_clients_do(api: httpx2.Client) -> None:
    def values(first: str) -> object:
        return _get(api, "/indicators/new_ads/data", freq="M", area="MA", start=first)["values"]

    assert values("2026-05") == values("2026M05") == values("2026-M05")
    assert values("2026-05")


def test_a_cube_has_no_more_cells_than_clients_can_lay_out(api: httpx2.Client) -> None:
    path = "/api/v1/indicators/unemployment_rate/data?format=json-stat"
    cube = api.get(f"{path}&area=MA&survey=ENE").json()
    assert "valid_from" not in cube["id"]
    assert math.prod(cube["size"]) <= 1_000_000
    assert (
        len(cube["value"])
        == _get(api, "/indicators/unemployment_rate/data", area="MA", survey="ENE")["total"]
    )
    answer = api.get(path)
    assert answer.status_code == 413
    assert "csv" in answer.json()["detail"]
    arabic = api.get(path, headers={"Accept-Language": "ar"}).json()
    assert "مكعبا" in arabic["detail"]


def test_files_are_in_the_language_that_is_accepted(api: httpx2.Client) -> None:
    path = "/api/v1/indicators/unemployment_rate/data?format=csv&area=MA&start=2024&survey=ENE"
    for header, lang, language, word in (
        ("fr-MA,fr;q=0.9", "", "fr", "Maroc"), ("ar", "", "ar", "المغرب"), ("", "", "en", "Morocco"),
        ("fr", "&lang=ar", "ar", "المغرب"),
    ):  # fmt: skip
        answer = api.get(path + lang, headers={"Accept-Language": header} if header else {})
        assert answer.headers["content-language"] == language
        assert word in answer.text
    assert api.get(f"{path}&lang=de").status_code == 400
