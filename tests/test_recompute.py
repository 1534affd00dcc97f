"""Every published number can be computed again, as it was known at any time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from marsad.base.errors import InputError, NotFoundError
from marsad.base.settings import Settings
from marsad.collect.register import source
from marsad.flow.recompute import (
    Recomputer,
    find,
    key_of,
    sampled,
    version_named,
    version_of,
)
from marsad.flow.steps import Flow
from marsad.products.declare import indicators

BODIES = ("employment_register", "intermediation_register", "training_register", "opinion_survey")
LATE = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def handed_over(tmp_path_factory: pytest.TempPathFactory) -> Flow:
    """An installation with the sample tables of every body that hands over counts, and of an opinion survey."""
    flow = Flow(Settings(home=tmp_path_factory.mktemp("bodies"), sample=False))
    for name in BODIES:
        spec = source(name)
        flow.ingest(spec, sorted((spec.folder / "sample").iterdir()))
    flow.release()
    return flow


def test_a_sample_of_every_indicator_comes_out_equal(embedded: Flow, handed_over: Flow) -> None:
    met = set()
    for flow, least in ((embedded, 300), (handed_over, 20)):
        again = Recomputer(flow.lake, flow.control)
        rows = [row for chosen in sampled(flow.lake, 40).values() for row in chosen]
        assert len(rows) >= least
        assert [key_of(row) for row in rows if not again(row).equal] == []
        met |= {row["indicator"] for row in rows}
    assert met == {i.id for i in indicators() if i.surveys != ("ADS",)}, "real ads are not at hand"


def test_the_chain_names_tables_code_and_values(embedded: Flow) -> None:
    row = version_named(embedded.lake, "A.MA.unemployment_rate.ENE._T.Y_GE15._T._T._T._T.N/2024")
    recomputed = Recomputer(embedded.lake, embedded.control)(row)
    assert (recomputed.equal, recomputed.published["value"]) == (True, 13.3)
    assert [step.name for step in recomputed.steps] == ["table", "code", "values", "number"]
    assert all(len(step.sha256) == 64 for step in recomputed.steps)


def test_a_number_that_was_tampered_with_is_found_out(embedded: Flow) -> None:
    row = version_named(embedded.lake, "A.MA.unemployment_rate.ENE._T.Y_GE15._T._T._T._T.N/2024")
    again = Recomputer(embedded.lake, embedded.control)
    assert not again({**row, "value": 13.4}).equal
    assert not again({**row, "period": "1801"}).equal


@pytest.mark.parametrize(
    ("key", "error", "message"),
    [
        ("unemployment 2024", InputError, "is not the key of a number"),
        ("A.MA.unemployment_rate.ENE......./2024", InputError, "numbers, among them"),
        ("A.MA.unemployment_rate.ENE......./1801", NotFoundError, "No published number"),
        ("A.MA.wages.ENE......./2024", NotFoundError, "no indicator"),
    ],
)
def test_keys_that_name_no_number(
    embedded: Flow, key: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        version_named(embedded.lake, key)


@pytest.fixture
def revised(tmp_path: Any) -> Flow:
    """An installation that released a figure, its revision, and a third time without a change."""
    flow = Flow(Settings(home=tmp_path, workers=1))
    for value in ("11.5", "11.9", "11.9"):
        file = tmp_path / "figures.csv"
        heading = (
            "indicator,freq,period,geo_level,geo_code,geo_name,milieu,sex,age,diploma,value,unit,"
            "survey,vintage,source,source_date,verification,n_sources,verified_by,note"
        )
        cells = "total,all,15+,all"
        file.write_text(
            f"{heading}\nunemployment_rate,A,2019,national,MA,Maroc,{cells},{value},%,ENE,"
            "current,HCP,2020-02,one_source,1,,\n",
            encoding="utf-8",
        )
        flow.ingest(source("hcp_labour_figures"), [file])
        flow.release()
    return flow


def test_a_number_is_recomputed_as_it_was_known_then(revised: Flow) -> None:
    key = "A.MA.unemployment_rate.ENE......./2019"
    first, second = [
        row
        for day in (dt.datetime(2020, 3, 1, tzinfo=dt.UTC), LATE)
        for row in find(revised.lake, key, day)
    ]
    assert (first["value"], second["value"]) == (11.5, 11.9)
    again = Recomputer(revised.lake, revised.control)
    assert again(first).equal
    assert again(second).equal
    assert first["valid_to"] == second["valid_from"]
    assert len(revised.control.releases()) == 3
    assert again(first).steps[0].name == "payload"


def test_a_release_pins_every_view_of_the_tables_that_it_names() -> None:
    """Of a release made before there were cubes: their numbers are those behind the views that it names."""
    named = {"core_ads": "7.3", "core_observations": 5}
    assert version_of("core_ad_skill_counts", named) == "7.3"
    assert version_of("core_observations", named) == 5
    assert version_of("core_ad_links", named) is None
    assert version_of("core_ad_cells", {"core_ads": 4}) is None, "kept before it was a view"
