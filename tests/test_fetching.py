"""The fetcher among hostile, busy and forbidding hosts: polite, bounded, closed where it must be."""

from __future__ import annotations

import datetime as dt
import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from loopback import DAY, Answer, Site, ad, fetched, serving
from marsad.base.records import Row
from marsad.collect.fetch.http import may_reach
from marsad.collect.fetch.plan import Agreement, Bounds, Fetch
from marsad.collect.register import Source
from marsad.flow.fetching import Fetcher
from marsad.flow.rights import standing
from marsad.lake.control import Control
from marsad.lake.vault import Vault

SMALL = Bounds(answer_bytes=100_000, answer_seconds=2.0)
Read = Callable[..., Row]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as served:
        yield served


@pytest.fixture
def read(control: Control, tmp_path: Path) -> Read:
    """Polls a source once; the row of the poll, as it stands then."""

    def once(spec: Source, day: dt.date = DAY) -> Row:
        vault = Vault(tmp_path / "vault")
        Fetcher(control, vault, [spec], threading.Event(), lambda: day).run(once=True)
        return control.poll_under_way(spec.id) or {}

    return once


def of(site: Site, *paths: str, **more: object) -> Source:
    more = {"every": "60s", "delay": 0.0, "loopback": True, "bounds": SMALL, **more}
    starts = tuple(site.address + path for path in paths or ("/jobs.json",))
    return fetched("job_feed", Fetch(starts=starts, **more))  # type: ignore[arg-type]


def test_robots_is_read_first_and_a_start_that_it_forbids_suspends(
    site: Site, read: Read, control: Control
) -> None:
    site.put(
        "/robots.txt", "User-agent: *\nAllow: /\n\nUser-agent: Marsad\nDisallow: /jobs*.json$\n"
    )
    site.ads("/jobs.json", [ad(1)])
    spec = of(site)
    poll = read(spec)
    assert [asked.path for asked in site.log] == ["/robots.txt"]
    assert poll["how"] == "refused"
    kept = control.collection()[spec.id]
    assert (kept["state"], kept["reason"]) == ("suspended", "robots")
    assert "forbids /jobs.json" in kept["note"]
    read(spec)
    assert len(site.log) == 1, "a source that is suspended is not asked"
    control.resume(spec.id, "agreed by telephone", "Amal")
    assert standing(spec, control.collection()[spec.id], DAY).may_fetch


@pytest.mark.parametrize("status", [401, 403, 451])
def test_a_host_that_refuses_suspends_its_source(
    site: Site, read: Read, control: Control, status: int
) -> None:
    site.put("/jobs.json", "no", status)
    spec = of(site)
    assert read(spec)["how"] == "refused"
    kept = control.collection()[spec.id]
    assert (kept["state"], kept["reason"]) == ("suspended", "host")
    assert str(status) in kept["note"]


def test_a_busy_host_is_left_alone_as_long_as_it_asks(
    site: Site, read: Read, control: Control
) -> None:
    answers = iter([(429, {"Retry-After": "1"}, b""), (503, {}, b""), (200, {}, b"[]")])
    site.pages["/jobs.json"] = lambda _: next(answers)
    spec = of(site)
    assert read(spec)["how"] == "complete"
    first, second, third = (asked.at for asked in site.log if asked.path == "/jobs.json")
    assert second - first >= 1.0
    assert third > second
    assert standing(spec, control.collection()[spec.id], DAY).may_fetch


def test_a_host_that_asks_for_an_hour_ends_the_poll(
    site: Site, read: Read, control: Control
) -> None:
    site.put("/jobs.json", "", 429, Retry_After="3600")
    spec = of(site)
    begun = time.monotonic()
    assert read(spec)["how"] == "later"
    assert time.monotonic() - begun < 5
    after = dt.datetime.fromisoformat(control.collection()[spec.id]["next_at"])
    assert after > dt.datetime.now(dt.UTC) + dt.timedelta(minutes=59)


def test_errors_of_a_host_are_tried_again_and_then_given_up(site: Site, read: Read) -> None:
    site.put("/jobs.json", "", 500)
    poll = read(of(site))
    assert site.paths() == ["/jobs.json"] * 4
    assert (poll["how"], "answers 500" in poll["note"]) == ("failed", True)


