"""How far apart areas are, in round kilometres as the crow flies.

`centres.csv` holds the centre of each province (centroid of its outline, OpenStreetMap through
morocco-map, ODbL) and of each region (mean of its provinces' centres, weighted by the census of 2024).
A commune is taken to be at the centre of its province: a distance is «about», never a road.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from marsad.base.areas import above, areas

_EARTH_KM = 6371.0


@cache
def centres() -> Mapping[str, tuple[float, float]]:
    """Latitude and longitude of the centre of every region and province."""
    with Path(__file__).with_name("centres.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["area"]: (float(row["latitude"]), float(row["longitude"]))
            for row in csv.DictReader(file)
        }


def located(code: str) -> str:
    """The area itself or the nearest above it that has a centre; empty for the country and groups."""
    if code not in areas():
        return ""
    return next((c for c in (code, *above(code)) if c in centres()), "")


@lru_cache(maxsize=20_000)
def about_km(one: str, other: str) -> int | None:
    """Kilometres between the centres of two areas; 0 within one province, None where either has none."""
    here, there = located(one), located(other)
    if not here or not there:
        return None
    (a, x), (b, y) = (tuple(map(math.radians, centres()[code])) for code in (here, there))
    chord = math.sin((a - b) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin((x - y) / 2) ** 2
    return round(2 * _EARTH_KM * math.asin(math.sqrt(chord)))
