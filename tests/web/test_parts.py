"""The portal's parts without a browser: words, figures, classes of a map, safe text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from marsad.base.errors import InputError, PlaceError
from marsad.base.settings import read_settings
from marsad.publish.http.replies import may_be_told, site_of
from marsad.web.charts.scale import every, ticks, value_ticks
from marsad.web.charts.svg import el
from marsad.web.layout.environment import json_script, plain, safe_url
from marsad.web.layout.format import Format
from marsad.web.locale import messages, translations
from marsad.web.outlines import province_code


def form(language: str) -> Format:
    return Format(language, translations(language).gettext)


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_word_is_translated_and_none_is_left_over(language: str) -> None:
    assert messages.untranslated(language) == []
    assert messages.unused(language) == []


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_translations_name_the_same_values(language: str) -> None:
    for message in messages.catalogue(language):
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = messages.named(message.id)
        for text in forms:
            assert messages.named(text) <= wanted, text
            assert isinstance(message.id, tuple) or messages.named(text) == wanted, text


def test_figures_are_written_as_in_morocco() -> None:
    assert form("ar").value(13.3, "PT", 1).strip("\u200e") == "13,3%"
    assert form("fr").value(13.3, "PT", 1) == "13,3\u202f%"
    assert form("en").value(13.3, "PT", 1) == "13.3%"
    assert form("ar").number(1234567) == "1.234.567"
    assert form("fr").number(1234567) == "1\u202f234\u202f567"
    assert form("en").number(-0.25, 2) == "−0.25"
    assert form("ar").period("2024-05") == "ماي 2024"
    assert form("ar").period("2024-08-17") == "17 غشت 2024"
    assert form("fr").in_period("2024-Q3") == "au troisième trimestre 2024"
    assert form("en").date_text("spring") == "spring"


def test_arabic_counts_in_six_forms() -> None:
    words = translations("ar")
    counted = {n: words.ngettext("%(count)s day", "%(count)s days", n) for n in (1, 2, 3, 11, 100)}
    assert len(set(counted.values())) == 5


@given(st.floats(-1e6, 1e6), st.floats(0.01, 1e6))
def test_ticks_cover_the_data(low: float, span: float) -> None:
    drawn = ticks(low, low + span, 5)
    assert drawn[0] <= low + 1e-6 * span
    assert drawn[-1] >= low + span - 1e-6 * span
    assert 2 <= len(drawn) <= 12
    assert value_ticks([1.0, 10.0])[0] == 0.0
    assert every(100, 12) == 10


@given(st.text())
def test_text_of_others_stays_text(text: str) -> None:
    assert "<script" not in el("text", "<script>" + text).lower()
    assert "</script" not in json_script({"name": text + "</script>"}).lower()
    assert not set(plain(text)) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00")


def test_only_web_addresses_are_links() -> None:
    assert safe_url("https://example.org/a") == "https://example.org/a"
    for url in ("javascript:alert(1)", "data:text/html,x", "//example.org", "", "http://[", "/a"):
        assert safe_url(url) == ""


def test_outlines_are_named_by_their_french_name() -> None:
    assert province_code("Province de Figuig إقليم الناظور") == "MA-02-251"
    assert province_code("عمالة الرباط") == "MA-04-421"
    with pytest.raises(InputError):
        province_code("Province de Nulle Part")


def test_the_address_of_the_site_is_the_one_that_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A visitor's Host header never stands in a message; an address that is none is refused."""
    request = Request({"type": "http", "method": "GET", "scheme": "http", "path": "/", "query_string": b"",
                       "headers": [(b"host", b"evil.example")], "server": ("evil.example", 80)})  # fmt: skip
    monkeypatch.delenv("MARSAD_SITE", raising=False)
    assert site_of(request) == "http://evil.example"
    assert not may_be_told(site_of(request))
    assert may_be_told("http://127.0.0.1:8000")
    monkeypatch.setenv("MARSAD_SITE", "https://marsad.example/")
    assert site_of(request) == "https://marsad.example"
    assert may_be_told(site_of(request))
    assert read_settings().url == "https://marsad.example"
    monkeypatch.setenv("MARSAD_SITE", "marsad.example")
    with pytest.raises(PlaceError, match="MARSAD_SITE"):
        read_settings()
