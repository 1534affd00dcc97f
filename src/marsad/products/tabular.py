"""Small readings of declared tables that several indicators share; all pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.areas import COUNTRY
from marsad.base.codes import TOTAL, UNKNOWN
from marsad.base.periods import frequency, month_of
from marsad.base.records import Row
from marsad.products.reliability import GOOD, LOW, UNTOLD, by_units
from marsad.products.statistics.intervals import poisson, wilson
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
SYNTHETIC = "ADS_SYNTHETIC"


def counts(cells: pa.Table, *by: str) -> list[Row]:
    """The cells of a cube summed: a row for each combination of the columns `by`, with its `n`."""
    sums = cells.group_by(list(by), use_threads=False).aggregate([("n", "sum")])
    summed: list[Row] = sums.rename_columns([*by, "n"]).to_pylist()
    return summed


def with_month(cells: pa.Table) -> pa.Table:
    """Cells with the month and year (`month`, `year`) in which the days of their column `posted_on` lie."""
    days = cells["posted_on"].combine_chunks().dictionary_encode()
    for name, period in (("month", month_of), ("year", lambda day: f"{day.year:04d}")):
        periods = pa.array(map(period, days.dictionary.to_pylist()), pa.string())
        cells = cells.append_column(name, periods.take(days.indices))
    return cells


def parts(cells: pa.Table) -> Iterator[tuple[tuple[str, str, str, str], pa.Table]]:
    """The cells that count in each survey, year, area (the country, and a region that is known) and
    occupation group (all, and a major group)."""

    def each(table: pa.Table, column: str, whole: str = "") -> Iterator[tuple[str, pa.Table]]:
        if whole:
            yield whole, table
        for code in sorted(pc.unique(table[column]).to_pylist()):
            if code != "":
                yield str(code), table.filter(pc.equal(table[column], code))

    for survey, surveyed in each(cells, "survey"):
        for year, of_year in each(surveyed, "year"):
            for area, inside in each(of_year, "region", COUNTRY):
                for group, coded in each(inside, "occupation", TOTAL):
                    yield (survey, year, area, group), coded


def posted_in_windows(tables: Tables) -> tuple[pa.Table, dict[str, Windows]]:
    """The cells of core_ad_cells whose day of posting was observed (see `windows.posting_windows`), and
    the windows of each survey."""
    cells, readings = tables["core_ad_cells"], tables["core_ad_readings"].to_pylist()
    key = ["survey", "source_id", "board", "posted_on"]
    days = counts(cells, *key)
    windows: dict[str, Windows] = {
        survey: posting_windows(
            (row for row in readings if row["survey"] == survey),
            (row for row in days if row["survey"] == survey),
        )
        for survey in {row["survey"] for row in days}
    }
    seen = [
        row
        for row in days
        if within(row["posted_on"], windows[row["survey"]].get(board_of(row), ()))
    ]
    schema = pa.schema([cells.schema.field(name).with_nullable(True) for name in key])
    observed = pa.Table.from_pylist([{name: row[name] for name in key} for row in seen], schema)
    return cells.join(observed, key, join_type="left semi", use_threads=False), windows


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


def areas_of(region: str) -> tuple[str, ...]:
    """The areas in which an ad of a region counts: the country, and the region when it is known."""
    return (COUNTRY, region) if region else (COUNTRY,)


def coded_groups(occupation: str) -> tuple[str, str]:
    """The occupations in which an ad of a major group is counted: all, and its own or those without a code,
    so that the parts of a count add up to it."""
    return (TOTAL, occupation or UNKNOWN)


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
                "synthetic": survey == SYNTHETIC,
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


def share_of(
    survey: str, year: str, part: int, whole: int, last: dt.date | None, **codes: str
) -> Row:
    """A share of the ads of a year, in percent, with the bounds of its chance; the `last` day on which a board
    was read says whether the year is over."""
    low, high = wilson(part, whole)
    return {
        "survey": survey,
        "period": year,
        **codes,
        "value": 100 * part / whole,
        "lower": low,
        "upper": high,
        "part": part,
        "n": whole,
        "obs_status": year_status(last, year),
        "synthetic": survey == SYNTHETIC,
    }


def reference_days(tables: Tables) -> dict[str, dt.date]:
    """The last day on which a board was read, for each survey: the day that its figures describe."""
    readings = tables["core_ad_readings"].group_by("survey").aggregate([("seen_on", "max")])
    last = dict(zip(readings["survey"].to_pylist(), readings["seen_on_max"].to_pylist()))
    return {survey: day for survey, day in last.items() if day is not None}


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


def register_counts(tables: Tables, indicator: str) -> Iterator[Row]:
    """The counts that registers hand over of an indicator, each with the units behind it; a cell that is
    confidential has neither."""
    columns = [*KEY, "value", "source", "source_date", "note", "synthetic"]
    for row in rows(tables["core_observations"], columns, indicator=indicator):
        known = row["value"] is not None
        yield {
            **row,
            "n": round(row["value"]) if known else None,
            "obs_status": "A" if known else "Q",
            "conf_status": "F" if known else "C",
        }


def register_cells(tables: Tables, indicator: str) -> dict[tuple[str, str, str, str], int]:
    """(register, period, area, occupation) -> a count that the registers hand over for all people of an
    occupation; confidential cells are not in it."""
    everyone = dict.fromkeys(("sex", "age", "urbanisation", "education"), TOTAL)
    columns = ["survey", "period", "area", "category", "value"]
    return {
        (row["survey"], row["period"], row["area"], row["category"]): round(row["value"])
        for row in rows(tables["core_observations"], columns, indicator=indicator, **everyone)
        if row["value"] is not None
    }


def per_seeker(tables: Tables, indicator: str, times: float) -> Iterator[Row]:
    """A flow that the registers hand over for each registered job seeker, `times` over: by month, and by year
    over the mean of its month ends where every month tells both."""
    seekers = register_cells(tables, "registered_seekers")
    years: dict[tuple[str, str, str, str], list[tuple[int, int]]] = {}
    for (survey, period, area, occupation), flow in register_cells(tables, indicator).items():
        registered = seekers.get((survey, period, area, occupation))
        if registered and frequency(period) == "M":
            years.setdefault((survey, period[:4], area, occupation), []).append((flow, registered))
            yield _per_seeker(survey, period, area, occupation, flow, registered, times)
    for (survey, year, area, occupation), months in years.items():
        if len(months) == _MONTHS:
            flow, mean = sum(f for f, _ in months), sum(s for _, s in months) / _MONTHS
            yield _per_seeker(survey, year, area, occupation, flow, mean, times)


def _per_seeker(
    survey: str, period: str, area: str, occupation: str, flow: int, seekers: float, times: float
) -> Row:
    return {
        "survey": survey,
        "period": period,
        "area": area,
        "occupation": occupation,
        "value": times * flow / seekers,
        "n": flow,
        "note": f"{flow} / {seekers:.0f}",
        "synthetic": survey == SYNTHETIC_REGISTER,
    }


_MONTHS = 12
SYNTHETIC_REGISTER = "REGISTER_SYNTHETIC"
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
