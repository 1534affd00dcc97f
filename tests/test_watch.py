"""Sources that are fetched: from a site on loopback to the lake, the portal's edition and the ledger."""

from __future__ import annotations

import datetime as dt
import json
import pickle
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from loopback import DAY, Site, ad, board, feed, fetched, last, poll, serving
from marsad.base.settings import Settings
from marsad.collect.fetch.plan import Fetch, Paging
from marsad.collect.register import source
from marsad.flow.steps import Flow
from marsad.lake.control import Control
from marsad.lake.vault import Vault


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as served:
        yield served


@pytest.fixture
def flow(tmp_path: Path) -> Flow:
    return Flow(Settings(home=tmp_path / "home", sample=False))


def keys(flow: Flow) -> list[str]:
    return sorted(flow.lake.read("raw_sightings")["ad_id"].to_pylist())


def test_a_feed_is_polled_taken_in_and_asked_for_with_its_tag(site: Site, flow: Flow) -> None:
    site.ads("/jobs.json", [ad(1), ad(2)], ETag='"a"')
    spec = feed(site)
    poll(flow, spec)
    assert keys(flow) == ["ad-1", "ad-2"]
    assert last(flow, spec)["how"] == "complete"
    assert (last(flow, spec)["records"], last(flow, spec)["added"]) == (2, 2)
    poll(flow, spec)
    assert site.log[-1].status == 304
    assert keys(flow) == ["ad-1", "ad-2"], "the same day tells nothing new"
    poll(flow, spec, day=DAY + dt.timedelta(1))
    assert site.log[-1].status == 304
    assert keys(flow) == ["ad-1", "ad-1", "ad-2", "ad-2"], "seen again on the next day"
    site.ads("/jobs.json", [ad(1), ad(2, "Chauffeur"), ad(3)], ETag='"b"')
    poll(flow, spec, day=DAY + dt.timedelta(1))
    assert keys(flow) == ["ad-1", "ad-1", "ad-2", "ad-2", "ad-2", "ad-3"], "only what is new"
    assert (last(flow, spec)["added"], last(flow, spec)["changed"]) == (1, 1)


def test_a_board_is_read_page_by_page_and_only_what_its_sitemap_says_is_new(
    site: Site, flow: Flow
) -> None:
    spec = board(site, [1, 2, 3])
    poll(flow, spec)
    assert keys(flow) == ["p1", "p2", "p3"]
    assert "/about" not in site.paths()
    asked = len(site.paths())
    board(site, [1, 2, 3, 4])
    site.put("/jobs/4", "<html>no ad at all</html>")
    poll(flow, spec)
    assert site.paths()[asked:] == ["/sitemap.xml", "/jobs.xml", "/jobs/4"]
    assert last(flow, spec)["how"] == "complete"
    poll(flow, spec, day=DAY + dt.timedelta(1))
    assert keys(flow) == ["p1", "p1", "p2", "p2", "p3", "p3"], "named again: seen again"


def test_an_interface_is_read_page_by_page(site: Site, flow: Flow) -> None:
    for number, ads in enumerate(([ad(1), ad(2)], [ad(3)], []), 1):
        site.put(f"/api?q=all&page={number}", json.dumps({"jobs": ads}))
    plan = Fetch(
        starts=(f"{site.address}/api?q=all",), discover="api", delay=0.0, loopback=True,
        paging=Paging(parameter="page", items="jobs"),
    )  # fmt: skip
    spec = fetched("job_feed", plan)
    poll(flow, spec)
    assert site.paths() == ["/api?q=all&page=1", "/api?q=all&page=2", "/api?q=all&page=3"]
    assert keys(flow) == ["ad-1", "ad-2", "ad-3"]


def test_an_interface_with_cursors(site: Site, flow: Flow) -> None:
    pages = {"/api": ([ad(1)], "x1"), "/api?after=x1": ([ad(2)], None)}
    for path, (ads, after) in pages.items():
        site.put(path, json.dumps({"jobs": ads, "meta": {"next": after}}))
    plan = Fetch(
        starts=(f"{site.address}/api",), discover="api", delay=0.0, loopback=True,
        paging=Paging(parameter="after", items="jobs", cursor="meta.next"),
    )  # fmt: skip
    spec = fetched("job_feed", plan)
    poll(flow, spec)
    assert keys(flow) == ["ad-1", "ad-2"]


def world_bank(code: str, values: dict[int, float | None]) -> str:
    """An answer of the World Bank's interface, as it is laid out."""
    rows = [
        {
            "indicator": {"id": code, "value": "x"}, "country": {"id": "MA", "value": "Morocco"},
            "countryiso3code": "MAR", "date": str(year), "value": value, "unit": "", "obs_status": "",
            "decimal": 1,
        }
        for year, value in values.items()
    ]  # fmt: skip
    head = {
        "page": 1, "pages": 1, "per_page": 1000, "total": len(rows), "sourceid": "2",
        "lastupdated": "2026-10-07",
    }  # fmt: skip
    return json.dumps([head, rows])


