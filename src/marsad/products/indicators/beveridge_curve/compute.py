"""Points of the Beveridge curve: unemployment and open ads, both against the labour force, by quarter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from marsad.base.areas import COUNTRY
from marsad.base.records import Row
from marsad.products.statistics.tension import beveridge
from marsad.products.tabular import Tables, official
from marsad.products.vintages import SUPERSEDED

_MONTHS = 3
_WHOLE = {
    "survey": "ENE",
    "area": COUNTRY,
    "sex": "_T",
    "age": "Y_GE15",
    "urbanisation": "_T",
    "education": "_T",
}


def compute(tables: Tables) -> Iterator[Row]:
    """Two rows for each quarter whose rate the survey tells and at whose three month ends boards were read;
    none from synthetic ads: set against real unemployment they would say something false."""
    rates = _newest(tables, "unemployment_rate", freq="Q")
    force = _newest(tables, "active_persons", freq="A")
    for quarter, stocks in _quarters(tables).items():
        year = max((y for y in force if y <= quarter[:4]), default="")
        if quarter not in rates or not year or len(stocks) < _MONTHS:
            continue
        active = np.array([force[year]])
        unemployed, vacancies = beveridge(
            np.array([sum(stocks.values()) / _MONTHS]), active * rates[quarter] / 100, active
        )
        note = f"mean of {_MONTHS} month ends over {force[year]:.0f} active persons ({year})"
        for category, value in (("unemployment", unemployed), ("vacancies", vacancies)):
            yield {
                "survey": "ADS", "period": quarter, "area": COUNTRY, "category": category,
                "value": float(value[0]), "n": round(sum(stocks.values())), "obs_status": "E", "note": note,
            }  # fmt: skip


def _newest(tables: Tables, indicator: str, freq: str) -> dict[str, float]:
    """Period -> the survey's value for the country, without first releases that were revised."""
    return {
        row["period"]: row["value"]
        for row in official(tables["core_observations"], indicator, freq=freq, **_WHOLE)
        if row["value"] is not None and row["vintage"] not in SUPERSEDED
    }


def _quarters(tables: Tables) -> dict[str, dict[int, int]]:
    """Quarter -> month -> openings that were open at its end."""
    quarters: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in tables["core_ad_stocks"].to_pylist():
        if row["survey"] == "ADS":
            day = row["open_on"]
            quarters[f"{day.year}-Q{(day.month + 2) // 3}"][day.month] += row["n"]
    return quarters
