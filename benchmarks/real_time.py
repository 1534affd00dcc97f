"""From a source to people: seconds from the poll that sees an ad until portal, API, stream and an alert tell
it; and an ad that changes, and one that is closed.

    .venv/bin/python benchmarks/real_time.py HOME [ROUNDS]

HOME is a released installation (it is copied). A board on loopback holds 200 ads in one JSON feed, polled every
five seconds by `marsad watch`; `marsad up` serves. In each round one ad is added, one gets another title and one
is taken away; the clock starts when the board answers the first poll that shows it. Prints median and 95th
percentile of each; ends with 1 where one is 60 s or more.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import Process
from pathlib import Path

import httpx2
import msgspec

from marsad.base.settings import Settings
from marsad.cli.services import send_alerts
from marsad.collect.fetch.plan import Fetch
from marsad.collect.register import Source, source
from marsad.flow.steps import Flow
from marsad.flow.watch import Watch
from marsad.lake.control import open_control

ROOT = Path(__file__).resolve().parents[1]
ADS, LONGEST = 200, 120.0


class Board:
    """A JSON feed of ads, and when it was first given in each of its states."""

    def __init__(self) -> None:
        self.ads = {n: self.ad(n, "Comptable") for n in range(ADS)}
        self.given: dict[int, float] = {}
        self.state = 0
        board = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                robots = self.path == "/robots.txt"
                body = b"" if robots else json.dumps(list(board.ads.values())).encode()
                if not robots:
                    board.given.setdefault(board.state, time.monotonic())
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/jobs.json"

    @staticmethod
    def ad(number: int, title: str) -> dict[str, str]:
        return {
            "id": f"rt-{number}", "title": title, "company": f"Atlas {number % 40} SA", "city": "Rabat",
            "description": f"Nous recrutons: {title}, dossier {number}, à Rabat en CDI.", "country": "MA",
            "date_posted": time.strftime("%Y-%m-%d"),
        }  # fmt: skip

    def change(self, work: Callable[[dict[int, dict[str, str]]], object]) -> int:
        """Change the ads; the number of the state that follows."""
        ads = dict(self.ads)
        work(ads)
        self.state += 1
        self.ads = ads
        return self.state

    def when(self, state: int) -> float:
        """When a poll was first given a state."""
        until = time.monotonic() + LONGEST
        while state not in self.given:
            assert time.monotonic() < until, "no poll came"
            time.sleep(0.02)
        return self.given[state]


class Stream(threading.Thread):
    """Listens to the stream of changes; keeps when each line came."""

    def __init__(self, base: str) -> None:
        super().__init__(daemon=True)
        self.base, self.lines = base, list[tuple[float, str]]()

    def run(self) -> None:
        with (
            suppress(httpx2.HTTPError),  # the portal ends
            httpx2.Client(timeout=None) as client,
            client.stream("GET", f"{self.base}/api/v1/stream") as answer,
        ):
            for line in answer.iter_lines():
                self.lines.append((time.monotonic(), line))

    def when(self, *words: str) -> float | None:
        return next((at for at, line in self.lines if all(w in line for w in words)), None)


def watch(home: Path, spec: Source) -> None:
    """The process that follows the board."""
    flow = Flow(Settings(home=home, sample=True))
    Watch(flow, [spec], shown=lambda: send_alerts(flow, "")).run()


def shown(
    client: httpx2.Client,
    path: str,
    test: Callable[[httpx2.Response], bool],
    longest: float = LONGEST,
) -> float:
    """When an address of the portal first answers as the test wants; infinity after `longest` seconds."""
    until = time.monotonic() + longest
    while time.monotonic() < until:
        if test(client.get(path)):
            return time.monotonic()
        time.sleep(0.1)
    return float("inf")


def alerted(outbox: Path, identifier: str, begun: float) -> float:
    """When a message that names an ad left."""
    while time.monotonic() - begun < LONGEST:
        if any(identifier in path.read_text() for path in outbox.glob("*.json")):
            return time.monotonic()
        time.sleep(0.1)
    return float("inf")


def total(answer: httpx2.Response) -> int:
    return int(answer.json()["total"])


def round_of(
    board: Board,
    client: httpx2.Client,
    stream: Stream,
    outbox: Path,
    number: int,
    times: dict[str, list[float]],
) -> None:
    """One ad added, changed and closed; the seconds of each go to `times`."""
    chance = random.Random(number)
    new, other = ("".join(chance.choices("bcdfghjklmnprstvwz", k=12)) for _ in range(2))
    key = ADS + number
    begun = board.when(
        board.change(lambda ads: ads.update({key: Board.ad(key, f"Comptable {new}")}))
    )
    query = f"/api/v1/ads?q={new}"
    times["new: API"].append(
        shown(client, query, lambda a: new in a.text.lower().split('"ads":')[1]) - begun
    )
    page = shown(client, f"/fr/ads?q={new}", lambda a: a.text.lower().count(new) > 2)
    times["new: portal and search"].append(page - begun)
    identifier = next(
        a["key"] for a in client.get(query).json()["ads"] if new in a["title"].lower()
    )
    at = None
    while at is None and time.monotonic() - begun < LONGEST:
        time.sleep(0.05)
        at = stream.when(identifier)
    times["new: stream"].append((at or float("inf")) - begun)
    times["new: alert"].append(alerted(outbox, identifier, begun) - begun)
    begun = board.when(
        board.change(lambda ads: ads.update({key: Board.ad(key, f"Comptable {other}")}))
    )
    at = shown(client, f"/api/v1/ads/{identifier}", lambda a: other in a.text.lower())
    times["changed: API"].append(at - begun)
    begun = board.when(board.change(lambda ads: ads.pop(key)))
    at = shown(
        client, f"/api/v1/ads/{identifier}", lambda a: a.status_code == 410 or '"closed"' in a.text
    )
    times["closed: API"].append(at - begun)
    print(number, {name: round(rows[-1], 1) for name, rows in times.items()}, flush=True)


def main() -> int:
    home, rounds = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    times: dict[str, list[float]] = {}
    for name in (
        "new: API",
        "new: portal and search",
        "new: stream",
        "new: alert",
        "changed: API",
        "closed: API",
    ):
        times[name] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "home"
        shutil.copytree(home, place)
        control = open_control(Settings(home=place))
        about = json.dumps({"q": "Comptable"})
        control.keep_alert("token", "webhook", "https://a.example/", "fr", "search", about)
        control.confirm_alert("token")
        board = Board()
        plan = Fetch(starts=(board.address,), every="5s", delay=0.0, complete=True, loopback=True)
        spec = msgspec.structs.replace(source("job_feed"), fetch=plan)
        watching = Process(target=watch, args=(place, spec))
        watching.start()
        environment = {**os.environ, "MARSAD_HOME": str(place), "MARSAD_PORT": str(port)}
        command = [ROOT / ".venv/bin/marsad", "up"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as portal:
            try:
                with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                    _up(client)
                    begun = time.monotonic()
                    shown(client, "/api/v1/ads?q=Atlas&size=1", lambda a: total(a) >= ADS, 1_800)
                    print(
                        f"the first {ADS} real ads, with a release: {time.monotonic() - begun:.0f} s"
                    )
                    stream = Stream(f"http://127.0.0.1:{port}")
                    stream.start()
                    for number in range(rounds):
                        round_of(board, client, stream, place / "outbox", number, times)
            finally:
                portal.terminate()
                watching.terminate()
                watching.join()
    return report(times)


def _up(client: httpx2.Client) -> None:
    for _ in range(600):
        try:
            client.get("/healthz")
            return
        except httpx2.HTTPError:
            time.sleep(0.2)


def report(times: dict[str, list[float]]) -> int:
    """Print median and 95th percentile; 1 where one is 60 s or more."""
    missed = 0
    for name, rows in times.items():
        rows = sorted(rows)
        high = rows[min(len(rows) - 1, round(0.95 * (len(rows) - 1)))]
        print(
            f"{name}: median {statistics.median(rows):.1f} s, 95th percentile {high:.1f} s, n {len(rows)}"
        )
        missed |= high >= 60
    return missed


if __name__ == "__main__":
    sys.exit(main())
