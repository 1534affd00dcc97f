"""How figures change after they are first published: the revision triangle and its summary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.base.errors import InputError

Array = NDArray[np.float64]
_FEWEST = 8  # revisions under which no test is made


@dataclass(frozen=True)
class Triangle:
    """values[i, j] is period i as published at vintage j, NaN before its first publication."""

    periods: tuple[str, ...]
    vintages: tuple[dt.datetime, ...]
    values: Array


@dataclass(frozen=True)
class Revisions:
    """Of n periods, later less earlier, in the unit of the series.

    `relative` is the mean absolute revision over the mean absolute later value; `p` tests a mean
    revision of 0 (None under 8 periods, or when all revisions are equal).
    """

    n: int
    mean: float
    mean_absolute: float
    largest: float  # signed, of largest size
    largest_period: str
    relative: float
    error: float | None
    p: float | None


def triangle(rows: Iterable[tuple[str, dt.datetime, float]]) -> Triangle:
    """The triangle of one series from rows (period, vintage time, value).

    A value holds until the next vintage that has the period. InputError when a period has two
    values at one time, or there is no row.
    """
    published: dict[tuple[str, dt.datetime], float] = {}
    for period, vintage, value in rows:
        if published.setdefault((period, vintage), value) != value:
            raise InputError(f"{period} has two values at {vintage.isoformat()}")
    if not published:
        raise InputError("a revision triangle needs at least one value")
    names = sorted({period for period, _ in published})
    times = sorted({vintage for _, vintage in published})
    values = np.full((len(names), len(times)), np.nan)
    for i, period in enumerate(names):
        for j, vintage in enumerate(times):
            before = values[i, j - 1] if j else np.nan
            values[i, j] = published.get((period, vintage), before)
    return Triangle(tuple(names), tuple(times), values)


def revisions(table: Triangle, later: int | None = None) -> Revisions:
    """First publication against the latest (or the `later`-th after the first: 1, 2, ...).

    Periods known in one vintage only, or not yet in `later` more, do not count: a figure that could not be
    revised yet is no figure that was not. Test: HAC t-test (Newey and West 1987), as in OECD
    (2008) and the ESS guidelines on revision policy. InputError when no period counts.
    """
    periods, first, last = [], [], []
    for period, row in zip(table.periods, table.values):
        known = row[np.isfinite(row)]
        place = len(known) - 1 if later is None else later
        if len(known) > place > 0:
            periods.append(period)
            first.append(known[0])
            last.append(known[place])
    if not periods:
        raise InputError("no period has a later vintage to compare")
    change = np.array(last) - np.array(first)
    worst = int(np.argmax(np.abs(change)))
    size = float(np.mean(np.abs(last)))
    absolute = float(np.mean(np.abs(change)))
    error, p = _hac(change)
    return Revisions(
        len(periods),
        float(change.mean()),
        absolute,
        float(change[worst]),
        periods[worst],
        absolute / size if size else float("nan"),
        error,
        p,
    )


def by_series(
    rows: Mapping[str, Iterable[tuple[str, dt.datetime, float]]], later: int | None = None
) -> dict[str, Revisions]:
    """`revisions` of every series by name; series never revised yet are left out."""
    revisions_by_name = {}
    for name, series_rows in rows.items():
        table = triangle(series_rows)
        if np.isfinite(table.values).sum(axis=1).max() > (later or 1):
            revisions_by_name[name] = revisions(table, later)
    return revisions_by_name


def _hac(change: Array) -> tuple[float | None, float | None]:
    """Newey-West standard error of the mean and two-sided p-value (Student, n - 1)."""
    from scipy.stats import t as student

    n = len(change)
    centred = change - change.mean()
    if n < _FEWEST or not np.any(np.abs(centred) > 0):
        return None, None
    lags = int(4 * (n / 100) ** (2 / 9))
    variance = float(centred @ centred) / n
    for k in range(1, lags + 1):
        variance += 2 * (1 - k / (lags + 1)) * float(centred[k:] @ centred[:-k]) / n
    error = (variance / (n - 1)) ** 0.5
    return error, float(2 * student.sf(abs(change.mean()) / error, n - 1))
