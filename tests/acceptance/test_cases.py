"""Inputs rebuilt from public bug reports of this field (`../shared/cases`): the right value of each."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from marsad.base.errors import CoherenceError
from marsad.base.records import JobAd
from marsad.base.settings import Settings
from marsad.collect.detect import detect
from marsad.collect.register import source
from marsad.flow.steps import Flow

OCT = dt.date(2026, 10, 1)
ADS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "01-telecommute-no-location.html": ("jobposting_pages", [{"country": "FR"}]),
    "03-microdata.html": ("jobposting_pages", [{"raw_title": "Comptable confirmé", "country": "MA"}]),
    "03b-rdfa.html": ("jobposting_pages", [{"raw_title": "Comptable confirmé"}]),
    "04-charset-1256.html": ("jobposting_pages", [{"raw_title": "محاسب رئيسي", "raw_place": "الرباط, MA"}]),
    "05-type-with-charset.html": ("jobposting_pages", [{"raw_title": "Caissière"}]),
    "06-control-char.xml": ("xml_job_feed", [{"ad_id": "a1"}, {"ad_id": "a2"}]),
    "07-indeed-date-salary.xml": (
        "xml_job_feed",
        [{"posted_on": OCT, "deadline_on": dt.date(2026, 11, 30), "raw_salary": "8000 MAD par mois",
          "raw_contract": "CDI", "raw_sector": "Comptabilité", "country": "MA"}],
    ),
    "08-personio.xml": ("xml_job_feed", [{"raw_place": "Casablanca", "posted_on": OCT}]),
    "09-rss-bad-dates.rss": (
        "rss_ads", [{"posted_on": OCT}] * 4 + [{"posted_on": None}] * 2 + [{"posted_on": OCT}] * 2
        + [{"posted_on": None}] * 2,
    ),
    "10-rss-place-company.rss": (
        "rss_ads", [{"raw_company": "Exemple SARL", "raw_place": "Agadir", "raw_salary": "7000 DH", "raw_contract": "CDI"}],
    ),
    "11-rss-entities.rss": ("rss_ads", [{"raw_title": "Ingénieur"}]),
    "11b-rss-undefined-entity.rss": ("rss_ads", [{"raw_title": "Ingénieur"}]),
    **{
        name: ("board_fulltext", [{"posted_on": OCT, "raw_contract": "CDI"}])
        for name in (
            "12-semicolon-bom.csv", "12b-sep-line.csv", "13-utf16-tab.txt", "13c-macroman.csv",
            "15b-list-pretty.json", "15c-wrapped.json", "16-real-dates.xlsx", "16b-serial-dates.xlsx",
            "16c-title-above.xlsx", "16f-trailing-space-header.xlsx", "17-html-table.xls", "17b-fake.xlsx",
        )
    },
    "14b-nul.csv": ("board_fulltext", [{"raw_title": "Comptable"}, {"raw_title": "Caissier"}]),
    "14c-ragged.csv": ("board_fulltext", [{"raw_title": "Comptable"}, {"raw_title": "Dernier"}]),
    "15d-bad-line.jsonl": ("board_fulltext", [{"raw_title": "Comptable"}, {"raw_title": "Caissier"}]),
    "16e-merged-title-col.xlsx": ("board_fulltext", [{"raw_title": "Comptable"}] * 2),
    "18-greenhouse.json": ("job_feed", [{}]),
    "18b-lever.json": ("job_feed", [{}]),
    "18c-jobtech.json": ("job_feed", [{}]),
    "18d-francetravail.json": ("job_feed", [{}]),
    "18e-jobspy.csv": ("job_feed", [{}]),
    "18f-hrxml.xml": ("xml_job_feed", [{"raw_place": "Rabat"}]),
    "25-locations.xml": (
        "xml_job_feed", [{"country": code} for code in ("MT", "CL", "", "SN", "MA", "MA", "TN", "MA", "MA")],
    ),
    "27-salary-shapes.html": (
        "jobposting_pages",
        [{"raw_salary": words} for words in (
            "25 MAD HOUR", "2000-2500 EUR MONTH", "from 8 000 MAD Mois", "96000 MAD ANNUAL",
            "up to 10000 MAD MONTH", "8000-9500.5 MAD MONTH", "8000 EUR YEAR", "350000 XOF MONTH",
            "1800 TND MONTH", "8000-12000 MAD MONTH", "up to 9000 MAD MONTH",
        )],
    ),
    "28-jsonfeed.json": ("job_feed", [{}]),
    "44-duplicate-guid.rss": ("rss_ads", [{"raw_title": "Comptable à Rabat"}, {"raw_title": "Soudeur à Agadir"}]),
    "51-outlier-dates.rss": ("rss_ads", [{"posted_on": None}, {"posted_on": None}]),
}  # fmt: skip
TABLES = {
    "30-hcp-comma.csv": 4, "30b-hcp-semicolon.csv": 2, "30c-hcp-year-flag.csv": 2, "30d-hcp-value-flags.csv": 2,
    "30g-hcp-quarters.csv": 2, "30h-hcp-percent.csv": 2, "30j-hcp-arabic.csv": 2, "30k-hcp-old-region.csv": 2,
    "30m-hcp-english.csv": 2, "31-hcp.xlsx": 4, "31b-sdmx.csv": 1,
}  # fmt: skip


@pytest.fixture(scope="session")
def cases(shared_data: Path) -> Path:
    folder = shared_data.parent / "cases"
    if not folder.is_dir():
        pytest.skip(f"the cases are not on this machine ({folder})")
    return folder


@pytest.fixture
def flow(tmp_path: Path) -> Flow:
    return Flow(Settings(home=tmp_path / "home", workers=1, sample=False))


@pytest.mark.parametrize("name", ADS)
def test_ads_of_a_case(flow: Flow, cases: Path, name: str) -> None:
    identifier, expected = ADS[name]
    _, records = flow.read(source(identifier), [cases / name])
    assert len(records) == len(expected)
    for record, values in zip(records, expected):
        assert isinstance(record, JobAd)
        assert {key: getattr(record, key) for key in values} == values


@pytest.mark.parametrize("name", TABLES)
def test_official_tables_of_a_case(flow: Flow, cases: Path, name: str) -> None:
    path = cases / name
    spec = detect("observations", path, path.read_bytes())
    assert flow.ingest(spec, [path]).rows_out == TABLES[name]


def test_a_table_out_of_range_is_refused_with_its_cells(flow: Flow, cases: Path) -> None:
    path = cases / "30n-out-of-range.csv"
    with pytest.raises(CoherenceError) as error:
        flow.ingest(detect("observations", path, path.read_bytes()), [path])
    assert any("113.1" in finding for finding in map(str, error.value.findings))


def test_foreign_ads_of_a_feed_are_no_moroccan_ads(flow: Flow, cases: Path) -> None:
    for name in ("50-foreign-in-rss.rss", "25-locations.xml"):
        path = cases / name
        flow.ingest(detect("ads", path, path.read_bytes()), [path])
    flow.enrich()
    rows = flow.lake.read("core_ads").to_pylist()
    foreign = [row for row in rows if row["source_id"] == "rss_ads"]
    assert "MA" not in {row["country"] for row in foreign if "Autre offre" not in row["text"]}
    assert not any(row["region"] for row in rows if row["country"] not in ("MA", ""))
    assert sum(row["country"] == "MA" for row in rows if row["source_id"] == "xml_job_feed") == 4


def test_personal_data_in_markup_is_gone_everywhere(flow: Flow, cases: Path) -> None:
    path = cases / "52-personal.rss"
    run = flow.ingest(detect("ads", path, path.read_bytes()), [path])
    assert "personal data removed" in run.message
    flow.enrich()
    for table in ("raw_ads", "core_ads"):
        text = str(flow.lake.read(table).to_pylist())
        for part in ("exemple.ma", "@", "61234567", "61 23 45 67", "0661"):
            assert part not in text.replace("&nbsp;", " "), (table, part)
