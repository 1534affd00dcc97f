"""The fields of an ad that are read from its words: one folder a field, and the folder is the
registration. Every coder has one signature: `classify(ads) -> columns`.

`field.yml` declares the properties that a field writes (`marsad.base.fields`); `classify.py` holds
`classify`, which gives every column of these properties for a batch of ads: codes with score and
evidence, or empty where it abstains.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from marsad.base import fields as declarations
from marsad.base.errors import DeclarationError
from marsad.enrich.lexicon import Candidate

Cell = str | float | int | bool | dt.date | None | list[Candidate]
Columns = Mapping[str, Sequence[Cell]]
"""Column -> one cell for each ad of the batch."""
Classify = Callable[[Sequence["AdWords"]], Columns]


@dataclass(frozen=True, slots=True)
class AdWords:
    """What is known of an ad before a field is read: its words, clean; what its source says in fields
    of its own, as written (`raw_`); its days; and in `columns` what fields before have written."""

    title: str
    text: str = ""
    raw_company: str = ""
    raw_place: str = ""
    raw_contract: str = ""
    raw_experience: str = ""
    raw_diploma: str = ""
    raw_salary: str = ""
    raw_sector: str = ""
    country: str = ""
    positions: int | None = None
    posted_on: dt.date | None = None
    deadline_on: dt.date | None = None
    columns: dict[str, Cell] = field(default_factory=dict)

    def code(self, name: str) -> str:
        """The code that a field before has written; empty where it abstained."""
        return str(self.columns[name])


def coded(name: str, candidates: Iterable[Candidate | None]) -> dict[str, list[Cell]]:
    """The three columns of a coded property, from a candidate (or none) for each ad."""
    every = list(candidates)
    return {
        name: [c.code if c else "" for c in every],
        f"{name}_score": [c.score if c else None for c in every],
        f"{name}_evidence": [c.evidence if c else "" for c in every],
    }


@cache
def coders() -> tuple[tuple[str, Classify], ...]:
    """(field, its coder) of every field, each after those that it needs.

    DeclarationError for a folder whose module has no `classify`.
    """
    ready: dict[str, Classify] = {}
    waiting = dict(declarations.fields())
    while waiting:
        name = next(n for n, f in waiting.items() if set(f.needs) <= set(ready))
        module = import_module(f"{__name__}.{name}.classify")
        if not hasattr(module, "classify"):
            raise DeclarationError(f"enrich/fields/{name}/classify.py has no function `classify`.")
        ready[name] = module.classify
        del waiting[name]
    return tuple(ready.items())


def code(ads: Sequence[AdWords], *, days: bool | None = None) -> None:
    """Run the coders of every field, or of those that rest on words alone or on `days`, over a batch of ads, and
    write what they give into their `columns`.

    DeclarationError when a coder gives other columns than its field declares.
    """
    for name, classify in coders():
        if days not in (None, declarations.fields()[name].days):
            continue
        columns = classify(ads)
        if set(columns) != set(_declared(name)):
            raise DeclarationError(
                f"enrich/fields/{name}: gives {sorted(columns)}, declares {sorted(_declared(name))}"
            )
        for column, cells in columns.items():
            for ad, cell in zip(ads, cells, strict=True):
                ad.columns[column] = cell


@cache
def _declared(name: str) -> frozenset[str]:
    field = declarations.fields()[name]
    lists = {n for n, p in field.properties.items() if p.type == "list"}
    return frozenset(lists | {column for column, _, _ in declarations.columns_of(field)})
