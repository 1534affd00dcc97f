"""Several processes behind one address: what one of them is told the others know, and none is missed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest

from marsad.backoffice.accounts import People
from marsad.backoffice.api_keys import make
from marsad.base.settings import Settings
from marsad.lake.backup import backup, restore
from marsad.lake.control import Control
from marsad.publish.http.limits import Limiter
from marsad.publish.http.shared_limits import SharedLimiter

PASSWORD = "a long password"


def _until(true: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


class Portal(NamedTuple):
    process: subprocess.Popen[bytes]
    url: str
    control: Control
    environment: dict[str, str]

    def workers(self) -> set[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(number) for number in children.read_text().split()}

    def answers(self) -> bool:
        with suppress(httpx2.HTTPError):
            return httpx2.get(f"{self.url}/healthz", timeout=2).text == "ok\n"
        return False


def _gone(number: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    return True


@pytest.fixture
def portal(small_home: Path, database: str, tmp_path: Path) -> Iterator[Portal]:
    """Two workers over a copy of a small installation, its control data of either kind."""
    home = tmp_path / "home"
    if database:
        backup(small_home, tmp_path / "copy", "1")
        restore(tmp_path / "copy", home, database)
    else:
        shutil.copytree(small_home, home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "MARSAD_HOME": str(home), "MARSAD_DATABASE": database,
                   "MARSAD_PORT": str(port)}  # fmt: skip
    log = (tmp_path / "log").open("wb")
    command = [sys.executable, "-m", "marsad.cli.main", "up", "--workers", "2"]
    with subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process:
        control = Control(Settings(home=home, database=database).control)
        running = Portal(process, f"http://127.0.0.1:{port}", control, environment)
        try:
            _until(running.answers)
            _until(lambda: len(running.workers()) == 2)
            yield running
        finally:
            process.kill()
            control.close()


def _by(portal: Portal, worker: int, ask: Callable[[], httpx2.Response]) -> httpx2.Response:
    """An answer of one worker: the others are held meanwhile."""
    others = portal.workers() - {worker}
    for number in others:
        os.kill(number, signal.SIGSTOP)
    try:
        return ask()
    finally:
        for number in others:
            os.kill(number, signal.SIGCONT)


def test_what_one_worker_is_told_the_other_knows(portal: Portal) -> None:
    one, two = sorted(portal.workers())
    People(portal.control).add("amal", "administrator", PASSWORD, "test")
    admin = f"{portal.url}/fr/admin"
    form = {"name": "amal", "password": PASSWORD}
    signed = _by(portal, one, lambda: httpx2.post(f"{admin}/login", data=form))
    cookies = dict(signed.cookies)
    assert cookies["marsad_session"]
    page = _by(portal, two, lambda: httpx2.get(admin, cookies=cookies))
    assert page.status_code == 200
    assert "amal" in page.text
    _by(portal, two, lambda: httpx2.post(admin, data={"do": "leave"}, cookies=cookies))
    assert _by(portal, one, lambda: httpx2.get(admin, cookies=cookies)).status_code != 200

    key = {"X-API-Key": make(portal.control, "someone", 5)}
    address = f"{portal.url}/api/v1/indicators"
    left = [
        int(_by(portal, w, lambda: httpx2.get(address, headers=key)).headers["RateLimit-Remaining"])
        for w in (one, two, one)
    ]
    assert left == [4, 3, 2]
    portal.control.revoke_key(portal.control.api_keys()[0]["sha256"])
    for worker in (one, two):
        assert _by(portal, worker, lambda: httpx2.get(address, headers=key)).status_code == 401


def test_every_worker_takes_up_a_new_release(portal: Portal) -> None:
    before = portal.control.releases()[0]["id"]
    command = [sys.executable, "-m", "marsad.cli.main", "flow", "release"]
    subprocess.run(command, env=portal.environment, check=True, capture_output=True)
    newest = portal.control.releases()[0]["id"]
    assert newest > before

    def served(worker: int) -> str:
        address = f"{portal.url}/api/v1/release"
        return str(_by(portal, worker, lambda: httpx2.get(address)).json()["id"])

    for worker in sorted(portal.workers()):
        _until(lambda worker=worker: served(worker) == newest)


def test_no_form_that_was_answered_is_lost_when_a_worker_dies_and_another_takes_its_place(
    portal: Portal,
) -> None:
    ads = [ad["key"] for ad in httpx2.get(f"{portal.url}/api/v1/ads").json()["ads"]]
    assert len(ads) == 3
    before, first = portal.workers(), min(portal.workers())
    kill = threading.Timer(0.3, os.kill, (first, signal.SIGKILL))

    def report(n: int) -> bool:
        address = f"{portal.url}/fr/ads/{ads[n % 3]}/report"
        with suppress(httpx2.HTTPError):
            data = {"field": "fake", "note": f"numéro {n}."}
            return httpx2.post(address, data=data).is_success
        return False

    kill.start()
    with ThreadPoolExecutor(4) as pool:
        answered = {n for n, good in enumerate(pool.map(report, range(60))) if good}
    kill.join()
    notes = [row["note"] for row in portal.control.reports()]
    assert len(answered) > 10, "twenty of a minute from one address"
    assert {f"numéro {n}." for n in answered} <= set(notes)
    assert len(notes) == len(set(notes)), "none is kept twice"
    _until(lambda: len(portal.workers()) == 2 and first not in portal.workers())
    assert len(portal.workers() & before) == 1
    _until(portal.answers)


@pytest.mark.parametrize("database", [""])
def test_the_keeper_stops_every_worker_and_none_outlives_it(portal: Portal) -> None:
    workers = portal.workers()
    with httpx2.stream("GET", f"{portal.url}/api/v1/stream") as stream:
        assert next(stream.iter_lines()) == "retry: 5000"
        portal.process.send_signal(signal.SIGTERM)
        assert portal.process.wait(timeout=60) == 0
    assert all(map(_gone, workers))


@pytest.mark.parametrize("database", [""])
def test_workers_end_when_the_keeper_is_killed(portal: Portal) -> None:
    workers = portal.workers()
    portal.process.kill()
    _until(lambda: all(map(_gone, workers)))


def test_shared_buckets_are_those_of_one_process() -> None:
    moment = [0.0]
    one, shared = Limiter(lambda: moment[0]), SharedLimiter(lambda: moment[0])
    for step in range(400):
        moment[0] += step % 7 * 0.11
        caller = f"10.0.0.{step % 5}"
        assert shared.take(caller, 60, 9) == one.take(caller, 60, 9)


def test_processes_and_threads_take_from_one_bucket() -> None:
    limiter = SharedLimiter(lambda: 0.0)

    def take(_: int) -> bool:
        return limiter.take("someone", 60, 500)[0]

    children = []
    for _ in range(3):
        if not (number := os.fork()):
            with ThreadPoolExecutor(4) as pool:
                granted = sum(pool.map(take, range(200)))
            os._exit(granted)
        children.append(number)
    granted = [os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) for number in children]
    assert sum(granted) == 500


def test_many_callers_push_out_only_who_has_not_asked_for_longest() -> None:
    moment = [0.0]
    limiter = SharedLimiter(lambda: moment[0])
    for n in range(60_000):
        moment[0] += 0.001
        assert limiter.take(f"caller {n}", 60, 3)[0]
        if n % 10 == 0:
            limiter.take("steady", 60, 100_000)
    assert limiter.take("steady", 60, 100_000)[1] < 100_000 - 5_000
