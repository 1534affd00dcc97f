"""Openings of a person's trade: near first, filters, and what is given up told, over a small release."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.errors import InputError, NotFoundError
from marsad.lake.mart import Mart, build
from marsad.products.matching.score import WIDENED, Seeker
from marsad.publish.read.persons import place_of, says_work, statement
from marsad.publish.read.ranking import FEWEST, Shortlist, Wishes, openings_for

TANGIER, TETOUAN, AGADIR, FES = "MA-01-511", "MA-01-571", "MA-09-001", "MA-03-231"
DAY = dt.date(2026, 11, 20)
# key, group, region, province, contract, years asked, synthetic
ROWS = (
    ("far", "7112", "MA-09", AGADIR, "permanent", 1.0, False),
    ("near", "7112", "MA-01", TETOUAN, "permanent", 2.0, False),
    ("here", "7112", "MA-01", TANGIER, "fixed_term", 8.0, False),
    ("unsaid", "7112", None, None, "", None, False),
    ("concrete", "7114", "MA-01", TANGIER, "permanent", 1.0, False),
    ("taxi", "8322", "MA-01", TANGIER, "permanent", 0.0, False),
    ("made", "7112", "MA-01", TANGIER, "permanent", 0.0, True),
)


@pytest.fixture(scope="module")
def mart(tmp_path_factory: pytest.TempPathFactory) -> Mart:
    path = tmp_path_factory.mktemp("release") / "mart.duckdb"
    texts = ("ad_key", "title", "company", "board", "url", "isco08", "region", "province", "commune",
             "contract", "realm", "state")  # fmt: skip
    names = ("ad_key", "isco08", "region", "province", "contract", "experience_years", "synthetic")
    rows = [dict(zip(names, row)) | {"posted_on": DAY, "state": "open"} for row in ROWS]
    schema = pa.schema(
        [*((name, pa.string()) for name in texts), ("posted_on", pa.date32()), ("deadline_on", pa.date32()),
         ("synthetic", pa.bool_()), ("experience_years", pa.float64()),
         ("salary_month_min_mad", pa.float64()), ("salary_month_max_mad", pa.float64())]
    )  # fmt: skip
    none = pa.table({"ad_key": pa.array([], pa.string()), "skill": pa.array([], pa.string())})
    build(path, {"ads": pa.Table.from_pylist(rows, schema=schema), "ad_skills": none}, {})
    return Mart(path)


def _keys(shortlist: Shortlist) -> list[str]:
    return [row.ad["ad_key"] for row in shortlist.ads]


def test_own_trade_comes_first_and_near_places_before_others(mart: Mart) -> None:
    shortlist = openings_for(mart, Seeker("7112", area=TANGIER), Wishes(), "real", 10)
    assert _keys(shortlist)[:3] == ["here", "near", "far"]
    assert shortlist.ads[0].km == 0
    assert shortlist.ads[1].km in range(20, 90)
    assert shortlist.ads[2].beyond == ("place",)
    assert "taxi" not in _keys(shortlist)  # another trade is never padding
    assert "made" not in _keys(shortlist)  # nor is what is synthetic


def test_near_trades_come_last_and_are_told(mart: Mart) -> None:
    shortlist = openings_for(mart, Seeker("7112", area=TANGIER), Wishes(), "real", FEWEST)
    assert _keys(shortlist)[-1] == "concrete"
    assert shortlist.ads[-1].beyond == ("trade",)
    assert set(shortlist.widened) == {"place", "trade"}


def test_a_filter_holds_while_something_answers_it(mart: Mart) -> None:
    wishes = Wishes(within_km=100, contract="permanent", experience=3)
    shortlist = openings_for(mart, Seeker("7112", area=TANGIER), wishes, "real", 10)
    assert _keys(shortlist) == ["near", "concrete"]
    assert shortlist.widened == ("trade",)


def test_what_nothing_answers_is_given_up_in_order_and_told(mart: Mart) -> None:
    shortlist = openings_for(
        mart, Seeker("7112", area=FES), Wishes(within_km=20, experience=3), "real", 10
    )
    assert "here" not in _keys(shortlist)  # experience still holds
    assert "place" in shortlist.widened
    assert "experience" not in shortlist.widened
    strict = Wishes(contract="internship")
    widened = openings_for(mart, Seeker("7112"), strict, "real", 10).widened
    assert "contract" in widened


def test_nothing_of_the_trade_or_near_it_is_nothing(mart: Mart) -> None:
    assert not openings_for(mart, Seeker("2250", area=TANGIER), Wishes(), "real", 10).ads


@given(
    st.sampled_from(["", TANGIER, AGADIR, "MA-01", "MA"]), st.none() | st.integers(0, 900),
    st.sampled_from(["", "permanent", "seasonal"]), st.none() | st.floats(0, 10),
)  # fmt: skip
def test_what_is_outside_is_always_told(
    mart: Mart, area: str, km: int | None, contract: str, years: float | None
) -> None:
    wishes = Wishes(km if area else None, contract, years)
    shortlist = openings_for(mart, Seeker("7112", area=area), wishes, "real", 10)
    assert shortlist.ads
    for row in shortlist.ads:
        assert ("trade" in row.beyond) == (row.ad["isco08"] != "7112")
        assert ("contract" in row.beyond) == bool(contract and row.ad["contract"] != contract)
        assert ("experience" in row.beyond) == (
            years is not None and (row.ad["experience_years"] or 0) > years
        )
        assert set(row.beyond) <= set(shortlist.widened) <= set(WIDENED)


def test_what_nobody_knows_is_refused(mart: Mart) -> None:
    with pytest.raises(InputError, match="at least"):
        openings_for(mart, Seeker(), Wishes(), "real", 5)
    with pytest.raises(InputError, match="occupation='9999'"):
        openings_for(mart, Seeker("9999"), Wishes(), "real", 5)
    with pytest.raises(NotFoundError):
        openings_for(mart, Seeker("7112", area="MA-99"), Wishes(), "real", 5)
    with pytest.raises(InputError, match="Tokyo"):
        place_of("Tokyo")


@pytest.mark.parametrize(
    ("text", "area"),
    [("plombier à Meknès, 2 ans", "MA-03-061"), ("خياطة فطنجة", "MA-01-511"), ("ممرض بفاس", "MA-03-231"),
     ("serbay f agadir", "MA-09-001"), ("maçon", "")],
)  # fmt: skip
def test_the_place_is_read_from_the_sentence(text: str, area: str) -> None:
    read = statement(text)
    assert read.area.startswith(area) if area else not read.area
    assert statement(text, area="Oujda").area.startswith("MA-02")  # what is said beside it wins


@pytest.mark.parametrize(
    ("text", "area", "codes"),
    [
        ("serveuse à Rabat ou à Agadir", "MA-04-421", ["places"]),
        ("نجار ففاس ولا مكناس", "MA-03-231", ["places"]),
        ("serveur, pas à Casablanca", "", ["denied"]),
        ("gardien, ne pas travailler à Fès, plutôt à Meknès", "MA-03-061", ["denied"]),
        ("soudeur Azrou", "MA-03-271", ["around"]),
        ("maçon à Fès, Maroc", "MA-03-231", []),
        ("أصلح الثلاجات", "", []),
    ],
)  # fmt: skip
def test_places_denied_several_or_around_are_told(text: str, area: str, codes: list[str]) -> None:
    read = statement(text)
    assert read.area.startswith(area) if area else not read.area
    assert [note.code for note in read.notes] == codes
    for note in read.notes:
        assert len({note.text(language) for language in ("ar", "fr", "en")}) == 3


def test_a_place_read_from_the_sentence_is_told_when_given_up(mart: Mart) -> None:
    read = statement("maçon à Meknès")
    shortlist = openings_for(mart, Seeker(read.occupation, area=read.area), Wishes(), "real", 10)
    assert "place" in shortlist.widened


def test_places_and_years_alone_are_no_work() -> None:
    assert not any(map(says_work, ("3 ans", "à Fès", "فطنجة", "")))
    assert says_work("je pose du zellige à Fès")


@pytest.mark.parametrize(
    ("words", "area"),
    [("Kénitra", "MA-04-281"), ("kenittra", "MA-04-281"), ("طنجه", "MA-01-511"), ("Fès, Maroc", "MA-03-231"),
     ("MA-06", "MA-06"), ("MA", ""), ("", "")],
)  # fmt: skip
def test_a_place_beside_the_text_may_be_a_code_a_name_or_a_slip(words: str, area: str) -> None:
    assert place_of(words).startswith(area)
    assert bool(place_of(words)) == bool(area)


@pytest.mark.parametrize("words", ["Tokyo", "ZZ", "Paris 15", "nowhere at all"])
def test_a_place_nobody_knows_is_refused(words: str) -> None:
    with pytest.raises(InputError, match="is called"):
        place_of(words)
