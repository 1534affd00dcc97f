"""Which language is answered in: by the weights of Accept-Language, for every interface alike."""

from __future__ import annotations

import pytest

from marsad.publish.http.negotiation import language_of, languages, ranges
from marsad.web.app import preferred


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-MA,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.5, fr", "fr"),
        ("de, ar-MA;q=0.3", "ar"),
        ("de", "en"),
        ("*", "en"),
        ("fr;q=0, ar;q=0.1", "ar"),
        ("fr;q=much", "en"),
        (",;,", "en"),
    ],
)
def test_the_language_with_the_greatest_weight_is_chosen(header: str, language: str) -> None:
    assert language_of(header) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "ar"),
        ("en, ar;q=0.1", "ar"),
        ("*", "ar"),
        ("fr-FR,fr;q=0.9,en;q=0.95", "fr"),
        ("ar;q=0, en;q=0.2", "en"),
        ("de", "ar"),
        ("zgh, ar;q=0.9", "zgh"),
    ],
)
def test_the_portal_opens_in_arabic_unless_it_is_not_accepted(header: str, language: str) -> None:
    assert preferred(header) == language


def test_a_language_has_its_greatest_weight_and_refused_ones_are_left_out() -> None:
    assert languages("fr-FR;q=0.4, fr;q=0.7, en;q=0") == {"fr": 0.7}
    assert [r.type for r in ranges("text/csv;q=0.1, application/json; version=2")] == [
        "application/json",
        "text/csv",
    ]
