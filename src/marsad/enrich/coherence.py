"""Coherence of a statistical table: what must hold whatever the figures say.

A table that breaks these rules was damaged on its way (values shifted or copied over other cells);
it is refused whole, with the rule and the cells, and never repaired by guessing. Single breaches
are kept as findings beside the accepted table: official tables hold a few.

Rules: a rate lies between 0 and 100; a rate of all lies between the rates of its parts (sexes;
urban and rural; the country between its regions); employment rate = activity rate x (1 -
unemployment rate); one series is not repeated, value for value, in another cell; one value does
not fill most cells of one period.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marsad.base.areas import area
from marsad.base.errors import CoherenceError
from marsad.base.records import Observation

ROUNDING = 0.15
"""Percentage points by which published roundings may break an identity."""
ALLOWED_SHARE = 0.05
"""Share of checked cells that may break an identity before the table is refused."""
_SERIES, _CELLS = 4, 6  # least periods for a repeated series, least cells for a filled period

Key = tuple[str, ...]
_PARTS = {"sex": ("_T", ("M", "F")), "urbanisation": ("_T", ("U", "R"))}


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule broken in one place, in words."""

    rule: str
    words: str


def _cell(o: Observation, **other: str) -> Key:
    names = (
        "indicator",
        "area",
        "survey",
        "sex",
        "age",
        "urbanisation",
        "education",
        "category",
        "vintage",
    )
    return tuple(other.get(name, getattr(o, name)) for name in names)


def _named(key: Key) -> str:
    parts = [key[0], area(key[1]).label("fr"), *(k for k in key[3:8] if k not in {"_T", "Y_GE15"})]
    return " / ".join(parts)


class _Table:
    """Values by cell and period."""

    def __init__(self, observations: Iterable[Observation]) -> None:
        self.values: dict[Key, dict[str, float]] = defaultdict(dict)
        self.first: dict[Key, Observation] = {}
        for o in observations:
            key = _cell(o)
            self.first.setdefault(key, o)
            if o.value is not None:
                self.values[key][o.period] = o.value


def _ranges(table: _Table) -> Iterable[Finding]:
    for key, series in table.values.items():
        for period, value in series.items():
            percent = table.first[key].unit == "PT"
            if value < 0 and key[0] != "net_job_change":
                yield Finding("range", f"{_named(key)} {period}: {value} is negative")
            elif percent and value > 100:
                yield Finding("range", f"{_named(key)} {period}: {value} % is above 100")


def _between(table: _Table) -> tuple[int, list[Finding]]:
    """Totals that must lie between their parts: how many were checked, which do not."""
    checked, findings = 0, []
    for key, series in table.values.items():
        o = table.first[key]
        if o.unit != "PT" or not o.indicator.endswith("_rate"):
            continue
        for dimension, (total, parts) in _PARTS.items():
            if getattr(o, dimension) != total:
                continue
            others = [table.values.get(_cell(o, **{dimension: part})) for part in parts]
            for period, value in series.items():
                ends = [s[period] for s in others if s and period in s]
                if len(ends) == len(parts):
                    checked += 1
                    if not min(ends) - ROUNDING <= value <= max(ends) + ROUNDING:
                        words = f"{_named(key)} {period}: {value} is not between {ends[0]} and {ends[1]} ({dimension})"
                        findings.append(Finding("between", words))
    return checked, findings


def _identity(table: _Table) -> tuple[int, list[Finding]]:
    """employment rate = activity rate x (1 - unemployment rate), where all three are given."""
    checked, findings = 0, []
    for key, series in table.values.items():
        if key[0] != "employment_rate":
            continue
        activity = table.values.get(("activity_rate", *key[1:]), {})
        unemployment = table.values.get(("unemployment_rate", *key[1:]), {})
        for period in series.keys() & activity.keys() & unemployment.keys():
            checked += 1
            gap = abs(series[period] - activity[period] * (1 - unemployment[period] / 100))
            if gap > ROUNDING:
                findings.append(
                    Finding("identity", f"{_named(key)} {period}: gap of {gap:.2f} points")
                )
    return checked, findings


def _repeated(table: _Table) -> list[Finding]:
    """Series equal, value for value over four periods or more, in different cells."""
    alike: dict[tuple[object, ...], list[Key]] = defaultdict(list)
    for key, series in table.values.items():
        if len(series) >= _SERIES and len(set(series.values())) >= _SERIES - 1:
            alike[key[0], key[2], key[8], tuple(sorted(series.items()))].append(key)
    findings = []
    for keys in alike.values():
        # A wholly urban area has one series for its total and its towns: that repeats nothing.
        repeating = [k for k in keys if not any(_holds(other, k) for other in keys)]
        if len(repeating) > 1:
            words = "the same values stand at " + ", at ".join(_named(k) for k in repeating[:4])
            findings.append(Finding("repeated series", words))
    return findings


def _holds(whole: Key, part: Key) -> bool:
    """Whether one cell is a total that the other is a part of, in one dimension."""
    differ = [i for i, (a, b) in enumerate(zip(whole, part)) if a != b]
    return len(differ) == 1 and differ[0] >= 3 and whole[differ[0]] == "_T"


def _filled(table: _Table) -> list[Finding]:
    """Periods in which one value fills most cells, though the cells differ in other periods."""
    by_period: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for key, series in table.values.items():
        for period, value in series.items():
            by_period[key[0], key[2], period].append(round(value))
    usual: dict[tuple[str, str], list[float]] = defaultdict(list)
    shares = {}
    for (indicator, survey, period), values in by_period.items():
        if len(values) >= _CELLS:
            shares[indicator, survey, period] = Counter(values).most_common(1)[0][1] / len(values)
            usual[indicator, survey].append(shares[indicator, survey, period])
    return [
        Finding("one value fills a period", f"{i} {p}: one value in {share:.0%} of the cells")
        for (i, s, p), share in shares.items()
        if share >= 0.6 and sorted(usual[i, s])[len(usual[i, s]) // 2] < 0.4
    ]


def check(observations: Sequence[Observation], *, file: str) -> list[Finding]:
    """The findings of an accepted table; CoherenceError, with every finding, for one to refuse."""
    table = _Table(observations)
    repeated, filled = _repeated(table), _filled(table)
    ranges = list(_ranges(table))
    checked, broken = 0, []
    for count, findings in (_between(table), _identity(table)):
        checked += count
        broken += findings
    reasons = [f.words for f in (*repeated, *filled, *ranges)]
    if checked and len(broken) > ALLOWED_SHARE * checked:
        reasons.append(
            f"{len(broken)} of {checked} totals and identities do not hold, first: {broken[0].words}"
        )
    every = [*repeated, *filled, *ranges, *broken]
    if reasons:
        summary = "; ".join(reasons[:3]) + (
            f"; and {len(reasons) - 3} more" if len(reasons) > 3 else ""
        )
        raise CoherenceError(
            f"the table contradicts itself and is refused: {summary}",
            file=file,
            findings=tuple(f"{f.rule}: {f.words}" for f in every),
        )
    return every
