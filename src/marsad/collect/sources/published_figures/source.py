"""Official figures that come one at a time, in a law, a note or its echo in the press: transcribed by hand.

The table travels with the package; a newer one with the same columns may be given as a file. Each row says
where it was read, when it came out and how far it was checked.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import msgspec

from marsad.base.areas import COUNTRY, areas
from marsad.base.codes import codelist
from marsad.base.errors import InputError
from marsad.base.periods import frequency
from marsad.base.records import Observation, Row
from marsad.base.wages import wages
from marsad.collect.context import Context, Payload

_SHIPPED = Path(__file__).with_name("figures.csv")
_LISTED = ("freq", "survey", "sex", "age", "unit")


def _checked(row: dict[str, str]) -> dict[str, str]:
    """The row, whose every code is of its list; InputError names the first that is not."""
    for name in _LISTED:
        if row[name] not in codelist(name):
            raise InputError(f"{row[name]!r} is not in the list {name!r}")
    if row["area"] not in areas():
        raise InputError(f"unknown area {row['area']!r}")
    if frequency(row["period"]) != row["freq"]:
        raise InputError(f"period {row['period']!r} is not of frequency {row['freq']!r}")
    return row


def _minimum_wages(ctx: Context) -> Iterator[Observation]:
    for step in wages().steps:
        yield Observation(
            indicator="minimum_wage", freq="M", period=f"{step.since:%Y-%m}", area=COUNTRY, survey="LAW",
            age="_T", source_id=ctx.spec.id, value=step.mad_per_hour, unit="MAD_H", source=step.note,
            source_date=step.since.isoformat(), verification="one_source",
            note="" if step.verified else "read in the press; not checked in the gazette",
        )  # fmt: skip


def collect(ctx: Context) -> Iterator[Observation]:
    """One observation a row; a row that breaks a rule is set aside with that rule. Without a file, the table
    that ships and the minimum wages (`base/wages.yml`)."""
    if not ctx.payloads:
        yield from _minimum_wages(ctx)
    fixed: Row = {"source_id": ctx.spec.id, "verification": "one_source"}
    for payload in ctx.payloads or (Payload(_SHIPPED.name, _SHIPPED.read_bytes()),):
        reader = csv.DictReader(io.StringIO(payload.text(), newline=""))
        for number, row in enumerate(reader, 2):
            try:
                yield msgspec.convert({**_checked(row), **fixed}, Observation, strict=False)
            except (InputError, KeyError, msgspec.ValidationError) as error:
                rule = error.rule if isinstance(error, InputError) else f"the columns: {error}"
                ctx.reject(InputError(rule, file=payload.name, row=number), dict(row))
