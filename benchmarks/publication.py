"""Bars of the read path and the gate in one table, with peers of the same run.

    .venv/bin/python benchmarks/publication.py [quick]

Questions as of a date: a cube of 14,040 quarterly series x 72 quarters (1,010,880 values) whose 20
monthly vintages revise 5 % each (about 2 M versions), asked through the portal's own statement; the
peer is a pandas mask over the same rows. Suppression: tables of chance and of the embedded release,
audited by the intruder's linear programs; the peer is tau-Argus (pytauargus, OPT). Recomputing: a
sample of every indicator of the embedded release. Times are wall clock, median of seven.
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from rich.console import Console
from rich.table import Table as Shown

from marsad.base.periods import following
from marsad.base.settings import Settings
from marsad.flow.recompute import Recomputer, sampled
from marsad.flow.release import spanned
from marsad.flow.steps import Flow
from marsad.lake import mart, mart_tables
from marsad.products.disclosure.suppression import Relation, Table, bounds, complete
from marsad.publish.read.cube import CubeQuery, Filter, statement

Row = tuple[str, str, str, str]  # what, here, peer in the same run, bar
QUARTERS = following("2007-Q1", 72)
VINTAGES = [dt.datetime(2024 + m // 12, m % 12 + 1, 1, tzinfo=dt.UTC) for m in range(20)]
DAY = dt.datetime(2025, 2, 3, tzinfo=dt.UTC)


def _median(work: Callable[[], Any], times: int = 7) -> tuple[float, Any]:
    result, took = work(), []
    for _ in range(times):
        begin = time.perf_counter()
        result = work()
        took.append(time.perf_counter() - begin)
    return statistics.median(took), result


def _versions() -> pa.Table:
    """Every version of the cube: table out_values of the mart."""
    dice, n = np.random.default_rng(5), 14_040 * len(QUARTERS)
    series = np.repeat(np.arange(14_040), len(QUARTERS))
    columns = [(np.arange(n), np.zeros(n, int), np.full(n, -1))]
    for v in range(1, len(VINTAGES)):
        revised = np.sort(dice.choice(n, n // 20, replace=False))
        columns[0][2][revised] = np.where(columns[0][2][revised] < 0, v, columns[0][2][revised])
        columns.append((revised, np.full(len(revised), v), np.full(len(revised), -1)))
    rows, first, to = (np.concatenate(part) for part in zip(*columns))
    order = np.lexsort((first, rows))
    rows, first, to = rows[order], first[order], to[order]
    same = rows[1:] == rows[:-1]
    to = np.where(np.append(same, False), np.append(first[1:], -1), -1)
    s, q = series[rows], rows % len(QUARTERS)

    def coded(prefix: str, code: np.ndarray) -> pa.Array:
        return pa.array([f"{prefix}{i:03d}" for i in range(int(code.max()) + 1)]).take(
            pa.array(code)
        )

    stamps = pa.array(VINTAGES, pa.timestamp("us", tz="UTC"))
    made: dict[str, Any] = {
        "freq": pa.array(["Q"]).take(pa.array(np.zeros(len(rows), int))),
        "area": coded("A", s // 216),
        "indicator": coded("I", np.zeros(len(rows), int)),
        "survey": coded("S", np.zeros(len(rows), int)),
        "sex": coded("X", s // 72 % 3),
        "age": coded("G", s // 12 % 6),
        "urbanisation": coded("U", s // 4 % 3),
        "education": coded("E", s % 4),
        "occupation": coded("O", np.zeros(len(rows), int)),
        "category": coded("C", np.zeros(len(rows), int)),
        "adjustment": coded("N", np.zeros(len(rows), int)),
        "period": pa.array(QUARTERS).take(pa.array(q)),
        "value": dice.normal(50, 10, len(rows)).round(2),
        "lower": dice.normal(48, 10, len(rows)).round(2),
        "upper": dice.normal(52, 10, len(rows)).round(2),
        "n": dice.integers(30, 3000, len(rows)),
        "synthetic": np.ones(len(rows), bool),
        "valid_from": stamps.take(pa.array(first)),
        "valid_to": stamps.take(pa.array(np.where(to < 0, 0, to), mask=to < 0)),
        "recorded_at": stamps.take(pa.array(first)),
    }
    for name in mart_tables.mart_tables()["out_values"].enumerated:
        if name not in made:
            made[name] = coded(name[:1], np.zeros(len(rows), int))
    return spanned(pa.table(made))


def as_of() -> Iterator[Row]:
    """A whole dataflow and one series as known on a day."""
    table = _versions()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / mart.NAME
        mart.build(
            path,
            {"out_values": table},
            {},
            {"out_values": mart_tables.mart_tables()["out_values"].enumerated},
        )
        store = mart.Mart(path)
        whole = CubeQuery((Filter("indicator", "eq", ("I000",)),), as_of=DAY)
        took, given = _median(lambda: store.arrow(*statement(whole)))
        frame = table.select(["area", "period", "value", "valid_from", "valid_to"]).to_pandas()
        day = pd.Timestamp(DAY)

        def masked() -> pd.DataFrame:
            open_then = frame.valid_to.isna() | (frame.valid_to > day)
            return frame[(frame.valid_from <= day) & open_then]

        peer, _ = _median(masked, 3)
        yield (
            f"as of a day, {given.num_rows:,} of {table.num_rows:,} versions, all "
            f"{given.num_columns} columns",
            f"{1000 * took:.0f} ms",
            f"pandas mask, 5 columns: {1000 * peer:.0f} ms",
            "50 ms",
        )
        key = zip(
            ("area", "sex", "age", "urbanisation", "education"),
            ("A020", "X001", "G003", "U002", "E001"),
        )
        where = tuple(Filter(name, "eq", (code,)) for name, code in key)
        for case, query in (
            ("as of a day, one series", CubeQuery(where, as_of=DAY)),
            ("history of one series", CubeQuery(where, history=True)),
        ):
            took, given = _median(lambda query=query: store.arrow(*statement(query)))
            yield f"{case}, {given.num_rows} rows", f"{1000 * took:.1f} ms", "", "15 ms"
        store.close()


def _table(
    dice: np.random.Generator, rows: int, columns: int, n: int
) -> tuple[Table, pd.DataFrame]:
    """A two-way table of chance with its margins, and its records."""
    a = dice.choice(rows, n, p=np.arange(1, rows + 1) / (rows * (rows + 1) / 2))
    b = dice.choice(columns, n, p=np.arange(columns, 0, -1) / (columns * (columns + 1) / 2))
    full = np.zeros((rows + 1, columns + 1), int)
    np.add.at(full, (a + 1, b + 1), 1)
    full[1:, 0], full[0, 1:] = full[1:, 1:].sum(1), full[1:, 1:].sum(0)
    full[0, 0] = n
    place = np.arange(full.size).reshape(full.shape)
    lines = [Relation(int(r[0]), tuple(map(int, r[1:]))) for r in (*place, *place.T)]
    records = pd.DataFrame(
        {"a": [f"A{i:02d}" for i in a], "b": [f"B{i:02d}" for i in b], "one": 1.0}
    )
    return Table([int(c) for c in full.ravel()], lines), records


def _bad(table: Table, hidden: set[int], minimum: int = 3) -> tuple[int, int]:
    """Sensitive cells without their room, and hidden cells that can be worked out exactly."""
    intervals = bounds(table, hidden)
    sensitive = [i for i in hidden if 0 < table.counts[i] < minimum]
    low = sum(
        intervals[i][0] > table.counts[i] - 1 + 1e-6 or intervals[i][1] < minimum - 1e-6
        for i in sensitive
    )
    return low, sum(intervals[i][1] - intervals[i][0] < 1e-6 for i in sensitive)


def suppression() -> Iterator[Row]:
    """Chance tables: cells suppressed, under-protected and recovered, here and by tau-Argus."""
    from pytauargus import protect

    ours, theirs = np.zeros(4), np.zeros(4)
    tables, took, peer = (4 if "quick" in sys.argv else 20), 0.0, 0.0
    for seed in range(tables):
        table, records = _table(np.random.default_rng(seed), 20, 12, 1500)
        sensitive = {i for i, n in enumerate(table.counts) if 0 < n < 3}
        begin = time.perf_counter()
        more = complete(table, sensitive, 3)
        took += time.perf_counter() - begin
        ours += [len(sensitive), len(more), *_bad(table, sensitive | more)]
        begin = time.perf_counter()
        answer = protect(
            records, ["a", "b"], response="one", safety_rules="FREQ(3,30)", suppress="OPT(1)"
        )
        peer += time.perf_counter() - begin
        frame = answer.tables[0].dataframe()
        codes = {name: i for i, name in enumerate(["Total", *sorted(set(records.a))])}
        across = {name: i for i, name in enumerate(["Total", *sorted(set(records.b))])}
        gone = {
            codes[row.a] * 13 + across[row.b]
            for row in frame.itertuples()
            if row.status != "S" and row.freq > 0 and len(codes) == 21 and len(across) == 13
        }
        theirs += [len(sensitive), len(gone - sensitive), *_bad(table, gone | sensitive)]
    yield (
        f"{tables} tables of 273 cells: {ours[0]:.0f} small, more suppressed",
        f"{ours[1]:.0f} in {took:.1f} s",
        f"tau-Argus OPT {theirs[1]:.0f} in {peer:.1f} s",
        "-",
    )
    yield (
        "  under-protected / worked out exactly",
        f"{ours[2]:.0f} / {ours[3]:.0f}",
        (f"tau-Argus {theirs[2]:.0f} / {theirs[3]:.0f}"),
        "0 / 0",
    )


def recomputed() -> Iterator[Row]:
    """Numbers of the embedded release computed again from their pinned inputs."""
    with tempfile.TemporaryDirectory() as folder:
        flow = Flow(Settings(home=Path(folder), workers=2))
        flow.run()
        again = Recomputer(flow.lake, flow.control)
        rows = [row for each in sampled(flow.lake, 40).values() for row in each]
        begin = time.perf_counter()
        equal = sum(again(row).equal for row in rows)
        took = time.perf_counter() - begin
        indicators = len({row["indicator"] for row in rows})
        yield (
            f"recompute, {len(rows)} numbers of {indicators} indicators",
            f"{equal} equal in {took:.0f} s",
            "",
            "100 % of 300",
        )


PARTS = (as_of, suppression, recomputed)


def main() -> None:
    shown = Shown("what", "here", "peer, same run", "bar")
    for part in PARTS:
        for row in part():
            shown.add_row(*row)
    Console(width=150).print(shown)


if __name__ == "__main__":
    main()
