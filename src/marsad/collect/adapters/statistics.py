"""Statistical messages as observations: SDMX, JSON-stat, PX-Web, the World Bank's API, and plain tables.

What producers call our fields, and their codes for ours, stand in statistics.yml; a source adds its own.

An area that is not of Morocco, a code that nothing agrees, and a value that Marsad computed itself
(an occupation, an adjustment) set their row aside.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import msgspec

from marsad.base.areas import areas
from marsad.base.codes import TOTAL, codelist
from marsad.base.declare import load_declaration
from marsad.base.encoding import without_controls
from marsad.base.errors import InputError
from marsad.base.numbers import parse_number
from marsad.base.periods import frequency, parse_period
from marsad.base.records import Observation, Row
from marsad.collect.adapters import messages
from marsad.collect.context import Context, Payload
from marsad.collect.mapping import MOST_WORDS, text_of
from marsad.collect.observations import one_of_a_key

_LISTED = ("sex", "age", "urbanisation", "education", "obs_status")
"""Dimensions and attributes whose codes are those of the list of their name."""
_DEFAULTS = {"age": "Y_GE15", "obs_status": "A", "vintage": "current"}
_LISTED_AT_MOST = 12
_NATIONAL = "ENE"
"""The survey of a table that names none, with a warning."""
_TOTALS = frozenset(("", TOTAL, "_Z", "T", "TOTAL", "TOT"))
_COMPUTED = {"occupation": {"", TOTAL}, "adjustment": {"", "N", "_Z", TOTAL}}


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What messages call our fields (`concepts`), do not mean (`ignore`), their codes for ours, and the unit of each indicator."""

    concepts: dict[str, tuple[str, ...]]
    ignore: tuple[str, ...]
    units: dict[str, str]
    lookups: dict[str, dict[str, str]]


@cache
def _words() -> _Words:
    return load_declaration(Path(__file__).with_suffix(".yml"), _Words)


def _concepts(ctx: Context) -> dict[str, str]:
    """Name of a component -> our field; of several that a row has, the first named counts."""
    own: dict[str, list[str]] = ctx.spec.options.get("concepts", {})
    named = ((field, names) for each in (own, _words().concepts) for field, names in each.items())
    concepts: dict[str, str] = {}
    for field, names in named:
        for name in names:
            concepts.setdefault(name, field)
    return concepts


def _lookup(ctx: Context, field: str) -> dict[str, str]:
    """The producer's code of a field -> ours; what the source agrees goes before what is usual."""
    return {**_words().lookups.get(field, {}), **ctx.spec.lookups.get(field, {})}


def _code(ctx: Context, field: str, text: str) -> str:
    """Our code of a field; InputError when it is none of ours, nor one that is agreed."""
    code = _lookup(ctx, field).get(text, text)
    known = areas() if field == "area" else codelist(field)
    if code not in known:
        ours = f"ours are {', '.join(known)}; " if len(known) <= _LISTED_AT_MOST else ""
        raise InputError(f"unknown {field} {text[:60]!r}: {ours}say in lookups.{field} which it is")
    return code


def _indicator(ctx: Context, fields: Mapping[str, str]) -> str:
    """The indicator by its own code, else by what the option or the dataflow says."""
    if option := str(ctx.options.get("indicator", "")):
        if option not in _words().units:
            raise InputError(f"unknown indicator {option[:60]!r}: {', '.join(_words().units)}")
        return option
    flow = fields.get("dataflow", "").partition("(")[0].rpartition(":")[2]
    named, lookup = fields.get("indicator", "") or flow, _lookup(ctx, "indicator")
    whole_parts = (
        part
        for part in lookup
        if len(part) < len(named) and named.startswith(part) and not named[len(part)].isalnum()
    )
    part = max(whole_parts, key=len, default="")
    code = lookup.get(named, lookup.get(part, named))
    if code in _words().units:
        return code
    if not fields.get("indicator", ""):
        raise InputError("the dataflow names no indicator; say it with --set indicator=...")
    raise InputError(f"unknown indicator {named[:60]!r}: say in lookups.indicator which it is")


def _value(fields: Mapping[str, str]) -> float | None:
    text = fields.get("value", "")
    if text.lower() in {"", "nan", ":"}:
        return None
    number = parse_number(text, ".")
    if not math.isfinite(number):
        raise InputError(f"{text[:60]!r} is not a number")
    power = fields.get("unit_mult", "") or "0"
    if power not in map(str, range(10)):
        raise InputError(f"{power[:20]!r} is no power of ten from 0 to 9 (unit_mult)")
    return float(number * 10 ** int(power))


def _unit(ctx: Context, fields: dict[str, str], indicator: str) -> str:
    """The unit of an indicator; InputError where a message gives another one."""
    ours, given = _words().units[indicator], fields.get("unit", "")
    if not given:
        return ours
    if power := _lookup(ctx, "unit_mult").get(given):
        if fields.get("unit_mult", "0") not in ("0", power):
            raise InputError(
                f"unit {given[:60]!r}, and 10 to the power {fields['unit_mult'][:20]!r}"
            )
        fields["unit_mult"] = power
    code = _code(ctx, "unit", given)
    if code != ours and {code, ours} != {"NB", "PS"}:
        raise InputError(f"unit {given[:60]!r}, where {indicator} is in {ours}")
    return ours


