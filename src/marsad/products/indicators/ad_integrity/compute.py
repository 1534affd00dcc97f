"""Share of ads with something to check in them, by kind, region and occupation group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from marsad.base.codes import codelist
from marsad.base.records import Row
from marsad.products.tabular import (
    Tables,
    areas_of,
    coded_groups,
    counts,
    reference_days,
    share_of,
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
        n, codes = whole[survey, year, area, group], {"area": area, "occupation": group}
        yield share_of(survey, year, part, n, observed_to.get(survey), **codes, category=flag)
