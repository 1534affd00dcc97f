"""What one more ad costs, and what a million cost: one table.

    make bench-scale                         (10,000 and 100,000 ads; 40 minutes)
    .venv/bin/python benchmarks/scale.py 10000 100000 1000000

Ads are those of the sample's generator, as files of 20,000 in the form of a job feed, one in five of them a
repost or a copy: the words of an ad before it, under another identifier, a week later. Every figure is of
whole processes: wall time and CPU of the command and its children, the memory of the largest times how
many there are. Bare engines group the same rows in the same run. Growth is the exponent between two sizes.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

from rich.console import Console
from rich.table import Table

from marsad.collect.seeds import provinces
from marsad.collect.sources.synthetic_ads.generate import generate

FILE, COPIES, SEED = 20_000, 5, 16
COLUMNS = ("id", "site", "job_url", "title", "company", "location", "date_posted", "description")
WORKERS = 2


def ads(count: int) -> Iterator[dict[str, str]]:
    """Rows of a job feed: every fifth repeats the words of one before it."""
    today = dt.date.today()
    made = generate(SEED, count, today, provinces())
    before: dict[str, str] | None = None
    for number, ad in enumerate(made):
        day = dt.date.fromisoformat(str(ad["posted"] or ad["seen_first"] or today))
        row = {
            "id": f"{number}", "site": str(ad["board"]), "job_url": str(ad["url"]),
            "title": str(ad["title"]), "company": str(ad["company"] or ""),
            "location": f"{ad['place'] or 'Rabat'}, Morocco", "date_posted": day.isoformat(),
            "description": f"{ad['text']}\n{number % 977}",
        }  # fmt: skip
        if number % COPIES == COPIES - 1 and before:
            again = min(today, dt.date.fromisoformat(before["date_posted"]) + dt.timedelta(7))
            row = {**before, "id": row["id"], "date_posted": again.isoformat()}
        before = row
        yield row


def write(folder: Path, count: int) -> list[Path]:
    """The files of a feed of so many ads."""
    paths, rows = [], ads(count)
    for start in range(0, count, FILE):
        path = folder / f"feed-{start:09}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(row for _, row in zip(range(min(FILE, count - start)), rows))
        paths.append(path)
    return paths


class Measured:
    """A command of ours as a process: seconds, CPU seconds, bytes of its largest process."""

    def __init__(self, home: Path, *arguments: str) -> None:
        environment = {**os.environ, "MARSAD_HOME": str(home), "MARSAD_WORKERS": str(WORKERS),
                       "MARSAD_SAMPLE": "0"}  # fmt: skip
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        code = (
            "import resource, sys; from marsad.cli.main import main\n"
            "try: main(sys.argv[1:], standalone_mode=False)\n"
            "finally: print('PEAK', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,"
            " resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{arguments}: {done.stderr[-2000:]}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.wall = time.perf_counter() - began
        self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        own, child = (int(n) for n in done.stdout.split("PEAK", 1)[1].split())
        self.memory = (own + WORKERS * child) * 1024


def size_of(folder: Path) -> int:
    """Bytes on the disk; a file that stands twice counts once."""
    return sum(
        {p.stat().st_ino: p.stat().st_size for p in folder.rglob("*") if p.is_file()}.values()
    )


def one_more(home: Path, folder: Path, number: int) -> Measured:
    """One new ad, from ingest to edition."""
    path = folder / f"one-{number}.csv"
    row = {**next(ads(1)), "id": f"one-{number}", "title": "Comptable fournisseurs",
           "description": f"Tenue des comptes, deux ans d'expérience. {number}"}  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerow(row)
    return Measured(home, "ingest", "ads", str(path))


def grouped(home: Path) -> tuple[float, float]:
    """Seconds of the group-by of ads through the lake, and of bare DuckDB over the same files."""
    import duckdb
    import pyarrow as pa

    from marsad.lake.engines.embedded import Embedded
    from marsad.lake.store import Lake

    lake = Lake(home / "lake", Embedded(WORKERS))
    query = "select source_id, posted_on, count(*) as n from {} group by source_id, posted_on"
    schema = pa.schema([("source_id", pa.string()), ("posted_on", pa.date32()), ("n", pa.int64())])
    ours, bare = [], []
    files = list(lake._files("raw_sightings").files)
    for _ in range(5):
        began = time.perf_counter()
        lake.table(query.format("raw_sightings"), ("raw_sightings",), schema)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        read = f"read_parquet({files!r}, hive_partitioning = true)"
        with duckdb.connect() as db:
            db.execute(f"set threads = {WORKERS}")
            db.sql(query.format(read)).to_arrow_table()
        bare.append(time.perf_counter() - began)
    return sorted(ours)[2], sorted(bare)[2]


def measure(count: int) -> dict[str, float]:
    """Every figure at one size."""
    folder = Path(mkdtemp(prefix="scale-"))
    home = folder / "home"
    try:
        paths = write(folder, count)
        bulk = Measured(home, "ingest", "ads", *map(str, paths))
        print(f"{count:,} ads: {bulk.wall:,.0f} s, {bulk.memory / 1e9:.2f} GB", file=sys.stderr)
        first = Measured(home, "flow", "release")
        start = Measured(home, "sources")
        one_more(home, folder, 0)
        one = [one_more(home, folder, n) for n in range(1, 4)]
        before = size_of(home)
        Measured(home, "flow", "release")
        grown = size_of(home)
        idle = Measured(home, "flow", "release")
        ours, bare = grouped(home)
        middle = sorted(one, key=lambda m: m.wall)[1]
        return {
            "ads/s, file to stream": count / bulk.wall,
            "CPU ms an ad": 1000 * bulk.cpu / count,
            "GB, file to stream": bulk.memory / 1e9,
            "s, first release": first.wall,
            "GB, release": first.memory / 1e9,
            "s, one more ad": middle.wall,
            "CPU s of it": middle.cpu,
            "CPU s of a command that does nothing": start.cpu,
            "s, release of what changed": grown and Measured(home, "flow", "release").wall,
            "s, release of nothing": idle.wall,
            "MB, release of nothing": (size_of(home) - grown) / 1e6 / 2,
            "group-by beside bare DuckDB": ours / bare,
            "MB on the disk": before / 1e6,
            "wall s, file to stream": bulk.wall,
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(sizes: list[int]) -> None:
    """Print one row a figure, one column a size, and how it grows."""
    figures = {}
    for size in sizes:
        figures[size] = measure(size)
        print(json.dumps(figures[size]), file=sys.stderr)
    listing = Table("figure", *(f"{size:,}" for size in sizes), "growth")
    for name in figures[sizes[0]]:
        values = [figures[size][name] for size in sizes]
        growth = ""
        if len(sizes) > 1 and values[0] > 0 and values[-1] > 0:
            growth = f"{math.log(values[-1] / values[0]) / math.log(sizes[-1] / sizes[0]):.2f}"
        listing.add_row(name, *(f"{value:,.2f}" for value in values), growth)
    Console().print(listing)
    print(json.dumps(figures))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
