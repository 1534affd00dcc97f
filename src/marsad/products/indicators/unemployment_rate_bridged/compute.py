"""Unemployment over the break of 2017: the old figures beside what they would have been on the survey
of 2017, measured on the overlap of 2016 where HCP published it, estimated by a model elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from marsad.base.errors import InputError
from marsad.base.periods import start
from marsad.base.records import Row
from marsad.products.series import KEY, Line, lines
from marsad.products.statistics.breaks import (
    FEWEST_AROUND,
    FEWEST_OVERLAP,
    Bridge,
    backcast,
    bridge_model,
    bridge_overlap,
)
from marsad.products.tabular import Tables, official

INDICATOR, BASIS = "unemployment_rate", "basis_2017"
BREAK, UNTIL, FROM = "2017", "2019", "2006"
"""The first year of the new survey, the last before the pandemic, which would mask it, and the
first of the survey before: nothing links it to 2005."""


def compute(tables: Tables) -> Iterator[Row]:
    """For each series that has an overlap, or stands long enough around the break, one row for each
    period before it as published and as carried, those of the overlap, and the size of the break."""
    table = tables["core_observations"]
    linked: dict[tuple[str, ...], dict[str, Row]] = {}
    for row in official(table, INDICATOR, category=BASIS):
        linked.setdefault(_name(row), {})[row["period"]] = row
    quarterly: dict[tuple[str, ...], Bridge] = {}
    for freq in ("Q", "A"):
        for line in lines(table, INDICATOR, freq):
            overlap = linked.get(_name(line.key), {})
            yield from _bridged(line.since(FROM), overlap, quarterly)


def _name(key: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(key[name] for name in KEY if name != "category")


def _bridged(
    line: Line, overlap: Mapping[str, Row], quarterly: dict[tuple[str, ...], Bridge]
) -> Iterator[Row]:
    """The rows of one series; `quarterly` collects the bridges of quarters by series, on whose error
    the link of the year, one number, leans."""
    first = f"{BREAK}-Q1" if line.key["freq"] == "Q" else BREAK
    if first not in line.periods:
        return
    at = line.periods.index(first)
    bridge = _measured(line, at, overlap, quarterly)
    if bridge is None and line.key["freq"] == "Q":
        bridge = _modelled(line, at)
    if bridge is not None:
        yield from _rows(line, at, overlap, bridge)


def _measured(
    line: Line, at: int, overlap: Mapping[str, Row], quarterly: dict[tuple[str, ...], Bridge]
) -> Bridge | None:
    new = np.array([overlap[p]["value"] if p in overlap else np.nan for p in line.periods[:at]])
    both = np.isfinite(new) & np.isfinite(line.values[:at])
    series = _name({**line.key, "freq": ""})
    if line.key["freq"] == "Q" and both.sum() >= FEWEST_OVERLAP:
        quarterly[series] = bridge_overlap(line.values[:at], new, "additive")
        return quarterly[series]
    quarters = quarterly.get(series)
    if quarters is None or both.sum() != 1:
        return None
    shift = float((new - line.values[:at])[both][0])
    return quarters.at(shift, n=1)


def _modelled(line: Line, at: int) -> Bridge | None:
    last = f"{UNTIL}-Q4"
    values = line.values[: line.periods.index(last) + 1] if last in line.periods else line.values
    if last not in line.periods or at < FEWEST_AROUND or np.isnan(values).any():
        return None
    try:
        return bridge_model(values, at, "additive", line.season)
    except InputError:  # too short, or no convergence: no bridge
        return None


def _rows(line: Line, at: int, overlap: Mapping[str, Row], bridge: Bridge) -> Iterator[Row]:
    old = line.values[:at]
    years = np.array(
        [(start(line.periods[at]) - start(p)).days / 365.25 for p in line.periods[:at]]
    )
    carried = backcast(old, np.full(at, np.nan), bridge, years=np.maximum(0.0, years - 1))
    same = {**line.key, "source": line.source, "reliability": "C"}
    yield {
        **same,
        "period": line.periods[at],
        "category": "shift",
        "value": bridge.shift,
        "lower": bridge.lower,
        "upper": bridge.upper,
        "unit": "PP",
        "obs_status": "E",
        "note": _words(line, bridge),
    }
    for i, period in enumerate(line.periods[:at]):
        cell = {**same, "period": period, "unit": line.unit}
        published = overlap.get(period)
        if published:
            yield {**published, "category": "overlap"}
            yield {**published, "category": "bridged", "note": "published by HCP on this basis"}
        if np.isfinite(old[i]):
            yield {**cell, "category": "as_published", "value": float(old[i]), "reliability": "U"}
        if np.isfinite(old[i]) and not published:
            yield {
                **cell,
                "category": "bridged",
                "value": float(carried.values[i]),
                "lower": float(carried.lower[i]),
                "upper": float(carried.upper[i]),
                "obs_status": "E",
            }


def _words(line: Line, bridge: Bridge) -> str:
    if bridge.basis == "overlap":
        return f"mean difference of {bridge.n} periods of 2016 that HCP published on both bases"
    return f"level shift in a model of {bridge.n} quarters, {line.periods[0]} to {UNTIL}-Q4"
