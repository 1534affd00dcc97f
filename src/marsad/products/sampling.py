"""Sampling errors that the producer of a survey does not publish, reckoned from its design (`sampling.yml`).

A cell is taken to hold its share of the sample by the people that the census of 2024 counts in it (the
population of 15 and over, the labour force or the employed, as the base of the rate is), and the variance to be
the design effect times that of a simple sample. HCP spreads its sample over regions by a plan of its own, so the
bounds of a small region are rather too wide, those of a large one too narrow. Groups that the census at hand
does not count (ages, diplomas) get none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec

from marsad.base.areas import at_level, members
from marsad.base.codes import TOTAL
from marsad.base.declare import load_declaration
from marsad.base.periods import frequency
from marsad.base.records import Row
from marsad.products.statistics.intervals import wilson
from marsad.products.tabular import CENSUS, Tables, rows

_PER_YEAR = {"A": 1, "Q": 4}
_ADULTS = "population_15_plus"


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Households interviewed in a year, from a year on; None where it is not known."""

    since: int
    households: int | None
    note: str


class Design(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The samples of each survey, and what turns households into an effective number of people."""

    surveys: dict[str, tuple[Sample, ...]]
    adults_per_household: float
    design_effect: float

    def people(self, survey: str, period: str) -> float:
        """The people of 15 and over that an equally precise simple sample would have; 0 where not known."""
        fits = [s for s in self.surveys.get(survey, ()) if s.since <= int(period[:4])]
        if not fits or not fits[-1].households or frequency(period) not in _PER_YEAR:
            return 0.0
        interviewed = fits[-1].households / _PER_YEAR[frequency(period)] * self.adults_per_household
        return interviewed / self.design_effect


@cache
def design() -> Design:
    """The declaration `sampling.yml`."""
    return load_declaration(Path(__file__).with_suffix(".yml"), Design)


def with_sampling_error(values: Iterable[Row], tables: Tables, base: str) -> Iterator[Row]:
    """Rates in percent, those of sample surveys with bounds at 95 % where their cell is counted in the census;
    `base` is the count of the people on whom the rate rests."""
    counts = _counts(tables, base)
    adults = _counts(tables, _ADULTS).get(("MA", TOTAL, TOTAL), 0.0)
    for row in values:
        cell = counts.get((row["area"], row["sex"], row["urbanisation"]), 0.0)
        whole = row["education"] == TOTAL and row["age"] == "Y_GE15" and row["category"] == TOTAL
        n = design().people(row["survey"], row["period"]) * cell / adults if adults and whole else 0
        if n < 1 or row["value"] is None or row.get("lower") is not None:
            yield row
            continue
        low, high = wilson(row["value"] / 100 * n, n)
        yield {**row, "lower": low, "upper": high}


def _counts(tables: Tables, indicator: str) -> dict[tuple[str, str, str], float]:
    """(area, sex, urbanisation) -> people of the census, with the sums of groups of regions."""
    columns = ["area", "sex", "urbanisation", "value"]
    held = rows(
        tables["core_observations"], columns, indicator=indicator, survey=CENSUS, education=TOTAL,
        category=TOTAL,
    )  # fmt: skip
    counts = {
        (row["area"], row["sex"], row["urbanisation"]): float(row["value"])
        for row in held
        if row["value"] is not None
    }
    for group in at_level("region_group"):
        for sex, urbanisation in {(s, u) for _, s, u in counts}:
            parts = [counts.get((member, sex, urbanisation)) for member in members(group.code)]
            if all(part is not None for part in parts):
                counts[group.code, sex, urbanisation] = sum(p for p in parts if p is not None)
    return counts
