"""All values of an indicator in every format by REST, beside SDMX-CSV of the same rows, in one run.

    .venv/bin/python benchmarks/formats.py RELEASE_FOLDER [INDICATOR]

Seconds of wall time from the question to the last byte, the median of five, nothing held in a cache; the bar
is twice SDMX-CSV.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from starlette.testclient import TestClient

from marsad.publish.formats.registry import formats
from marsad.publish.http import limits
from marsad.publish.read.reader import Reader
from marsad.web.app import create_app

BAR, ROUNDS = 2.0, 5


def main(folder: str, indicator: str = "unemployment_rate") -> int:
    """Print the table; 1 where a format that holds everything is above the bar."""
    limits.ANONYMOUS = limits.BURST = 10**9
    reader = Reader(Path(folder))
    client = TestClient(create_app(lambda: reader))
    seconds: dict[str, list[float]] = {}
    sizes = {}
    whole = [name for name, declared in formats().items() if declared.whole]
    for place in range(ROUNDS + 1):  # the first is not counted: modules are loaded by it
        for name in whole:
            path = f"/api/v1/indicators/{indicator}/data?format={name}&limit=1000000&end=20{60 + place}"
            start = time.perf_counter()
            answer = client.get(path, headers={"Accept-Encoding": "identity"})
            seconds.setdefault(name, []).append(time.perf_counter() - start)
            sizes[name] = len(answer.raise_for_status().content), answer.headers["x-total-count"]
    medians = {name: statistics.median(times[1:]) for name, times in seconds.items()}
    first = medians["sdmx-csv"]
    print(f"{'format':12}{'rows':>9}{'MB':>8}{'s':>8}{'/ SDMX-CSV':>12}")
    for name in whole:
        size, rows = sizes[name]
        print(
            f"{name:12}{int(rows):9,}{size / 1e6:8.1f}{medians[name]:8.3f}{medians[name] / first:12.2f}"
        )
    above = [name for name in whole if medians[name] > BAR * first]
    print(f"bar ({BAR:.0f} times): {'NOT held by ' + ', '.join(above) if above else 'held'}")
    return int(bool(above))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
