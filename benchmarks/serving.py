"""The portal under load: mixed reads over loopback, beside bare FastAPI over the same mart, in one run.

    .venv/bin/python benchmarks/serving.py HOME [SECONDS]

HOME is a released installation (a copy is served, with 6,000 ads read in as real ones). Runs of the portal:
answers held and half of the requests with the entity tag of what the client has (304); answers held, every
answer whole; the first again while `marsad ingest ads` brings an ad and its edition each 10 s, and one after
the other; nothing held. Then bare FastAPI with one typed query of DuckDB over the same mart. Each has two processes; the client is
another, with eight connections, on the same cores. Memory is that of the largest process after the run
(RSS, its share of what is mapped by several processes, and what is its own).
"""

from __future__ import annotations

import csv
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import scale

ROOT = Path(__file__).resolve().parents[1]
CONNECTIONS, SHARE_UNCHANGED, WORKERS, FIRST_ADS = 8, 0.5, "2", 6_000
SDMX = "/sdmx/3.0/data/dataflow/MARSAD/DF_LABOUR/1.0/*"
MIX: dict[str, tuple[str, ...]] = {
    "home": ("/fr/", "/ar/", "/en/"),
    "indicator": tuple(
        f"/{language}/indicators/{name}"
        for language in ("fr", "ar")
        for name in ("unemployment_rate", "activity_rate?area=MA-06", "new_ads?by=occupation")
    ),
    "occupation": tuple(f"/{lang}/occupations/{c}" for lang in ("fr", "ar") for c in ("5223", "7212", "2411")),
    "ads search": tuple(f"/fr/ads?q={word}" for word in ("comptable", "chauffeur", "infirmier")),
    "REST": tuple(
        f"/api/v1/indicators/unemployment_rate/data?area={area}&start=2015" for area in ("MA", "MA-06")
    ),
    "SDMX": tuple(f"{SDMX}?c[INDICATOR]={name}&c[REF_AREA]=MA" for name in ("unemployment_rate", "activity_rate")),
}  # fmt: skip
BARE = """
import duckdb, threading
from datetime import datetime
from fastapi import FastAPI
from pydantic import BaseModel

db = duckdb.connect({mart!r}, read_only=True)
db.execute("set threads to 2")
local = threading.local()
app = FastAPI()


class Value(BaseModel):
    indicator: str
    freq: str
    period: str
    area: str
    survey: str
    sex: str
    age: str
    value: float | None
    unit: str
    obs_status: str
    reliability: str | None
    source: str
    note: str | None
    valid_from: datetime


NAMES = list(Value.model_fields)
SQL = (
    f"select {{', '.join(NAMES)}} from out_values where indicator = ? and area = ? and sex = '_T'"
    " and valid_to is null order by survey, age, freq, period limit 100"
)


@app.get("/data", response_model=list[Value])
def data(indicator: str, area: str) -> list[Value]:
    cursor = getattr(local, "cursor", None) or db.cursor()
    local.cursor = cursor
    rows = cursor.execute(SQL, [indicator, area]).fetchall()
    return [Value(**dict(zip(NAMES, row))) for row in rows]
"""


@dataclass
class Load:
    """What a client saw: seconds of each request, how many were 304, and how many failed."""

    seconds: list[float] = field(default_factory=list)
    unchanged: int = 0
    failed: int = 0

    def at(self, share: float) -> float:
        """The time, in milliseconds, that this share of the requests took at most."""
        return 1000 * sorted(self.seconds)[int(share * (len(self.seconds) - 1))]


class Line:
    """One connection that is kept; blocking, and as little work a request as can be."""

    def __init__(self, port: int, key: str) -> None:
        self._key = f"X-API-Key: {key}\r\n".encode() if key else b""
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb", 262_144)
        self._tags: dict[str, bytes] = {}

    def get(self, path: str, *, known: bool) -> int:
        """Ask for an address, with the tag of the answer before where `known`; its status."""
        tag = self._tags.get(path, b"") if known else b""
        condition = b"If-None-Match: " + tag + b"\r\n" if tag else b""
        self._socket.sendall(
            b"GET " + path.encode() + b" HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br\r\n"
            + self._key + condition + b"\r\n"
        )  # fmt: skip
        status = int(self._file.readline().split()[1])
        length, pieces = 0, False
        while (line := self._file.readline()) != b"\r\n":
            name, _, value = line.partition(b":")
            match name.lower():
                case b"content-length":
                    length = int(value)
                case b"transfer-encoding":
                    pieces = True
                case b"etag":
                    self._tags[path] = value.strip()
        if not pieces:
            self._file.read(length)
        while pieces:
            length = int(self._file.readline(), 16)
            self._file.read(length + 2)
            pieces = length > 0
        return status


