"""The policy desk and the library as their users walk through them."""

from __future__ import annotations

import pytest
from harness import audit
from playwright.sync_api import Browser, Page

PAGES = ("/policy", "/policy/awrach", "/library", "/library/example_interviews")


@pytest.mark.parametrize("path", PAGES)
def test_the_desk_and_the_library_are_accessible(
    real_site: str, browser: Browser, path: str
) -> None:
    for language, width in (("ar", 320), ("fr", 320), ("ar", 1280)):
        audit(
            browser, f"{real_site}/{language}{path}", width, f"{language}{path}".replace("/", "-")
        )


def test_every_claim_of_the_desk_is_one_click_from_its_figures(
    real_site: str, wordless: Page
) -> None:
    wordless.goto(f"{real_site}/fr/policy")
    links = wordless.locator(".sign a").evaluate_all("links => links.map(l => l.href)")
    assert links  # what cannot be told is a line without a lamp
    for link in links:
        answer = wordless.request.get(link)
        assert answer.ok, link
    wordless.goto(f"{real_site}/fr/policy")
    wordless.get_by_role("link", name="Programme Awrach").click()
    text = wordless.locator("main").inner_text()
    assert "Sans diplôme" in text
    assert "ne peut être dit" in text  # no comparison was fixed before the measure
    rows = wordless.locator("tbody tr")
    first, last = rows.first.inner_text(), rows.last.inner_text()
    assert first.startswith("2019")
    assert last.startswith("2025")


def test_the_library_is_searched_and_leads_to_figures(real_site: str, wordless: Page) -> None:
    wordless.goto(f"{real_site}/ar/library?q=نساء")
    assert wordless.locator(".cards li").count() >= 1
    wordless.locator(".cards a").first.click()
    assert wordless.locator("data.v").count() >= 1
    assert wordless.goto(f"{real_site}/fr/library?kind=rumeur").status == 400  # type: ignore[union-attr]
    wordless.goto(f"{real_site}/fr/library?q=xqzw")
    assert wordless.locator(".empty").count() == 1
