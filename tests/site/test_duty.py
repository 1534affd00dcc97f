"""People on duty at their work, in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from harness import audit
from playwright.sync_api import Browser, Page

from marsad.backoffice.accounts import People
from marsad.cli.assemble import Reports
from marsad.flow import review
from marsad.flow.steps import Flow
from marsad.lake.control.schema import metadata

PASSWORD = "a long password"


@pytest.fixture
def reviewing(embedded: Flow) -> Iterator[str]:
    """The session of an administrator; people, judgements and sessions are gone afterwards."""
    people = People(embedded.control)
    people.add("judge", "administrator", PASSWORD, "test")
    yield people.sign_in("judge", PASSWORD)
    for table in ("judgements", "users", "sessions"):
        embedded.control._execute(metadata.tables[table].delete())


def test_pages_of_people_on_duty_are_accessible(
    embedded: Flow, live_site: str, browser: Browser, reviewing: str
) -> None:
    Reports(embedded.control).keep("nothing", "pay", "", "4000", "see the text")
    waiting = review.queue(embedded.lake, embedded.control, ("dedup",))["dedup"]
    subject = waiting[0]["subject"]
    pages = ("", "/reports", "/review", "/users", f"/review/case?scheme=dedup&subject={subject}")
    for number, path in enumerate(pages):
        for language, width in (("ar", 320), ("fr", 320), ("ar", 1280)):
            address = f"{live_site}/{language}/admin{path}".replace(" ", "+")
            audit(browser, address, width, f"duty{number}-{language}", reviewing)


def test_a_reviewer_judges_cases_in_the_browser(
    embedded: Flow, live_site: str, page: Page, reviewing: str
) -> None:
    """Code, pair and language: the judgement is kept under the reviewer's name, the case leaves the
    queue, the next one comes, and a second judgement of the same case must be asked for."""
    page.goto(f"{live_site}/fr/admin/login?next=/admin/review")
    page.fill("#name", "judge")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/fr/admin/review")
    for scheme, choose in (("isco08", "9621"), ("dedup", "same"), ("language", "fr")):
        page.goto(f"{live_site}/fr/admin/review")
        link = page.locator(f'a[href*="scheme={scheme}"]').first
        address = str(link.get_attribute("href"))
        subject = parse_qs(urlsplit(address).query)["subject"][0]
        link.click()
        assert page.locator(".ad-text").count() == len(subject.split(" "))
        if scheme == "isco08":
            page.fill("#f-other", choose)
        else:
            page.check(f'input[value="{choose}"]')
        page.fill("#f-note", "Appelez 0612345678")
        page.get_by_role("button", name="Enregistrer la décision").click()
        assert address not in page.url
        assert f"scheme={scheme}" in page.url
        kept = embedded.control.judgements(scheme, subject)[-1]
        assert (kept["value"], kept["judge"]) == (choose, "judge")
        assert "0612345678" not in kept["note"]
        assert embedded.control.audit()[0]["action"] == f"judged {scheme} {choose}"
        page.goto(f"{live_site}/fr/admin/review")
        assert page.locator(f'a[href="{address}"]').count() == 0
        page.goto(live_site + address)
        page.locator("input[type=radio]").last.check()
        page.get_by_role("button", name="Enregistrer la décision").click()
        assert "déjà décidé" in page.locator("[role=alert]").inner_text()
        page.locator("input[type=radio]").last.check()
        page.check("input[name=again]")
        page.get_by_role("button", name="Enregistrer la décision").click()
        assert embedded.control.judgements(scheme, subject)[-1]["value"] != choose
    page.goto(f"{live_site}/fr/admin/review/case?scheme=isco08&subject=nothing")
    assert "introuvable" in page.title().lower()
