"""HCP's labour figures, one tidy table: labour-force survey, censuses, ILO-modelled estimates.

The table travels with the package (figures credited to HCP and the World Bank); a newer one with
the same columns may be given as a file. Every row is kept with its vintage and verification.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import msgspec

from marsad.base.areas import areas, from_hcp
from marsad.base.codes import codelist
from marsad.base.errors import InputError
from marsad.base.periods import frequency
from marsad.base.records import Observation
from marsad.base.surveys import is_copy, usual_day
from marsad.collect.context import Context, Payload
from marsad.collect.sources.hcp_labour_figures.links import on_their_basis

_FIELDS = [
    "indicator",
    "freq",
    "period",
    "geo_level",
    "geo_code",
    "geo_name",
    "milieu",
    "sex",
    "age",
    "diploma",
    "value",
    "unit",
    "survey",
    "vintage",
    "source",
    "source_date",
    "verification",
    "n_sources",
    "verified_by",
    "note",
]
_GROUP = {"MA-10+11+12": "MA-SUD"}


def _payloads(ctx: Context) -> tuple[Payload, ...]:
    shipped = Path(__file__).with_name("figures.csv.gz")
    return ctx.payloads or (Payload("figures.csv", gzip.decompress(shipped.read_bytes())),)


def _area(code: str) -> str:
    area = _GROUP.get(code) or (code if code.startswith("MA") else from_hcp(code))
    if area not in areas():
        raise InputError(f"unknown area {code!r}")
    return area


def _observation(ctx: Context, row: dict[str, str]) -> Observation:
    diploma = "_T" if row["diploma"] == "all" else row["diploma"]
    if diploma not in codelist("education"):
        raise InputError(f"unknown diploma {diploma!r}")
    if frequency(row["period"]) != row["freq"]:
        raise InputError(f"period {row['period']!r} is not of frequency {row['freq']!r}")
    verification = ctx.lookup("verification", row["verification"])
    survey = ctx.lookup("survey", row["survey"])
    return Observation(
        indicator=row["indicator"],
        freq=row["freq"],
        period=row["period"],
        area=_area(row["geo_code"]),
        survey=survey,
        sex=ctx.lookup("sex", row["sex"]),
        age=ctx.lookup("age", row["age"]),
        urbanisation=ctx.lookup("milieu", row["milieu"]),
        education=diploma,
        vintage=row["vintage"],
        source_id=ctx.spec.id,
        value=float(row["value"]) if row["value"] else None,
        unit=ctx.lookup("unit", row["unit"]),
        obs_status=_status(row["value"], verification, survey),
        source=row["source"],
        source_date=row["source_date"],
        verification=verification,
        n_sources=int(row["n_sources"]),
        verified_by=row["verified_by"],
        note=row["note"],
    )


def _status(value: str, verification: str, survey: str) -> str:
    if not value:
        return "M"
    if verification == "conflict":
        return "V"
    return "E" if survey == "ILO_MODELLED" else "A"


def collect(ctx: Context) -> Iterator[Observation]:
    """One observation a row, on its own basis; a row that breaks a rule is set aside with that rule."""
    return published(list(on_their_basis(_observations(ctx))))


def published(observations: list[Observation]) -> Iterator[Observation]:
    """The observations by the day of their producer: what bears the day of a copy alone has the usual
    day of its period; where an earlier publication of the same figure is held, that of the first year
    after it, for HCP's notes give the figures of the year before again, revised."""
    first = {_series(o): o.source_date for o in observations if o.vintage == "first_release"}
    for o in observations:
        if is_copy(o.source):
            day = usual_day(o.survey, o.period)
            years = range(1, 10) if _series(o) in first else ()
            later = (usual_day(o.survey, f"{int(o.period[:4]) + n}{o.period[4:]}") for n in years)
            day = next((d for d in later if d[:7] > first[_series(o)][:7]), day)
            o = msgspec.structs.replace(o, source_date=day or o.source_date)
        yield o


def _series(o: Observation) -> tuple[str, ...]:
    return (o.indicator, o.survey, o.area, o.sex, o.age, o.urbanisation, o.education, o.period)


def _observations(ctx: Context) -> Iterator[Observation]:
    for payload in _payloads(ctx):
        reader = csv.DictReader(io.StringIO(payload.text(), newline=""))
        if sorted(reader.fieldnames or ()) != sorted(_FIELDS):
            columns = ", ".join(reader.fieldnames or ())
            raise InputError(
                f"columns must be {', '.join(_FIELDS)}; found {columns}", file=payload.name
            )
        for number, row in enumerate(reader, 2):
            try:
                yield _observation(ctx, row)
            except (InputError, ValueError) as error:
                rule = error.rule if isinstance(error, InputError) else str(error)
                ctx.reject(InputError(rule, file=payload.name, row=number), row)
