"""One line of the table of `make bench-truth`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """What is measured on `n` inputs: the share that is right (0 to 1), and the least it must be."""

    what: str
    bar: float
    value: float
    n: int
