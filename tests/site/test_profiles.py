"""Pages of places, occupations, sectors, skills and trainings: every one answers, in every language."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace

import httpx2
import pytest
from harness import audit, serve
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from marsad.base.areas import areas
from marsad.base.codes import codelist
from marsad.base.labels import LANGUAGES
from marsad.flow.steps import Flow
from marsad.publish.read.reader import AdQuery, Reader
from marsad.web.app import create_app
from marsad.web.charts.map import bounds
from marsad.web.pages.ad.posting import posting
from marsad.web.static import outlines

PAGES = (
    "/areas", "/areas/MA", "/areas/MA-06", "/areas/MA-01-511-01-0", "/occupations", "/occupations/7212",
    "/sectors/C", "/skills", "/trainings?field=06", "/planner?by=region", "/balance?occupation=7",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_profiles_are_accessible(real_site: str, browser: Browser, path: str) -> None:
    name = re.sub(r"\W", "-", path)
    for language, width in (("ar", 320), ("fr", 1280)):
        audit(browser, f"{real_site}/{language}{path}", width, language + name)


@pytest.fixture(scope="module")
def reader(embedded: Flow) -> Reader:
    folder = embedded.current()
    assert folder is not None
    return Reader(folder)


@pytest.fixture(scope="module")
def client(reader: Reader) -> Iterator[httpx2.Client]:
    """The portal over the reader, which a test may change for its time."""
    with (
        serve(create_app(lambda: reader)) as address,
        httpx2.Client(base_url=address) as opened,
    ):
        yield opened


def test_a_sample_of_every_kind_answers_in_every_language(
    client: httpx2.Client, reader: Reader
) -> None:
    chosen = random.Random(20261125)
    trainings = reader.trainings.search(None, limit=900).rows
    groups = [c for c in codelist("isco08") if c.isdecimal()]
    paths = [f"/areas/{c}" for c in chosen.sample(sorted(areas()), 22)]
    paths += [f"/occupations/{c}" for c in chosen.sample(groups, 16)]
    paths += [f"/skills/{c}" for c in chosen.sample(sorted(reader.lookups.skills), 10)]
    paths += [f"/trainings/{t['training']}" for t in chosen.sample(trainings, 8)]
    paths += [f"/sectors/{c}" for c in chosen.sample(list(reader.profiles.sectors()), 4)]
    assert len(paths) == 60
    for path in paths:
        for language in LANGUAGES:
            answer = client.get(f"/{language}{path}")
            assert answer.status_code == 200, path
            assert f'lang="{language}"' in answer.text
            assert 'class="sentence"' in answer.text, path


@pytest.mark.parametrize("path", [
    "/areas/MA-99", "/occupations/99", "/occupations/7212.99", "/sectors/Z", "/skills/none",
    "/trainings/none",
])  # fmt: skip
def test_what_does_not_exist_is_not_found(client: httpx2.Client, path: str) -> None:
    assert client.get(f"/fr{path}").status_code == 404


def test_an_occupation_of_esco_has_a_page_where_its_labels_are_loaded(
    client: httpx2.Client, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {"7212.90": {"fr": "soudeur de quille"}}
    monkeypatch.setattr(
        reader.profiles, "esco", lambda start: named if "7212.".startswith(start) else {}
    )
    page = client.get("/fr/occupations/7212.90")
    assert page.status_code == 200
    assert "soudeur de quille" in page.text
    assert '"occupationalCategory":"ESCO 7212.90"' in page.text
    assert "/fr/occupations/7212.90" in client.get("/fr/occupations/7212").text
    assert "/occupations/7212.90<" in client.get("/sitemap-work-fr-1.xml").text


def test_the_map_of_the_site_holds_every_place_and_occupation(client: httpx2.Client) -> None:
    first = client.get("/sitemap-main-ar-1.xml").text
    for language in ("ar", "fr", "en"):
        assert f'hreflang="{language}" href="{client.base_url}/{language}/"' in first
    files = re.findall(r"<loc>([^<]+)</loc>", client.get("/sitemap.xml").text)
    addresses = [
        a for file in files for a in re.findall(r"<loc>([^<]+)</loc>", client.get(file).text)
    ]
    assert len(addresses) == len(set(addresses))
    paths = {a.split("/fr", 1)[1] for a in addresses if "/fr/" in a}
    assert paths >= {f"/areas/{c}" for c in areas()}
    assert paths >= {f"/occupations/{c}" for c in codelist("isco08") if c.isdecimal()}
    assert not any(p.startswith(("/ads/", "/trainings/")) for p in paths)  # all are synthetic
    assert client.get("/sitemap-areas-fr-2.xml").status_code == 404
    assert (
        f"Sitemap: {client.base_url}/sitemap.xml".replace("//sitemap", "/sitemap")
        in client.get("/robots.txt").text
    )


def test_only_a_real_ad_that_may_be_shown_is_marked_up(reader: Reader) -> None:
    key = reader.search_ads(AdQuery(filters={"region": "MA-06"}, size=1)).ads[0].key
    ad = reader.ad(key)
    assert posting(ad) is None  # synthetic
    real = replace(ad, synthetic=False, company="Usine", text="<b>Soudeur</b>\nà Casablanca",
                   posted_on=dt.date(2026, 10, 1), deadline_on=dt.date(2026, 11, 1))  # fmt: skip
    markup = posting(real)
    assert markup is not None
    assert markup["@type"] == "JobPosting"
    assert markup["validThrough"] == "2026-11-01"
    assert markup["description"] == "&lt;b&gt;Soudeur&lt;/b&gt;<br>à Casablanca"
    assert posting(replace(real, text="")) is None  # the source does not let it be shown
    assert posting(replace(real, deadline_on=None)) is None


def test_a_map_is_cut_to_the_places_drawn() -> None:
    assert bounds(["M5 6l3 0 0 4-3-1z", "M1 9l1 1z"]) == (1, 6, 8, 10)
    layers = outlines()
    assert bounds(p for p, _x, _y in layers["provinces"].values()) == (
        0, 0, layers["width"], layers["height"],
    )  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["/areas/MA", "/areas/MA-06", "/areas/MA-03", "/indicators/unemployment_rate?survey=RGPH2024"],
)
def test_every_class_of_the_legend_is_on_the_map(client: httpx2.Client, path: str) -> None:
    html = HTMLParser(client.get(f"/fr{path}").text)
    maps = html.css("svg.map")
    assert maps
    for svg in maps:
        box = svg.parent.parent  # type: ignore[union-attr]
        assert box is not None
        painted = {p.attributes["class"] for p in svg.css("a path") if p.attributes.get("class")}
        legend = {r.attributes["class"] for r in box.css_first(".legend").css("rect")}
        assert painted == legend


def test_markup_tells_search_engines_nothing_that_is_made_up(real_site: str) -> None:
    html = httpx2.get(f"{real_site}/fr/occupations/2").text
    markup = json.loads(re.search(r'ld\+json">(.*?)</script>', html).group(1))  # type: ignore[union-attr]
    assert markup["@type"] == "Occupation"
    assert "estimatedSalary" not in markup  # the ads that ship are synthetic
    training = re.search(
        r'href="(/fr/trainings/\w+)"', httpx2.get(f"{real_site}/fr/trainings").text
    )
    assert training is not None
    assert "ld+json" not in httpx2.get(real_site + training.group(1)).text


def test_the_planner_is_downloaded_as_it_is_shown(real_site: str) -> None:
    page = httpx2.get(f"{real_site}/fr/planner?by=region").text
    table = httpx2.get(f"{real_site}/fr/planner?by=region&format=csv")
    assert table.headers["content-type"].startswith("text/csv")
    lines = table.text.lstrip("\ufeff").splitlines()
    assert len(lines) == 13
    assert page.count('class="sign-cell') == 12
    assert httpx2.get(f"{real_site}/fr/planner?by=colour").status_code == 400


def test_a_place_tells_the_tension_of_its_region(client: httpx2.Client) -> None:
    """The same figure as the interface gives, with the name of the region that it is of."""
    parameters = {"area": "MA-06", "survey": "ADS_SYNTHETIC", "latest": "true"}
    row = client.get("/api/v1/indicators/ads_per_unemployed/data", params=parameters).json()[
        "values"
    ][0]
    for place in ("MA-06", "MA-06-141"):
        html = HTMLParser(client.get(f"/fr/areas/{place}").text)
        part = html.css_first("section[aria-labelledby=h-tension]")
        assert part is not None
        assert float(part.css_first("data.v").attributes["value"] or 0) == pytest.approx(
            row["value"], rel=1e-5
        )
        assert "Casablanca-Settat" in part.text()
        assert "Synthétique" in part.text()
