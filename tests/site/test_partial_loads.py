"""After a part of a page is loaded anew: the language switch, the form, and what is refused."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect


def test_the_language_switch_follows_a_choice(site: str, page: Page) -> None:
    page.goto(f"{site}/fr/indicators/unemployment_rate")
    page.locator("#f-sex").select_option("F")
    page.wait_for_url(re.compile("sex=F"))
    arabic = page.locator("#tongues a[lang=ar]")
    expect(arabic).to_have_attribute(
        "href", re.compile(r"/ar/indicators/unemployment_rate\?.*sex=F")
    )
    arabic.click()
    page.wait_for_url(re.compile(r"/ar/indicators/unemployment_rate\?.*sex=F"))
    expect(page.locator("#f-sex")).to_have_value("F")


def test_the_language_switch_follows_back(site: str, page: Page) -> None:
    page.goto(f"{site}/fr/indicators/unemployment_rate")
    page.locator("#f-sex").select_option("F")
    page.wait_for_url(re.compile("sex=F"))
    page.go_back()
    page.wait_for_url(re.compile("unemployment_rate$"))
    expect(page.locator("#tongues a[lang=ar]")).to_have_attribute(
        "href", re.compile(r"/ar/indicators/unemployment_rate$")
    )


def test_choices_are_offered_anew_after_a_choice(site: str, page: Page) -> None:
    page.goto(f"{site}/en/indicators/unemployment_rate")
    before = page.locator("#f-area option").count()
    page.locator("#f-age").select_option("Y15T24")
    page.wait_for_url(re.compile("age=Y15T24"))
    expect(page.locator("#f-age")).to_have_value("Y15T24")
    assert page.locator("#f-area option").count() < before


def test_a_place_that_is_none_leads_to_the_page_that_says_so(real_site: str, page: Page) -> None:
    page.goto(f"{real_site}/ar/indicators/unemployment_rate")
    page.locator("#f-place").fill("Tokyo")
    page.locator("form.filters button").click()
    page.wait_for_url(re.compile("place=Tokyo"))
    expect(page.locator("#detail")).to_contain_text("Tokyo")
    expect(page.locator("#detail bdi")).to_have_text("Tokyo")


def test_an_empty_field_of_an_arabic_page_is_right_to_left(site: str, page: Page) -> None:
    page.goto(f"{site}/ar/")
    field = page.locator("main input[name=q]").first
    style = "e => [getComputedStyle(e).direction, getComputedStyle(e).textAlign]"
    assert field.evaluate(style) == ["rtl", "start"]
    page.goto(f"{site}/fr/")
    assert page.locator("main input[name=q]").first.evaluate(style)[0] == "ltr"
