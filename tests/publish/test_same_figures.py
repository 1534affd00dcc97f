"""One thing has one figure: every number marked on a page of each kind is the one of the API."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from urllib.parse import quote

import httpx2
import pytest

from marsad.base.areas import at_level
from marsad.base.periods import end

PAGES = (
    "/",
    "/indicators/unemployment_rate",
    "/indicators/unemployment_rate?by=age",
    "/indicators/unemployment_rate?survey=RGPH2024&by=area",
    "/indicators/employment_rate?area=MA-06",
    "/indicators/unemployment_outlook",
    "/indicators/open_ads",
    "/indicators/wage_offered?by=occupation",
    "/indicators/establishments?by=area",
    "/areas",
    "/areas/MA",
    "/areas/MA-02",
    "/areas/MA-06",
    "/areas/MA-08-587",
    "/areas/MA-06-141-01-0",
    "/occupations",
    "/occupations/7411",
    "/sectors",
    "/sectors/F",
    "/skills",
    "/policy",
    "/search?q=chomage",
    "/light?q=chomage",
)
MOST = 60
"""Figures of one page that are compared, taken evenly."""
_FIGURE = re.compile(r"<data ([^>]*)>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
Figure = dict[str, str]


def figures(text: str) -> list[Figure]:
    """The figures marked on a page, by their attributes."""
    return [
        {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
        for attributes in _FIGURE.findall(text)
    ]


@cache
def published(site: str, figure_key: str) -> float:
    answer = httpx2.get(f"{site}/api/v1/values/{quote(figure_key, safe='')}")
    assert answer.status_code == 200, answer.text
    versions = answer.json()["versions"]
    return float(next(v["value"] for v in versions if v["valid_to"] is None))


@cache
def total(site: str, question: str) -> int:
    return int(httpx2.get(site + question).json()["total"])


def compared(site: str, page: str) -> int:
    """How many figures of a page were compared; each must be that of the API."""
    answer = httpx2.get(f"{site}/fr{page}", follow_redirects=True)
    assert answer.status_code == 200, page
    marked = [f for f in figures(answer.text) if "data-key" in f or "data-api" in f]
    step = max(1, len(marked) // MOST)
    for figure in marked[::step]:
        if "data-key" in figure:
            value = published(site, figure["data-key"])
        else:
            value = total(site, figure["data-api"])
        assert float(figure["value"]) == pytest.approx(value, rel=1e-9), (page, figure)
    return len(marked[::step])


@pytest.mark.parametrize("path", PAGES)
def test_every_number_of_a_page_is_the_number_of_the_api(live_site: str, path: str) -> None:
    few = ("/light?q=chomage", "/search?q=chomage", "/policy")
    assert compared(live_site, path) > 0 or path in few


def test_open_ads_are_as_many_on_a_place_as_in_the_indicator(live_site: str) -> None:
    """The stock of the last month's end is what the last reading, that day, shows."""
    for code in ("MA", *(region.code for region in at_level("region"))):
        data = f"{live_site}/api/v1/indicators/open_ads/data?latest=true&area={code}&occupation=_T"
        (row,) = httpx2.get(data).json()["values"]
        text = httpx2.get(f"{live_site}/en/areas/{code}").text
        block = text[text.index("Open ads") :]
        assert float(figures(block)[0]["value"]) == row["value"], code
        assert f"{end(row['period']).day} October 2026" in block[:200]


def test_pay_is_the_same_on_a_place_as_in_the_indicator(live_site: str) -> None:
    for code in ("MA", "MA-06", "MA-04"):
        data = (
            f"{live_site}/api/v1/indicators/wage_offered/data?latest=true&area={code}&occupation=_T"
        )
        (row,) = httpx2.get(data).json()["values"]
        text = httpx2.get(f"{live_site}/en/areas/{code}").text
        block = text[text.index("Median pay offered a month") :]
        assert float(figures(block)[0]["value"]) == row["value"], code
        assert f"ads posted in {row['period']}" in block[:300]
