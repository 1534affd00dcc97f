"""Unemployment by province and year: the survey's own rate, strengthened by what the census tells of the province."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from marsad.base.areas import at_level, region_of
from marsad.base.errors import InputError
from marsad.base.records import Row
from marsad.products.moves import moves, provinces, variances
from marsad.products.statistics.intervals import Z
from marsad.products.statistics.small_area import benchmark, fay_herriot
from marsad.products.tabular import Tables, census, official
from marsad.products.vintages import SUPERSEDED

_WHOLE = {
    "freq": "A",
    "survey": "ENE",
    "sex": "_T",
    "age": "Y_GE15",
    "urbanisation": "_T",
    "education": "_T",
}


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each province with a published rate, for each year in which enough have one: the empirical best
    linear unbiased predictor (Fay and Herriot 1979, `statistics/small_area.py`) with the census rate, brought to the published rate of its region."""
    series = provinces(tables)
    moved, covariates = moves(series), _covariates(tables)
    force, regions = census(tables, "active_persons"), _regions(tables)
    for year in sorted({year for rows in series.values() for year in rows}):
        known = variances(moved, max(year, min((y for _, y in moved), default=year)))
        codes = [a for a in series if year in series[a] and a in known and a in covariates]
        y = np.array([series[code][year]["value"] for code in codes])
        variance = np.array([known[code][0] for code in codes])
        try:
            model = fay_herriot(y, np.array([covariates[code] for code in codes]), variance)
        except (InputError, IndexError):  # too few provinces of that year
            continue
        estimate, mse = model.estimate, model.mse
        for region in {region_of(code) or "" for code in codes}:
            every = [a.code for a in at_level("province") if region_of(a.code) == region]
            at = [codes.index(code) for code in every if code in codes]
            if (region, year) in regions and len(at) == len(every) and force.keys() >= set(every):
                weight = np.array([force[codes[i]] for i in at])
                total = regions[region, year] * float(weight.sum())
                estimate[at], mse[at] = benchmark(estimate[at], weight, total, mse[at])
        for i, code in enumerate(codes):
            value, half = float(estimate[i]), Z * float(np.sqrt(mse[i]))
            yield {
                **series[code][year],
                "value": value, "lower": max(0.0, value - half), "upper": value + half,
                "obs_status": "E", "reliability": "C", "verification": "",
                "note": f"published {y[i]:.1f} (error {variance[i] ** 0.5:.1f}); its weight {model.gamma[i]:.2f}",
            }  # fmt: skip


def _covariates(tables: Tables) -> dict[str, tuple[float, ...]]:
    """Area -> 1 and its census rate."""
    return {area: (1.0, rate) for area, rate in census(tables, "unemployment_rate").items()}


def _regions(tables: Tables) -> dict[tuple[str, int], float]:
    """(region, year) -> its published rate."""
    return {
        (row["area"], int(row["period"])): row["value"]
        for row in official(tables["core_observations"], "unemployment_rate", **_WHOLE)
        if row["value"] is not None and row["vintage"] not in SUPERSEDED
    }
