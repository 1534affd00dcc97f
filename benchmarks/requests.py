"""Processor time of warm requests: this checkout beside another one, over the same data, in one run.

    .venv/bin/python benchmarks/requests.py OTHER_CHECKOUT HOME [ROUNDS]

Both portals are started on loopback over copies of HOME (a released installation that both can read);
rounds alternate between them. CPU is that of the server's process, as the kernel counts it.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

ROOT = Path(__file__).resolve().parents[1]
REQUESTS = {
    "home": "/fr/",
    "indicator": "/fr/indicators/unemployment_rate?area=MA-06",
    "area": "/fr/areas/MA-06",
    "occupation": "/fr/occupations/5223",
    "policy": "/fr/policy",
    "ads search": "/fr/ads?q=comptable",
    "REST data, JSON": "/api/v1/indicators/unemployment_rate/data?area=MA&start=2015",
    "REST data, whole CSV": "/api/v1/indicators/unemployment_rate/data?format=csv",
    "REST data, whole XLSX": "/api/v1/indicators/unemployment_rate/data?format=xlsx",
    "REST ads, 100": "/api/v1/ads?size=100",
    "REST changes, 100": "/api/v1/changes?limit=100",
    "SDMX data": "/sdmx/3.0/data/dataflow/MARSAD/DF_LABOUR/1.0/*?c[INDICATOR]=unemployment_rate",
}
_TICK = os.sysconf("SC_CLK_TCK")
_SLOW = ("whole",)


def _cpu(pid: int) -> float:
    """Seconds of processor that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


@contextmanager
def _portal(checkout: Path, home: Path) -> Iterator[tuple[int, httpx2.Client]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "home"
        shutil.copytree(home, place)
        environment = {**os.environ, "MARSAD_HOME": str(place), "MARSAD_PORT": str(port)}
        command = [checkout / ".venv/bin/marsad", "up"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
            client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=300)
            try:
                _wait(client)
                yield server.pid, client
            finally:
                server.terminate()


def _wait(client: httpx2.Client) -> None:
    for _ in range(600):
        try:
            client.get("/healthz")
        except httpx2.TransportError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("a portal did not start")


def _spent(pid: int, client: httpx2.Client, path: str, times: int) -> float:
    """Milliseconds of processor for one request, over so many."""
    before = _cpu(pid)
    for _ in range(times):
        client.get(path).raise_for_status()
    return (_cpu(pid) - before) / times * 1000


def main(other: Path, home: Path, rounds: int = 5) -> None:
    """Print the table."""
    print(f"{'request':24} {'before ms':>10} {'after ms':>10} {'after/before':>13}")
    with _portal(other, home) as before, _portal(ROOT, home) as after:
        for name, path in REQUESTS.items():
            times = 2 if any(word in name for word in _SLOW) else 40
            for portal in (before, after):
                _spent(*portal, path, 2)
            pairs = [
                (_spent(*before, path, times), _spent(*after, path, times)) for _ in range(rounds)
            ]
            first, second = (statistics.median(values) for values in zip(*pairs))
            ratio = statistics.median(b / a for a, b in pairs if a)
            print(f"{name:24} {first:10.1f} {second:10.1f} {ratio:13.2f}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 5)
