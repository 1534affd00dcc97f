"""Official statistics: nothing lost, three surveys never mixed, a damaged table refused."""

from __future__ import annotations

import csv
import gzip
import subprocess
from collections import Counter
from pathlib import Path

import pyarrow.compute as pc
import pytest

from marsad.base.errors import CoherenceError, InputError
from marsad.base.settings import Settings
from marsad.collect.register import source
from marsad.flow.steps import Flow
from marsad.publish.read.reader import DataQuery, Reader

FIGURES = source("hcp_labour_figures").folder / "figures.csv.gz"
ALL = {
    "area": ("MA",),
    "sex": ("_T",),
    "age": ("Y_GE15",),
    "urbanisation": ("_T",),
    "education": ("_T",),
}


@pytest.fixture(scope="module")
def reader(embedded: Flow) -> Reader:
    folder = embedded.current()
    assert folder is not None
    return Reader(folder)


def test_every_figure_arrives_with_all_it_came_with(embedded: Flow) -> None:
    with gzip.open(FIGURES, "rt", encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    kept = embedded.lake.read("core_observations", partition="hcp_labour_figures").to_pylist()
    linked = [r for r in kept if r["note"].startswith("press of the time")]
    kept = [r for r in kept if r not in linked]
    assert len(given) == len(kept) == 13_581
    assert len(linked) == 12  # the other sides of the overlap of 2016 (links.yml)
    for column in ("vintage", "verification", "note", "source", "verified_by"):
        differ = Counter(r[column] for r in given) - Counter(r[column] for r in kept)
        assert not differ, column
    dates = {r["source_date"] for r in given}
    assert all(r["source_date"] in dates or r["source_date"].endswith("~") for r in kept)
    assert sorted(float(r["value"]) for r in given) == sorted(r["value"] for r in kept)
    assert sum(r["obs_status"] == "V" for r in kept) == 1  # of four conflicts, three were two bases


def test_unemployment_2024_is_three_labelled_series(reader: Reader) -> None:
    query = DataQuery("unemployment_rate", {**ALL, "freq": ("A",)}, start="2024", end="2024")
    found = {v.survey: v.value for v in reader.data(query).rows}
    assert found["ENE"] == 13.3
    assert found["RGPH2024"] == 21.3
    assert found["ILO_MODELLED"] == pytest.approx(9.1, abs=0.05)
    assert len(found) == 3
    labels = {reader.label("survey", code, "fr") for code in found}
    assert len(labels) == 3


def test_both_vintages_of_a_revised_quarter_are_kept(reader: Reader) -> None:
    query = DataQuery(
        "unemployment_rate",
        {**ALL, "freq": ("Q",), "survey": ("ENE",)},
        start="2018-Q3",
        end="2018-Q3",
        vintage="*",
    )
    assert {v.vintage: v.value for v in reader.data(query).rows} == {
        "current": 9.3,
        "first_release": 10.0,
    }


def test_series_breaks_are_data(reader: Reader) -> None:
    assert [b.period for b in reader.breaks("unemployment_rate", "ENE")] == ["2006", "2017", "2026"]
    assert reader.breaks("unemployment_rate", "RGPH2024") == ()


def test_the_grouped_south_has_its_own_value_and_its_regions_none(reader: Reader) -> None:
    query = DataQuery(
        "unemployment_rate",
        {
            **ALL,
            "survey": ("ENE",),
            "freq": ("A",),
            "area": ("MA-SUD", "MA-10", "MA-11", "MA-12"),
        },
        start="2024",
        end="2024",
    )
    assert [(v.area, v.value) for v in reader.data(query).rows] == [("MA-SUD", 22.2)]


def test_census_reaches_every_commune(reader: Reader) -> None:
    query = DataQuery("establishments", {"category": ("_T",)}, level="commune")
    rows = reader.data(query).rows
    assert len(rows) == 1503
    country = reader.data(DataQuery("establishments", {"category": ("_T",), "area": ("MA",)})).rows
    assert country[0].value == 1_304_564


def test_overlapping_transcriptions_of_the_census_agree(embedded: Flow) -> None:
    """The tidy table and the package carry the same census cells: every common one is equal."""
    table = embedded.lake.read("core_observations")
    table = table.filter(pc.is_in(table["survey"], pc.cast(["RGPH2024", "RGPH2014"], "string")))
    key = [
        "indicator",
        "period",
        "area",
        "survey",
        "sex",
        "age",
        "urbanisation",
        "education",
        "category",
    ]
    seen: dict[tuple[str, ...], dict[str, float]] = {}
    for row in table.select([*key, "source_id", "value"]).to_pylist():
        seen.setdefault(tuple(row[k] for k in key), {})[row["source_id"]] = row["value"]
    both = [v for v in seen.values() if len(v) == 2]
    assert len(both) > 5_000
    assert not [v for v in both if len(set(v.values())) > 1]


def test_the_file_corrupted_at_source_is_refused_with_the_cells(
    shared_data: Path, tmp_path: Path
) -> None:
    path = next((shared_data / "official").glob("corrupted_at_source_*.csv"))
    flow = Flow(Settings(home=tmp_path))
    with pytest.raises(CoherenceError, match=r"the same values stand at .*Tanger") as refused:
        flow.ingest(source("hcp_table"), [path])
    assert path.name in str(refused.value)
    assert len(refused.value.findings) > 5
    assert flow.lake.read("core_observations").num_rows == 0  # nothing of it was stored
    last = flow.control.last_run("collect", "hcp_table")
    assert last is not None
    assert last["status"] == "failed"


def test_a_column_filled_with_one_value_is_refused(shared_data: Path, tmp_path: Path) -> None:
    flow = Flow(Settings(home=tmp_path))
    path = shared_data / "official" / "niamah_hcp_data1.csv"
    with pytest.raises(CoherenceError, match="2018: one value in 89% of the cells"):
        flow.ingest(source("hcp_table"), [path], indicator="unemployment_duration_share")


def test_a_clean_table_is_accepted(shared_data: Path, tmp_path: Path) -> None:
    flow = Flow(Settings(home=tmp_path))
    path = shared_data / "official" / "niamah_hcp_data2.csv"
    run = flow.ingest(source("hcp_table"), [path], indicator="unemployment_rate")
    assert run.rows_out == 552
    kept = flow.lake.read("core_observations").to_pylist()
    assert {r["value"] for r in kept if r["period"] == "1999" and r["education"] == "_T"} >= {22.0}


def test_a_table_without_an_indicator_says_so(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "official" / "niamah_hcp_data2.csv"
    with pytest.raises(InputError, match="names no indicator; say it with --set indicator="):
        Flow(Settings(home=tmp_path)).ingest(source("hcp_table"), [path])


def test_the_damaged_file_ends_the_command_in_one_sentence(
    shared_data: Path, tmp_path: Path
) -> None:
    path = next((shared_data / "official").glob("corrupted_at_source_*.csv"))
    done = subprocess.run(
        ["marsad", "ingest", "observations", str(path)],
        env={"MARSAD_HOME": str(tmp_path), "PATH": str(Path(".venv/bin").resolve())},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "contradicts itself and is refused" in done.stderr