def _split_flags(ctx: Context, fields: dict[str, str]) -> None:
    """Flags that stand together («bu», «b, e»): the first known one as the status, all in the note."""
    text, known = fields.get("obs_status", ""), _lookup(ctx, "obs_status")
    flags = re.sub(r"[\s,;]", "", text)
    if text in known or text in codelist("obs_status") or len(flags) < 2 or len(flags) > 4:
        return
    if first := next((flag for flag in flags if flag in known), ""):
        fields["obs_status"] = first
        fields["note"] = " ".join(filter(None, (fields.get("note", ""), f"flags {text}")))


def _survey(ctx: Context, fields: Mapping[str, str], payload: Payload) -> str:
    """The survey that a row, the source or a person says; where none does the national one, with a warning."""
    options = {**ctx.spec.options, **ctx.options}
    survey = fields.get("survey") or str(options.get("survey", ""))
    if not survey:
        survey = _NATIONAL
        rule = (
            f"the table names no survey: taken for {_NATIONAL} (options.survey, --set survey=...)"
        )
        ctx.warn(rule, file=payload.name)
    return _code(ctx, "survey", survey)


def _observation(
    ctx: Context, concepts: Mapping[str, str], row: Row, payload: Payload
) -> Observation:
    """One observation. InputError: a code, value or period that cannot be read."""
    fields: dict[str, str] = {}
    for name, field in concepts.items():
        if text := without_controls(text_of(row.get(name))):
            fields.setdefault(field, text[:MOST_WORDS])
    fields |= ctx.spec.options.get("series", {}).get(fields.get("dataflow", ""), {})
    valued = any(field == "value" and name in row for name, field in concepts.items())
    if not valued and not fields.get("obs_status"):
        raise InputError("there is no OBS_VALUE, nor a status that says why")
    _split_flags(ctx, fields)
    for field, plain in _COMPUTED.items():
        if fields.get(field, "") not in plain:
            raise InputError(f"{field} {fields[field]!r}: computed from observations, itself none")
    period = parse_period(fields.get("period", ""))
    if (freq := fields.get("freq", "") or frequency(period)) != frequency(period):
        raise InputError(f"period {period!r} is not of frequency {freq!r}")
    indicator = _indicator(ctx, fields)
    unit = _unit(ctx, fields, indicator)
    coded: Row = {f: _code(ctx, f, fields.get(f) or _DEFAULTS.get(f, TOTAL)) for f in _LISTED}
    value = _value(fields)
    coded["obs_status"] = (
        "M" if value is None and coded["obs_status"] == "A" else coded["obs_status"]
    )
    synthetic = fields.get("synthetic", "") == "true" or row.get("synthetic") is True
    return Observation(
        indicator=indicator,
        freq=freq,
        period=period,
        area=_code(ctx, "area", fields.get("area", "MA")),
        survey=_survey(ctx, fields, payload),
        category=fields.get("category", TOTAL),
        vintage=fields.get("vintage", "current"),
        source_id=ctx.spec.id,
        value=value,
        unit=unit,
        source=fields.get("source") or f"{payload.name} (sha256 {payload.sha256[:12]})",
        source_date=fields.get("source_date", ""),
        verification="one_source",
        note=fields.get("note", ""),
        synthetic=synthetic,
        **coded,
    )


def _observations(ctx: Context, payload: Payload) -> Iterator[tuple[int, Observation]]:
    concepts = _concepts(ctx)
    names = frozenset((*concepts, *_words().ignore, *ctx.spec.ignore))
    for number, row in messages.rows(ctx, payload, names):
        if fresh := row.keys() - ctx.fields.keys():
            others = {name: "not read" if name in names else "not known" for name in fresh}
            ctx.fields.update(others | {name: concepts[name] for name in fresh & concepts.keys()})
        _declared(ctx, row, names, payload.name, number)
        try:
            yield number, _observation(ctx, concepts, row, payload)
        except (InputError, OverflowError) as error:
            rule = error.rule if isinstance(error, InputError) else "a number too large"
            ctx.reject(InputError(rule, file=payload.name, row=number), row)


def _declared(ctx: Context, row: Row, names: frozenset[str], file: str, number: int) -> None:
    """InputError for a field that nothing declares and that says something: it may be a dimension, and its
    part would be taken for the whole."""
    unknown = [name for name in sorted(row.keys() - names) if not name.endswith("_label")]
    telling = [name for name in unknown if text_of(row[name]).strip() not in _TOTALS]
    if telling and ctx.spec.unknown_fields == "stop":
        raise InputError(
            f"fields {', '.join(repr(name[:60]) for name in telling)} are not read: say in options.concepts what"
            " they are, or in ignore that they divide nothing",
            file=file,
            row=number,
        )
    for name in unknown:
        ctx.warn(f"field {name[:60]!r} is not read", file=file)


def collect(ctx: Context) -> Iterator[Observation]:
    """Every observation of every message; a second value of one key is set aside."""
    for payload in ctx.payloads:
        try:
            yield from one_of_a_key(ctx, _observations(ctx, payload), file=payload.name)
        except InputError as error:
            raise InputError(error.rule, file=payload.name, row=error.row) from None
