"""Pages of places, occupations, sectors, skills and trainings: every one answers, in every language."""

from __future__ import annotations

import json
import random
import re

import httpx
import pytest
from harness import audit
from playwright.sync_api import Browser

from marsad.base.areas import areas
from marsad.base.codes import codelist
from marsad.base.labels import LANGUAGES

PAGES = (
    "/areas", "/areas/MA-06", "/areas/MA-01-511-01-0", "/occupations", "/occupations/7212",
    "/sectors", "/sectors/C", "/skills", "/trainings?field=06", "/planner",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_profiles_are_accessible(real_site: str, browser: Browser, path: str) -> None:
    name = re.sub(r"\W", "-", path)
    for language, width in (("ar", 320), ("fr", 1280)):
        audit(browser, f"{real_site}/{language}{path}", width, language + name)


def test_a_sample_of_every_kind_answers_in_every_language(real_site: str) -> None:
    chosen = random.Random(20261125)
    with httpx.Client(base_url=real_site, timeout=30) as client:
        maps = client.get("/sitemap.xml").text
        assert maps.count("<loc>") == 9
        skills = re.findall(r"/ar/skills/([^<]+)<", client.get("/sitemap-work-ar.xml").text)
        trainings = re.findall(r'href="/fr/trainings/(\w+)"', client.get("/fr/trainings").text)
        paths = [f"/areas/{c}" for c in chosen.sample(sorted(areas()), 14)]
        paths += [
            f"/occupations/{c}"
            for c in chosen.sample([c for c in codelist("isco08") if c.isdecimal()], 12)
        ]
        paths += [f"/skills/{c}" for c in chosen.sample(skills, 6)]
        paths += [f"/trainings/{c}" for c in chosen.sample(trainings, 4)]
        for i, path in enumerate(paths):
            answer = client.get(f"/{LANGUAGES[i % 3]}{path}")
            assert answer.status_code == 200, path
            assert len(answer.text) > 3000
        for wrong in ("/areas/MA-99", "/occupations/99", "/occupations/7212.99", "/sectors/Z",
                      "/skills/none", "/trainings/none"):  # fmt: skip
            assert client.get(f"/fr{wrong}").status_code == 404, wrong


def test_markup_tells_search_engines_nothing_that_is_made_up(real_site: str) -> None:
    html = httpx.get(f"{real_site}/fr/occupations/2").text
    told = json.loads(re.search(r'ld\+json">(.*?)</script>', html).group(1))  # type: ignore[union-attr]
    assert told["@type"] == "Occupation"
    assert "estimatedSalary" not in told  # the ads that ship are synthetic
    training = re.search(r'href="(/fr/trainings/\w+)"', httpx.get(f"{real_site}/fr/trainings").text)
    assert training is not None
    assert "ld+json" not in httpx.get(real_site + training.group(1)).text
    assert "Sitemap:" in httpx.get(f"{real_site}/robots.txt").text


def test_the_planner_is_downloaded_as_it_is_shown(real_site: str) -> None:
    page = httpx.get(f"{real_site}/fr/planner?by=region").text
    table = httpx.get(f"{real_site}/fr/planner?by=region&format=csv")
    assert table.headers["content-type"].startswith("text/csv")
    lines = table.text.lstrip("\ufeff").splitlines()
    assert len(lines) == 13
    assert page.count('class="sign-cell') == 12
    assert httpx.get(f"{real_site}/fr/planner?by=colour").status_code == 400
