"""Signs: early warnings and signs of shortage, each by a rule said beforehand.

A sign is `on`, `off` or `unknown`, never a guess: where a figure is missing the sign is unknown.
Bounds count: where a value has an interval, a sign is on only when the whole interval passes.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ON, OFF, UNKNOWN = "on", "off", "unknown"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % bounds where it has some."""

    value: float
    lower: float | None = None
    upper: float | None = None

    @property
    def low(self) -> float:
        return self.value if self.lower is None else self.lower

    @property
    def high(self) -> float:
        return self.value if self.upper is None else self.upper


def rises(values: Sequence[float | None], by: float, times: int = 2) -> str:
    """On when the last `times` steps each rise by more than `by`."""
    known = [v for v in values[-times - 1 :] if v is not None]
    if len(known) < times + 1:
        return UNKNOWN
    return ON if all(b - a > by for a, b in itertools.pairwise(known)) else OFF


def falls(values: Sequence[float | None], share: float, span: int) -> str:
    """On when the last value is more than `share` below the one `span` periods before."""
    if len(values) <= span or values[-1] is None or values[-1 - span] is None:
        return UNKNOWN
    before, last = values[-1 - span], values[-1]
    assert before is not None
    assert last is not None
    return ON if before > 0 and last < (1 - share) * before else OFF


def expected_above(last: float | None, outlook: Estimate | None) -> str:
    """On when the whole interval of an outlook lies above the last value."""
    if last is None or outlook is None or outlook.lower is None:
        return UNKNOWN
    return ON if outlook.lower > last else OFF


def apart(estimate: Estimate | None, other: Estimate | None) -> str:
    """On when the interval of one lies wholly above that of the other; unknown where either has no
    such bound: a median that few values, or an end that is not reached, leave open."""
    if estimate is None or other is None or estimate.lower is None or other.upper is None:
        return UNKNOWN
    return ON if estimate.lower > other.upper else OFF


@dataclass(frozen=True, slots=True)
class Shortage:
    """The signs of shortage of an occupation group: `growth`, `time_open` and `pay`, each on, off or
    unknown; `count` of those on, `known` of those that could be told."""

    code: str
    signs: Mapping[str, str]

    @property
    def count(self) -> int:
        return sum(state == ON for state in self.signs.values())

    @property
    def known(self) -> int:
        return sum(state != UNKNOWN for state in self.signs.values())


def shortages(
    recent: Mapping[str, Estimate],
    earlier: Mapping[str, Estimate],
    open_for: Mapping[str, Estimate],
    pay: Mapping[str, Estimate],
    pay_before: Mapping[str, Estimate],
    total: str = "_T",
) -> list[Shortage]:
    """Occupation groups by the signs of shortage they show, most first.

    - growth: new ads of the last quarter lie above those of the quarter before, intervals apart;
    - time_open: ads stay open longer than those of all occupations, intervals apart;
    - pay: offers lie above those of the year before, intervals apart.

    These are the demand-side signs of the shortage lists of the United Kingdom (MAC 2008) and of
    Australia (Jobs and Skills Australia 2023); signs from the side of people (unemployed by
    occupation, vacancies filled) are not published yet, so a list by these three is partial.
    """
    codes = sorted((set(recent) | set(open_for) | set(pay)) - {total})
    judged = [
        Shortage(
            code,
            {
                "growth": apart(recent.get(code), earlier.get(code)),
                "time_open": apart(open_for.get(code), open_for.get(total)),
                "pay": apart(pay.get(code), pay_before.get(code)),
            },
        )
        for code in codes
    ]
    return sorted(judged, key=lambda shortage: (-shortage.count, -shortage.known, shortage.code))
