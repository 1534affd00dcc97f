"""The qualitative library: entries are whole, found in three languages, and tell of nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.base.errors import DeclarationError, NotFoundError
from marsad.products import library
from marsad.products.library import MOST_EXCERPT, Study, excerpt, studies, study


def search(text: str = "", kind: str = "", explains: str = "") -> list[Study]:
    return library.search(studies(), text, kind, explains)


def test_an_entry_is_found_in_three_languages_and_by_the_figure_it_explains() -> None:
    for words in ("femmes", "النساء", "women", "participation rate", "معدل النشاط"):
        assert "women_panel_2016" in [one.id for one in search(words)], words
    assert search("employers", kind="interviews")[0].id == "example_interviews"
    assert {one.id for one in search(explains="time_open")} == {
        "business_survey_hcp_2019", "example_interviews",
    }  # fmt: skip
    assert search("xqzw") == []
    assert len(search()) == len(studies())
    with pytest.raises(NotFoundError):
        study("nothing", studies())


def test_a_theme_told_by_few_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (library.FOLDER / "example_interviews.yml").read_text("utf-8")
    (tmp_path / "few.yml").write_text(text.replace("people: 7", "people: 4"), "utf-8")
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    with pytest.raises(DeclarationError, match=r"few\.yml.*theme 3.*told by 4"):
        studies.__wrapped__()
    (tmp_path / "few.yml").write_text(text.replace("kind: interviews", "kind: rumour"), "utf-8")
    with pytest.raises(DeclarationError, match="rumour"):
        studies.__wrapped__()


def test_an_excerpt_is_short_and_holds_the_word_asked_for() -> None:
    text = " ".join(f"mot{i}" for i in range(500))
    for query in ("mot0", "mot250", "mot499"):
        assert query in excerpt(text, query).split()
    for other in (text, "y" * 900, f"{'y' * 500} abc {'z' * 900}", ""):
        assert len(excerpt(other, "abc")) <= MOST_EXCERPT
    assert "abc" in excerpt(f"{'y' * 500} abc {'z' * 900}", "abc")
