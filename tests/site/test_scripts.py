"""Two scripts on one page: what is read from left to right stands so in an Arabic page and the other way
round, and what has an Arabic name bears it there."""

from __future__ import annotations

import re

import httpx2
import pytest
from benchmarks.shared.scripts import SEEN, latin_names, seen
from playwright.sync_api import Page

from marsad.web.pages import pages

EXAMPLES = {
    "actor": "student", "indicator": "unemployment_rate", "measure": "awrach", "study": "neet_cese_2024",
}  # fmt: skip
SECRET = {
    "alert",
    "bulletin",
    "feed",
    "admin",
    "admin_users",
    "admin_reports",
    "admin_case",
    "admin_review",
}
"""Pages that are a file, or that need a token or someone on duty."""
CODES = {"area": "MA-06", "occupation": "7212", "sector": "C"}
MORE = ("/indicators/unemployment_rate?survey=RGPH2024&by=area", "/indicators/new_ads?by=occupation",
        "/areas/MA-01-511-01-0", "/search?q=soudeur", "/ads?q=soudeur", "/planner?by=province")  # fmt: skip


@pytest.fixture(scope="module")
def addresses(real_site: str) -> list[str]:
    """One address of every page type that a visitor may open, and some states of them."""
    ad = httpx2.get(f"{real_site}/api/v1/ads?size=1").json()["ads"][0]
    listed = {"ad": ad["key"], "ad_report": ad["key"]}
    for page, path, start in (
        ("skill", "/skills", "/fr/skills/"),
        ("training", "/trainings", "/fr/trainings/"),
    ):
        match = re.search(rf'"{start}([^"/?]+)"', httpx2.get(f"{real_site}/fr{path}").text)
        assert match, path
        listed[page] = match[1]
    made = []
    for page in pages().values():
        if page.id not in SECRET:
            given = {**EXAMPLES, "code": CODES.get(page.id, ""), "key": "", "training": ""}
            given |= (
                dict.fromkeys(("key", "code", "training"), listed[page.id])
                if page.id in listed
                else {}
            )
            made.append(re.sub(r"{(\w+)}", lambda m: given[m[1]], page.path))  # noqa: B023
    return [*made, *MORE]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_phrase_stands_in_the_order_in_which_it_is_read(
    real_site: str, addresses: list[str], page: Page, language: str
) -> None:
    for path in addresses:
        faults = [
            (one["faults"], one["where"])
            for one in seen(page, f"{real_site}/{language}{path}")
            if one["faults"]
        ]
        assert faults == [], f"/{language}{path}"


def test_what_has_an_arabic_name_bears_it_on_arabic_pages(
    real_site: str, addresses: list[str], page: Page
) -> None:
    for path in addresses:
        assert latin_names(seen(page, f"{real_site}/ar{path}")) == [], path


BAD = """<!doctype html><html lang="ar" dir="rtl"><body style="font:16px sans-serif">
<p>Comptable H/F.</p><p>8 heures par jour</p><p>يتقن C++ و SQL</p><p>الشفرة _T للمجموع</p>
<p><bdi>Comptable H/F.</bdi></p><p>يتقن <bdi>C++</bdi> و SQL</p><p>عبر انقطاع 2017 (CSV)</p><p>التصنيف ISCO-08</p>
<p><bdi>C، 16 غشت 2026</bdi></p><p>16 غشت 2026، C</p>
<p>Casablanca-Settat</p><p>السكن في Casablanca-Settat منذ سنتين</p><p lang="fr">Casablanca-Settat</p>
<p dir="auto">Soudeur à Casablanca-Settat</p><p>Chômeurs</p></body></html>"""


def test_the_two_tests_find_what_they_are_for(page: Page) -> None:
    """A trial page: the first four lines are in disorder and a date that begins with a Latin letter;
    then names."""
    page.set_content(BAD)
    texts = list(page.evaluate(SEEN))
    assert [one["text"] for one in texts if one["faults"]] == [
        "Comptable H/F.", "8 heures par jour", "يتقن C++ و SQL", "الشفرة _T للمجموع", "C، 16 غشت 2026",
    ]  # fmt: skip
    assert len(latin_names(texts)) == 2
    page.set_content(
        '<!doctype html><html lang="fr" dir="ltr"><body><p>مرحبا 12 (نعم).</p><p>Il dit: مرحبا بكم</p>'
    )
    assert [one["text"] for one in page.evaluate(SEEN) if one["faults"]] == []
