"""Where quarterly unemployment is heading: the quarter that the year already pins down, and up to four
quarters ahead, with intervals; nothing across a break of the survey."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from marsad.base.periods import following
from marsad.base.records import Row
from marsad.products.series import KEY, Line, lines
from marsad.products.statistics.forecast import outlook
from marsad.products.statistics.intervals import student
from marsad.products.statistics.seasonal import Declined
from marsad.products.tabular import Tables, rows

INDICATOR = "unemployment_rate"
AHEAD, YEARS = 4, 20
FEWEST_YEARS = 3
ROUNDED = 0.25
"""Half-width (95 %) of a quarter drawn from figures that are rounded to 0.1: 4 * year - 3 quarters."""


def compute(tables: Tables) -> Iterator[Row]:
    """For each series the quarter that its year and three quarters imply (E), then forecasts (F) of
    the quarters after it, up to the next break of the survey; none for a series that is short or has
    a gap in the last twenty years."""
    observations = tables["core_observations"]
    years = {_name(line): line for line in lines(observations, INDICATOR, "A")}
    breaks = _breaks(tables)
    whole = {period for line in years.values() for period in line.periods}
    for line in lines(observations, INDICATOR, "Q"):
        known, implied = _completed(line, years.get(_name(line)))
        if implied:
            yield implied
        last = str(implied["period"]) if implied else line.periods[-1]
        ahead = _before(breaks.get(line.key["survey"], ()), last)
        if ahead and ahead[0][:4] not in whole:  # else that quarter is past, and known elsewhere
            yield from _forecast(line, known, last, ahead)


def _name(line: Line) -> tuple[str, ...]:
    return tuple(line.key[name] for name in KEY if name != "freq")


def _breaks(tables: Tables) -> dict[str, list[str]]:
    """Survey -> the periods in which another definition of unemployment begins."""
    by_survey: dict[str, list[str]] = {}
    for row in rows(tables["core_breaks"], ("survey", "period", "indicator")):
        if row["indicator"] in ("*", INDICATOR):
            by_survey.setdefault(row["survey"], []).append(row["period"])
    return by_survey


def _before(breaks: Sequence[str], last: str) -> list[str]:
    """The quarters after `last`, up to the next break."""
    edge = min((b for b in breaks if b > last), default="9999")
    return [period for period in following(last, AHEAD + 1)[1:] if period < edge]


def _completed(line: Line, year: Line | None) -> tuple[np.ndarray, Row | None]:
    """The values with the fourth quarter that a published year and its three quarters imply, and the
    row of that quarter. Its interval is the spread of that identity over the years that are known
    whole, never narrower than rounding allows."""
    last = line.periods[-1]
    if year is None or not last.endswith("-Q3") or last[:4] not in year.periods:
        return line.values, None
    annual: Mapping[str, float] = dict(zip(year.periods, year.values))
    three = line.values[-3:]
    if np.isnan(three).any() or np.isnan(annual[last[:4]]):
        return line.values, None
    value = 4 * annual[last[:4]] - float(three.sum())
    errors = _identity_errors(line, annual)
    if len(errors) < FEWEST_YEARS:
        return line.values, None
    spread = float(np.sqrt(np.mean(np.square(errors))))
    half = max(ROUNDED, student(len(errors)) * spread)
    row = {
        **line.key,
        "period": f"{last[:4]}-Q4",
        "value": round(value, 1),
        "lower": value - half,
        "upper": value + half,
        "unit": line.unit,
        "obs_status": "E",
        "reliability": "C",
        "source": line.source,
        "note": f"4 x {annual[last[:4]]:.1f} (year) less three quarters; the same identity over"
        f" {len(errors)} years was off by {np.mean(np.abs(errors)):.2f} points on average",
    }
    return np.append(line.values, value), row


def _identity_errors(line: Line, annual: Mapping[str, float]) -> list[float]:
    """What the identity missed in the last years that are known whole."""
    quarters = dict(zip(line.periods, line.values))
    errors = []
    for year, mean in annual.items():
        four = [quarters.get(f"{year}-Q{i}", np.nan) for i in range(1, 5)]
        if np.isfinite([mean, *four]).all():
            errors.append(4 * mean - sum(four))
    return errors[-10:]


def _forecast(line: Line, known: np.ndarray, last: str, ahead: Sequence[str]) -> Iterator[Row]:
    recent = known[-YEARS * line.season :]
    if np.isnan(recent).any():
        return
    forecast = outlook(recent, line.season, len(ahead))
    if isinstance(forecast, Declined):
        return
    for i, period in enumerate(ahead):
        yield {
            **line.key,
            "period": period,
            "value": float(forecast.value[i]),
            "lower": float(forecast.lower[95][i]),
            "upper": float(forecast.upper[95][i]),
            "unit": line.unit,
            "obs_status": "F",
            "reliability": "C",
            "source": line.source,
            "note": f"80 %: {forecast.lower[80][i]:.1f} - {forecast.upper[80][i]:.1f};"
            f" known to {last}",
        }
