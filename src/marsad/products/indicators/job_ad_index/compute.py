"""The online job-ad index: new and open ads by month, on matched boards, weighted to employees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from marsad.base.errors import InputError
from marsad.base.records import Row
from marsad.products.boards import MEASURES, board_counts, boards_of, by_survey, whole_months
from marsad.products.statistics.index import Index, chained
from marsad.products.statistics.weights import rake
from marsad.products.tabular import SYNTHETIC, Tables, census, official

UNKNOWN = ""
_SECTORS = {
    "ind": "BCDE",
    "btp": "F",
    "serv": "GHIJKLMNOPQRSTU",
}
"""Broad sector of the labour-force survey -> sections of ISIC. Not farming: most of its work is on one's
own account or for the family, no share of it by employees is published, and its ads keep their own."""
_EMPLOYEES = ("private_sector", "public_sector")


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, whole month and measure; none where fewer than two months or no
    board in common link the series."""
    for survey, cells in by_survey(tables["core_ad_board_months"]):
        months = whole_months(cells)
        if len(months) < 2:
            continue
        n = cells["n"].to_numpy().astype(float)
        sectors = [_sector(isic) for isic in cells["isic"].to_pylist()]
        weights, effect = _weights(tables, cells["region"].to_pylist(), sectors, n)
        for measure in MEASURES:
            counts, whole = board_counts(cells, weights, months, measure)
            try:
                index = chained(counts, boards_of(cells), months, effect=effect)
            except InputError:
                continue
            yield from _rows(survey, months, measure, index, whole, effect)


def _sector(isic: str) -> str:
    return next((name for name, sections in _SECTORS.items() if isic and isic in sections), UNKNOWN)


def _weights(
    tables: Tables, regions: Sequence[str], sectors: Sequence[str], n: np.ndarray
) -> tuple[np.ndarray, float]:
    """A weight for each ad of cells (their regions, broad sectors and numbers of ads), raked to employees by
    region (census) and to employment by broad sector as far as both are known (an ad without a code keeps
    its share), and the design effect. Ads look for employees: own-account and family work, a third of all
    work and unevenly spread, is no target."""
    employees = _employees(tables)
    shares = {
        name: value for name in _SECTORS for value in _latest(tables, f"employment_share_{name}")
    }
    columns, margins = [], []
    for codes, known in (
        (regions, employees),
        (sectors, shares),
    ):
        known_codes = sorted({code for code in codes if code in known})
        if len(known_codes) < 2:
            continue
        place = {code: i for i, code in enumerate(known_codes)}
        column = np.array([place.get(code, len(known_codes)) for code in codes], dtype=np.int64)
        columns.append(column)
        outside = float(n[column == len(known_codes)].sum())
        size = np.array([known[code] for code in known_codes])
        coded = size / size.sum() * (n.sum() - outside)
        margins.append(np.append(coded, outside) if outside else coded)
    if not columns:
        return np.ones(len(n)), 1.0
    raked = rake(columns, margins, counts=n)
    return raked.weights, raked.design_effect


def _employees(tables: Tables) -> dict[str, float]:
    """Region -> employees of the 2024 census: the employed times the shares that work for others."""
    employed = {a: v for a, v in census(tables, "employed_persons").items() if a.count("-") == 1}
    shares: dict[str, float] = defaultdict(float)
    for category in _EMPLOYEES:
        for area, share in census(tables, "status_in_employment", category).items():
            shares[area] += share
    return {area: employed[area] * shares[area] / 100 for area in employed if area in shares}


def _latest(tables: Tables, indicator: str) -> Iterator[float]:
    """The newest national value of a share of the labour-force survey."""
    rows = [
        row
        for row in official(tables["core_observations"], indicator, survey="ENE", area="MA")
        if row["value"] is not None
    ]
    if rows:
        yield max(rows, key=lambda row: row["period"])["value"]


def _rows(
    survey: str,
    months: list[str],
    measure: str,
    index: Index,
    n: list[int],
    effect: float,
) -> Iterator[Row]:
    broken = defaultdict(list)
    for series_break in index.breaks:
        broken[series_break.period].append(f"{series_break.source} {series_break.kind}")
    for i, month in enumerate(months):
        note = f"{index.sources[i]} boards linked; design effect {effect:.2f}"
        yield {
            "survey": survey,
            "period": month,
            "area": "MA",
            "category": measure,
            "value": float(index.values[i]),
            "lower": float(index.lower[i]),
            "upper": float(index.upper[i]),
            "n": n[i],
            "obs_status": "B" if broken[month] else "A",
            "reliability": "C",
            "note": "; ".join([note, *broken[month]]),
            "synthetic": survey == SYNTHETIC,
        }
