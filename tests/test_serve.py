"""A portal that runs takes up a new release by itself, and readers of the old one are not cut off."""

from __future__ import annotations

import datetime as dt
import gc
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from marsad.base.errors import NotFoundError, PlaceError
from marsad.base.settings import Settings
from marsad.cli import serve
from marsad.collect.register import source
from marsad.flow.steps import Flow
from marsad.lake import mart, store
from marsad.lake.answer_store import AnswerStore
from marsad.lake.control import runs
from marsad.publish.http import answer_cache
from marsad.publish.read.reader import DataQuery
from marsad.web import dispatch
from marsad.web.app import create_app
from marsad.web.pages import pages


@pytest.fixture
def own(embedded: Flow, tmp_path: Path) -> Flow:
    """A copy of the installation that tests share: here releases are added and taken away."""
    home = tmp_path / "home"
    shutil.copytree(embedded.settings.home, home)
    return Flow(Settings(home=home, workers=2))


def released_anew(flow: Flow) -> Path:
    """The folder of a release of which something differs: what nothing changed is shared by a link."""
    ad = flow.lake.read("core_ads", columns=["ad_key"])["ad_key"][0].as_py()
    flow.control.keep_judgement("isco08", ad, "2411", previous="", score=None, judge="K")
    return flow.settings.home / "releases" / flow.release()


def arrives(flow: Flow, folder: Path, ad: str) -> None:
    """An ad comes from a board, and an edition shows it."""
    ads = folder / "ads.csv"
    head = "title_clean,company_clean,location_clean,description_clean,source,link"
    ads.write_text(f"{head}\n{ad}\n", "utf-8")
    flow.ingest(source("morocco_boards"), [ads])
    flow.follow()


def test_before_the_first_release_it_says_what_to_do() -> None:
    with pytest.raises(NotFoundError, match="run `marsad flow`"):
        serve.Current(list)()


def test_a_new_release_is_taken_up_and_the_old_reader_still_answers(
    own: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "CHECK_SECONDS", 0.0)
    current = serve.Current(own.releases)
    before = current()
    query = DataQuery("permanent_jobs", {"area": ("MA",)})
    first = before.data(query).rows
    identifier = own.release()
    after = current()
    assert after is not before
    assert after.release().id == identifier > before.release().id
    assert before.data(query).rows == after.data(query).rows == first


def test_half_a_release_is_never_read(own: Flow, tmp_path: Path) -> None:
    newest = own.current()
    assert newest is not None
    hidden = newest / mart.NAME
    moved = hidden.rename(tmp_path / mart.NAME)
    try:
        assert own.current() != newest
    finally:
        moved.rename(hidden)
    assert own.current() == newest


def test_a_newest_release_that_does_not_open_is_passed_over_and_told(
    own: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "CHECK_SECONDS", 0.0)
    before = own.current()
    assert before is not None
    newest = released_anew(own)
    edition = own.editions()[0]
    meta, file = edition / "search" / "meta.json", newest / mart.NAME
    for path, content in ((meta, b""), (file, file.read_bytes()[:100_000]), (meta, b"{")):
        whole = path.read_bytes()
        path.write_bytes(content)
        current = serve.Current(own.releases, own.editions)
        damaged = f"edition {edition.name}" if path == meta else f"release {newest.name}"
        assert current().release().id == (newest.name if path == meta else before.name)
        assert current.health().startswith(f"degraded: {damaged} does not open")
        path.write_bytes(whole)
        assert current().release().id == newest.name
        assert current.health() == "ok"


def test_damage_that_a_size_does_not_show_is_passed_over(own: Flow) -> None:
    newest = own.settings.home / "releases" / own.release()
    edition = own.editions()[0]
    path = edition / "search" / "meta.json"
    path.write_bytes(b" " * path.stat().st_size)
    (edition / "manifest.json").unlink()
    reader = serve.Current(own.releases, own.editions)()
    assert reader.release().id == newest.name
    assert reader.finder.ad_keys(reader.finder.question("comptable", "ads"))