def test_a_host_without_rules_for_now_is_not_asked(site: Site, read: Read) -> None:
    site.put("/robots.txt", "", 500)
    site.ads("/jobs.json", [ad(1)])
    poll = read(of(site))
    assert site.paths() == []
    assert poll["how"] == "failed"


def _endless(handler: BaseHTTPRequestHandler) -> Answer | None:
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    for _ in range(100_000):
        handler.wfile.write(b"x" * 65_536)
    return None


def _slow(handler: BaseHTTPRequestHandler) -> Answer | None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(1_000):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.1)
    return None


def _cut(handler: BaseHTTPRequestHandler) -> Answer | None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"[]")
    handler.close_connection = True
    return None


_BOMB = gzip.compress(gzip.compress(b"\0" * 200_000_000))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (_endless, "larger than 100,000 bytes"),
        (_slow, "did not answer within 2 seconds"),
        (_cut, "does not answer"),
        ((200, {"Content-Encoding": "gzip"}, gzip.compress(b"\0" * 50_000_000)), "unpacks to more"),
        ((200, {"Content-Encoding": "gzip"}, gzip.compress(b"[]")[:-9]), "in the middle"),
        ((200, {"Content-Encoding": "gzip"}, b"no gzip"), "not packed as it says"),
        ((200, {"Content-Encoding": "br"}, b"x"), "was not asked for"),
        ((302, {"Location": "/jobs.json"}, b""), "redirects without end"),
        ((302, {"Location": "http://169.254.169.254/latest/meta-data"}, b""), "not of the hosts"),
        ((302, {"Location": "http://127.0.0.1:1/x"}, b""), "not of the hosts"),
        ((302, {"Location": "file:///etc/passwd"}, b""), "not of the hosts"),
        ((302, {"Location": "http://[::1"}, b""), "cannot be asked for"),
    ],
)
def test_a_hostile_answer_is_given_up_with_its_reason(
    site: Site, read: Read, answer: Answer, words: str
) -> None:
    site.pages["/jobs.json"] = answer
    begun = time.monotonic()
    poll = read(of(site))
    assert (poll["how"], words in poll["note"]) == ("failed", True), poll["note"]
    assert time.monotonic() - begun < 12


def test_a_redirect_within_the_source_is_followed(site: Site, read: Read) -> None:
    site.put("/jobs.json", "", 301, Location="/v2/jobs.json")
    site.put("/robots.txt", "User-agent: *\nDisallow: /v3")
    site.ads("/v2/jobs.json", [ad(1)])
    assert read(of(site))["how"] == "complete"
    site.put("/jobs.json", "", 301, Location="/v3/jobs.json")
    assert read(of(site, "/jobs.json?again"))["how"] in ("complete", "refused", "")


@pytest.mark.parametrize(
    "address",
    """127.0.0.1 10.1.2.3 169.254.169.254 100.64.0.1 0.0.0.0 255.255.255.255 224.0.0.1 239.1.1.1 240.0.0.1
    192.88.99.1 198.18.0.1 ::1 :: ::ffff:127.0.0.1 ::127.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
    64:ff9b::a00:1 64:ff9b:1::7f00:1 2002:7f00:1:: 2002:a00:1:: 2002:808:808:: 2001:0:808:808::1 ff02::1
    ff0e::1 fe80::1 fc00::1 fec0::1 2001:db8::1 fe80::5efe:7f00:1 2a00:1450::5efe:7f00:1
    2a00:1450::200:5efe:a00:1 5f00::1 3fff::1""".split(),
)
def test_no_address_that_leads_inside_is_reached(address: str) -> None:
    assert not may_reach(address, "public")


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_reached(address: str) -> None:
    assert may_reach(address, "public")


