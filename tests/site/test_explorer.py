"""The explorer of an indicator: any place, any vintage, several drawings, embedding, and offline."""

from __future__ import annotations

import httpx2
import pytest
from harness import audit
from playwright.sync_api import Browser, Page

PAGES = (
    "/indicators/unemployment_rate?by=area&view=small",
    "/indicators/unemployment_rate?survey=RGPH2024&area=MA-01-511-01-0",
    "/embed/unemployment_rate?by=urbanisation",
)


@pytest.mark.parametrize("path", PAGES)
def test_the_views_are_accessible(real_site: str, browser: Browser, path: str) -> None:
    name = "explorer" + str(PAGES.index(path))
    for language, width in (("ar", 320), ("fr", 1280)):
        audit(browser, f"{real_site}/{language}{path}", width, f"{language}-{name}")


def test_a_commune_is_reached_by_its_name(real_site: str, wordless: Page) -> None:
    wordless.goto(f"{real_site}/fr/indicators/unemployment_rate?survey=RGPH2024")
    wordless.get_by_label("Un autre territoire").fill("Ksar El Kebir")
    wordless.get_by_role("button", name="Afficher").click()
    assert "area=MA-" in wordless.url
    assert "Ksar" in wordless.locator(".sentence").inner_text()
    wordless.goto(f"{real_site}/fr/indicators/unemployment_rate?place=Xqzw")
    assert "Xqzw" in wordless.locator(".notice").first.inner_text()


def test_a_past_day_shows_what_was_known_then(real_site: str) -> None:
    address = f"{real_site}/fr/indicators/unemployment_rate"
    before = httpx2.get(address, params={"as_of": "1990-01-01"})
    assert "Aucun chiffre n" in before.text
    now = httpx2.get(address, params={"as_of": "2100-01-01"})
    assert "2025" in now.text
    assert httpx2.get(address, params={"as_of": "hier"}).status_code == 400
    assert httpx2.get(address, params={"view": "pie"}).status_code == 400
    assert "as_of=20" in httpx2.get(address).text  # the citation


def test_the_chart_may_be_framed_and_no_other_page(real_site: str) -> None:
    chart = httpx2.get(f"{real_site}/ar/embed/unemployment_rate").headers
    assert "frame-ancestors *" in chart["content-security-policy"]
    page = httpx2.get(f"{real_site}/ar/indicators/unemployment_rate").headers
    assert "frame-ancestors 'self'" in page["content-security-policy"]


def test_a_page_seen_before_is_read_again_without_a_network(
    real_site: str, browser: Browser
) -> None:
    context = browser.new_context()
    page = context.new_page()
    address = f"{real_site}/ar/indicators/unemployment_rate"
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()  # this time the script keeps it
    page.wait_for_function("caches.match(location.href).then(Boolean)")
    context.set_offline(True)
    page.reload()
    assert page.locator(".sentence").inner_text()
    context.close()
