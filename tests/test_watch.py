"""Sources that are fetched: from a site on loopback to the lake, the portal's edition and the ledger."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from marsad.base.settings import Settings
from marsad.collect.fetch.plan import Fetch, Paging
from marsad.collect.register import Source
from marsad.flow.fetching import Fetcher
from marsad.flow.steps import Flow
from marsad.flow.watch import Watch
from marsad.lake.vault import Vault
from tests.loopback import DAY, Site, ad, fetched, page, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as served:
        yield served


@pytest.fixture
def flow(tmp_path: Path) -> Flow:
    return Flow(Settings(home=tmp_path / "home", sample=False))


def poll(flow: Flow, *specs: Source, day: dt.date = DAY) -> None:
    """One poll of each source, taken in."""
    stop = threading.Event()
    fetcher = Fetcher(flow.control, Vault(flow.settings.home / "vault"), specs, stop, lambda: day)
    fetcher.run(once=True)
    watch = Watch(flow, specs, lambda: day)
    while watch.take_in():
        pass


def keys(flow: Flow) -> list[str]:
    return sorted(flow.lake.read("raw_sightings")["ad_id"].to_pylist())


def last(flow: Flow, spec: Source) -> dict[str, object]:
    return flow.control.polls(spec.id, 1)[0]


def feed(site: Site, **more: object) -> Source:
    more = {"every": "60s", "delay": 0.0, "loopback": True, **more}
    return fetched("job_feed", Fetch(starts=(f"{site.address}/jobs.json",), **more))  # type: ignore[arg-type]


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
