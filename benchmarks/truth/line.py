"""One line of the table that `make bench-truth` prints: what was measured, its bar, its value, on how many."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """What is measured, the bar it is held to, the value reached, and the number of cases."""

    what: str
    bar: str
    value: str
    n: int