def test_private_addresses_are_not_reached(site: Site, read: Read) -> None:
    private = "127.0.0.1 10.1.2.3 169.254.169.254 ::1 fe80::1 ::ffff:127.0.0.1 0.0.0.0 192.168.1.1 224.0.0.1 100.64.0.1 64:ff9b::a9fe:a9fe 2002:7f00:1::"
    assert not any(may_reach(address, "public") for address in private.split())
    assert may_reach("193.194.64.1", "public")
    assert may_reach("127.0.0.1", "loopback")
    assert not may_reach("169.254.169.254", "loopback")
    assert not may_reach("10.0.0.1", "loopback")
    site.ads("/jobs.json", [ad(1)])
    poll = read(of(site, loopback=False))
    assert site.log == []
    assert "private network" in poll["note"]


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.0.0.8"])
def test_a_name_that_leads_into_a_private_network_is_not_followed(
    site: Site, read: Read, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    infos = [
        (2, 1, 6, "", (ip, int(site.address.rsplit(":", 1)[1]))) for ip in ("9.9.9.9", address)
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: infos)
    spec = fetched("job_feed", Fetch(starts=("http://board.example/jobs.json",), bounds=SMALL))
    poll = read(spec)
    assert (site.log, "private network" in poll["note"]) == ([], True)


def test_an_agreement_opens_and_closes_a_source(site: Site, read: Read, control: Control) -> None:
    site.ads("/jobs.json", [ad(1)])
    plan = of(site).fetch
    assert plan is not None
    agreement = Agreement(party="Board", reference="A-7", since=DAY, until=DAY + dt.timedelta(60))
    spec = fetched("job_feed", plan, agreement=agreement)

    def state(days: int) -> str:
        return standing(spec, None, DAY + dt.timedelta(days)).state

    assert [state(d) for d in (-1, 0, 29, 30, 60, 61)] == [
        "expired", "active", "active", "ends_soon", "ends_soon", "expired"
    ]  # fmt: skip
    read(spec, DAY + dt.timedelta(61))
    assert site.log == []
    read(spec, DAY)
    assert site.paths() == ["/jobs.json"]


def test_a_source_that_nobody_checked_is_not_asked(
    site: Site, read: Read, control: Control
) -> None:
    site.ads("/jobs.json", [ad(1)])
    spec = of(site)
    right = msgspec.structs.replace(spec.right, checked_on=None, contact="")
    spec = msgspec.structs.replace(spec, right=right)
    read(spec)
    assert (standing(spec, None, DAY).state, site.log) == ("unchecked", [])
    control.checked(spec.id, DAY, "collecte@exemple.ma", "amal")
    read(spec)
    assert site.paths() == ["/jobs.json"]
    assert "(+collecte@exemple.ma)" in site.log[-1].headers["User-Agent"]


def test_two_fetchers_never_take_one_source(
    site: Site, control_place: Path | str, tmp_path: Path
) -> None:
    site.ads("/jobs.json", [ad(1)])
    spec = of(site)
    vault, stop = Vault(tmp_path / "vault"), threading.Event()
    place = control_place
    fetchers = [Fetcher(Control(place), vault, [spec], stop, lambda: DAY) for _ in range(4)]
    threads = [threading.Thread(target=fetcher.poll, args=(spec,)) for fetcher in fetchers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert site.paths() == ["/jobs.json"]


@pytest.mark.parametrize("at_once", [1, 4])
def test_politeness_by_the_log_of_the_server(site: Site, read: Read, at_once: int) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.3\nDisallow: /jobs/2")
    site.put("/list", "".join(f"<a href='/jobs/{n}'>x</a>" for n in range(8)))
    for n in range(8):
        site.put(f"/jobs/{n}", "x")
    spec = of(site, "/list", discover="pages", links=r"/jobs/\d", delay=0.1, concurrency=at_once)
    assert read(spec)["how"] == "complete"
    paths = [asked.path for asked in site.log]
    assert paths[:2] == ["/robots.txt", "/list"]
    assert sorted(paths[2:]) == [f"/jobs/{n}" for n in range(8) if n != 2]
    times = [asked.at for asked in site.log][1:]
    gaps = [b - a for a, b in pairwise(times)]
    assert sum(gaps) / len(gaps) >= 0.29
    if at_once == 1:
        assert min(gaps) >= 0.3
