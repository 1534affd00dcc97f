"""The search over everything, the doors, and the report of a mistake, as visitors use them."""

from __future__ import annotations

from urllib.parse import quote

import httpx2
import pytest
from harness import audit
from playwright.sync_api import Browser, Page

from marsad.web.audiences import DOORS

PAGES = ("/search?q=soudeur+casa", "/search?q=" + quote("لحام"), "/search", "/for/student")


@pytest.mark.parametrize("path", PAGES)
def test_search_and_doors_are_accessible(real_site: str, browser: Browser, path: str) -> None:
    name = path.strip("/").replace("/", "-").split("?")[0] + str(len(path))
    for language, width in (("ar", 320), ("fr", 320), ("ar", 1280)):
        audit(browser, f"{real_site}/{language}{path}", width, f"{language}-{name}")


def test_a_search_from_the_home_page_leads_to_answers_of_every_kind(
    real_site: str, wordless: Page
) -> None:
    wordless.goto(f"{real_site}/ar/")
    wordless.get_by_role("searchbox").fill("سودور كازا")
    wordless.get_by_role("button", name="بحث").click()
    assert wordless.locator("#k-occupations").count() == 1
    assert "7212" in wordless.locator("section[aria-labelledby=k-occupations]").inner_text()
    assert "الدار البيضاء" in wordless.locator("#results").inner_text()
    wordless.goto(f"{real_site}/fr/search?q=xqzw")
    assert wordless.locator(".empty a").count() >= 3


def test_every_door_leads_somewhere(real_site: str) -> None:
    home = httpx2.get(f"{real_site}/fr/").text
    for door in DOORS:
        assert f'href="/fr/for/{door.id}"' in home
        page = httpx2.get(f"{real_site}/fr/for/{door.id}").text
        assert page.count("<li>") >= 3
    assert httpx2.get(f"{real_site}/fr/for/nobody").status_code == 404


def test_a_visitor_reports_a_wrong_occupation(real_site: str, wordless: Page) -> None:
    wordless.goto(f"{real_site}/fr/ads?q=soudeur")
    wordless.locator(".ads h3 a").first.click()
    wordless.get_by_role("link", name="Signaler une erreur").click()
    wordless.get_by_label("Quelle est la bonne réponse").fill("tôlier carrossier")
    wordless.get_by_role("button", name="Envoyer").click()
    wordless.locator("input[name=code][value='7213']").check()
    wordless.get_by_role("button", name="Envoyer").click()
    assert "Merci" in wordless.locator("main").inner_text()


def test_a_form_of_another_site_is_refused(real_site: str) -> None:
    key = httpx2.get(f"{real_site}/api/v1/ads?size=1").json()["ads"][0]["key"]
    address = f"{real_site}/fr/ads/{key}/report"
    sent = {"field": "pay", "words": "12"}
    foreign = httpx2.post(address, data=sent, headers={"Origin": "https://example.org"})
    assert foreign.status_code == 403
    assert httpx2.post(address, data={"field": "nothing"}).status_code == 400
    assert httpx2.post(address, data={"field": "pay", "note": "x" * 6_000_000}).status_code == 413
