"""The portal under load: mixed reads over loopback, beside bare FastAPI over the same mart, in one run.

    .venv/bin/python benchmarks/serving.py HOME [SECONDS]

HOME is a released installation (a copy is served). Three runs of the portal: answers held and half of the
requests with the entity tag of what the client has (304); answers held, every answer whole; nothing held.
Then bare FastAPI with one typed query of DuckDB over the same mart. Each has two processes; the client is
another, with eight connections, on the same cores. Memory is that of the largest process after the run
(RSS, its share of what is mapped by several processes, and what is its own).
"""

from __future__ import annotations

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

ROOT = Path(__file__).resolve().parents[1]
CONNECTIONS, SHARE_UNCHANGED, WORKERS = 8, 0.5, "2"
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
        f"{name:38} {rate:8.0f} {result.at(0.5):8.1f} {result.at(0.95):8.1f}"
        f" {result.unchanged / len(result.seconds):6.0%} {result.failed:6} "
        f" {size['rss']:5} {size['pss']:5} {size['own']:5}",
        flush=True,
    )
    return rate


def main(home: Path, seconds: float = 10.0) -> None:
    """Print the table."""
    print(
        f"{'run':38} {'req/s':>8} {'p50 ms':>8} {'p95 ms':>8} {'304':>6} {'failed':>6}   RSS   PSS   own"
    )
    python, rates = sys.executable, {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "home"
        shutil.copytree(home, place)
        settings = {"MARSAD_HOME": str(place), "PYTHONPATH": str(ROOT / "src")}
        key = key_of(settings)
        runs = (("held, half with their tag", "256", SHARE_UNCHANGED), ("held, all whole", "256", 0.0),
                ("nothing held, all whole", "0", 0.0))  # fmt: skip
        for name, held, unchanged in runs:
            port = free_port()
            command = [python, "-m", "marsad.cli.main", "up", "--workers", WORKERS]
            with served(
                command, port, **settings, MARSAD_PORT=str(port), MARSAD_ANSWERS_MB=held
            ) as pid:
                load(port, paths_of(MIX), 3, 0, key)
                result = load(port, paths_of(MIX), seconds, unchanged, key)
                rates[name] = row(name, result, memory(pid), seconds)
                if name == runs[-1][0]:
                    for kind, some in MIX.items():
                        row(
                            f"  {kind}",
                            load(port, list(some), seconds / 3, 0, key),
                            memory(pid),
                            seconds / 3,
                        )
        mart = max(place.glob("releases/*/mart-*.duckdb"))
        (Path(folder) / "bare.py").write_text(BARE.format(mart=str(mart)))
        port = free_port()
        command = [
            python,
            "-m",
            "uvicorn",
            "--app-dir",
            folder,
            "--log-level",
            "warning",
            "--port",
            str(port),
            "--workers",
            WORKERS,
            "bare:app",
        ]
        with served(command, port) as pid:
            paths = [
                "/data?indicator=unemployment_rate&area=MA",
                "/data?indicator=activity_rate&area=MA-06",
            ]
            load(port, paths, 3, 0)
            result = load(port, paths, seconds, 0)
            bare = row("bare FastAPI + DuckDB, 100 values", result, memory(pid), seconds)
    for name, rate in rates.items():
        print(f"{name}: {rate / bare:.2f} of bare FastAPI + DuckDB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 10.0)
