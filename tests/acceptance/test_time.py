"""Undated ads, read once, on every outlet that counts what is open: nothing is said that is not known."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from marsad.base.errors import InputError
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


RSS = """<rss version="2.0"><channel><title>Jobs</title>{items}</channel></rss>"""


def _feed(folder: Path, host: str, *ads: tuple[str, str]) -> Path:
    items = "".join(
        f"<item><title>{title}</title><link>https://{host}/{i}</link><guid>{i}</guid>"
        f"<location>Rabat</location>{f'<pubDate>{day}</pubDate>' if day else ''}</item>"
        for i, (title, day) in enumerate(ads)
    )
    path = folder / f"{host}.rss"
    path.write_text(RSS.format(items=items), "utf-8")
    return path


def test_two_feeds_of_one_form_are_two_boards(home: Flow, tmp_path: Path) -> None:
    """What one board shows on a later day closes nothing of the other, and makes nothing new there."""
    rss = source("rss_ads")
    home.ingest(
        rss, [_feed(tmp_path, "a.example", ("Comptable", ""))], seen_on=TODAY - dt.timedelta(13)
    )
    home.ingest(rss, [_feed(tmp_path, "b.example", ("Soudeur", ""))], seen_on=TODAY)
    home.run(("enrich", "release"))
    ads = {ad.title: ad for ad in Current(home.releases)().search_ads(AdQuery()).ads}
    assert (ads["Comptable"].state, ads["Comptable"].board) == ("unknown", "a.example")
    assert (ads["Soudeur"].state, ads["Soudeur"].posted_on) == ("open", None)


def test_the_same_file_on_another_day_is_another_reading(home: Flow, tmp_path: Path) -> None:
    rss, path = source("rss_ads"), _feed(tmp_path, "a.example", ("Comptable", ""))
    for day in (TODAY, TODAY - dt.timedelta(3)):
        home.ingest(rss, [path], seen_on=day)
    home.enrich()
    (ad,) = home.lake.read("core_ads").to_pylist()
    assert (ad["first_seen_on"], ad["last_seen_on"]) == (TODAY - dt.timedelta(3), TODAY)
    assert ad["sightings"] == 2


def test_survivors_are_no_past_months(home: Flow, tmp_path: Path) -> None:
    old = (TODAY - dt.timedelta(400)).strftime("%d %b %Y 10:00:00 +0000")
    new = (TODAY - dt.timedelta(5)).strftime("%d %b %Y 10:00:00 +0000")
    path = _feed(tmp_path, "a.example", ("Comptable", old), ("Soudeur", new))
    home.ingest(source("rss_ads"), [path], seen_on=TODAY)
    home.run(("enrich", "release"))
    values = _values(Current(home.releases)())["new_ads"]
    assert {period for period, _ in values} <= {
        f"{TODAY - dt.timedelta(5):%Y-%m}",
        f"{TODAY - dt.timedelta(5):%Y}",
    }


@pytest.mark.parametrize("day", [dt.date(1990, 1, 1), TODAY + dt.timedelta(30)])
def test_a_day_of_reading_that_cannot_be_is_refused(
    home: Flow, tmp_path: Path, day: dt.date
) -> None:
    with pytest.raises(InputError, match="--seen-on"):
        home.ingest(
            source("rss_ads"), [_feed(tmp_path, "a.example", ("Comptable", ""))], seen_on=day
        )


def test_the_sample_bears_on_no_real_figure(embedded: Flow, home: Flow, tmp_path: Path) -> None:
    """The same real ads give the same values and bounds beside the sample and without it."""
    both = tmp_path / "both"
    shutil.copytree(embedded.settings.home, both)
    path = _feed(
        tmp_path,
        "a.example",
        *((t, (TODAY - dt.timedelta(2)).strftime("%d %b %Y")) for t in TITLES),
    )
    values = []
    for flow in (Flow(Settings(home=both, workers=2)), home):
        flow.ingest(source("rss_ads"), [path], seen_on=TODAY)
        flow.run(("enrich", "release"))
        rows = flow.lake.read("out_values", partition="new_ads").to_pylist()
        assert {row["survey"] for row in rows} == {"ADS"}
        values.append([(r["period"], r["area"], r["occupation"], r["value"]) for r in rows])
    assert values[0] == values[1]
