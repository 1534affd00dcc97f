"""Running indicators: tables in, published rows out, always through the gate.

The only place that imports an indicator's `compute` by name.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from marsad.base.areas import areas
from marsad.base.codes import TOTAL
from marsad.base.errors import DeclarationError
from marsad.base.periods import frequency
from marsad.lake.tables import table
from marsad.products.declare import DIMENSIONS, Indicator, examples
from marsad.products.disclosure import protect

Row = dict[str, Any]
_DEFAULTS: Row = {
    **dict.fromkeys(DIMENSIONS, TOTAL),
    "adjustment": "N",
    "vintage": "current",
    "obs_status": "A",
    "conf_status": "F",
    "lower": None,
    "upper": None,
    "reliability": "B",
    "n": None,
    "source": "",
    "source_date": "",
    "note": "",
    "synthetic": False,
}


def compute(found: Indicator, tables: Mapping[str, pa.Table]) -> list[Row]:
    """The indicator's rows from its declared tables, completed, before the gate.

    DeclarationError when compute.py gives a code or a period that nothing declares.
    """
    module = importlib.import_module(f"marsad.products.indicators.{found.id}.compute")
    rows = []
    for given in module.compute({name: tables[name] for name in found.inputs}):
        row = {**_DEFAULTS, "indicator": found.id, "unit": found.unit, **given}
        row["source"] = row["source"] or found.source["en"]
        row["freq"] = frequency(row["period"])
        if row["area"] not in areas() or row["survey"] not in found.surveys:
            raise DeclarationError(
                f"indicator {found.id}: area {row['area']!r} or survey {row['survey']!r} is not declared."
            )
        row["area_level"] = areas()[row["area"]].level
        rows.append(row)
    return rows


def publishable(found: Indicator, read: Callable[[str], pa.Table]) -> pa.Table:
    """The rows of one indicator as table out_values: computed, protected, checked."""
    tables = {name: read(name) for name in found.inputs}
    rows = protect(found, compute(found, tables))
    return table("out_values").arrow(
        sorted(rows, key=lambda r: tuple(r[k] for k in ("area", "survey", *DIMENSIONS, "period")))
    )


def example_tables(identifier: str) -> dict[str, pa.Table]:
    """The input tables of an indicator's worked example; columns it leaves out get defaults."""
    given = examples(identifier)["input"]
    assert isinstance(given, dict)
    return {name: _filled(name, rows) for name, rows in given.items()}


def _filled(name: str, rows: list[Row]) -> pa.Table:
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
        }.items()
        if k in blank
    }
    if name == "core_ads":
        blank["is_canonical"] = True
    return pa.Table.from_pylist([{**blank, **row} for row in rows], schema=declared.schema)
