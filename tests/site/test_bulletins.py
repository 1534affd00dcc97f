"""Bulletins as readers get them: tagged, in the right letters and order, with the figures of the site."""

from __future__ import annotations

import datetime as dt
import re
import shutil

import httpx2
import pypdfium2
import pytest
from click.testing import CliRunner
from harness import audit
from playwright.sync_api import Browser

from marsad.cli.main import main
from marsad.flow.steps import Flow
from marsad.web.bulletins.content import places
from marsad.web.bulletins.editions import last_quarter


def _text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.parametrize(("language", "title"), [("ar", "المغرب"), ("fr", "Maroc")])
def test_a_bulletin_is_pdf_ua_and_says_what_the_site_says(
    real_site: str, language: str, title: str
) -> None:
    answer = httpx2.get(f"{real_site}/{language}/bulletins/MA.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert b"pdfuaid" in answer.content
    assert b"/MarkInfo" in answer.content
    assert b"/StructTreeRoot" in answer.content
    text = _text(answer.content)
    assert "13,1" in text
    assert "ENE" not in text
    if language == "fr":
        assert title in text
        assert "synthétique" in text or "fictives" in text
    else:
        letters = "".join(sorted(set(text)))
        assert any("\u0600" <= c <= "\u06ff" or "\ufb50" <= c <= "\ufeff" for c in letters)
    page = httpx2.get(f"{real_site}/{language}/indicators/unemployment_rate?freq=Q").text
    assert "13,1" in page


def test_the_chart_is_given_as_svg_and_png(real_site: str) -> None:
    svg = httpx2.get(f"{real_site}/ar/bulletins/MA-06.svg")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert "<title" in svg.text
    assert "<desc" in svg.text
    png = httpx2.get(f"{real_site}/ar/bulletins/MA-06.png")
    assert png.content.startswith(b"\x89PNG")
    for wrong in ("MA-99.pdf", "MA.doc", "MA-06-141.pdf"):
        assert httpx2.get(f"{real_site}/ar/bulletins/{wrong}").status_code == 404, wrong
    assert httpx2.get(f"{real_site}/en/bulletins/MA.pdf").status_code == 404


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_place_has_messages_a_picture_and_no_empty_page(
    real_site: str, language: str
) -> None:
    """Also the three regions of the South, which the survey tells together."""
    for code in places():
        picture = httpx2.get(f"{real_site}/{language}/bulletins/{code}.svg")
        assert picture.status_code == 200, code
        named = re.findall(r'<text[^>]*class="end"[^>]*>([^<]{12,})</text>', picture.text)
        assert len(named) == picture.text.count('role="img"') - 1, "each chart has its name"
        data = httpx2.get(f"{real_site}/{language}/bulletins/{code}.pdf").content
        pages = [p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(data)]
        assert all(len(text) > 300 for text in pages), (code, [len(text) for text in pages])
        if language == "fr":
            assert "À retenir" in pages[0]
            whole = " ".join(" ".join(pages).split())
            assert "calculés par Marsad" in whole, "who reckoned the intervals, and from what"


def test_rates_of_another_size_have_another_axis(real_site: str) -> None:
    """13 and 43 % stood on one axis from 0 to 60."""
    svg = httpx2.get(f"{real_site}/fr/bulletins/MA.svg").text
    first, second = svg.split('role="img"')[2:]
    ticks = [
        sorted({float(n) for n in re.findall(r">(\d+)[\s\u202f]*%<", part)})
        for part in (first, second)
    ]
    assert max(ticks[0]) <= 20
    assert min(ticks[1]) >= 20


def test_the_list_and_the_services_are_accessible(real_site: str, browser: Browser) -> None:
    for path in ("/bulletins", "/alerts?kind=search&q=soudeur", "/light"):
        name = path.strip("/").split("?")[0]
        audit(browser, f"{real_site}/ar{path}", 320, f"ar-{name}")
        audit(browser, f"{real_site}/fr{path}", 1280, f"fr-{name}")


def test_the_edition_of_a_quarter_is_written_once_and_kept(
    embedded: Flow, live_site: str, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = embedded.settings.home
    monkeypatch.setenv("MARSAD_HOME", str(home))
    assert "Aucun bulletin trimestriel" in httpx2.get(f"{live_site}/fr/bulletins").text
    assert httpx2.get(f"{live_site}/fr/bulletins/MA-06-2026-Q3.pdf").status_code == 404
    quarter = last_quarter(dt.date.today())
    done = CliRunner().invoke(main, ["bulletins", "--base", "https://marsad.test"])
    assert done.output == f"The edition {quarter} is in {home / 'bulletins' / quarter}.\n"
    again = CliRunner().invoke(main, ["bulletins"])
    assert again.exit_code == 2
    assert "never changed" in again.output
    answer = httpx2.get(f"{live_site}/fr/bulletins/MA-06-{quarter}.pdf")
    assert answer.content == (home / "bulletins" / quarter / "MA-06.fr.pdf").read_bytes()
    text = _text(answer.content)
    assert f"T{quarter[-1]} {quarter[:4]}" in text
    assert "https://marsad.test/fr/areas/MA-06" in text
    assert f"MA-06-{quarter}.pdf" in httpx2.get(f"{live_site}/ar/bulletins").text
    for wrong in (
        "MA-06-1999-Q3.pdf",
        f"MA-06-{quarter}.svg",
        f"MA-99-{quarter}.pdf",
        f"../{quarter}.pdf",
    ):
        assert httpx2.get(f"{live_site}/fr/bulletins/{wrong}").status_code == 404, wrong
    audit(browser, f"{live_site}/ar/bulletins", 320, "ar-editions")
    shutil.rmtree(home / "bulletins")


def test_the_quarter_that_ended_last() -> None:
    days = {
        "2026-01-01": "2025-Q4",
        "2026-03-31": "2025-Q4",
        "2026-04-01": "2026-Q1",
        "2026-12-31": "2026-Q3",
    }
    assert {day: last_quarter(dt.date.fromisoformat(day)) for day in days} == days