def load(port: int, paths: list[str], seconds: float, unchanged: float, key: str = "") -> Load:
    """Requests over CONNECTIONS lines for so long."""
    result, lock, until = Load(), threading.Lock(), time.monotonic() + seconds

    def ask(seed: int) -> None:
        chosen, line, mine = random.Random(seed), Line(port, key), Load()
        while time.monotonic() < until:
            path = chosen.choice(paths)
            begun = time.perf_counter()
            status = line.get(path, known=chosen.random() < unchanged)
            mine.seconds.append(time.perf_counter() - begun)
            mine.unchanged += status == 304
            mine.failed += status not in (200, 304)
        with lock:
            result.seconds += mine.seconds
            result.unchanged += mine.unchanged
            result.failed += mine.failed

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return result


def paths_of(kinds: dict[str, tuple[str, ...]]) -> list[str]:
    """Addresses of which each kind has the same share."""
    most = max(map(len, kinds.values()))
    return [some[i % len(some)] for some in kinds.values() for i in range(6 * most)]


def memory(keeper: int) -> dict[str, int]:
    """Megabytes of the largest process below one: all that is in memory, its share, and its own."""
    below = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
    return max((_sizes(int(pid)) for pid in below or [keeper]), key=lambda sizes: sizes["rss"])


def _sizes(pid: int) -> dict[str, int]:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    sizes = {k: int(v) // 1000 for k, v in re.findall(r"^(\w+):\s+(\d+) kB", text, re.MULTILINE)}
    return {
        "rss": sizes["Rss"],
        "pss": sizes["Pss"],
        "own": sizes["Private_Clean"] + sizes["Private_Dirty"],
    }


@contextmanager
def served(command: list[str], port: int, **more: str) -> Iterator[int]:
    """A server under way; its process."""
    environment = {**os.environ, **more}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            _wait(port)
            yield server.pid
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            urlopen(f"http://127.0.0.1:{port}/healthz").close()
        except OSError as error:
            if getattr(error, "code", 0):  # it answers
                return
            time.sleep(0.5)
        else:
            return
    raise SystemExit("a server did not start")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def key_of(settings: dict[str, str]) -> str:
    """A key of the installation that may ask without end."""
    command = [
        sys.executable,
        "-m",
        "marsad.cli.main",
        "keys",
        "add",
        "bench",
        "--per-minute",
        "10000000",
    ]
    done = subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True, check=True
    )
    return re.findall(r"marsad_\S+", done.stdout)[0]


def row(name: str, result: Load, size: dict[str, int], seconds: float) -> float:
    """Print a row of the table; requests a second."""
    rate = len(result.seconds) / seconds
    print(
        f"{name:34} {rate:7.0f} {result.at(0.5):7.1f} {result.at(0.95):7.1f} {result.at(0.99):7.1f}"
        f" {result.unchanged / len(result.seconds):5.0%} {result.failed:6}"
        f" {size['rss']:5} {size['pss']:5} {size['own']:5}",
        flush=True,
    )
    return rate


@dataclass(frozen=True)
class Run:
    """A run of the portal: megabytes for answers that are held, the share of requests with the tag of what
    the client has, and the pause between ads that come meanwhile (None: the flow does not run)."""

    name: str
    held: str
    unchanged: float
    pause: float | None = None


RUNS = (
    Run("held, half with their tag", "256", SHARE_UNCHANGED),
    Run("held, all whole", "256", 0.0),
    Run("the same, an ad each 10 s", "256", SHARE_UNCHANGED, 10.0),
    Run("the same, ads without a pause", "256", SHARE_UNCHANGED, 0.0),
    Run("nothing held, all whole", "0", 0.0),
)
LEAST_BUSY_SECONDS = 45.0


