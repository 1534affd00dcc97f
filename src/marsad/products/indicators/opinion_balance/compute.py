"""Balance of opinion: the share of employers on the positive side of a question less that on the negative."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.reliability import by_units
from marsad.products.statistics.intervals import balance
from marsad.products.tabular import KEY, Tables, rows


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each question, period, region and sector, in points. A cell in which all took one side is
    confidential: it would tell what each of them answered."""
    observations = tables["core_observations"]
    sides = {
        name: {tuple(row[k] for k in KEY): round(row["value"]) for row in rows(observations, [*KEY, "value"], indicator=name)}
        for name in ("opinion_positive", "opinion_negative")
    }  # fmt: skip
    columns = [*KEY, "value", "source", "source_date", "synthetic"]
    for row in rows(observations, columns, indicator="opinion_answers"):
        key, n = tuple(row[k] for k in KEY), round(row["value"])
        if not n:
            continue
        positive, negative = (sides[name].get(key, 0) for name in sides)
        low, high = balance(positive, negative, n)
        one_side = n in (positive, negative, n - positive - negative)
        yield {
            **row,
            "value": 100 * (positive - negative) / n,
            "lower": low,
            "upper": high,
            "n": n,
            "part": n,  # that the gate may hide beside a small cell what would tell it
            "reliability": by_units(n),
            "conf_status": "C" if one_side else "F",
        }
