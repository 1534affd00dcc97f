"""Where invented records are placed: the provinces, weighted by the people who live there."""

from __future__ import annotations

from typing import NamedTuple

from marsad.base.areas import areas, at_level


class AreaSeed(NamedTuple):
    """A province to place invented records in; `weight` is any positive number."""

    province_code: str
    region_code: str
    name_fr: str
    name_ar: str
    weight: float


def provinces() -> list[AreaSeed]:
    """The 75 provinces and prefectures, weighted by their population of 2024."""
    return [
        AreaSeed(a.code, a.parent or "", a.name["fr"], a.name["ar"], float(a.population_2024 or 1))
        for a in at_level("province")
        if a.parent and areas()[a.parent].level == "region"
    ]
