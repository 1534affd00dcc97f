"""Rows of words -> records: one field of the source to one field of the record, typed strictly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

import msgspec

from marsad.base.errors import InputError
from marsad.base.records import Record, Row
from marsad.base.text import name_of
from marsad.collect.context import Context

EMPTY = {"", "nan", "none", "null", "n/a", "-"}


def parse_date(text: str, formats: Iterable[str]) -> dt.date:
    """A date in one of the declared forms; ISO timestamps are cut to their day."""
    text = text.strip()
    for form in formats:
        try:
            return dt.datetime.strptime(text, form).date()
        except ValueError:
            continue
    try:
        return dt.datetime.fromisoformat(text.replace("Z", "+00:00")).date()
    except ValueError:
        raise InputError(f"{text!r} is not a date of the forms {', '.join(formats)}") from None


def _typed(value: object, kind: object, formats: tuple[str, ...]) -> object:
    kinds = get_args(kind) or (kind,)
    if isinstance(value, str):
        if value.strip().lower() in EMPTY:
            return None if type(None) in kinds else ""
        if dt.date in kinds:
            return parse_date(value, formats)
        if int in kinds:
            digits = value.strip().removesuffix(".0")
            if not digits.removeprefix("-").isdecimal():
                raise InputError(f"{value!r} is not a whole number")
            return int(digits)
        if float in kinds:
            try:
                return float(value.replace(",", ".").replace("\u00a0", "").replace(" ", ""))
            except ValueError:
                raise InputError(f"{value!r} is not a number") from None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, (int, float)) and str in kinds and not isinstance(value, bool):
        return f"{value:g}" if isinstance(value, float) else str(value)
    return value


def record(ctx: Context, raw: Mapping[str, object], *, file: str, row: int) -> Record:
    """One record from one row; InputError names the file, the row and the field's rule.

    Several columns may name the same text field: their words are joined by a line break.
    """
    spec = ctx.spec
    types = {f.name: f.type for f in msgspec.structs.fields(spec.record)}
    values: Row = {"source_id": spec.id, **spec.constants}
    if "synthetic" in types:
        values["synthetic"] = spec.synthetic
    for column, name in spec.columns.items():
        if (raw_value := raw.get(column)) is None:
            continue
        if column in spec.lookups:
            raw_value = ctx.lookup(column, str(raw_value), file=file, row=row)
        try:
            value = _typed(raw_value, types[name], spec.date_formats)
        except InputError as error:
            raise InputError(f"{column}: {error.rule}", file=file, row=row) from None
        if isinstance(value, str) and isinstance(before := values.get(name), str) and before:
            value = f"{before}\n{value}" if name != "source_id" else value
        if value is not None:
            values[name] = value
    if spec.kind == "ads":
        _identify(values, file, row)
    try:
        return msgspec.convert(values, spec.record)
    except msgspec.ValidationError as error:
        raise InputError(str(error), file=file, row=row) from None


def _identify(values: Row, file: str, row: int) -> None:
    """Give an ad an identifier where its board gives none: a hash of what makes it one ad."""
    if not str(values.get("raw_title", "")).strip():
        raise InputError("an ad needs a title", file=file, row=row)
    if not values.get("ad_id"):
        parts = (
            values.get(k, "") for k in ("board", "url", "raw_title", "raw_company", "raw_text")
        )
        values["ad_id"] = name_of("\x1f".join(map(str, parts)))


def records(
    ctx: Context, rows: Iterable[tuple[int, Mapping[str, object]]], *, file: str
) -> Iterator[Record]:
    """Records from numbered rows; a row that breaks a rule is set aside and the rest go on."""
    for number, raw in rows:
        try:
            yield record(ctx, raw, file=file, row=number)
        except InputError as error:
            ctx.reject(error, dict(raw))
