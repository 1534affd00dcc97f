"""An indicator as declared: what it measures, of what, from which tables, with which caveats.

One folder of `products/indicators/` is one indicator: `indicator.yml` is read into `Indicator`,
`compute.py` holds one pure function `compute(tables)`, `examples.yml` its worked example.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from marsad.base.codes import codelist
from marsad.base.declare import load_declaration, load_yaml
from marsad.base.errors import DeclarationError, NotFoundError
from marsad.base.labels import missing
from marsad.base.refusals import refused

FOLDER = Path(__file__).parent / "indicators"

DIMENSIONS = (
    "freq",
    "area",
    "survey",
    "sex",
    "age",
    "urbanisation",
    "education",
    "occupation",
    "category",
    "adjustment",
)
"""Dimensions of every published value, beside its indicator and period, in the order of a key."""

CODELISTS = {
    "freq": "freq",
    "survey": "survey",
    "sex": "sex",
    "age": "age",
    "urbanisation": "urbanisation",
    "education": "education",
    "occupation": "isco08",
    "adjustment": "adjustment",
}
"""Dimension -> code list; an area is in base.areas, a category in the indicator's own list."""


class Disclosure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the gate protects this indicator: `published` (already public figures) or `threshold`
    (counts of ads or persons: a cell below `minimum` units is suppressed, and what would tell it).
    For shares, `least_part` is the fewest units that a share itself may rest on, and `closed` the
    dimension along which shares add up to 100 %. `p` is the percentage of the p % rule, for
    magnitudes. Where `flow`, months and quarters add up to their year. `follows` names an indicator
    whose suppressed cells are suppressed here too, because both rest on the same counts."""

    rule: str
    minimum: int = 0
    least_part: int = 0
    closed: str = ""
    p: float = 0.0
    flow: bool = False
    follows: str = ""


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a measure of quality must be to pass: `below` a number, or `above` one; a `verdict` is told
    in words, for its number says nothing."""

    below: float | None = None
    above: float | None = None
    verdict: bool = False

    def passes(self, value: float) -> bool:
        """Whether a value is within the limit."""
        low = self.above is None or value > self.above
        return low and (self.below is None or value < self.below)


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One indicator's declaration; texts are language maps in ar, fr and en."""

    id: str
    title: dict[str, str]
    question: dict[str, str]
    definition: dict[str, str]
    numerator: dict[str, str]
    denominator: dict[str, str]
    method: dict[str, str]
    source: dict[str, str]
    unit: str
    decimals: int
    dimensions: tuple[str, ...]
    surveys: tuple[str, ...]
    levels: tuple[str, ...]
    inputs: tuple[str, ...]
    caveats: tuple[str, ...]
    disclosure: Disclosure
    default: dict[str, str] = {}
    category_list: str = ""
    adjusts: str = ""  # the indicator whose series this one adjusts for seasons
    summary: bool = False  # a value sums up a series up to the period that it bears
    difference: bool = False  # a value is a change already, and is not compared with an earlier one
    computed: bool = (
        False  # the values are Marsad's, from the figures of the surveys that are named
    )
    forecast: bool = False  # values tell of periods to come
    limits: dict[str, Limit] = {}  # of measures of quality, by category
    order: int = 100
    owner: str = "Marsad"


def _check(declared: Indicator, folder: Path) -> Indicator:
    if declared.id != folder.name:
        raise DeclarationError(f"{folder}: the id {declared.id!r} is not the folder's name.")
    for name in ("title", "question", "definition", "numerator", "denominator", "method", "source"):
        if lacking := missing(getattr(declared, name)):
            raise DeclarationError(f"{folder}: {name} lacks the languages {', '.join(lacking)}.")
    closed = (declared.disclosure.closed,) if declared.disclosure.closed else ()
    for dimension in (*declared.dimensions, *declared.default, *closed):
        if dimension not in DIMENSIONS:
            raise DeclarationError(f"{folder}: there is no dimension {dimension!r}.")
    for name, codes in (
        ("survey", declared.surveys),
        ("caveat", declared.caveats),
        ("unit", (declared.unit,)),
    ):
        if unknown := [code for code in codes if code not in codelist(name)]:
            raise DeclarationError(f"{folder}: {', '.join(unknown)} not in the list {name!r}.")
    if declared.disclosure.rule not in {"published", "threshold"}:
        raise DeclarationError(
            f"{folder}: disclosure rule {declared.disclosure.rule!r} is unknown."
        )
    return declared


@cache
def indicators() -> tuple[Indicator, ...]:
    """Every indicator of the package: each folder with an indicator.yml, by its order."""
    declared = [
        _check(load_declaration(path, Indicator), path.parent)
        for path in FOLDER.glob("*/indicator.yml")
    ]
    return tuple(sorted(declared, key=lambda i: (i.order, i.id)))


def indicator(identifier: str) -> Indicator:
    """One indicator; NotFoundError when no folder has that name."""
    for candidate in indicators():
        if candidate.id == identifier:
            return candidate
    raise NotFoundError(refused("no_indicator", code=identifier))


def examples(identifier: str) -> dict[str, object]:
    """The worked example of an indicator: `input` (table -> rows) and `expected` (rows)."""
    return load_yaml(FOLDER / indicator(identifier).id / "examples.yml")
