"""The interval of a count of ads: what was measured of the coder and of duplicates, joined.

The cards say how often a major group of ISCO-08 is right and how well duplicates are found, each on
so many real ads; `statistics.uncertainty` draws those errors and the chance of the count itself.
Which wrong group an ad falls into is not published by group, so the wrong ones are spread evenly.
The share of hiring that ads can see is not in the interval: no measure of it exists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
import pyarrow as pa

from marsad.base.codes import TOTAL
from marsad.base.records import Row
from marsad.products.statistics.uncertainty import Errors, Rate, bounds
from marsad.products.tabular import Tables, rows, survey_of

GROUPS = 10
_CODING, _PAIRS = "major group", "same opening"


def _rates(tables: Tables) -> tuple[Rate, Rate, Rate] | None:
    """Of the cards: major groups right of those answered, duplicates' precision and recall."""
    rates_by_name: dict[str, list[Rate]] = defaultdict(list)
    for card in rows(tables["core_cards"], ("classifier", "data", "n", "accuracy", "answered")):
        tried = round(card["n"] * card["answered"])
        rate = Rate(round(tried * card["accuracy"]), tried)
        if card["classifier"] == "isco08" and _CODING in card["data"]:
            rates_by_name["coding"].append(rate)
        if card["classifier"] == "dedup" and _PAIRS in card["data"]:
            rates_by_name[card["data"].rsplit(" ", 1)[-1]].append(rate)
    if not all(rates_by_name[name] for name in ("coding", "precision", "recall")):
        return None
    joined = (rates_by_name["coding"], rates_by_name["precision"], rates_by_name["recall"])
    return tuple(  # type: ignore[return-value]
        Rate(sum(r.hits for r in rates), sum(r.tried for r in rates)) for rates in joined
    )


def _confusion(coding: Rate) -> np.ndarray:
    """The gold sample by true and by given code, for one major group against the nine others, as if
    each had its part of the sample and of the errors."""
    right, per_group = coding.hits / coding.tried, coding.tried / GROUPS
    others = GROUPS - 1
    return per_group * np.array([[right, 1 - right], [1 - right, others - (1 - right)]])


def _removed(ads: pa.Table) -> dict[str, float]:
    """The share of ads that were folded into another, by survey: what is synthetic bears on no real
    figure."""
    folded: dict[str, list[bool]] = defaultdict(list)
    for ad in ads.select(["confidentiality", "synthetic", "is_canonical"]).to_pylist():
        folded[survey_of(ad)].append(not ad["is_canonical"])
    return {survey: sum(every) / len(every) for survey, every in folded.items()}


def with_interval(counted: Iterable[Row], tables: Tables) -> Iterator[Row]:
    """Rows of counts of ads (or of counts over a known number) with the bounds of each at 95 % (as they are where nothing was
    measured): the interval of the corrected count, moved so as to hold the count itself.

    The bounds of a count depend on nothing but that count and the cards: on other counts, perhaps
    suppressed ones, they would tell them.
    """
    rates = _rates(tables)
    if rates is None:
        yield from counted
        return
    coding, precision, recall = rates
    removed = _removed(tables["core_ads"])
    matrices = {True: np.array([[float(coding.tried)]]), False: _confusion(coding)}

    @cache
    def spread(survey: str, n: int, total: bool) -> tuple[float, float]:
        errors = Errors(matrices[total], precision, recall, removed.get(survey, 0.0))
        counts = np.array([n] if total else [n, n * (GROUPS - 1)], dtype=float)
        middle, low, high = (float(part[0]) for part in bounds(counts, errors))
        return max(middle - low, 0.0), max(high - middle, 0.0)

    for row in counted:
        below, above = spread(row["survey"], row["n"], row.get("occupation", TOTAL) == TOTAL)
        unit_value = (
            row["value"] / row["n"] if row["n"] else 1.0
        )  # 1, or what a count is divided by
        lower = max(0.0, row["value"] - unit_value * below)
        yield {**row, "lower": lower, "upper": row["value"] + unit_value * above}
