"""Series of official values, as statistics need them: consecutive periods, gaps as NaN."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np
import pyarrow as pa

from marsad.base.periods import following, start
from marsad.base.records import Row
from marsad.products.statistics.seasonal import Declined, Model, fix_model
from marsad.products.statistics.x13 import Series
from marsad.products.tabular import official
from marsad.products.vintages import SUPERSEDED

KEY = ("freq", "survey", "area", "sex", "age", "urbanisation", "education", "category")
_PER_YEAR = {"A": 1, "Q": 4, "M": 12}


@dataclass(frozen=True, slots=True)
class Line:
    """One series: its key, consecutive periods, values (NaN where missing), and the last source."""

    key: dict[str, str]
    periods: tuple[str, ...]
    values: np.ndarray
    unit: str
    source: str

    @property
    def season(self) -> int:
        """Periods in a year."""
        return _PER_YEAR[self.key["freq"]]

    def since(self, first: str) -> Line:
        """The series from a period on."""
        begin = next((i for i, p in enumerate(self.periods) if p >= first), len(self.periods))
        return replace(self, periods=self.periods[begin:], values=self.values[begin:])

    @property
    def series(self) -> Series:
        """The same for X-13."""
        return Series(self.values, self.periods[0])


def lines(observations: pa.Table, indicator: str, freq: str) -> Iterator[Line]:
    """The series of an indicator of one frequency, as known now: one for each key, by key."""
    rows_by_key: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    for row in official(observations, indicator, freq=freq):
        if row["vintage"] not in SUPERSEDED and row["value"] is not None:
            rows_by_key[tuple(row[name] for name in KEY)][row["period"]] = row
    for key, rows in sorted(rows_by_key.items()):
        first, last = min(rows), max(rows)
        days = (start(last) - start(first)).days
        every = following(first, round(days * _PER_YEAR[freq] / 365.25) + 1)
        values = [rows[p]["value"] if p in rows else np.nan for p in every]
        newest = rows[last]
        yield Line(
            dict(zip(KEY, key)), tuple(every), np.array(values), newest["unit"], newest["source"]
        )


PANDEMIC = "2020-04-01"
"""The first day of the quarter, and month, in which the pandemic moved every level."""


def fixed(line: Line, indicator: str, year: str, breaks: Collection[str] = ()) -> Row:
    """A row of core_models: the model chosen for a series, or why it is left alone; the level may
    shift at the survey's breaks and in the pandemic."""
    days = {PANDEMIC, *(start(period).isoformat() for period in breaks)}
    shifts = [period for period in line.periods if start(period).isoformat() in days]
    model = fix_model(line.series, trading_days=False, shifts=shifts)
    declined = isinstance(model, Declined)
    return {
        **line.key,
        "indicator": indicator,
        "year": year,
        "model": "" if declined else msgspec.json.encode(model).decode(),
        "reason": model.reason if isinstance(model, Declined) else "",
    }


def new_models(
    observations: pa.Table,
    models: pa.Table,
    indicator: str,
    year: str,
    breaks: Sequence[Row] = (),
) -> list[Row]:
    """Rows of core_models for the series of an indicator that have no model of that year yet;
    `breaks` are rows of core_breaks."""
    own = [b for b in breaks if b["indicator"] in ("*", indicator)]
    modelled = {
        tuple(row[name] for name in KEY)
        for row in models.to_pylist()
        if row["indicator"] == indicator and row["year"] == year
    }
    return [
        fixed(
            line, indicator, year, [b["period"] for b in own if b["survey"] == line.key["survey"]]
        )
        for freq in ("Q", "M")
        for line in lines(observations, indicator, freq)
        if tuple(line.key[name] for name in KEY) not in modelled
    ]


def model_of(models: pa.Table, indicator: str) -> dict[tuple[str, ...], Model | Declined]:
    """Key -> the newest model of each series of an indicator."""
    models_by_key: dict[tuple[str, ...], Model | Declined] = {}
    for row in sorted(models.to_pylist(), key=lambda row: str(row["year"])):
        if row["indicator"] == indicator:
            key = tuple(row[name] for name in KEY)
            models_by_key[key] = (
                msgspec.json.decode(row["model"], type=Model)
                if row["model"]
                else Declined(row["reason"])
            )
    return models_by_key
