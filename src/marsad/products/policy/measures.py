"""Measures: what was done, for whom, from when, and the indicator by which it is to be judged.

A measure is a declaration (`measures/<id>.yml`); its result is computed from published values and
never typed. The result is a difference of differences (Ashenfelter and Card 1985): how the figure of
the group moved since the last period before the start, less how that of the comparison group moved.
It describes. It shows an effect only where both would have moved alike without the measure, and where
the indicator was fixed before the start; the page says when it was not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from marsad.base.declare import load_declaration
from marsad.base.errors import DeclarationError, NotFoundError
from marsad.base.labels import missing
from marsad.base.periods import end, start
from marsad.base.refusals import refused
from marsad.products.declare import DIMENSIONS, indicator

FOLDER = Path(__file__).parent / "measures"
BEFORE = 3
"""Periods before the start that are shown, so that a reader sees whether both moved alike."""


class Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A measure as its file declares it; texts in ar, fr and en, `group` and `comparison` codes by
    dimension, `direction` (`wanted` in the file) the one hoped for: up or down. `verified` says
    whether the managing body has checked the facts against the legal text."""

    title: dict[str, str]
    what: dict[str, str]
    target: dict[str, str]
    source: dict[str, str]
    why: dict[str, str]
    start: str
    fixed_on: str
    verified: bool
    direction: str = msgspec.field(name="wanted")
    indicator: str
    group: dict[str, str]
    comparison: dict[str, str]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure with its name."""

    id: str
    declared: Declared

    @property
    def fixed_in_advance(self) -> bool:
        """Whether the indicator was fixed before the measure began."""
        return dt.date.fromisoformat(self.declared.fixed_on) < start(self.declared.start)


@cache
def measures() -> tuple[Measure, ...]:
    """Every measure, newest first; DeclarationError names the file and what is wrong in it."""
    declared = [
        Measure(p.stem, load_declaration(p, Declared)) for p in sorted(FOLDER.glob("*.yml"))
    ]
    for measure in declared:
        _check(measure)
    return tuple(sorted(declared, key=lambda measure: start(measure.declared.start), reverse=True))


def measure(name: str) -> Measure:
    """One measure; NotFoundError when there is none of that name."""
    for candidate in measures():
        if candidate.id == name:
            return candidate
    raise NotFoundError(refused("no_measure", code=name))


def _check(measure: Measure) -> None:
    declared, where = measure.declared, f"measures/{measure.id}.yml"
    for field in ("title", "what", "target", "source", "why"):
        if lacking := missing(getattr(declared, field)):
            raise DeclarationError(f"{where}: {field} lacks {', '.join(lacking)}")
    if declared.direction not in ("up", "down"):
        raise DeclarationError(f"{where}: wanted is up or down, not {declared.direction!r}")
    if indicator(declared.indicator).id and declared.group == declared.comparison:
        raise DeclarationError(f"{where}: the group is its own comparison")
    for codes in (declared.group, declared.comparison):
        if unknown := set(codes) - set(DIMENSIONS):
            raise DeclarationError(f"{where}: {sorted(unknown)[0]!r} is not a dimension")
        if not {"survey", "freq", "area"} <= set(codes):
            raise DeclarationError(f"{where}: survey, freq and area must be said")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a measure. `periods` are those shown; `before` and `after` the two compared
    (empty when they cannot be); `difference` is in the indicator's unit; `broken` is the period of a
    series break in between, for which nothing is compared."""

    periods: tuple[str, ...]
    before: str = ""
    after: str = ""
    group: float | None = None
    comparison: float | None = None
    broken: str = ""

    @property
    def difference(self) -> float | None:
        """Change of the group less change of the comparison; None when one is not known."""
        if self.group is None or self.comparison is None:
            return None
        return self.group - self.comparison


def result(
    measure: Measure,
    group: Mapping[str, float],
    comparison: Mapping[str, float],
    breaks: Sequence[str],
) -> Result:
    """The result from the values of both series by period, and the periods of series breaks.

    Compared are the last period that ended before the start and the newest one.
    """
    both = sorted(set(group) & set(comparison), key=start)
    began = start(measure.declared.start)
    before = [p for p in both if end(p) < began]
    after = both[len(before) :]
    shown = tuple([*before[-BEFORE:], *after])
    if not before or not after:
        return Result(shown)
    first, last = before[-1], after[-1]
    for broken in breaks:
        if start(first) < start(broken) <= start(last):
            return Result(shown, first, last, broken=broken)
    moved = (group[last] - group[first], comparison[last] - comparison[first])
    return Result(shown, first, last, *moved)
