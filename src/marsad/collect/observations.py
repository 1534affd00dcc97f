"""Observations of one file: one value for each key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from marsad.base.errors import InputError
from marsad.base.periods import start
from marsad.base.records import Observation
from marsad.collect.context import Context

_KEY = 12
"""Fields of an observation, from the first on, that are its key."""


def one_of_a_key(
    ctx: Context, observations: Iterable[tuple[int, Observation]], *, file: str
) -> Iterator[Observation]:
    """The first value of each key, from (row, observation); a further one sets itself aside, and one of a
    period that has not begun."""
    seen: set[tuple[object, ...]] = set()
    for row, observation in observations:
        key = msgspec.structs.astuple(observation)[:_KEY]
        rule = ""
        if key in seen:
            rule = f"a second value for {observation.period} of what an earlier row gives"
        elif start(observation.period) > ctx.today:
            rule = f"period {observation.period} has not begun"
        if rule:
            ctx.reject(InputError(rule, file=file, row=row), msgspec.to_builtins(observation))
        else:
            seen.add(key)
            yield observation
