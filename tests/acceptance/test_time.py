"""Undated ads, read once, on every outlet that counts what is open: nothing is said that is not known."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from marsad.base.settings import Settings
from marsad.cli.serve import Current
from marsad.collect.register import source
from marsad.flow import sample
from marsad.flow.steps import Flow
from marsad.products.matching.score import Seeker
from marsad.publish.feeds import sms
from marsad.publish.read.model import AdQuery
from marsad.publish.read.reader import DataQuery, Reader
from marsad.web.demand import open_now
from marsad.web.localisation import Site

TODAY = dt.date.today()
TITLES = ("Comptable", "Soudeur", "Infirmière", "Serveur")
BY_TIME = ("new_ads", "open_ads", "new_ads_weekly", "time_open", "wage_offered", "job_ad_index")


def _file(folder: Path, name: str, titles: tuple[str, ...]) -> Path:
    path = folder / name
    rows = [
        f"{title} (H/F),Atlas {i},Casablanca,,Rekrute,https://b.example/{i}"
        for i, title in enumerate(titles)
    ]
    heading = "title_clean,company_clean,location_clean,description_clean,source,link"
    path.write_text("\n".join([heading, *rows]) + "\n", "utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Flow:
    return Flow(Settings(home=tmp_path / "home", workers=1, sample=False))


def _read(flow: Flow, path: Path, seen_on: dt.date | None = None) -> str:
    options = {"seen_on": seen_on} if seen_on else {}
    message = flow.ingest(source("morocco_boards"), [path], **options).message
    flow.run(("enrich", "release"))
    return message


def _values(reader: Reader) -> dict[str, list[tuple[str, float | None]]]:
    queries = [DataQuery(name, {"survey": ("ADS",)}) for name in BY_TIME]
    results = (reader.data(query) for query in queries)
    return {q.indicator: [(v.period, v.value) for v in r.rows] for q, r in zip(queries, results)}


def test_an_ad_without_a_day_counts_in_no_period_and_no_now(home: Flow, tmp_path: Path) -> None:
    message = _read(home, _file(tmp_path, "undated.csv", TITLES))
    assert "4 ads bear no date" in message
    assert "--seen-on" in message
    reader = Current(home.releases)()
    assert _values(reader) == {name: [] for name in BY_TIME}
    demand = reader.profiles.demand(AdQuery())
    assert (demand.total, demand.open, demand.unknown, demand.synthetic) == (4, 0, 4, False)
    assert demand.months == ()
    site = Site("fr", reader)
    assert "on ne sait pas" in open_now(site, demand)
    ranked, weighed = reader.matches(Seeker(occupation="2411"), "", 5)
    assert (ranked, weighed) == ([], 0)
    assert "inconnu" in sms.reply(reader, "comptable")
    assert {ad.state for ad in reader.search_ads(AdQuery()).ads} == {"unknown"}
    assert [c.kind for c in reader.changes()].count("closed") == 0


def test_a_board_read_once_shows_what_is_open_but_not_what_is_new(
    home: Flow, tmp_path: Path
) -> None:
    _read(home, _file(tmp_path, "today.csv", TITLES), TODAY)
    reader = Current(home.releases)()
    values = _values(reader)
    assert values["new_ads"] == values["new_ads_weekly"] == values["time_open"] == []
    demand = reader.profiles.demand(AdQuery())
    assert (demand.open, demand.unknown) == (4, 0)
    assert reader.matches(Seeker(occupation="2411"), "", 5)[1] == 4


def test_an_old_reading_says_nothing_of_today(home: Flow, tmp_path: Path) -> None:
    _read(home, _file(tmp_path, "old.csv", TITLES), TODAY - dt.timedelta(days=100))
    demand = Current(home.releases)().profiles.demand(AdQuery())
    assert (demand.open, demand.unknown) == (0, 4)


def test_what_appears_between_two_readings_is_new_and_what_goes_is_closed(
    home: Flow, tmp_path: Path
) -> None:
    before = TODAY - dt.timedelta(days=10)
    _read(home, _file(tmp_path, "first.csv", TITLES), before)
    _read(
        home,
        _file(
            tmp_path,
            "second.csv",
            (*TITLES[:3], "Maçon"),
        ),
        TODAY,
    )
    reader = Current(home.releases)()
    demand = reader.profiles.demand(AdQuery())
    states = {ad.title: ad.state for ad in reader.search_ads(AdQuery()).ads}
    assert states["Maçon (H/F)"] == "open"
    assert states["Serveur (H/F)"] == "closed"
    assert demand.open == 4
    posted = {ad.title: ad.posted_on for ad in reader.search_ads(AdQuery()).ads}
    assert posted["Maçon (H/F)"] == TODAY
    assert posted["Comptable (H/F)"] is None


def test_the_sample_is_never_beside_real_ads_and_goes_by_one_setting(
    embedded: Flow, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(embedded.settings.home, home)
    flow = Flow(Settings(home=home, workers=2))
    flow.ingest(source("morocco_boards"), [_file(tmp_path, "real.csv", TITLES)])
    flow.run(("enrich", "release"))
    reader = Current(flow.releases)()
    page = reader.search_ads(AdQuery())
    assert page.total == 4
    assert not any(ad.synthetic for ad in page.ads)
    assert page.facets["realm"] == {"real": 4}
    assert reader.release().ads_synthetic == 0
    synthetic = DataQuery("new_ads", {"survey": ("ADS_SYNTHETIC",)})
    assert not reader.data(synthetic).rows
    without = Flow(Settings(home=home, workers=2, sample=False))
    without.run(("enrich", "release"))
    reader = Current(without.releases)()
    assert not reader.data(synthetic).rows
    for table in ("raw_ads", "core_ads", "core_courses"):
        assert not any(without.lake.read(table)["synthetic"].to_pylist())
    assert sample.remove(without.lake) == 0
