"""The letter of statistical reliability: how precise a value is, whoever wrote it down.

A letter follows from the number of units behind a value (people, establishments, ads), for a share
of n units has a standard error of at most 50 / sqrt(n) points: 1.6 points at 1,000 units, 5 at 100,
9 at 30 (the classes are those of national offices that publish no error for every cell, e.g. ISTAT
and Statistics Canada, who warn under 30). `U` says that neither an error nor a number is told: for
the surveys of HCP no sampling error is published. Whether a figure was copied rightly is another
question, and another mark: `verification`.
"""

from __future__ import annotations

GOOD, FAIR, LOW, FEW, UNTOLD = "A", "B", "C", "D", "U"
FEWEST = 30
"""Units under which a value heads no page and no ranking."""


def by_units(n: float | None) -> str:
    """The letter of a value that rests on `n` units (None: nobody tells)."""
    if n is None:
        return UNTOLD
    if n < FEWEST:
        return FEW
    return LOW if n < 100 else FAIR if n < 1000 else GOOD
