"""HCP's wide tables as published: a few heading columns in French, then one column a year.

Reads the title above the heading, French and English numbers, `-` and blanks as missing. The
indicator comes from the title, else from the option `indicator`. Every heading word must be in
the declaration's lookups: an unknown one stops the reading.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from marsad.base.areas import at_level
from marsad.base.codes import TOTAL
from marsad.base.errors import InputError
from marsad.base.records import Observation
from marsad.base.text import fold
from marsad.collect.context import Context, Payload

_DIMENSION = {
    "sexe": ("sex", "sex"),
    "region": ("area", ""),
    "milieu": ("urbanisation", "milieu"),
    "milieu de residence": ("urbanisation", "milieu"),
    "diplome": ("education", "diploma"),
    "duree de chomage": ("category", "duration"),
}
_IGNORED = {"code"}
_YEAR = re.compile(r"\d{4}")
_MISSING = {"", "-", "--", "nd", "."}


def _heading(lines: list[list[str]], file: str) -> int:
    for number, line in enumerate(lines):
        if sum(bool(_YEAR.fullmatch(cell.strip())) for cell in line) >= 2:
            return number
    raise InputError("no heading line with years was found", file=file)


def _indicator(ctx: Context, title: str, file: str) -> str:
    if indicator := ctx.options.get("indicator"):
        return str(indicator)
    for words, code in ctx.spec.lookups["indicator"].items():
        if words in fold(title):
            return code
    raise InputError("the title names no indicator; say it with --indicator", file=file)


def _regions() -> dict[str, str]:
    named = {fold(a.name["fr"]): a.code for a in at_level("region")}
    return named | {
        "ensemble": "MA",
        "total": "MA",
        "maroc": "MA",
        "oriental": "MA-02",
        "l oriental": "MA-02",
        "regions du sud": "MA-SUD",
    }


def _number(cell: str, file: str, row: int) -> float | None:
    text = cell.strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if text in _MISSING:
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise InputError(f"{cell!r} is not a number", file=file, row=row) from None


def _key(ctx: Context, names: list[str], line: list[str], file: str, row: int) -> dict[str, str]:
    key = {}
    for name, cell in zip(names, line):
        if name in _IGNORED:
            continue
        field, lookup = _DIMENSION[name]
        word = fold(cell)
        if lookup:
            key[field] = ctx.lookup(lookup, word, file=file, row=row)
        elif word in (regions := _regions()):
            key[field] = regions[word]
        else:
            raise InputError(f"unknown region {cell!r}", file=file, row=row)
    return key


def _table(ctx: Context, payload: Payload) -> Iterator[Observation]:
    lines = list(csv.reader(io.StringIO(payload.text(), newline="")))
    top = _heading(lines, payload.name)
    head = [cell.strip() for cell in lines[top]]
    first = next(i for i, cell in enumerate(head) if _YEAR.fullmatch(cell))
    names = [fold(cell) for cell in head[:first]]
    if unknown := [n for n in names if n not in _DIMENSION and n not in _IGNORED]:
        raise InputError(f"unknown heading {', '.join(unknown)}", file=payload.name, row=top + 1)
    title = " ".join(cell for line in lines[:top] for cell in line)
    indicator = _indicator(ctx, title, payload.name)
    for number, line in enumerate(lines[top + 1 :], top + 2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(head):
            rule = f"{len(head)} cells expected, {len(line)} found"
            raise InputError(rule, file=payload.name, row=number)
        key = _key(ctx, names, line, payload.name, number)
        for year, cell in zip(head[first:], line[first:]):
            value = _number(cell, payload.name, number)
            yield Observation(
                indicator=indicator,
                freq="A",
                period=year,
                area=key.get("area", "MA"),
                sex=key.get("sex", TOTAL),
                urbanisation=key.get("urbanisation", TOTAL),
                education=key.get("education", TOTAL),
                category=key.get("category", TOTAL),
                survey=str(ctx.options.get("survey", "ENE")),
                source_id=ctx.spec.id,
                value=value,
                unit="PT",
                obs_status="A" if value is not None else "M",
                source=f"{payload.name} (sha256 {payload.sha256[:12]})",
                verification="one_source",
                note=f"row {number}",
            )


def collect(ctx: Context) -> Iterator[Observation]:
    """Every cell of every table, missing ones included."""
    for payload in ctx.payloads:
        yield from _table(ctx, payload)
