"""Share of ads with something to check in them, by kind, region and occupation group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from marsad.base.codes import codelist
from marsad.base.records import Row
from marsad.products.statistics.intervals import wilson
from marsad.products.tabular import (
    SYNTHETIC,
    Tables,
    areas_of,
    coded_groups,
    counts,
    reference_days,
    year_status,
)


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, year, area, group and kind of which an ad of that year bears the flag; an
    undated ad counts in no year."""
    observed_to = reference_days(tables)
    whole: Counter[tuple[str, str, str, str]] = Counter()
    flagged: Counter[tuple[str, str, str, str, str]] = Counter()
    kinds = codelist("integrity_flag")
    for row in counts(tables["core_ad_flags"], "survey", "year", "region", "occupation", "flags"):
        for area, group in product(areas_of(row["region"]), coded_groups(row["occupation"])):
            cell = (row["survey"], str(row["year"]), area, group)
            whole[cell] += row["n"]
            for flag in row["flags"].split():
                if flag in kinds:
                    flagged[*cell, flag] += row["n"]
    for (survey, year, area, group, flag), part in flagged.items():
        n = whole[survey, year, area, group]
        low, high = wilson(part, n)
        yield {
            "survey": survey,
            "period": year,
            "area": area,
            "occupation": group,
            "category": flag,
            "value": 100 * part / n,
            "lower": low,
            "upper": high,
            "part": part,
            "n": n,
            "obs_status": year_status(observed_to.get(survey), year),
            "synthetic": survey == SYNTHETIC,
        }
