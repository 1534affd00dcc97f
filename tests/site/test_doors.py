"""One full task for each of the ten doors, in a real browser, from the home page to the answer."""

from __future__ import annotations

import httpx2
import pytest
from playwright.sync_api import Page

from marsad.web.audiences import DOORS


def _enter(page: Page, site: str, door: str, language: str = "fr") -> None:
    """From the home page through a door."""
    page.goto(f"{site}/{language}/")
    page.locator(f"a[href='/{language}/for/{door}']").first.click()
    page.wait_for_url(f"**/for/{door}")


def _main(page: Page) -> str:
    return page.locator("main").inner_text()


def test_a_job_seeker_finds_openings_with_reasons(real_site: str, page: Page) -> None:
    _enter(page, real_site, "job-seeker")
    page.locator(".ways-list a[href='/fr/match']").click()
    page.fill("#f-text", "soudage TIG, lecture de plans")
    page.locator("form.seeker button").first.click()
    page.locator("#h-open").wait_for()
    assert page.locator("section[aria-labelledby=h-open] li").count() >= 1
    assert page.locator("#h-ways").count() == 1


def test_a_student_sees_what_an_occupation_asks(real_site: str, page: Page) -> None:
    _enter(page, real_site, "student")
    page.locator(".ways-list a[href='/fr/occupations']").click()
    page.fill("main #q", "infirmière")
    page.locator("main form button").first.click()
    page.locator("a[href='/fr/occupations/2221']").first.click()
    assert page.locator("#h-skills").count() == 1
    assert page.locator("#h-train").count() == 1


def test_an_employer_has_an_ad_read(real_site: str, page: Page) -> None:
    _enter(page, real_site, "employer")
    page.locator(".ways-list a[href='/fr/match/employer']").click()
    page.fill("#f-title", "Soudeur TIG")
    page.fill("#f-ad", "Nous recrutons un soudeur TIG, homme de moins de 30 ans, à Casablanca.")
    page.locator("form.seeker button").first.click()
    page.locator("#h-words").wait_for()
    text = _main(page)
    assert "7212" in text
    assert "moins de 30 ans" in text


def test_a_worker_sees_what_the_occupation_pays(real_site: str, page: Page) -> None:
    _enter(page, real_site, "worker")
    page.locator(".ways-list a[href='/fr/occupations']").click()
    page.locator("main a[href='/fr/occupations/2']").first.click()
    assert "dirhams" in page.locator("section[aria-labelledby=h-now]").inner_text()


def test_a_training_provider_compares_places_and_demand(real_site: str, page: Page) -> None:
    _enter(page, real_site, "training-provider")
    page.locator(".ways-list a[href='/fr/planner']").click()
    with page.expect_response(lambda answer: "by=region" in answer.url):
        page.select_option("#f-by", "region")
    page.wait_for_url("**by=region**")
    page.locator("#results a[href='/fr/areas/MA-06']").wait_for()
    assert page.locator("#results tbody tr").count() == 12


def test_a_counsellor_works_through_a_list(real_site: str, page: Page) -> None:
    _enter(page, real_site, "counsellor")
    page.locator(".ways-list a[href='/fr/match/counsellor']").click()
    rows = (
        "A1; soudage TIG, lecture de plans; Casablanca-Settat",
        "A2; comptabilité, Excel; Fès-Meknès",
    )
    page.fill("#f-people", "\n".join(rows))
    page.locator("form.seeker button").first.click()
    page.locator("#h-rows").wait_for()
    assert page.locator("table.people tbody tr").count() == 2


def test_an_institution_follows_a_measure_to_its_figures(real_site: str, page: Page) -> None:
    _enter(page, real_site, "institution", "ar")
    page.locator(".ways-list a[href='/ar/policy']").click()
    page.locator("a[href='/ar/policy/awrach']").click()
    page.locator("dl.facts a[href*='education=none']").click()
    page.wait_for_url("**education=none**")
    assert page.locator(".sentence").inner_text()


def test_a_researcher_downloads_a_dated_series(real_site: str, page: Page) -> None:
    _enter(page, real_site, "researcher")
    page.locator(".ways-list a[href='/fr/indicators']").click()
    page.locator("main a[href='/fr/indicators/unemployment_rate']").first.click()
    href = page.locator("section[aria-labelledby=h-get] a", has_text="CSV").first.get_attribute(
        "href"
    )
    answer = httpx2.get(f"{real_site}{href}")
    assert answer.status_code == 200
    assert len(answer.text.splitlines()) > 2
    assert "as_of=" in page.locator("section[aria-labelledby=h-get] pre").first.inner_text()


def test_a_journalist_takes_a_chart_to_embed(real_site: str, page: Page) -> None:
    _enter(page, real_site, "journalist")
    page.locator(".ways-list a[href='/fr/indicators/unemployment_rate']").click()
    code = page.locator("section[aria-labelledby=h-get] pre", has_text="iframe").inner_text()
    address = code.split('src="')[1].split('"')[0]
    page.goto(address)
    assert page.locator("svg").count() >= 1
    assert page.locator("a[target=_top]").count() == 1


def test_anyone_finds_their_commune(real_site: str, page: Page) -> None:
    _enter(page, real_site, "public", "ar")
    page.locator(".ways-list a[href='/ar/areas']").click()
    page.fill("main #q", "وزان")
    page.locator("main form button").first.click()
    page.locator("section[aria-labelledby=h-found] a").first.click()
    assert "وزان" in page.locator("h1").inner_text()
    assert page.locator("data.v").count() >= 3


def test_there_are_ten_doors_and_each_is_walked_through() -> None:
    walked = {
        "job-seeker", "student", "employer", "worker", "training-provider", "counsellor",
        "institution", "researcher", "journalist", "public",
    }  # fmt: skip
    assert {door.id for door in DOORS} == walked


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_way_of_every_door_is_open(real_site: str, language: str) -> None:
    with httpx2.Client(base_url=real_site, follow_redirects=True) as client:
        for door in DOORS:
            for _, path, _ in door.ways:
                assert client.get(f"/{language}{path}").status_code == 200, (door.id, path)