class Arrivals:
    """Ads that come while the portal is read, one a call of `marsad ingest ads`, each with its edition."""

    def __init__(self, place: Path, settings: dict[str, str], pause: float) -> None:
        self._place, self._pause = place, pause
        self._environment = {**os.environ, **settings}
        self._stop, self._thread = threading.Event(), threading.Thread(target=self._run)
        self._before = self._editions()
        self.editions: set[str] = set()
        self.failed, self.cpu = 0, 0.0

    def _editions(self) -> set[str]:
        return {path.parent.name for path in self._place.glob("editions/*/edition.json")}

    def _run(self) -> None:
        while not self._stop.is_set():
            feed = self._place.with_name(f"ad-{time.time_ns()}.csv")
            write_ads(feed, 1, f"n{time.time_ns()}")
            begun = os.times()
            self.failed += ingest(self._environment, feed) != 0
            ended = os.times()
            self.cpu += ended.children_user - begun.children_user
            self.cpu += ended.children_system - begun.children_system
            self.editions |= self._editions() - self._before
            self._stop.wait(self._pause)

    def __enter__(self) -> Arrivals:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def write_ads(path: Path, count: int, first: str) -> None:
    """A feed of ads in the words of the sample's generator, their identifiers beginning with `first`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, scale.COLUMNS)
        writer.writeheader()
        writer.writerows({**ad, "id": f"{first}-{ad['id']}"} for ad in scale.ads(count))


def ingest(environment: dict[str, str], feed: Path) -> int:
    """The exit code of `marsad ingest ads FEED`."""
    command = [sys.executable, "-m", "marsad.cli.main", "ingest", "ads", str(feed)]
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode


def portal_run(run: Run, place: Path, key: str, seconds: float) -> float:
    """One run over a copy of the installation; requests a second."""
    port = free_port()
    settings = {"MARSAD_HOME": str(place), "PYTHONPATH": str(ROOT / "src")}
    more = {**settings, "MARSAD_PORT": str(port), "MARSAD_ANSWERS_MB": run.held}
    command = [sys.executable, "-m", "marsad.cli.main", "up", "--workers", WORKERS]
    with served(command, port, **more) as pid:
        load(port, paths_of(MIX), 3, 0, key)
        if run.pause is None:
            result = load(port, paths_of(MIX), seconds, run.unchanged, key)
        else:
            seconds = max(seconds, LEAST_BUSY_SECONDS)
            with Arrivals(place, settings, run.pause) as ads:
                result = load(port, paths_of(MIX), seconds, run.unchanged, key)
        rate = row(run.name, result, memory(pid), seconds)
        if run.pause is not None:
            print(f"    {len(ads.editions)} editions ({ads.failed} failed), {ads.cpu:.1f} CPU s")
        if run.held == "0":
            for kind, some in MIX.items():
                part = load(port, list(some), seconds / 3, 0, key)
                row(f"  {kind}", part, memory(pid), seconds / 3)
    return rate


def bare_run(folder: Path, place: Path, seconds: float) -> float:
    """Bare FastAPI with one query of DuckDB over the same mart; requests a second."""
    mart = max(place.glob("releases/*/mart-*.duckdb"))
    (folder / "bare.py").write_text(BARE.format(mart=str(mart)))
    port = free_port()
    command = [
        sys.executable, "-m", "uvicorn", "--app-dir", str(folder), "--log-level", "warning",
        "--port", str(port), "--workers", WORKERS, "bare:app",
    ]  # fmt: skip
    with served(command, port) as pid:
        paths = [f"/data?indicator={name}" for name in ("unemployment_rate&area=MA", "activity_rate&area=MA-06")]  # fmt: skip
        load(port, paths, 3, 0)
        result = load(port, paths, seconds, 0)
        return row("bare FastAPI + DuckDB, 100 values", result, memory(pid), seconds)


def main(home: Path, seconds: float = 10.0) -> None:
    """Print the table."""
    titles = ("run", "req/s", "p50 ms", "p95 ms", "p99 ms", "304", "failed", "RSS", "PSS", "own")
    print("{:34} {:>7} {:>7} {:>7} {:>7} {:>5} {:>6} {:>5} {:>5} {:>5}".format(*titles))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "home"
        shutil.copytree(home, place)
        settings = {"MARSAD_HOME": str(place), "PYTHONPATH": str(ROOT / "src")}
        feed = Path(folder) / "ads.csv"
        write_ads(feed, FIRST_ADS, "first")  # real ads: from the first on no synthetic one is shown
        if ingest({**os.environ, **settings}, feed):
            raise SystemExit("the ads could not be read in")
        key = key_of(settings)
        rates = {run.name: portal_run(run, place, key, seconds) for run in RUNS}
        bare = bare_run(Path(folder), place, seconds)
    for name, rate in rates.items():
        print(f"{name}: {rate / bare:.2f} of bare FastAPI + DuckDB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 10.0)
