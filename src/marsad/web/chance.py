"""Whether a change between two figures is more than chance: what a sentence must know before it tells
it as news.

The interval of each figure decides where both have one (half-widths in quadrature). Else, for a share
in percent, the persons behind it, or the most of the sample that its letter stands for (see
`products.reliability`): the band is that of a simple sample of that size, and a design is wider. A
figure of a low letter in another unit is never told apart from the one before.
"""

from __future__ import annotations

import math

from marsad.publish.read.model import Value
from marsad.publish.read.trust import MOST_UNITS, WEAK_LETTERS

WITHIN, BEYOND, UNTOLD = "within", "beyond", "untold"
_NORMAL = 1.959964
_SAMPLES = ("ENE",)
_COUNTRY = "MA"


def chance(row: Value, before: Value) -> str:
    """WITHIN what chance explains, BEYOND it, or UNTOLD where the producer of a sample publishes no
    error for a part of the country. Both rows have a value."""
    moved = abs((row.value or 0.0) - (before.value or 0.0))
    halves = [_half(row), _half(before)]
    known = [half for half in halves if half is not None]
    if len(known) == len(halves):
        return WITHIN if moved <= math.hypot(*known) else BEYOND
    if {row.reliability, before.reliability} & {*WEAK_LETTERS}:
        return WITHIN
    part = row.area != _COUNTRY and row.survey in _SAMPLES
    return UNTOLD if part and moved else BEYOND


def _half(row: Value) -> float | None:
    """Half the interval of a value at 95 %, or of a share the least that its units allow; else None."""
    if row.lower is not None and row.upper is not None:
        return (row.upper - row.lower) / 2
    n = row.n or MOST_UNITS.get(row.reliability)
    if n is None or row.unit != "PT" or row.survey not in _SAMPLES:
        return None
    share = min(max((row.value or 0.0) / 100, 0.0), 1.0)
    return 100 * _NORMAL * math.sqrt(share * (1 - share) / n)
