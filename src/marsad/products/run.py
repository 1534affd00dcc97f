"""Running indicators: tables in, published rows out, always through the gate.

The only place that imports an indicator's `compute` by name.
"""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.areas import areas
from marsad.base.codes import TOTAL, label
from marsad.base.errors import DeclarationError
from marsad.base.periods import following, frequency
from marsad.base.records import Row
from marsad.lake.tables import table
from marsad.products.declare import DIMENSIONS, Indicator, examples
from marsad.products.disclosure.gate import FREE, KEY, protect
from marsad.products.disclosure.settled import REGISTER, last_day, settled
from marsad.products.reliability import by_units

_DEFAULTS: Row = {
    **dict.fromkeys(DIMENSIONS, TOTAL),
    "adjustment": "N",
    "vintage": "current",
    "obs_status": "A",
    "conf_status": "F",
    "lower": None,
    "upper": None,
    "reliability": None,
    "verification": "",
    "n": None,
    "source": "",
    "source_date": "",
    "note": "",
    "synthetic": False,
}


def compute(indicator: Indicator, tables: Mapping[str, pa.Table]) -> list[Row]:
    """The indicator's rows from its declared tables, completed, before the gate.

    DeclarationError when compute.py gives a code or a period that nothing declares.
    """
    module = importlib.import_module(f"marsad.products.indicators.{indicator.id}.compute")
    rows = []
    for values in module.compute({name: tables[name] for name in indicator.inputs}):
        row = {**_DEFAULTS, "indicator": indicator.id, "unit": indicator.unit, **values}
        own = (
            label("survey", REGISTER, "en") if row["survey"] == REGISTER else indicator.source["en"]
        )
        row["source"] = row["source"] or own
        row["reliability"] = row["reliability"] or by_units(row["n"])
        row["freq"] = frequency(row["period"])
        if row["area"] not in areas() or row["survey"] not in indicator.surveys:
            raise DeclarationError(
                f"indicator {indicator.id}: area {row['area']!r} or survey {row['survey']!r} is not declared."
            )
        row["area_level"] = areas()[row["area"]].level
        rows.append(row)
    return rows


def publishable(
    indicator: Indicator,
    read: Callable[[str], pa.Table],
    history: pa.Table | None = None,
    followed: pa.Table | None = None,
) -> pa.Table:
    """The rows of one indicator as table out_values: computed, protected, checked.

    `history` is what releases before have shown of it (table out_history), `followed` the
    published values of the indicator that it follows.
    """
    tables = {name: read(name) for name in indicator.inputs}
    rows = protect(
        indicator,
        sorted(
            compute(indicator, tables), key=_place
        ),  # what is suppressed beside may go by the order
        earlier=_shown(history) if history is not None else {},
        followed=_hidden(followed) if followed is not None else (),
    )
    if REGISTER in indicator.surveys and "core_ad_readings" in tables:
        rows = settled(rows, last_day(tables["core_ad_readings"]), history)
    declared = table("out_values")
    chosen: list[Row] = [{name: row[name] for name in declared.columns} for row in rows]
    chosen.sort(key=_place)
    return declared.arrow(chosen)


def _place(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in ("area", "survey", *DIMENSIONS, "period"))


def _shown(history: pa.Table) -> dict[tuple[str, ...], set[float]]:
    """Key -> the values of it that were ever published."""
    shown: dict[tuple[str, ...], set[float]] = defaultdict(set)
    columns = [history[name].to_pylist() for name in (*KEY, "value")]
    for *key, value in zip(*columns):
        if value is not None:
            shown[tuple(key)].add(value)
    return shown


def _hidden(values: pa.Table) -> set[tuple[str, ...]]:
    """Survey, area, occupation and period of the suppressed values."""
    gone = values.filter(pc.not_equal(values["conf_status"], FREE))
    names = ("survey", "area", "occupation", "period")
    return set(zip(*(gone[name].to_pylist() for name in names)))


def in_order(indicators: Sequence[Indicator]) -> list[Indicator]:
    """Indicators so that each comes after the one it follows."""
    return sorted(indicators, key=lambda indicator: bool(indicator.disclosure.follows))


def example_tables(identifier: str) -> dict[str, pa.Table]:
    """The tables of an indicator's worked example, from which an engine makes the cubes that it reads;
    columns it leaves out get defaults."""
    inputs = examples(identifier)["input"]
    assert isinstance(inputs, dict)
    return {name: _filled(name, _spread(rows)) for name, rows in inputs.items()}


def _spread(rows: list[Row]) -> Iterator[Row]:
    """Rows in which `series: [..]` stands for a row for each value, from the period on, and
    `times: n` for n ads alike."""
    for row in rows:
        if "times" in row:
            alike = {k: v for k, v in row.items() if k != "times"}
            yield from ({**alike, "ad_key": f"{row['ad_key']}{i}"} for i in range(row["times"]))
            continue
        values = row.get("series")
        if values is None:
            yield row
            continue
        plain = {k: v for k, v in row.items() if k != "series"}
        for period, value in zip(following(row["period"], len(values)), values):
            yield {**plain, "period": period, "value": value}


def _filled(name: str, rows: Iterable[Row]) -> pa.Table:
    declared = table(name)
    blank: Row = {
        column: None
        if kind.type.endswith("?")
        else {"int": 1, "bool": False, "string": ""}.get(kind.type, 0)
        for column, kind in declared.columns.items()
    }
    blank |= {d: TOTAL for d in DIMENSIONS if d in blank}
    blank |= {
        k: v
        for k, v in {
            "vintage": "current",
            "obs_status": "A",
            "conf_status": "F",
            "adjustment": "N",
            "country": "MA",
            "confidentiality": "open",
        }.items()
        if k in blank
    }
    given = list(rows)
    filled = [{**blank, **row} for row in given]
    if name == "core_ads":  # each its own opening, unless it is said to be a copy
        own = ({"is_canonical": True, "cluster": row["ad_key"]} for row in filled)
        filled = [{**row, **alone, **cells} for row, alone, cells in zip(filled, own, given)]
    return pa.Table.from_pylist(filled, schema=declared.schema)
