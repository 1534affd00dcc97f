"""Code lists and texts in several languages."""

from __future__ import annotations

import pytest

from marsad.base.codes import TOTAL, codelist, label, names
from marsad.base.errors import DeclarationError
from marsad.base.labels import missing, pick


@pytest.mark.parametrize("name", names())
def test_every_code_has_a_text_in_three_languages(name: str) -> None:
    assert codelist(name)
    assert {code: lack for code, t in codelist(name).items() if (lack := missing(t))} == {}


def test_isco08_is_whole_and_hierarchic() -> None:
    codes = [code for code in codelist("isco08") if code.isdigit()]
    by_length = {n: sum(len(code) == n for code in codes) for n in (1, 2, 3, 4)}
    assert by_length == {1: 10, 2: 43, 3: 130, 4: 436}
    assert all(code[:-1] in codes for code in codes if len(code) > 1)


def test_isced_f_detailed_fields_have_their_broad_field() -> None:
    codes = [code for code in codelist("isced_f") if code.isdigit()]
    assert {len(code) for code in codes} >= {2, 4}
    assert all(code[:2] in codes for code in codes)


def test_diplomas_stand_in_the_order_of_the_ladder() -> None:
    ladder = list(codelist("diploma"))
    assert ladder.index("none") < ladder.index("bac") < ladder.index("bac2") < ladder.index("bac5")


def test_dimensions_have_a_total() -> None:
    for name in ("sex", "age", "urbanisation", "education", "establishment"):
        assert TOTAL in codelist(name)


def test_label_falls_back_to_the_code() -> None:
    assert label("sex", "F", "fr") == codelist("sex")["F"]["fr"]
    assert label("sex", "ZZ", "fr") == "ZZ"


def test_unknown_list() -> None:
    with pytest.raises(DeclarationError, match="no_such_list"):
        codelist("no_such_list")


def test_code_lists_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        codelist("sex")["X"] = {}  # type: ignore[index]


def test_pick_prefers_the_language_then_english_french_arabic() -> None:
    text = {"ar": "ع", "fr": "f", "en": "e"}
    assert [pick(text, code) for code in ("ar", "fr", "en", "es")] == ["ع", "f", "e", "e"]
    assert pick({"ar": "ع", "en": ""}, "fr") == "ع"
    assert pick({}, "fr") == ""


def test_missing_counts_blanks() -> None:
    assert missing({"ar": "ع", "fr": "  "}) == ["fr", "en"]


def test_what_rounds_to_zero_is_written_without_a_sign() -> None:
    from marsad.base.figures import decimal

    assert decimal(-0.04, 1, "fr") == "0,0"
    assert decimal(-0.06, 1, "en") == "-0.1"
