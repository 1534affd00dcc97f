"""The portal in Amazigh: the ways through it, the letters, and the honest fall back to French."""

from __future__ import annotations

import re

import httpx2
import pytest
from babel import Locale
from harness import audit
from playwright.sync_api import Browser, Page

from marsad.web.app import preferred
from marsad.web.layout.format import Format
from marsad.web.layout.navigation import FOOT, MENU, installed
from marsad.web.locale import TONGUES, messages, translations

TIFINAGH = re.compile("[\u2d30-\u2d67\u2d6f ]+")


def test_the_words_are_in_tifinagh_and_said_where_they_are_used() -> None:
    """Each has its source beside it, and stays marked as unconfirmed until a reader unmarks it."""
    words = [message for message in messages.catalogue("zgh") if message.id]
    assert messages.unused("zgh") == []
    for message in words:
        assert TIFINAGH.fullmatch(str(message.string)), message.id
        assert message.user_comments, message.id
    translated = {str(message.id) for message in words}
    ways = {way.name for way in installed((*MENU, *FOOT))}
    assert "Light version" in ways - translated, "no dictionary says it"
    assert len(ways & translated) > 3 * len(ways - translated), "a new page may wait for its word"


def test_the_locale_writes_figures_and_dates() -> None:
    assert Locale.parse("zgh").get_display_name() == TONGUES["zgh"].name
    form = Format("zgh", translations("zgh").gettext)
    assert form.value(13.1, "PT", 1) == "13,1\u202f%"
    assert form.period("2026-05") == "ⵎⴰⵢⵢⵓ 2026"


def test_browsers_that_want_amazigh_get_it() -> None:
    assert preferred("zgh,ar;q=0.8,fr;q=0.5") == "zgh"
    assert preferred("ar,zgh;q=0.5") == "ar"
    assert preferred("fr") == "fr"


@pytest.mark.parametrize("path", ["/", "/indicators/unemployment_rate", "/areas", "/ads"])
def test_a_page_says_its_menu_in_amazigh_and_itself_in_french(
    site: str, page: Page, path: str
) -> None:
    page.goto(f"{site}/zgh{path}")
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.locator("html").get_attribute("dir") == "ltr"
    items = page.locator(".main-nav a")
    assert items.count() == len(installed(MENU))
    for at in range(items.count()):
        word = items.nth(at).locator("span[lang=zgh]")
        assert TIFINAGH.fullmatch(word.inner_text())
        assert str(items.nth(at).get_attribute("href")).startswith("/zgh/")
    own = page.locator("main a[href^='/'], footer a[href^='/']")
    led = own.evaluate_all("links => links.map(l => l.getAttribute('href'))")
    strange = [a for a in led if re.match("/(ar|fr|en)/", a)]
    assert strange == [], "ways stay in the tongue"
    assert page.locator(".tongue-note").count() == 1
    assert page.locator("link[rel=canonical]").get_attribute("href") == f"{site}/fr{path}"
    assert page.locator("link[hreflang=zgh]").count() == 0, "the content is not in Amazigh"
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('16px \"Marsad Tifinagh\"', 'ⵜⵡⵓⵔⵉ')")
    drawn = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    )
    assert any("Tifinagh" in family for family in drawn)


def test_pages_in_amazigh_are_accessible_and_the_others_offer_them(
    site: str, browser: Browser
) -> None:
    for path, width in (("/", 320), ("/", 1280), ("/indicators/unemployment_rate", 320)):
        audit(browser, f"{site}/zgh{path}", width, f"zgh{path}".replace("/", "-"))
    html = httpx2.get(f"{site}/ar/").text
    assert 'href="/zgh/" lang="zgh"' in html
    assert "tongue-note" not in html
    assert httpx2.get(f"{site}/zgh/nothing").status_code == 404
    assert (
        httpx2.get(f"{site}/zgh/", headers={"accept-language": "ar"}).headers["content-language"]
        == "fr"
    )