def test_the_plan_of_the_world_bank_reads_each_of_its_series(site: Site, flow: Flow) -> None:
    spec = source("worldbank_indicators")
    assert spec.fetch is not None
    parts = [urlsplit(start) for start in spec.fetch.starts]
    codes = [part.path.rpartition("/")[2] for part in parts]
    assert codes == list(spec.options["series"]), "one start for each series"
    rates = {"SL.UEM": 11.5, "SL.TLF": 45.0, "SL.EMP": 39.8}
    for code, part in zip(codes, parts, strict=True):
        body = world_bank(code, {2024: rates[code[:6]], 2025: None})
        site.put(f"{part.path}?{part.query}", body, content_type="application/json")
    starts = tuple(f"{site.address}{part.path}?{part.query}" for part in parts)
    plan = msgspec.structs.replace(spec.fetch, starts=starts, loopback=True, delay=0.0)
    poll(flow, fetched(spec.id, plan))
    rows = flow.lake.read("core_observations").to_pylist()
    assert len(rows) == 20
    assert {row["survey"] for row in rows} == {"ILO_MODELLED"}
    assert {row["value"] for row in rows} == {None, *rates.values()}
    poll(flow, fetched(spec.id, plan))
    assert len(flow.lake.read("core_observations")) == 20, "read again: the same"


def test_a_source_that_gives_nonsense_stops_no_other(site: Site, flow: Flow) -> None:
    site.put("/nonsense.json", b"\x00\xff<[{nothing of the kind")
    site.ads("/jobs.json", [ad(1)])
    bad = fetched(
        "job_feed", Fetch(starts=(f"{site.address}/nonsense.json",), delay=0.0, loopback=True),
        name="rss_ads",
    )  # fmt: skip
    good = feed(site)
    poll(flow, bad, good)
    assert keys(flow) == ["ad-1"]
    assert last(flow, bad)["note"]
    failed = next(run for run in flow.control.runs("collect") if run["subject"] == bad.id)
    assert failed["status"] == "failed"
    assert flow.control.poll_under_way(bad.id) is None


_CRAWL = """
import sys, threading, datetime as dt, pickle
from pathlib import Path
from marsad.lake.control import Control
from marsad.lake.vault import Vault
from marsad.flow.fetching import Fetcher
spec = pickle.loads(Path(sys.argv[1]).read_bytes())
place = sys.argv[2]
control = Control(place if place.startswith("postgresql") else Path(place))
Fetcher(control, Vault(Path(sys.argv[3])), [spec], threading.Event(), lambda: dt.date(2026, 11, 30)).run(once=True)
"""


def test_ten_kills_lose_and_double_nothing(
    site: Site, control: Control, control_place: Path | str, tmp_path: Path
) -> None:
    spec = board(site, list(range(1, 121)), delay=0.02)
    path = tmp_path / "spec"
    path.write_bytes(pickle.dumps(spec))
    command = [sys.executable, "-c", _CRAWL, str(path), str(control_place), str(tmp_path / "vault")]
    chance = random.Random(5)
    for _ in range(10):
        with subprocess.Popen(command) as process:
            before = len(site.paths())
            while (
                len(site.paths()) < min(before + 3 + chance.randrange(12), 122)
                and process.poll() is None
            ):
                time.sleep(0.01)
            process.kill()
    subprocess.run(command, check=True)
    number = control.poll_under_way(spec.id)
    assert number is not None
    assert number["how"] == "complete"
    rows = control.pages(spec.id, number["id"])
    assert len(rows) == 120
    assert {row["state"] for row in rows} == {"seen"}
    vault = Vault(tmp_path / "vault")
    assert all(vault.open(row["sha256"]) for row in rows)
    assert len(control.documents()) == 120


_WATCH = """
import sys, pickle, logging
from pathlib import Path
from marsad.base.settings import Settings
from marsad.flow.steps import Flow
from marsad.flow.watch import Watch
if __name__ == "__main__":
    spec = pickle.loads(Path(sys.argv[1]).read_bytes())
    Watch(Flow(Settings(home=Path(sys.argv[2]), sample=False)), [spec], say=lambda words: print(words, flush=True)).run()
"""


def test_watch_follows_a_source_and_ends_cleanly(site: Site, tmp_path: Path) -> None:
    site.ads("/jobs.json", [ad(1)])
    spec = feed(site, every="1s")
    (tmp_path / "spec").write_bytes(pickle.dumps(spec))
    script = tmp_path / "watch_program.py"
    script.write_text(_WATCH)
    command = [sys.executable, script, tmp_path / "spec", tmp_path / "home"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "1 records, 1 new" in process.stdout.readline()
        site.ads("/jobs.json", [ad(1), ad(2)])
        assert any("2 records, 1 new" in line for line in process.stdout)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.terminate()
        assert process.wait(60) == 0
    until = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in children):
        assert time.monotonic() < until, "a process was left behind"
        time.sleep(0.05)
    flow = Flow(Settings(home=tmp_path / "home", sample=False))
    assert not flow.control.leases()
    assert {row["ad_id"] for row in flow.lake.read("core_ad_log").to_pylist()} == {"ad-1", "ad-2"}


def test_payloads_that_may_not_be_kept_are_destroyed_when_they_are_read(
    site: Site, flow: Flow
) -> None:
    site.ads("/jobs.json", [ad(1)], ETag='"a"')
    spec = feed(site)
    right = msgspec.structs.replace(spec.right, retention_days=0)
    spec = msgspec.structs.replace(spec, right=right)
    for day in (DAY, DAY, DAY + dt.timedelta(1)):
        poll(flow, spec, day=day)
        assert flow.vault.names() == set()
    assert keys(flow) == ["ad-1", "ad-1"]
    assert {asked.status for asked in site.log[1:]} <= {200, 404}
