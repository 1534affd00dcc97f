"""Rows of the mart as the types that readers are given; columns that an earlier release lacks are
empty."""

from __future__ import annotations

import dataclasses

from marsad.base import fields
from marsad.base.records import Row
from marsad.publish.read.model import Card, Coded, Flag, Pay


def card_of(row: Row) -> Card:
    values: Row = {f.name: row.get(f.name) for f in dataclasses.fields(Card)}
    values["title"] = {k: row[f"title_{k}"] for k in ("ar", "fr", "en")}
    return Card(**values)


def coded_of(row: Row, name: str, rests_on: str = "") -> Coded | None:
    """A coded field; None when it is empty, or missing as in a release of an earlier version."""
    if not row.get(name):
        return None
    basis = rests_on or name
    return Coded(row[name], row[f"{basis}_score"] or 0.0, row[f"{basis}_evidence"])


def codes_of(row: Row) -> dict[str, Coded | None]:
    """Every coded property that is published of an ad, by its name in the API."""
    return {
        fields.public_name(name): coded_of(row, name, declared.rests_on)
        for name, declared in fields.properties().items()
        if declared.type == fields.CODE and declared.published
    }


def pay_of(row: Row) -> Pay | None:
    low, high = row.get("salary_min"), row.get("salary_max")
    if low is None and high is None:
        return None
    return Pay(
        low,
        high,
        row["salary_currency"],
        row["salary_period"],
        row["salary_basis"],
        row["salary_month_min_mad"],
        row["salary_month_max_mad"],
        row["salary_score"] or 0.0,
        row["salary_evidence"],
    )


def flags_of(row: Row) -> tuple[Flag, ...]:
    """The flags with their words, cut out of `flag: words; flag: words` in the order of `flags`."""
    names = (row.get("flags") or "").split()
    rest, flags = row.get("flags_evidence") or "", []
    for name, following in zip(names, [*names[1:], ""]):
        rest = rest.removeprefix(f"{name}: ")
        words, _, after = rest.partition(f"; {following}: ") if following else (rest, "", "")
        rest = f"{following}: {after}"
        flags.append(Flag(name, words))
    return tuple(flags)


def years_of(row: Row) -> Coded | None:
    if row["experience_years"] is None:
        return None
    return Coded(
        f"{row['experience_years']:g}", row["experience_score"], row["experience_evidence"]
    )
