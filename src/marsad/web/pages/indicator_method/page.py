"""How one indicator is made: definition, numerator, denominator, caveats and a worked example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marsad.base.codes import label
from marsad.publish.read.reader import Indicator
from marsad.web.definitions import Definitions, defined_by, diploma_groups
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/method/{indicator}"
TITLE = N_("Method of the indicator")
FIGURES = True


def _columns(rows: object) -> list[dict[str, object]]:
    """Rows as mappings over the same columns, in the order of first appearance."""
    mappings = (
        [dict(row) for row in rows if isinstance(row, Mapping)]
        if isinstance(rows, list | tuple)
        else []
    )
    names = list(dict.fromkeys(name for row in mappings for name in row))
    return [{name: row.get(name) for name in names} for row in mappings]


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: str
    indicator: Indicator
    unit: str
    caveats: list[str]
    definitions: Definitions
    diplomas: list[tuple[str, str]]
    tables: list[tuple[object, list[dict[str, object]]]]
    expected: list[dict[str, object]]


def context(request: PageRequest) -> View:
    """The declaration in words; NotFoundError for an unknown indicator."""
    indicator = request.reader.indicator(request.path["indicator"])
    example = request.reader.example(indicator.id)
    inputs = example.get("input")
    tables = inputs.items() if isinstance(inputs, Mapping) else ()
    return View(
        heading=request.text(indicator.title),
        indicator=indicator,
        unit=label("unit", indicator.unit, request.language),
        caveats=[request.caveat(code) for code in indicator.caveats],
        definitions=defined_by(request, indicator.surveys),
        diplomas=diploma_groups(request) if "education" in indicator.dimensions else [],
        tables=[(name, rows) for name, value in tables if (rows := _columns(value))],
        expected=_columns(example.get("expected")),
    )
