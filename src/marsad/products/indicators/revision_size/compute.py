"""How much official figures were revised between their first release and what is known now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.series import KEY
from marsad.products.statistics.revisions import by_series
from marsad.products.tabular import Tables, official
from marsad.products.vintages import SUPERSEDED, UNDATED, published

INDICATOR = "unemployment_rate"


def compute(tables: Tables) -> Iterator[Row]:
    """Mean, mean absolute and largest revision of each series with three revised periods or more:
    of all of them, from the first to the last, and dated by the last."""
    rows_by_series: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in official(tables["core_observations"], INDICATOR):
        if row["value"] is not None:
            rows_by_series[tuple(row[name] for name in KEY)].append(row)
    revised = {
        "\x1f".join(key): [
            (row["period"], published(row["source_date"], UNDATED), row["value"])
            for row in rows
            if _revised(rows, row["period"])
        ]
        for key, rows in rows_by_series.items()
    }
    for name, measured in by_series({k: v for k, v in revised.items() if v}).items():
        if measured.n < 3:
            continue
        key = dict(zip(KEY, name.split("\x1f")))
        del key["category"]
        periods = sorted({period for period, _, _ in revised[name]})
        for measure in ("mean", "mean_absolute", "largest"):
            yield {
                **key,
                "period": periods[-1],
                "category": measure,
                "value": getattr(measured, measure),
                "n": measured.n,
                "note": f"{measured.n} periods, {periods[0]} to {periods[-1]};"
                f" the largest revision at {measured.largest_period}",
            }


def _revised(rows: list[Row], period: str) -> bool:
    """Whether a period is known in a first release and in a later one."""
    names = {row["vintage"] for row in rows if row["period"] == period}
    return bool(names & set(SUPERSEDED)) and bool(names - set(SUPERSEDED))