def test_a_clock_set_back_makes_no_release(own: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    newest = own.current()
    assert newest is not None
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    with monkeypatch.context() as later:
        later.setattr(runs, "now", lambda: tomorrow.isoformat(timespec="microseconds"))
        own.control.publish(newest.name, tomorrow.date(), {})
    with pytest.raises(PlaceError, match="set the clock right"):
        own.release()
    assert own.current() == newest


def test_a_portal_with_a_listener_stops(own: Flow, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {**os.environ, "MARSAD_HOME": str(own.settings.home), "MARSAD_PORT": port}
    log = (tmp_path / "log").open("wb")
    command = [sys.executable, "-m", "marsad.cli.main", "up"]
    with subprocess.Popen(command, env=environment, stdout=log, stderr=log) as portal:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            with suppress(httpx2.HTTPError):
                if httpx2.get(f"http://127.0.0.1:{port}/healthz").text == "ok\n":
                    break
            time.sleep(0.2)
        with httpx2.stream("GET", f"http://127.0.0.1:{port}/api/v1/stream") as stream:
            assert next(stream.iter_lines()) == "retry: 5000"
            portal.send_signal(signal.SIGTERM)
            assert portal.wait(timeout=60) is not None


def test_a_home_that_cannot_be_written_is_served_and_not_changed(
    own: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, real = own.settings.home, os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and bool(real(path, mode)))
    before = {p: p.stat().st_mtime_ns for p in home.rglob("*") if p.is_file()}
    reading = Flow(Settings(home=home))
    reader = serve.Current(reading.releases)()
    assert reader.finder.ad_keys(reader.finder.question("comptable", "ads"))
    assert reading.control.runs()
    with pytest.raises(PlaceError, match="read-only"), reading.control.run("collect", "x"):
        pass
    assert before == {p: p.stat().st_mtime_ns for p in home.rglob("*") if p.is_file()}


def test_zeros_in_a_file_of_the_same_size_are_damage(own: Flow) -> None:
    before = own.current()
    newest = released_anew(own)
    assert before is not None
    for path in (newest / mart.NAME, *sorted((newest / "search").glob("*.term"))[:1]):
        whole = path.read_bytes()
        middle = len(whole) // 2
        path.write_bytes(
            whole[:middle] + bytes(min(4096, middle)) + whole[middle + min(4096, middle) :]
        )
        current = serve.Current(own.releases)
        if path.read_bytes() != whole:
            assert current().release().id == before.name
            assert "is not what was written" in current.health()
        path.write_bytes(whole)


def test_what_is_damaged_while_it_is_served_is_left(
    own: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "CHECK_SECONDS", 0.0)
    before = own.current()
    newest = released_anew(own)
    assert before is not None
    current = serve.Current(own.releases, own.editions)
    assert current().release().id == newest.name
    file = newest / mart.NAME
    file.write_bytes(file.read_bytes()[:-10])
    assert "damaged" in current.health()
    assert current().release().id == before.name


def test_the_first_real_ad_comes_with_a_release_and_the_next_with_an_edition(
    own: Flow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Synthetic figures never stand beside real ads; a later ad needs no release."""
    monkeypatch.setattr(serve, "CHECK_SECONDS", 0.0)
    current = serve.Current(own.releases, own.editions)
    sample = current()
    assert sample.release().ads_real == 0
    assert any(own.lake.read("out_values")["synthetic"].to_pylist())
    arrives(own, tmp_path, "Boulanger,Four,Safi,Pétrir la nuit.,Rekrute,l1")
    first = current()
    assert first.release().id != sample.release().id
    assert first.release().ads_real == 1
    assert not any(own.lake.read("out_values")["synthetic"].to_pylist())
    arrives(own, tmp_path, "Pâtissier,Four,Safi,Pétrir la nuit.,Rekrute,l2")
    second = current()
    assert current.health() == "ok"
    assert second.release().id == first.release().id
    assert second.release().edition != first.release().edition
    assert second.release().ads_real == 2


def test_ads_that_come_one_by_one_leave_few_files_and_upkeep_is_done_once_a_day(
    own: Flow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_FILES", 3)
    for title in ("Boulanger", "Pâtissier", "Boucher", "Cuisinier", "Serveur", "Plongeur"):
        arrives(own, tmp_path, f"{title},Four,Safi,Pétrir la nuit.,Rekrute,{title}")
    assert len(own.lake._files("core_ad_log").files) <= 5
    upkeeps = [run for run in own.control.runs() if run["step"] == "upkeep"]
    assert len(upkeeps) == 1


def test_a_newer_edition_is_opened_aside_while_the_one_before_answers(
    own: Flow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "CHECK_SECONDS", 0.0)
    current = serve.Current(own.releases, own.editions, aside=True)
    before = current()
    arrives(own, tmp_path, "Boulanger,Four,Safi,Pétrir la nuit.,Rekrute,l1")
    opened, reader = threading.Event(), serve.Reader

    def slow(*folders: Path) -> serve.Reader:
        opened.wait(60)
        return reader(*folders)

    monkeypatch.setattr(serve, "Reader", slow)
    assert {current() for _ in range(20)} == {before}
    opened.set()
    until = time.monotonic() + 60
    while current() is before and time.monotonic() < until:
        time.sleep(0.05)
    assert current().release().ads_real == 1


def test_an_edition_that_does_not_open_is_named(own: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever of it does not open; the release beside it is whole."""
    edition, newest = own.editions()[0], own.current()
    monkeypatch.setattr(serve, "damage", lambda *_, **__: "")
    for name in ("base-2.duckdb", "overlay-2.duckdb", "edition.json", "search/meta.json"):
        path = edition / name
        whole = path.read_bytes()
        path.unlink()
        path.write_bytes(b"{")
        current = serve.Current(own.releases, lambda: [edition])
        with pytest.raises(PlaceError):
            current()
        assert current.health().startswith(f"degraded: edition {edition.name} does not open"), name
        path.write_bytes(whole)
    assert newest


PARTS = {"code": "MA-06", "indicator": "unemployment_rate", "name": "MA.svg", "actor": "student",
         "measure": "awrach", "study": "example_interviews"}  # fmt: skip
MACHINES = (
    "/api/v1/indicators", "/api/v1/indicators/unemployment_rate", "/api/v1/sources", "/api/v1/codes",
    "/api/v1/indicators/unemployment_rate/data?area=MA", "/api/v1/indicators/unemployment_rate/revisions",
    "/sdmx/3.0/data/dataflow/MARSAD/DF_LABOUR/1.0/*?c[INDICATOR]=unemployment_rate&c[REF_AREA]=MA",
    "/catalogue.ttl",
)  # fmt: skip


def test_an_edition_leaves_pages_of_figures_and_changes_those_of_ads(
    own: Flow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (serve, answer_cache):
        monkeypatch.setattr(module, "CHECK_SECONDS", 0.0)
    arrives(own, tmp_path, "Boulanger,Four,Safi,Pétrir la nuit.,Rekrute,l1")
    figures = [f"/fr{page.path.format(**PARTS)}" for page in pages().values() if page.figures]
    current = serve.Current(own.releases, own.editions)
    store = AnswerStore(tmp_path / "answers", 10_000_000)
    client = TestClient(create_app(current, store=store))
    addresses = [*figures, *MACHINES]
    before = {path: client.get(path) for path in (*addresses, *addresses, "/fr/ads")}
    assert {answer.status_code for answer in before.values()} == {200}
    edition = current().release().edition
    arrives(own, tmp_path, "Soudeur,Atelier,Fès,Souder.,Rekrute,l2")
    anew = TestClient(create_app(current))
    assert "Soudeur" in anew.get("/fr/ads").text
    assert current().release().edition != edition
    assert client.get("/fr/ads").headers["etag"] != before["/fr/ads"].headers["etag"]
    with monkeypatch.context() as held:
        held.setattr(dispatch, "render", None)  # nothing is made
        for path in figures:
            answer = client.get(path, headers={"if-none-match": before[path].headers["etag"]})
            assert answer.status_code == 304, path
    for path in addresses:  # and what is made of the new edition is the same
        made = anew.get(path)
        assert made.content == before[path].content, path
        assert made.headers["etag"] == before[path].headers["etag"], path


_LEFT_OUT = (
    "scipy",
    "deltalake",
    "pandas",
    "xlsxwriter",
    "marsad.flow.steps",
    "marsad.flow.review",
)
_PAGES = ("/", "/indicators/unemployment_rate", "/occupations/5223", "/areas/MA-06", "/ads?q=comptable",
          "/match", "/match/employer", "/match/counsellor")  # fmt: skip


def test_pages_load_neither_the_flow_nor_what_only_matching_needs(own: Flow) -> None:
    code = (
        "import sys; from starlette.testclient import TestClient;"
        " from marsad.base.settings import read_settings; from marsad.cli.portal import _portal;"
        " client = TestClient(_portal(read_settings()));"
        f" print([client.get('/fr' + path).status_code for path in {_PAGES}]);"
        f" print([name for name in {_LEFT_OUT} if name in sys.modules])"
    )
    environment = {**os.environ, "MARSAD_HOME": str(own.settings.home)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [str([200] * len(_PAGES)), "[]"]


def test_a_reader_that_was_replaced_leaves_memory(own: Flow) -> None:
    """Also while the collector does not run, for what is loaded at the start is kept from it."""
    reader = serve.Reader(own.releases()[0], own.editions()[0])
    reader.answers.answer("chômage casablanca")
    reader.policy.outcomes()
    gone = weakref.ref(reader)
    gc.disable()
    try:
        del reader
        assert gone() is None
    finally:
        gc.enable()


def test_a_file_of_a_day_before_its_ads_were_posted_is_told(own: Flow, tmp_path: Path) -> None:
    path = tmp_path / "early.csv"
    path.write_text("id,title,city,date_posted\nx,Plombier,Rabat,2026-03-20\n", "utf-8")
    run = own.ingest(source("ads_table"), [path], seen_on=dt.date(2026, 3, 9))
    assert "1 ads were seen before the day on which they say they were posted" in run.message


def test_health_is_plain_words_where_the_control_database_is_gone() -> None:
    def gone() -> str:
        raise PlaceError("the control database does not answer")

    answer = TestClient(create_app(serve.Current(list), health=gone)).get("/healthz")
    assert answer.status_code == 503
    assert answer.text == "degraded: the control database does not answer\n"
