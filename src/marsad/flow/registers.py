"""What tables of a source must be beside what is known: of surveys that their indicators show; of a register,
together with those handed over before they must not tell what each hides."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from marsad.base.errors import InputError
from marsad.base.records import Observation
from marsad.collect.adapters.aggregates import refuse
from marsad.collect.register import Source
from marsad.lake.store import Lake
from marsad.lake.tables import table
from marsad.products.declare import indicators

ADAPTER = "aggregates"
_KEY = table("core_observations").key


_OF_OPINION = "opinion_"


def shown_by(cells: Sequence[Observation], file: str) -> None:
    """InputError for a survey that the indicator of its figures does not show: the release could not name it."""
    declared = {indicator.id: indicator for indicator in indicators()}
    for name, survey in sorted({(cell.indicator, cell.survey) for cell in cells}):
        owner = declared.get("opinion_balance" if name.startswith(_OF_OPINION) else name)
        if owner and survey not in owner.surveys:
            raise InputError(
                f"survey {survey!r} is none that {owner.id} shows ({', '.join(owner.surveys)}): add it to"
                f" `surveys` in products/indicators/{owner.id}/indicator.yml",
                file=file,
            )


def hold_together(lake: Lake, spec: Source, cells: Sequence[Observation], file: str) -> None:
    """InputError, naming the cells, where a table with what the source gave before of the same measures and
    years discloses or contradicts itself; what it gives anew stands for what was."""
    if spec.adapter != ADAPTER:
        return
    given = {tuple(getattr(cell, name) for name in _KEY): cell for cell in cells}
    touched = {(cell.indicator, cell.period[:4]) for cell in cells}
    names = Observation.__struct_fields__
    for row in lake.read("core_observations", partition=spec.id).to_pylist():
        if (row["indicator"], row["period"][:4]) in touched:
            given.setdefault(
                tuple(row[name] for name in _KEY),
                msgspec.convert({name: row[name] for name in names}, Observation),
            )
    refuse(list(given.values()), spec.options, file)
