"""Small readings of declared tables that several indicators share; all pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.areas import COUNTRY
from marsad.base.codes import TOTAL, UNKNOWN
from marsad.base.periods import frequency
from marsad.base.records import Row
from marsad.products.reliability import GOOD, LOW, UNTOLD, by_units
from marsad.products.statistics.intervals import median, median_interval, poisson
from marsad.products.windows import (
    Windows,
    board_of,
    breaks,
    posting_windows,
    whole,
    within,
)

Tables = Mapping[str, pa.Table]


def rows(table: pa.Table, columns: Iterable[str], **equal: object) -> list[Row]:
    """The rows in which every named column equals the value given, with the columns wanted."""
    for name, value in equal.items():
        values = pa.array(list(value) if isinstance(value, (list, tuple, set)) else [value])
        table = table.filter(pc.is_in(table[name], values.cast(table.schema.field(name).type)))
    selected: list[Row] = table.select(list(columns)).to_pylist()
    return selected


OPEN = "open"
AD = [
    "ad_key",
    "isco08",
    "region",
    "language",
    "posted_on",
    "deadline_on",
    "last_seen_on",
    "first_seen_on",
    "source_id",
    "board",
    "confidentiality",
    "synthetic",
    "country",
    "is_canonical",
]


def survey_of(ad: Row) -> str:
    """What an ad is counted in, never together: ADS for public ads, ADS_SYNTHETIC for generated ones,
    ADS_REGISTER for those that only leave as protected counts."""
    if ad["confidentiality"] != OPEN:
        return "ADS_REGISTER"
    return "ADS_SYNTHETIC" if ad["synthetic"] else "ADS"


def openings(tables: Tables, more: Iterable[str] = ()) -> list[Row]:
    """Ads of Morocco, one for each opening (the canonical ad of its duplicates), with `survey` (see
    `survey_of`); `more` names columns wanted beside the usual ones."""
    ads = rows(tables["core_ads"], (*AD, *more), is_canonical=True, country="MA")
    return [{**ad, "survey": survey_of(ad)} for ad in ads]


def posted_in_windows(ads: Iterable[Row]) -> tuple[list[Row], dict[str, Windows]]:
    """The ads whose day of posting was observed (see `windows.posting_windows`), and the windows of each
    survey."""
    by_survey: dict[str, list[Row]] = {}
    for ad in ads:
        by_survey.setdefault(ad["survey"], []).append(ad)
    windows: dict[str, Windows] = {s: posting_windows(rows) for s, rows in by_survey.items()}
    dated = (ad for rows in by_survey.values() for ad in rows if ad["posted_on"] is not None)
    seen = [a for a in dated if within(a["posted_on"], windows[a["survey"]].get(board_of(a), ()))]
    return seen, windows


def status_of(windows: Windows, period: str) -> str:
    """A for a period that was observed whole, P (provisional) for one that was observed in part."""
    return "A" if whole(windows, period) else "P"


def broken_periods(
    windows: Mapping[str, Windows], published: Iterable[tuple[str, str]]
) -> set[tuple[str, str]]:
    """The (survey, period) of those published that may not be compared with the one before them, among
    periods of one frequency (see `windows.breaks`)."""
    series: dict[tuple[str, str], set[str]] = {}
    for survey, period in published:
        series.setdefault((survey, frequency(period)), set()).add(period)
    return {
        (survey, period)
        for (survey, _), periods in series.items()
        for period in breaks(windows.get(survey, {}), periods)
    }


def closed_on(ad: Row) -> dt.date | None:
    """The last day an ad was open: last seen, but not after its deadline."""
    days = [day for day in (ad["last_seen_on"], ad["deadline_on"]) if day is not None]
    return min(days) if days else None


def areas_of(region: str) -> tuple[str, ...]:
    """The areas in which an ad of a region counts: the country, and the region when it is known."""
    return (COUNTRY, region) if region else (COUNTRY,)


def major_groups(isco08: str) -> tuple[str, ...]:
    """The occupations in which a unit group counts: all, and its major group when it is coded."""
    return (TOTAL, isco08[0]) if isco08 else (TOTAL,)


def coded_groups(isco08: str) -> tuple[str, str]:
    """The occupations in which an ad is counted: all, and its major group or those without a code, so
    that the parts of a count add up to it."""
    return (TOTAL, isco08[0] if isco08 else UNKNOWN)


def counted(counts: Mapping[tuple[str, str, str, str], int]) -> Iterator[Row]:
    """Rows of counts of ads by (survey, period, area, occupation), with the chance of each."""
    for (survey, period, area, occupation), n in counts.items():
        yield with_chance(
            {
                "survey": survey,
                "period": period,
                "area": area,
                "occupation": occupation,
                "value": float(n),
                "n": n,
                "synthetic": survey == "ADS_SYNTHETIC",
            }
        )


def with_chance(row: Row) -> Row:
    """A row of a count of ads, or of one over a known number, with the bounds of its chance alone: what
    the process that brought `n` ads brings on average (`intervals.poisson`). The count itself is exact;
    whether each ad is coded right and is no copy is not in the bounds.

    They depend on that count and nothing else: on other counts, perhaps suppressed, they would tell them.
    """
    unit = row["value"] / row["n"] if row["n"] else 1.0  # 1, or what a count is divided by
    low, high = poisson(row["n"])
    return {**row, "lower": unit * low, "upper": unit * high}


def medians(
    values: Mapping[tuple[str, str, str, str], list[float]], last: Mapping[str, dt.date]
) -> Iterator[Row]:
    """Rows of medians with their intervals, of values by (survey, year, area, occupation)."""
    for (survey, year, area, group), sample in values.items():
        bounds = median_interval(sample)
        yield {
            "survey": survey,
            "period": year,
            "area": area,
            "occupation": group,
            "value": median(sample),
            "lower": bounds[0] if bounds else None,
            "upper": bounds[1] if bounds else None,
            "n": len(sample),
            "obs_status": year_status(last.get(survey), year),
            "synthetic": survey == "ADS_SYNTHETIC",
        }


def reference_days(ads: Iterable[Row]) -> dict[str, dt.date]:
    """The last day seen, for each survey: the day that its figures describe."""
    last: dict[str, dt.date] = {}
    for ad in ads:
        day = ad["last_seen_on"]
        if day is not None and (ad["survey"] not in last or day > last[ad["survey"]]):
            last[ad["survey"]] = day
    return last


def year_status(last: dt.date | None, year: str) -> str:
    """P (provisional) for a year whose end was not observed, else A."""
    return "P" if last is None or last < dt.date(int(year), 12, 31) else "A"


def official(table: pa.Table, indicator: str, *, base: str = "", **equal: str) -> Iterator[Row]:
    """The official values of an indicator (those with the codes named, else those on their own basis:
    category `basis_...` holds values that a link gives on another), one for each key: where two
    sources give the same value of the same survey, the better verified transcription is kept.

    `base` names the count of people on which a census rate rests: its `n`."""
    columns = [name for name in table.column_names if name != "indicator"]
    best: dict[tuple[object, ...], Row] = {}
    for row in rows(table, columns, indicator=indicator, **equal):
        key = tuple(row[k] for k in KEY)
        if row["category"].startswith(BASIS) and "category" not in equal:
            continue
        if key not in best or _trust(row) > _trust(best[key]):
            best[key] = row
    people = _people(table, base)
    for key, row in best.items():
        n = people.get(key)
        yield {
            **{k: row[k] for k in KEY},
            "vintage": row["vintage"].replace(" ", "_"),  # an SDMX code holds no blank
            "value": row["value"],
            "unit": row["unit"],
            "obs_status": row["obs_status"],
            "reliability": _letter(row, n),
            "verification": _verification(row),
            "n": n,
            "source": row["source"],
            "source_date": row["source_date"],
            "note": row["note"],
            "synthetic": row["synthetic"],
        }


KEY = [
    "freq",
    "period",
    "area",
    "survey",
    "sex",
    "age",
    "urbanisation",
    "education",
    "category",
    "vintage",
]
BASIS = "basis_"
_COMPLETE = ("RGPH2024", "RGPH2014", "EE2024")
"""Censuses: everyone is counted, so a count has no sampling error and a rate rests on `n` people."""


def _people(table: pa.Table, count: str) -> dict[tuple[object, ...], int]:
    """Key -> the people of a census that a count gives; empty without a count."""
    return {
        tuple(row[k] for k in KEY): round(row["value"])
        for row in (
            rows(table, [*KEY, "value"], indicator=count, survey=_COMPLETE) if count else ()
        )
        if row["value"] is not None
    }


def activity_rates(table: pa.Table) -> Iterator[Row]:
    """The official activity rates. The people behind a census rate are its active and inactive people
    in 2024; in 2014, whose inactive people include children, its labour force over the rate, to the two
    digits that a rounded rate allows."""
    inactive = _people(table, "inactive_persons")
    for row in official(table, "activity_rate", base="active_persons"):
        if row["n"] is None:
            yield row
            continue
        others = inactive.get(tuple(row[k] for k in KEY)) if row["survey"] == CENSUS else None
        n = None if others is None else row["n"] + others
        if n is None and row["value"]:
            n = int(float(f"{100 * row['n'] / row['value']:.2g}"))
        yield {**row, "n": n, "reliability": by_units(n)}


def _trust(row: Row) -> tuple[int, bool]:
    return int(row["n_sources"]), row["source_id"] == "hcp_labour_figures"


def _verification(row: Row) -> str:
    """How the transcription was checked; that two agree says nothing of the survey's precision."""
    if row["obs_status"] == "V":
        return "contradicted"
    return "two_sources" if row["n_sources"] > 1 else "one_source"


