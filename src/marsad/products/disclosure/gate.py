"""The gate: no indicator's rows reach a release except through `protect`.

What is public passes exactly as it is counted. The rest, registers and agreements, is protected:
counts of ads and of people below the indicator's minimum are suppressed, and so are magnitudes that
one or two contributors dominate (p % rule, Hundepool et al. 2012, Statistical Disclosure Control,
ch. 4). Then `suppression.complete` suppresses what else must go, over all the lines in which cells
add up at once: areas, occupations, the other dimensions and, for flows, the months of a year.
Cells that an earlier release showed with the same value protect nothing and are not used; figures
that rest on the same counts follow the suppressions of the indicator they are declared to follow.
Every suppressed value bears one code, C: a code that told small counts (A) from those suppressed to
protect them (D) would tell that the latter reach the minimum, and with that others exactly. Nor is it
told that a row counts nothing: rows exist only where something was counted, and the programs that
choose the cells take it that the reader knows so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from marsad.base.areas import COUNTRY, areas
from marsad.base.codes import TOTAL, UNKNOWN
from marsad.base.records import Row
from marsad.products.declare import DIMENSIONS, Indicator
from marsad.products.disclosure.suppression import Relation, Table, complete
from marsad.products.reliability import FEW as FEW_UNITS
from marsad.products.reliability import LOW as UNRELIABLE

Key = tuple[str, ...]
SUPPRESSED, FREE, CONFIDENTIAL = "Q", "F", "C"
"""Status of a suppressed value; confidentiality of a free and of a suppressed one."""
PUBLIC = frozenset({"ADS", "ADS_SYNTHETIC"})
"""Surveys whose units anyone can see: confidentiality is a property of the source."""
KEY = (*DIMENSIONS, "vintage", "period")
_ADDITIVE = {"NB", "RT"}  # counts, and counts over a published denominator
_INNER = ("part", "contributors")  # what an indicator tells the gate and nobody else


def key_of(row: Row) -> Key:
    """The dimensions, vintage and period of a value of one indicator."""
    return tuple(row[name] for name in KEY)


def _suppress(row: Row) -> None:
    # The note goes too: an indicator may tell the count in words.
    row.update(value=None, lower=None, upper=None, n=None, note="")
    row.update(obs_status=SUPPRESSED, conf_status=CONFIDENTIAL)


def dominated(contributors: Sequence[float], p: float) -> bool:
    """Whether the second largest contributor could estimate the largest within `p` percent: the
    others together are less than that of it. Also where there is one contributor only."""
    largest = sorted(contributors, reverse=True)
    return bool(largest) and sum(largest[2:]) < p / 100 * largest[0]


def _sensitive(row: Row, indicator: Indicator) -> bool:
    """Whether a row may not be published by itself: few units, or one that dominates."""
    rule = indicator.disclosure
    part, n = row.get("part"), row["n"]
    few = n is not None and 0 < n < rule.minimum
    if few or (part is not None and min(part, n - part) < rule.least_part):
        return True
    contributors = row.get("contributors")
    return bool(contributors is not None and rule.p and dominated(contributors, rule.p))


def _parents(dimension: str, code: str) -> Iterator[str]:
    """The codes that hold a code, nearest first."""
    if code == UNKNOWN:
        yield COUNTRY if dimension == "area" else TOTAL
    elif dimension == "area":
        while code in areas() and (parent := areas()[code].parent):
            code = parent
            yield code
    elif dimension == "occupation":
        yield from (code[:i] for i in range(len(code) - 1, 0, -1) if code != TOTAL)
        yield TOTAL
    else:
        if "@" in code:  # a part of a category: `demand@C`
            yield code.partition("@")[0]
        yield TOTAL


def _totals(row: Row, *, flow: bool) -> Iterator[tuple[str, list[Key]]]:
    """For each dimension the keys of the cells that may hold this one, nearest first."""
    for dimension in DIMENSIONS:
        if dimension not in {"freq", "survey", "adjustment"} and row[dimension] != TOTAL:
            yield (
                dimension,
                [
                    key_of({**row, dimension: code})
                    for code in _parents(dimension, row[dimension])
                    if code != row[dimension]
                ],
            )
    if flow and row["freq"] != "A":
        yield "period", [key_of({**row, "freq": "A", "period": row["period"][:4]})]


def relations(rows: Sequence[Row], *, closed: str = "", flow: bool = False) -> list[Relation]:
    """Every line in which the cells of an indicator add up: along each dimension to the nearest
    total that is published; along `closed` to the units that all its shares rest on; for a `flow`,
    months and quarters to their year."""
    place = {key_of(row): i for i, row in enumerate(rows)}
    lines: dict[tuple[str, object], list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        for dimension, above in _totals(row, flow=flow):
            total = next((place[key] for key in above if key in place), None)
            if total is not None:
                frequency = row["freq"] if dimension == "period" else ""
                lines[dimension + frequency, total].append(i)
        if closed:
            lines["closed", key_of({**row, closed: ""})].append(i)
    return [
        Relation(total if isinstance(total, int) else None, tuple(parts))
        for (_, total), parts in lines.items()
    ]


def residuals(rows: Sequence[Row]) -> list[Row]:
    """What totals hold beside their published parts: the units without a code. Nobody publishes them,
    but whoever subtracts the parts from a total knows them."""
    rest: list[Row] = []
    for dimension, total in (("occupation", TOTAL), ("area", COUNTRY)):
        cells: dict[Key, list[Row]] = defaultdict(list)
        for row in [*rows, *rest]:
            if row["n"] is not None:
                cells[key_of({**row, dimension: ""})].append(row)
        for same in cells.values():
            whole = [row for row in same if row[dimension] == total]
            parts = [row for row in same if row[dimension] != total]
            left = _count(whole[0]) - sum(map(_count, parts)) if whole and parts else 0
            if left > 0:
                rest.append({**whole[0], dimension: UNKNOWN, "n": left, "value": float(left)})
    return [{k: v for k, v in row.items() if k not in _INNER} for row in rest]


def _count(row: Row) -> int:
    part = row.get("part")
    return int(row["n"] if part is None else part)


def _complete(indicator: Indicator, rows: list[Row], earlier: Mapping[Key, set[float]]) -> None:
    """Suppress the cells that the suppressed ones need; rows hold their counts still."""
    rule = indicator.disclosure
    counted = [row for row in rows if row["n"] is not None]
    sensitive = [i for i, row in enumerate(counted) if row["conf_status"] != FREE]
    if not sensitive:
        return
    table = Table(
        [_count(row) for row in counted], relations(counted, closed=rule.closed, flow=rule.flow)
    )
    shown = [i for i, row in enumerate(counted) if row["value"] in earlier.get(key_of(row), ())]
    for i in complete(table, sensitive, max(rule.least_part or rule.minimum, 2), shown):
        counted[i]["conf_status"] = CONFIDENTIAL


def protect(
    indicator: Indicator,
    rows: Sequence[Row],
    *,
    earlier: Mapping[Key, set[float]] | None = None,
    followed: Collection[tuple[str, ...]] = (),
) -> list[Row]:
    """The rows as they may be published. `n` is the number of units behind each value, `part`, for
    a share, the number of those it counts, `contributors` what each contributes to a magnitude
    (neither is ever published).

    `earlier` holds the values that releases before have shown, by key; `followed` the survey,
    area, occupation and period of the suppressed cells of the indicator that this one follows.
    Figures that their producers published (`rule: published`) and counts of public ads pass as they
    are, for anyone can count them again; the latter are marked unreliable where they rest on few ads.
    """
    safe = [{"conf_status": FREE, **row} for row in rows]
    if indicator.disclosure.rule == "published":
        return safe
    public = [_marked(row, indicator) for row in safe if row["survey"] in PUBLIC]
    return public + _protected(
        indicator, [row for row in safe if row["survey"] not in PUBLIC], earlier or {}, followed
    )


def _marked(row: Row, indicator: Indicator) -> Row:
    few = row["n"] is not None and row["n"] < indicator.disclosure.minimum
    worse = row.get("reliability") == FEW_UNITS
    marked = {**row, "reliability": FEW_UNITS if worse else UNRELIABLE} if few else row
    return {k: v for k, v in marked.items() if k not in _INNER}


def _protected(
    indicator: Indicator,
    safe: list[Row],
    earlier: Mapping[Key, set[float]],
    followed: Collection[tuple[str, ...]],
) -> list[Row]:
    for row in safe:
        place = (row["survey"], row["area"], row["occupation"], row["period"])
        if _sensitive(row, indicator) or place in followed:
            row["conf_status"] = CONFIDENTIAL
    if indicator.unit in _ADDITIVE or any(row.get("part") is not None for row in safe):
        rest = [
            {**row, "conf_status": CONFIDENTIAL if _sensitive(row, indicator) else FREE}
            for row in residuals(safe)
        ]
        _complete(indicator, [*safe, *rest], earlier)
    for row in safe:
        if row["conf_status"] != FREE:
            _suppress(row)
    return [{k: v for k, v in row.items() if k not in _INNER} for row in safe]
