"""A release by the number of ads held: lakes of any size, made of the ads of a coded one.

    .venv/bin/python benchmarks/held.py HOME 100000 1000000

HOME is an installation with ads that are coded (`marsad flow` makes one of 6,000). Its ads are written again
and again into a lake, under other names, on other boards and days, with the contents that are coded already:
no row is coded here. Then the release (all of it but the edition of the ads) runs in a process of its own:
seconds, CPU seconds, memory at most. Growth is the exponent between the first size and the last. Each cube is
asked beside bare DuckDB, which runs the same SQL over the same files; `held.py spark HOME` does so beside
bare Spark.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import duckdb
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from marsad.base.settings import Settings
from marsad.flow.steps import Flow
from marsad.lake.engines import Files
from marsad.lake.engines.embedded import Embedded, _scan
from marsad.lake.queries import bases, needed, newest, view_sql
from marsad.lake.store import Lake
from marsad.lake.tables import table, tables

SOURCE, REVISION, PORTION = "job_feed", 1_000_000, 500_000
WORKERS, BOARDS, DAYS = 2, 8, 730
CUBES = [name for name in tables() if name.startswith("core_ad_") and tables()[name].view
         and "core_country_ads" in set(needed(name))]  # fmt: skip
_OTHER: dict[str, str] = {
    "source_id": f"'{SOURCE}'",
    "board": f"concat(board, '-', k % {BOARDS})",
    "ad_id": "concat(ad_id, k)",
    **{name: f"left(md5(concat({name}, k)), 16)" for name in ("ad_key", "cluster", "ad_a", "ad_b")},
    **{name: f"{name} - cast(k * 37 % {DAYS} as int)"
       for name in ("posted_on", "first_seen_on", "last_seen_on", "deadline_on", "due_on",
                    "seen_first_on", "seen_last_on")},
    "synthetic": "false", "realm": "'real'", "revision": f"{REVISION}",
    "payload": "concat(payload, k // 20)", "reading": "1", "arrival": "1",
    "block": "cast(hash(concat(block, '-', k)) >> 1 as bigint)",
}  # fmt: skip
"""What differs between a row and the k-th ad made of it."""


def portions(lake: Lake, name: str, source: str, copies: range) -> Iterator[pa.Table]:
    """The rows of a source, or realm, again for each of the copies."""
    declared = table(name)
    chosen = ", ".join(f"{_OTHER.get(c, c)} as {c}" for c in declared.columns)
    rows = lake.read(name, partition=source)
    step = max(1, PORTION // max(1, rows.num_rows))
    latest = f"partition by {', '.join(declared.newest)} order by revision desc"
    holding = (
        f"(from held where not gone qualify row_number() over ({latest}) = 1)"
        if declared.newest
        else "held"
    )
    with duckdb.connect() as db:
        db.register("held", rows)
        for start in range(copies.start, copies.stop, step):
            stop = min(start + step, copies.stop)
            query = f"select {chosen} from {holding} cross join range({start}, {stop}) as made(k)"
            yield db.sql(query).to_arrow_table().cast(declared.schema)


def hold(home: Path, made: Path, count: int) -> int:
    """An installation of so many ads, made of those of a coded one; how many there are."""
    shutil.copytree(home, made, ignore=shutil.ignore_patterns("releases", "editions", "vault"))
    lake = Lake(made / "lake")
    whole = lake.read("core_ad_log", partition="synthetic_ads", columns=["ad_key"]).num_rows
    copies = range(round(count / whole))
    for name in ("core_contents", "raw_contents"):
        lake.append(name, next(portions(lake, name, "synthetic_ads", range(1))))
    for name, source in (("core_ad_log", "synthetic_ads"), ("raw_sightings", "synthetic_ads"),
                         ("core_link_log", "synthetic"), ("core_block_log", "synthetic")):  # fmt: skip
        for rows in portions(lake, name, source, copies):
            marks = (
                {"portion": 1} if name == "raw_sightings" else {"portion": 1, "revision": REVISION}
            )
            lake.append(name, rows, marks)
    return whole * len(copies)


def release(home: Path) -> None:
    """Release without an edition, and print how long it took."""
    flow = Flow(Settings(home=home, workers=WORKERS, sample=False))
    marks: list[tuple[str, float]] = []
    flow.progress = lambda words, _: marks.append((words, time.perf_counter()))
    object.__setattr__(flow, "_edit", lambda **_: None)
    began = time.perf_counter()
    flow.release()
    used = resource.getrusage(resource.RUSAGE_SELF)
    before = [began, *(at for _, at in marks)]
    steps = {words.split(":")[0]: at - since for (words, at), since in zip(marks, before)}
    print("MEASURED", json.dumps({
        "wall": time.perf_counter() - began, "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss * 1024, "steps": {**steps, "rest": time.perf_counter() - before[-1]},
    }))  # fmt: skip


def made_of(lake: Lake, name: str) -> tuple[dict[str, Files], dict[str, str]]:
    """The files and the views that a cube is asked of, as the lake hands them to its engine."""
    stored = {
        f"{base}_rows" if table(base).newest else base: lake._files(base) for base in bases(name)
    }
    logs = {base: newest(base) for base in bases(name) if table(base).newest}
    views = dict.fromkeys(n for n in needed(name) if table(n).view)
    return stored, {**logs, **{view: view_sql(view, lake.engine) for view in views}}


def bare_duckdb(lake: Lake, name: str, query: str) -> None:
    """The query in a DuckDB of its own."""
    files, views = made_of(lake, name)
    with duckdb.connect(config={"threads": WORKERS}) as db:
        for view, sql in [*((n, _scan(held)) for n, held in files.items()), *views.items()]:
            db.execute(f"create view {view} as {sql}")
        db.sql(query).to_arrow_table()


def bare_spark(lake: Lake, name: str, query: str) -> None:
    """The query in the session of Spark that the lake has, without what the lake does."""
    files, views = made_of(lake, name)
    session: Any = lake.engine._session  # type: ignore[attr-defined]
    for view, held in files.items():
        lake.engine._frame(held).createOrReplaceTempView(view)  # type: ignore[attr-defined]
    for view, sql in views.items():
        session.sql(sql).createOrReplaceTempView(view)
    session.sql(query).toArrow()


def beside(
    lake: Lake, bare: Callable[[Lake, str, str], None]
) -> dict[str, tuple[float, float, int]]:
    """Seconds of each cube through the lake and of the same SQL in the bare engine, and its rows."""
    seconds = {}
    for name in CUBES:
        query = f"select {', '.join(table(name).columns)} from {name}"
        best, rows = [math.inf, math.inf], 0
        for _ in range(2):
            began = time.perf_counter()
            rows = lake.table(query, (name,), table(name).schema).num_rows
            between = time.perf_counter()
            bare(lake, name, query)
            best = [min(best[0], between - began), min(best[1], time.perf_counter() - between)]
        seconds[name] = (best[0], best[1], rows)
    return seconds


def spark(home: Path) -> None:
    """Print each cube by Spark in this machine, beside bare Spark SQL."""
    from marsad.lake.engines.spark import Spark  # an extra

    folder = Path(mkdtemp(prefix="held-"))
    loopback = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    engine = Spark(f"local[{WORKERS}]", folder, loopback)
    for name, (ours, bare, rows) in beside(Lake(home / "lake", engine), bare_spark).items():
        print(f"{name} {ours:.2f} s, {ours / bare:.2f} of bare Spark, {rows:,} rows")
    engine.close()
    shutil.rmtree(folder, ignore_errors=True)


def measure(home: Path, count: int, kept: Path | None) -> dict[str, Any]:
    """The release at one size, and the cubes."""
    folder = kept or Path(mkdtemp(prefix="held-"))
    made = folder / f"held-{count}"
    try:
        ads = count if made.exists() else hold(home, made, count)
        done = subprocess.run([sys.executable, __file__, "release", str(made)],
                              capture_output=True, text=True)  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return {
            "ads": ads,
            **json.loads(done.stdout.split("MEASURED", 1)[1]),
            "cubes": beside(Lake(made / "lake", Embedded(WORKERS)), bare_duckdb),
        }
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def main(home: Path, sizes: list[int], kept: Path | None = None) -> None:
    """Print one row a figure, one column a size, and how it grows."""
    figures = {size: measure(home, size, kept) for size in sizes}
    listing = Table("figure", *(f"{size:,}" for size in sizes), "growth")
    for name, unit in (("wall", 1.0), ("cpu", 1.0), ("memory", 1e9)):
        values = [figures[size][name] / unit for size in sizes]
        growth = math.log(values[-1] / values[0]) / math.log(max(2, sizes[-1] / sizes[0]))
        listing.add_row(name, *(f"{value:,.2f}" for value in values), f"{growth:.2f}")
    for name in figures[sizes[0]]["cubes"]:
        each = [figures[size]["cubes"][name] for size in sizes]
        cells = (f"{ours:.2f} s, {ours / bare:.2f} of bare, {n:,} rows" for ours, bare, n in each)
        listing.add_row(name, *cells, "")
    Console(width=150).print(listing)
    print(dt.date.today(), json.dumps(figures))


if __name__ == "__main__":
    if sys.argv[1] in ("release", "spark"):
        {"release": release, "spark": spark}[sys.argv[1]](Path(sys.argv[2]))
    else:
        main(Path(sys.argv[1]), [int(size) for size in sys.argv[2:]])
