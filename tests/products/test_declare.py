"""Indicators as declared: unknown words are refused, and results stay within the declaration."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from cubes import cube, inputs
from marsad.base.declare import load_declaration, load_yaml
from marsad.base.errors import DeclarationError, NotFoundError
from marsad.lake.tables import table
from marsad.products import run
from marsad.products.declare import FOLDER, Indicator, _check, indicator, indicators
from marsad.products.tabular import (
    areas_of,
    coded_groups,
    official,
    reference_days,
)


def _declared(folder: Path, **change: Any) -> Indicator:
    """The declaration of new_ads with some of it changed, read from a folder of its own."""
    path = folder / "new_ads" / "indicator.yml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(load_yaml(FOLDER / "new_ads/indicator.yml") | change))
    return _check(load_declaration(path, Indicator), path.parent)


def test_the_declaration_itself_is_accepted(tmp_path: Path) -> None:
    assert _declared(tmp_path) == indicator("new_ads")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"colour": "red"}, "colour"),
        ({"id": "other"}, "not the folder's name"),
        ({"title": {"fr": "Titre", "en": "Title"}}, "title lacks the languages ar"),
        ({"method": {"ar": " ", "fr": "m", "en": "m"}}, "method lacks the languages ar"),
        ({"dimensions": ["freq", "planet"]}, "no dimension 'planet'"),
        ({"default": {"planet": "MA"}}, "no dimension 'planet'"),
        ({"surveys": ["ADS", "POLL"]}, "POLL not in the list 'survey'"),
        ({"caveats": ["mistakes"]}, "mistakes not in the list 'caveat'"),
        ({"unit": "KG"}, "KG not in the list 'unit'"),
        ({"disclosure": {"rule": "none"}}, "rule 'none' is unknown"),
        ({"disclosure": {"rule": "threshold", "least": 3}}, "least"),
        ({"disclosure": {"rule": "threshold", "closed": "planet"}}, "no dimension 'planet'"),
        ({"decimals": "two"}, "decimals"),
    ],
)
def test_a_wrong_declaration_is_refused(tmp_path: Path, change: dict[str, Any], rule: str) -> None:
    with pytest.raises(DeclarationError, match=rule):
        _declared(tmp_path, **change)


def test_every_folder_is_an_indicator_and_they_stand_in_their_order() -> None:
    declared = indicators()
    assert [i.order for i in declared] == sorted(i.order for i in declared)
    folders = {path.parent.name for path in FOLDER.glob("*/compute.py")}
    assert {i.id for i in declared} == folders
    assert len(declared) == len(folders) >= 21


def test_an_indicator_follows_one_that_is_computed_before_it() -> None:
    order = [declared.id for declared in run.in_order(indicators())]
    for declared in indicators():
        if leader := declared.disclosure.follows:
            assert order.index(leader) < order.index(declared.id)
            assert not indicator(leader).disclosure.follows


def test_counts_of_ads_always_pass_a_threshold() -> None:
    for declared in indicators():
        if any(name.startswith("core_ad_") for name in declared.inputs):
            assert declared.disclosure.rule == "threshold"
            assert declared.disclosure.minimum >= 3


def test_unknown_indicator() -> None:
    with pytest.raises(NotFoundError, match="no_such"):
        indicator("no_such")


def _tables(**row: Any) -> dict[str, pa.Table]:
    ad = {"ad_key": "a", "posted_on": dt.date(2026, 5, 1), **row}
    return _inputs(run._filled("core_ads", [ad]))


def _inputs(ads: pa.Table) -> dict[str, pa.Table]:
    return inputs("new_ads", {"core_ads": ads})


def test_results_are_completed_with_level_frequency_and_unit() -> None:
    total, *_ = run.compute(indicator("new_ads"), _tables())
    assert (total["freq"], total["area_level"], total["unit"]) == ("M", "country", "NB")
    assert (total["vintage"], total["sex"], total["reliability"]) == ("current", "_T", "D")


def test_a_result_outside_the_declaration_is_refused() -> None:
    with pytest.raises(DeclarationError, match="'MA-99'"):
        run.compute(indicator("new_ads"), _tables(region="MA-99"))


def test_publishable_rows_pass_the_gate_and_the_table() -> None:
    tables = _tables()
    published = run.publishable(indicator("new_ads"), tables.__getitem__)
    assert published.schema == table("out_values").schema
    assert published["value"].to_pylist() == [1] * 4, "what is public is counted exactly"
    assert set(published["conf_status"].to_pylist()) == {"F"}
    assert set(published["reliability"].to_pylist()) == {"D"}


def test_the_same_ads_of_a_register_are_protected() -> None:
    ads = run._filled("core_ads", [{"ad_key": "a", "posted_on": dt.date(2026, 5, 1)}])
    at = ads.schema.get_field_index("confidentiality")
    register = pa.array(["aggregate_only"] * ads.num_rows)
    later = ads.slice(0, 1).to_pylist()[0] | {"ad_key": "later", "posted_on": dt.date(2030, 1, 1)}
    ads = ads.set_column(at, ads.schema.field(at), register)
    later["confidentiality"] = "aggregate_only"
    tables = _inputs(pa.concat_tables([ads, pa.Table.from_pylist([later], schema=ads.schema)]))
    published = run.publishable(indicator("new_ads"), tables.__getitem__)
    assert set(published["survey"].to_pylist()) == {"ADS_REGISTER"}
    assert published["value"].to_pylist() == [None] * 4, "one ad is below the minimum"
    assert set(published["conf_status"].to_pylist()) == {"C"}


@pytest.mark.parametrize("declared", indicators(), ids=lambda i: i.id)
def test_examples_can_be_published(declared: Indicator) -> None:
    tables = inputs(declared.id)
    rows = run.publishable(declared, tables.__getitem__).to_pylist()
    for row in rows:
        if declared.disclosure.rule == "threshold" and row["n"]:
            few = row["n"] < declared.disclosure.minimum
            assert row["conf_status"] == "F"
            assert not few or row["reliability"] in ("C", "D")


def test_indicators_get_their_declared_tables_only() -> None:
    tables = {**_tables(), "core_courses": table("core_courses").arrow([])}
    names: list[str] = []

    def read(name: str) -> pa.Table:
        names.append(name)
        return tables[name]

    run.publishable(indicator("new_ads"), read)
    assert names == ["core_ad_cells", "core_ad_readings"]


# Small readings that indicators share.


def test_openings_are_canonical_ads_of_morocco_by_realm() -> None:
    ads = [
        {"ad_key": "a"},
        {"ad_key": "copy", "is_canonical": False},
        {"ad_key": "abroad", "country": "FR"},
        {"ad_key": "made", "synthetic": True},
        {"ad_key": "handed over", "confidentiality": "microdata"},
    ]
    day = {"posted_on": dt.date(2026, 5, 1)}
    held = {"core_ads": run._filled("core_ads", [{**ad, **day} for ad in ads])}
    cells = cube("core_ad_cells", held).to_pylist()
    surveys = {"ADS": 1, "ADS_REGISTER": 1, "ADS_SYNTHETIC": 1}
    assert {cell["survey"]: cell["n"] for cell in cells} == surveys


def test_an_ad_closes_when_last_seen_but_not_after_its_deadline() -> None:
    early, late = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
    days = [(late, early), (early, late), (None, late), (None, None)]
    ads = [{"ad_key": f"{i}", "ad_id": f"{i}", "last_seen_on": seen, "deadline_on": due}
           for i, (seen, due) in enumerate(days)]  # fmt: skip
    counted = cube("core_country_ads", {"core_ads": run._filled("core_ads", ads)})
    assert counted["closed_on"].to_pylist() == [early, early, late, None]


def test_cells_in_which_an_ad_counts() -> None:
    assert areas_of("MA-06") == ("MA", "MA-06")
    assert areas_of("") == ("MA",)
    assert coded_groups("2") == ("_T", "2")
    assert coded_groups("") == ("_T", "_U")


def test_the_reference_day_is_told_for_each_realm() -> None:
    days = [dt.date(2026, 5, d) for d in (1, 9, 4)]
    rows = zip(["ADS", "ADS", "ADS", "ADS_SYNTHETIC"], [days[0], days[1], None, days[2]])
    blank = {"source_id": "s", "board": "b", "posted_on": None}
    readings = [{**blank, "survey": survey, "seen_on": day} for survey, day in rows]
    tables = {"core_ad_readings": table("core_ad_readings").arrow(readings)}
    assert reference_days(tables) == {"ADS": days[1], "ADS_SYNTHETIC": days[2]}


def test_of_two_transcriptions_the_verified_one_is_kept() -> None:
    row = {"indicator": "x", "freq": "A", "period": "2024", "area": "MA", "survey": "ENE"}
    given = [
        {**row, "source_id": "hcp_table", "n_sources": 1, "value": 1.0},
        {**row, "source_id": "hcp_labour_figures", "n_sources": 2, "value": 2.0},
        {**row, "source_id": "hcp_table", "n_sources": 1, "value": 3.0, "sex": "F"},
        {**row, "source_id": "hcp_labour_figures", "n_sources": 1, "value": 4.0, "sex": "F"},
        {**row, "indicator": "y", "value": 9.0},
    ]
    for order in (given, given[::-1]):
        rows = list(official(run._filled("core_observations", order), "x"))
        assert sorted(r["value"] for r in rows) == [2.0, 4.0]


def test_an_indicator_folder_is_its_registration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("new_ads", "time_open"):
        shutil.copytree(FOLDER / name, tmp_path / name)
    monkeypatch.setattr("marsad.products.declare.FOLDER", tmp_path)
    indicators.cache_clear()
    try:
        assert [i.id for i in indicators()] == ["new_ads", "time_open"]
    finally:
        indicators.cache_clear()