def _letter(row: Row, n: int | None) -> str:
    """The statistical letter: by the people behind a census figure, A for a complete count, C for a
    survey's value for one province (its sample is small), else U (HCP tells no sampling error)."""
    if row["survey"] in _COMPLETE:
        if row["unit"] == "NB":
            return GOOD
        return by_units(row["value"] if row["unit"] == "PS" else n)
    province = row["survey"] == "ENE" and row["area"].count("-") == 2
    return LOW if province else UNTOLD


CENSUS = "RGPH2024"
_ALL = {"sex": TOTAL, "urbanisation": TOTAL, "education": TOTAL}


def census(tables: Tables, indicator: str, category: str = TOTAL) -> dict[str, float]:
    """Area -> value of a 2024 census indicator for all its people, of one category where it has any."""
    codes = {**_ALL, "survey": CENSUS, "category": category}
    return {
        row["area"]: row["value"]
        for row in official(tables["core_observations"], indicator, **codes)
        if row["value"] is not None
    }


def census_unemployed(tables: Tables) -> dict[str, float]:
    """Area -> unemployed people of the 2024 census: the labour force times the rate."""
    active, rate = census(tables, "active_persons"), census(tables, "unemployment_rate")
    return {area: active[area] * rate[area] / 100 for area in active if area in rate}
