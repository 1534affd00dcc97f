"""Signs: early warnings and signs of shortage, each by a rule said beforehand.

A sign is `on`, `off` or `unknown`, never a guess: where a figure is missing the sign is unknown.
Bounds count: a sign of shortage is on only when intervals lie apart, and a rise is expected by the
chance that the outlook's own interval gives it. A series with seasons in it is compared with the same
months of the year before.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from marsad.base.periods import following

ON, OFF, UNKNOWN = "on", "off", "unknown"
QUARTER = 3


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


def falls(months: Mapping[str, float], share: float) -> str:
    """On when the last three months of a monthly series lie together more than `share` below the
    same three a year before: seasons come alike in both. Unknown where one of the six is missing."""
    last = max(months, default="")
    recent = quarter_to(last, 0) if last else []
    known = [months.get(m) for m in (*recent, *(quarter_to(last, 1) if last else ()))]
    values = [v for v in known if v is not None]
    if len(values) < 2 * QUARTER:
        return UNKNOWN
    now, before = sum(values[:QUARTER]), sum(values[QUARTER:])
    return ON if before > 0 and now < (1 - share) * before else OFF


def quarter_to(month: str, years_back: int) -> list[str]:
    """A month and the two before it, so many years earlier."""
    first = f"{int(month[:4]) - years_back - 1:04d}{month[4:]}"
    return following(first, 13)[-QUARTER:]


def chance_above(last: float, outlook: Estimate) -> float | None:
    """The chance that an outlook gives to a value above `last`: its 95 % bounds are read as those of
    a normal law around its centre. None without bounds, or with bounds that leave no doubt."""
    if outlook.lower is None or outlook.upper is None or outlook.upper <= outlook.lower:
        return None
    deviation = (outlook.upper - outlook.lower) / (2 * NormalDist().inv_cdf(0.975))
    return 1 - NormalDist(outlook.value, deviation).cdf(last)


def expected_above(last: float | None, outlook: Estimate | None, chance: float) -> str:
    """On when an outlook gives a value above the last one at least this chance (0-1)."""
    if last is None or outlook is None or (given := chance_above(last, outlook)) is None:
        return UNKNOWN
    return ON if given >= chance else OFF


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

    - growth: new ads of three months lie above those of the same months a year before, intervals apart;
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
