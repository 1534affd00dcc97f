"""Every page in every language: what a visitor, a search engine and a screen reader need."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
from harness import AXE, audit
from playwright.sync_api import Browser, Page

from marsad.base.labels import LANGUAGES
from marsad.web.pages import pages

PATHS = (
    "/",
    "/indicators",
    "/indicators/unemployment_rate",
    "/indicators/unemployment_rate?survey=RGPH2024&by=sex",
    "/indicators/new_ads?by=occupation",
    "/ads",
    "/ads?q=" + quote("لحام"),
    "/ads/ad-1",
    "/sources",
    "/method",
    "/method/unemployment_rate",
    "/data",
    "/about",
    "/admin/review",
)


def name_of(path: str) -> str:
    return path.strip("/").replace("/", "-").split("?")[0] or "home"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_the_page_says_what_it_is(site: str, quiet: Page, path: str, language: str) -> None:
    answer = quiet.goto(f"{site}/{language}{path}")
    assert answer is not None
    assert answer.status == 200
    assert quiet.locator("h1").count() == 1
    assert "Marsad" in quiet.title() or "مرصد" in quiet.title()
    assert quiet.locator("html").get_attribute("lang") == language
    assert quiet.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    others = quiet.locator("link[hreflang]").evaluate_all("links => links.map(l => l.href)")
    assert len(others) == 4
    assert all(link.startswith("http://127.0.0.1") for link in others)
    assert [u for u in others if f"/{language}{quote(path, safe='/?=&%')}" in u]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_overflows_and_axe_finds_nothing(
    site: str, browser: Browser, path: str, width: int
) -> None:
    for language in ("ar", "fr") if width == 320 else ("ar",):
        audit(browser, f"{site}/{language}{path}", width, f"{language}-{name_of(path)}")


def test_dark_colours_keep_their_contrast(site: str, browser: object) -> None:
    context = browser.new_context(color_scheme="dark", bypass_csp=True)  # type: ignore[attr-defined]
    page: Page = context.new_page()
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run `npm ci`")
    for path in ("/", "/indicators/unemployment_rate", "/ads", "/ads/ad-1"):
        page.goto(f"{site}/ar{path}")
        page.add_script_tag(path=AXE)
        result = page.evaluate("axe.run(document, {runOnly: ['color-contrast']})")
        assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in result["violations"]] == []
    context.close()


def test_an_unknown_address_and_a_wrong_choice_show_the_way_on(site: str, page: Page) -> None:
    cases = (
        ("/fr/nulle-part", 404), ("/ar/indicators/x", 404), ("/ar/ads/none", 404),
        ("/fr/indicators/unemployment_rate?sex=Z", 400), ("/fr/ads?page=0", 400),
    )  # fmt: skip
    for path, status in cases:
        answer = page.goto(site + path)
        assert answer is not None
        assert answer.status == status
        assert page.locator("html").get_attribute("lang") == path[1:3]
        assert page.locator("h1").count() == 1
        assert page.locator(".ways a").count() >= 3


def test_the_root_leads_to_a_language_that_is_read(site: str) -> None:
    def led(accept: str) -> str:
        headers = {"Accept-Language": accept} if accept else {"Accept-Language": ""}
        return httpx2.get(f"{site}/", headers=headers).headers["location"]

    assert led("") == "/ar/"
    assert led("ar-MA,fr;q=0.9") == "/ar/"
    assert led("fr-FR,fr;q=0.9,en;q=0.8") == "/fr/"
    assert led("en,fr;q=0.5") == "/en/"
    assert led("fr,*;q=0.1") == "/ar/"
    assert led("de") == "/ar/"
    assert led("fr;q=x") == "/ar/"


def test_every_page_folder_is_reached_from_the_menu_or_another_page(site: str) -> None:
    # Reached by links inside pages, or by those who run the installation (MARSAD_ADMIN).
    inner = {"home", "search", "sectors", "skills", "planner", "match_employer", "match_counsellor", "admin_review", "admin_case",
             "admin_login", "admin_sources", "admin_users", "admin_audit", "admin_reports", "feed"}  # fmt: skip
    html = httpx2.get(f"{site}/fr/about").text
    for page in pages().values():
        if "{" not in page.path and page.id not in inner:
            assert f'href="/fr{page.path}"' in html, page.id


def test_the_addresses_are_those_we_promised() -> None:
    promised = (Path(__file__).parent / "routes.txt").read_text("utf-8").splitlines()
    assert sorted(p.path for p in pages().values()) == [
        r for r in promised if not r.startswith("#")
    ]


def test_the_real_site_shows_its_headlines(real_site: str, quiet: Page) -> None:
    for language in LANGUAGES:
        quiet.goto(f"{real_site}/{language}/")
        assert quiet.locator(".figure").count() == 8
        quiet.goto(f"{real_site}/{language}/indicators/unemployment_rate")
        assert "2025" in quiet.locator(".sentence").inner_text()
        assert quiet.locator("svg.map").count() == 2
