"""When an ad has ended: what polls show no more, and what is no end though it looks like one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from loopback import Site, ad, board, feed, fetched, last, page, poll, serving
from marsad.base.settings import Settings
from marsad.cli.main import main
from marsad.collect.fetch.plan import Fetch, Paging
from marsad.collect.register import Source
from marsad.flow.steps import Flow


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as served:
        yield served


@pytest.fixture
def flow(tmp_path: Path) -> Flow:
    return Flow(Settings(home=tmp_path / "home", sample=False))


def test_counts_out_of_the_usual_raise_an_alarm_and_end_nothing(site: Site, flow: Flow) -> None:
    spec = feed(site, complete=True)
    for turn in range(5):
        site.ads("/jobs.json", [ad(n) for n in range(12 + turn % 2)])
        poll(flow, spec)
        assert not last(flow, spec)["alarm"]
    site.ads("/jobs.json", [ad(1), ad(2)])
    poll(flow, spec)
    assert last(flow, spec)["alarm"] == "2 ads where 12 are usual"
    assert last(flow, spec)["closed"] == 0
    site.ads("/jobs.json", [ad(n) for n in range(13)])
    poll(flow, spec)
    assert not last(flow, spec)["alarm"]


def test_a_feed_that_falls_by_half_at_its_second_poll_ends_nothing(site: Site, flow: Flow) -> None:
    spec = feed(site, complete=True)
    site.ads("/jobs.json", [ad(n) for n in range(20)])
    poll(flow, spec)
    site.ads("/jobs.json", [ad(n) for n in range(6)])
    poll(flow, spec)
    assert (last(flow, spec)["alarm"], last(flow, spec)["closed"]) == ("6 ads after 20", 0)
    site.ads("/jobs.json", [])
    poll(flow, spec)
    assert last(flow, spec)["how"] == "failed", "no poll of which what is usual is known"
    site.ads("/jobs.json", [ad(n) for n in range(19)])
    poll(flow, spec)
    assert (last(flow, spec)["alarm"], last(flow, spec)["closed"]) == ("", 1)


def test_nonsense_and_falls_stay_what_they_are_however_often_they_are_seen(
    site: Site, flow: Flow
) -> None:
    spec = feed(site, complete=True)
    site.ads("/jobs.json", [ad(n) for n in range(20)])
    poll(flow, spec)
    poll(flow, spec)
    for body, how in ((b"<html>Maintenance</html>", "failed"), (b"[]", "failed")):
        site.put("/jobs.json", body)
        for _ in range(3):
            poll(flow, spec)
            assert (last(flow, spec)["how"], bool(last(flow, spec)["note"])) == (how, True)
    site.ads("/jobs.json", [ad(n) for n in range(6)])
    for _ in range(12):
        poll(flow, spec)
        assert last(flow, spec)["alarm"]
    site.ads("/jobs.json", [ad(n) for n in range(7)])
    poll(flow, spec)
    assert last(flow, spec)["alarm"]
    site.ads("/jobs.json", [ad(n) for n in range(20)])
    poll(flow, spec)
    assert (last(flow, spec)["alarm"], ended(flow)) == ("", [])


def ended(flow: Flow) -> list[str]:
    rows = flow.lake.read("core_ad_log").to_pylist()
    newest = {row["ad_id"]: row for row in sorted(rows, key=lambda row: row["revision"])}
    return sorted(name for name, row in newest.items() if row["ended_on"])


def test_what_a_complete_feed_shows_no_more_has_ended(site: Site, flow: Flow) -> None:
    spec = feed(site, complete=True)
    site.ads("/jobs.json", [ad(1), ad(2), ad(3)])
    poll(flow, spec)
    site.ads("/jobs.json", [ad(1), ad(3)])
    poll(flow, spec)
    assert ended(flow) == ["ad-2"]
    assert last(flow, spec)["closed"] == 1
    site.ads("/jobs.json", [ad(1)])
    poll(flow, spec)
    assert ended(flow) == ["ad-2", "ad-3"]
    site.ads("/jobs.json", [ad(1), ad(2)])
    poll(flow, spec)
    assert ended(flow) == ["ad-3"], "shown again: open again"


def test_a_page_that_is_gone_ends_its_ad(site: Site, flow: Flow) -> None:
    spec = board(site, [1, 2, 3, 4], refresh="1s")
    poll(flow, spec)
    for n, named in ((2, [1, 3, 4]), (4, [1, 3])):
        board(site, named)
        site.pages[f"/jobs/{n}"] = (410, {}, b"")
        poll(flow, spec)  # named no more: asked for when it is old enough
        time.sleep(1.1)
        poll(flow, spec)
    assert ended(flow) == ["p2", "p4"], "two ends of one day"
    board(site, [1, 2, 3], refresh="1s")
    time.sleep(1.1)
    poll(flow, spec)
    assert ended(flow) == ["p4"], "its page is there again"


def test_a_page_that_its_sitemap_names_no_more_ends_where_polls_are_complete(
    site: Site, flow: Flow
) -> None:
    spec = board(site, [1, 2, 3], complete=True)
    poll(flow, spec)
    board(site, [1, 3])
    poll(flow, spec)
    assert ended(flow) == ["p2"]


def test_a_host_that_says_of_every_page_that_it_is_gone_ends_none(site: Site, flow: Flow) -> None:
    spec = board(site, list(range(12)), refresh="1s")
    poll(flow, spec)
    board(site, [])
    for n in range(12):
        site.put(f"/jobs/{n}", "", status=404)
    time.sleep(7.1)  # pages with a date are asked again after seven times the refresh
    poll(flow, spec)
    time.sleep(1.1)
    poll(flow, spec)
    assert last(flow, spec)["alarm"]
    assert ended(flow) == []
    for n in range(11):
        site.put(f"/jobs/{n}", page(n))
    time.sleep(1.1)
    poll(flow, spec)
    assert ended(flow) == ["p11"], "asked again, though no list names them"


@pytest.mark.parametrize("form", ["json", "lines", "xml"])
def test_a_feed_that_was_cut_off_between_two_ads_ends_none(
    site: Site, flow: Flow, form: str
) -> None:
    ads = [ad(n) for n in range(1, 9)]
    whole = {
        "json": json.dumps({"jobs": ads}),
        "lines": "[" + ",\n".join(map(json.dumps, ads)) + "]",
        "xml": "<jobs>" + "".join(f"<job><id>{a['id']}</id><title>Soudeur {n}</title><city>Rabat</city>"
                                  f"<description>Deux ans.</description></job>" for n, a in enumerate(ads)) + "</jobs>",
    }[form]  # fmt: skip
    end = "</job>" if form == "xml" else "}"
    places = [i + len(end) for i in range(len(whole)) if whole.startswith(end, i)]
    spec = feed(site, complete=True)
    if form == "xml":
        spec = fetched("xml_job_feed", spec.fetch)  # type: ignore[arg-type]
    site.put("/jobs.json", whole)
    poll(flow, spec)
    site.put("/jobs.json", whole[: places[6]])
    poll(flow, spec)
    assert last(flow, spec)["closed"] == 0
    assert ended(flow) == []


# What a keeper met ------------------------------------------------------------------------------


def _paged(site: Site, ads: list[dict[str, str]], size: int = 3) -> Source:
    """An interface of numbered pages, polled as watch.md writes it."""
    for path in [path for path in site.pages if path.startswith("/api")]:
        del site.pages[path]
    pages = [ads[n : n + size] for n in range(0, len(ads), size)]
    for number, rows in enumerate([*pages, []], 1):
        site.put(f"/api?page={number}", json.dumps({"total": len(ads), "jobs": rows}))
    paging = Paging(parameter="page", items="jobs")
    return fetched(
        "job_feed",
        Fetch(starts=(f"{site.address}/api",), discover="api", paging=paging, complete=True,
              every="1h", delay=0.0, loopback=True),
    )  # fmt: skip


def test_every_page_of_an_interface_is_asked_at_every_poll(site: Site, flow: Flow) -> None:
    ads = [ad(n) for n in range(10)]
    spec = _paged(site, ads)
    poll(flow, spec)
    assert last(flow, spec)["records"] == 10
    poll(flow, _paged(site, [a for a in ads if a["id"] != "ad-7"]))
    ended = last(flow, spec)
    assert (ended["records"], ended["closed"]) == (9, 1)
    site.put("/api?page=3", "no", status=500)
    poll(flow, spec)
    assert last(flow, spec)["how"] != "complete", (
        "its first page is as it was, its third is not there"
    )


@pytest.mark.parametrize("again", [1, 2])
def test_an_interface_that_repeats_itself_is_unread(site: Site, flow: Flow, again: int) -> None:
    spec = _paged(site, [ad(n) for n in range(10)])
    poll(flow, spec)
    first = site.pages[f"/api?page={again}"]
    for number in range(again + 1, 20):
        site.pages[f"/api?page={number}"] = first
    poll(flow, spec)
    ended = last(flow, spec)
    assert (ended["how"], ended["closed"]) == ("failed", 0)
    assert "repeats" in str(ended["note"])
    assert len(site.paths()) < 20


def test_ads_are_counted_and_not_rows(site: Site, flow: Flow) -> None:
    site.ads("/jobs.json", [ad(n) for n in range(10)])
    spec = feed(site, complete=True)
    poll(flow, spec)
    site.ads("/jobs.json", [ad(n) for n in range(4)] * 2)
    poll(flow, spec)
    ended = last(flow, spec)
    assert (ended["records"], ended["closed"]) == (4, 0)
    assert ended["alarm"] == "4 ads after 10"


def test_a_fall_by_half_is_an_alarm(site: Site, flow: Flow) -> None:
    site.ads("/jobs.json", [ad(n) for n in range(10)])
    spec = feed(site, complete=True)
    poll(flow, spec)
    site.ads("/jobs.json", [ad(n) for n in range(5)])
    poll(flow, spec)
    assert (last(flow, spec)["closed"], last(flow, spec)["alarm"]) == (0, "5 ads after 10")


def test_a_poll_with_rows_set_aside_says_that_it_ends_nothing(site: Site, flow: Flow) -> None:
    rows = [ad(n) for n in range(10)] + [{**ad(11), "title": ""}]
    site.ads("/jobs.json", rows)
    spec = feed(site, complete=True)
    poll(flow, spec)
    site.ads("/jobs.json", rows[1:])
    poll(flow, spec)
    ended = last(flow, spec)
    assert (ended["records"], ended["closed"], ended["set_aside"]) == (9, 0, 1)
    assert "no ad is taken for ended" in str(ended["note"])


def test_a_page_without_an_ad_is_set_aside_by_name(
    site: Site, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = board(site, [1, 2])
    site.put("/jobs/2", "<html><body>Page d’accueil</body></html>")
    poll(flow, spec)
    assert (last(flow, spec)["added"], last(flow, spec)["set_aside"]) == (1, 1)
    issues = flow.control.issues(flow.control.runs("collect", 1)[0]["id"])
    (issue,) = (row for row in issues if row["level"] == "rejected")
    monkeypatch.setenv("MARSAD_HOME", str(flow.settings.home))
    shown = CliRunner().invoke(main, ["runs", str(issue["run_id"])]).output
    assert "there is no ad in" in " ".join(shown.split())
    assert "there is no ad in this page" in issue["rule"]
    assert "/jobs/2" in issue["content"] + issue["file"]


def test_a_host_that_wants_to_be_left_alone_is_not_asked_by_a_timer(site: Site, flow: Flow) -> None:
    site.put("/jobs.json", "later", status=503, Retry_After="7200")
    spec = feed(site)
    poll(flow, spec)
    assert last(flow, spec)["how"] == "later"
    before = len(site.log)
    poll(flow, spec)
    assert len(site.log) == before
