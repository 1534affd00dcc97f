"""Training places announced, by school year, broad field of ISCED-F and region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

from marsad.base.records import Row
from marsad.products.tabular import Tables, areas_of, rows

_COURSE = ("course_id", "isced_f", "region", "places", "year", "synthetic")


def compute(tables: Tables) -> Iterator[Row]:
    """One row for each survey, year, area and field; missing where no training says its places."""
    cells: dict[tuple[str, str, str, str], list[int | None]] = defaultdict(list)
    for course in rows(tables["core_courses"], _COURSE):
        if course["year"] is None:
            continue
        survey = "TRAININGS_SYNTHETIC" if course["synthetic"] else "TRAININGS"
        fields = ("_T", course["isced_f"][:2]) if course["isced_f"] else ("_T",)
        for area, field in product(areas_of(course["region"]), fields):
            cells[survey, str(course["year"]), area, field].append(course["places"])
    for (survey, year, area, field), places in cells.items():
        known = [p for p in places if p is not None]
        unknown = len(places) - len(known)
        yield {
            "survey": survey,
            "period": year,
            "area": area,
            "category": field,
            "value": float(sum(known)) if known else None,
            "obs_status": "A" if known else "M",
            "n": len(places),
            "note": f"{unknown} of {len(places)} trainings announce no places" if unknown else "",
            "synthetic": survey == "TRAININGS_SYNTHETIC",
        }
