"""Coverage of every 95 % interval that Marsad computes, in simulation: what is said, how often it holds the truth
before (the way it was made until issue 14), now, and made by a peer.

    .venv/bin/python benchmarks/coverage.py [quick | name of a part ...]

Each row has a truth of its own, said in the row; a good interval holds it in .93 to .97. Seeds are fixed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint

from marsad.products.statistics.breaks import bridge_model, bridge_overlap
from marsad.products.statistics.durations import time_open
from marsad.products.statistics.index import chained
from marsad.products.statistics.intervals import median_interval, poisson, wilson
from marsad.products.statistics.tension import mismatch
from marsad.products.statistics.uncertainty import Errors, Rate, bounds

Row = tuple[str, str, str, str]  # what and its truth, before, now, peer
Bounds = tuple[float | None, float | None]
RUNS = 1000
RIGHT, GOLD = 0.795, 191
"""The share of ads that the coder of occupations puts into the right major group, and of how many read."""


def _holds(bounds: Bounds, truth: float) -> bool:
    low, high = bounds
    return low is not None and low <= truth and (high is None or truth <= high)


def _share(held: list[bool]) -> str:
    return f"{np.mean(held):.3f}" if held else "-"


# Durations ------------------------------------------------------------------------------------


def _board(dice: np.random.Generator, n: int, gap: int, shape: float) -> tuple[np.ndarray, ...]:
    """Ads of a median of 17 days, on a board read every `gap` days and given up: last day seen, last day
    possible, first day seen, and the days that nobody knows."""
    length = np.floor(dice.weibull(shape, n) * 17.5 / np.log(2) ** (1 / shape))
    posted, followed = dice.integers(0, gap, n), dice.integers(5, 50, n)
    first = -posted % gap
    last = (posted + length) // gap * gap - posted
    given_up = (posted + followed) // gap * gap - posted
    still = last >= given_up
    until = np.where(still, given_up, last)
    held = (first <= length) & (until >= first) & (~still | (until > first))
    latest = np.where(still, np.inf, last + gap - 1)
    return until[held], latest[held], first[held].astype(float)


def durations() -> Iterator[Row]:
    for gap, shape in ((1, 1.2), (3, 1.0), (7, 1.2), (7, 0.8), (14, 1.2)):
        before, now, peer = [], [], []
        middles: list[list[float]] = [[], [], []]
        censored = []
        for seed in range(RUNS // 2):
            last, latest, entered = _board(np.random.default_rng(seed), 250, gap, shape)
            ended = np.isfinite(latest)
            censored.append(1 - ended.mean())
            closed = (last[ended]).tolist()
            before.append(_holds(median_interval(closed) or (None, None), 17))
            ours = time_open(last, latest, entered)
            now.append(_holds((ours.lower, ours.upper), 17))
            days = np.where(
                ended, (last + np.where(ended, latest, last)) // 2, last - 1
            )  # the middle of the readings
            inside = days >= entered
            theirs = SurvfuncRight(
                days[inside] + 2, ended[inside].astype(int), entry=entered[inside] + 1
            )
            with np.errstate(divide="ignore", invalid="ignore"):
                low, high = theirs.quantile_ci(0.5, method="cloglog")
            peer.append(_holds((low - 2, high - 2), 17))
            for column, value in zip(
                middles, (np.median(closed), ours.median, theirs.quantile(0.5) - 2)
            ):
                column.append(np.nan if value is None else float(value))
        medians = [f"{np.nanmedian(column):.0f}" for column in middles]
        what = f"time open: 17 days; read every {gap}, {np.mean(censored):.0%} open at the end"
        told = zip((before, now, peer), medians)
        yield (what, *(f"{_share(held)} ({m} days)" for held, m in told))  # type: ignore[misc]


# Counts ---------------------------------------------------------------------------------------


def _moved(counts: np.ndarray, errors: Errors) -> Bounds:
    """The interval of the corrected count, moved onto the count itself: as it was."""
    middle, low, high = (float(part[0]) for part in bounds(counts, errors))
    return float(counts[0]) - max(middle - low, 0), float(counts[0]) + max(high - middle, 0)


def counts() -> Iterator[Row]:
    size, runs = 20_000, RUNS // 4
    cross = (1 - RIGHT) / 9
    for share in (0.02, 0.10, 0.40):
        true = size * share
        coded = true * RIGHT + (size - true) * cross
        before, corrected, now, peer = [], [], [], []
        for seed in range(runs):
            dice = np.random.default_rng(seed)
            n, rest = dice.poisson([coded, size - coded]).astype(float)
            right = Rate(int(dice.binomial(GOLD, RIGHT)), GOLD)
            part = right.hits / right.tried
            matrix = GOLD / 10 * np.array([[part, 1 - part], [1 - part, 8 + part]])
            errors = Errors(matrix, Rate(1, 1), Rate(1, 1), 0.0)
            pair = np.array([n, rest])
            before.append(_holds(_moved(pair, errors), true))
            _, low, high = bounds(pair, errors)
            corrected.append(_holds((float(low[0]), float(high[0])), true))
            now.append(_holds(poisson(int(n)), coded))
            peer.append(_holds((n - 1.96 * n**0.5, n + 1.96 * n**0.5), coded))
        yield (
            f"count of a group of {share:.0%} of {size:,} ads: those coded so ({coded:.0f})",
            f"{_share(before)} of the true {true:.0f}",
            _share(now),
            f"normal {_share(peer)}; corrected count, of the true one {_share(corrected)}",
        )


def skills() -> Iterator[Row]:
    """A skill that ads ask for, of which 35 of 100 are found and 70 of 100 found are asked."""
    n = 1500
    for asked in (0.05, 0.30, 0.60):
        mean = asked * 0.35 / 0.70
        parts = np.random.default_rng(1).binomial(n, mean, RUNS)
        now = [_holds(wilson(int(part), n), 100 * mean) for part in parts]
        before = [_holds(wilson(int(part), n), 100 * asked) for part in parts]
        peer = [_holds(proportion_confint(int(part), n, method="beta"), mean) for part in parts]
        yield (
            f"share of a skill, asked by {asked:.0%}: where it is found ({mean:.1%})",
            f"{_share(before)} of those that ask",
            _share(now),
            f"Clopper-Pearson {_share(peer)}",
        )


# The index and mismatch -----------------------------------------------------------------------


def _poisson_only(counts: np.ndarray, names: list[str], months: list[str], seed: int) -> np.ndarray:
    """Bounds as they were: the counts drawn again, the boards taken as they are."""
    dice = np.random.default_rng(seed)
    drawn = [chained(dice.poisson(counts).astype(float), names, months).values for _ in range(60)]
    return np.percentile(drawn, (2.5, 97.5), axis=0)


def indexes() -> Iterator[Row]:
    months = [f"{2024 + i // 12}-{i % 12 + 1:02d}" for i in range(24)]
    for boards in (4, 10):
        names = [str(i) for i in range(boards)]
        for noise in (0.0, 0.05, 0.10, 0.15):
            before, now, peer = [], [], []
            for seed in range(RUNS // 8):
                dice = np.random.default_rng(seed)
                demand = np.cumsum(dice.normal(0.003, 0.03, 24))
                demand -= demand[0]
                logs = 6.5 + dice.normal(0, 0.6, (boards, 1)) + demand
                seen = dice.poisson(np.exp(logs + dice.normal(0, noise, (boards, 24)))).astype(
                    float
                )
                truth = 100 * np.exp(demand)
                index = chained(seen, names, months)
                now.append(((index.lower <= truth) & (truth <= index.upper))[1:].mean())
                if seed < RUNS // 50:
                    low, high = _poisson_only(seen, names, months, seed)
                    before.append(((low <= truth) & (truth <= high))[1:].mean())
                moves = np.log(seen[:, 1:] / seen[:, :1])
                half = stats.t.ppf(0.975, boards - 1) * moves.std(0, ddof=1) / boards**0.5
                peer.append((np.abs(moves.mean(0) - demand[1:]) <= half).mean())
            yield (
                f"index, {boards} boards of {noise:.0%} monthly noise: the market",
                f"{np.mean(before):.3f}",
                f"{np.mean(now):.3f}",
                f"t over boards {np.mean(peer):.3f}",
            )


def mismatches() -> Iterator[Row]:
    people = np.array([150, 75, 210, 230, 110, 320, 190, 60, 140, 30, 25, 10]) * 1000.0
    tilt = np.array([1.6, 0.6, 0.7, 1.8, 0.5, 2.2, 0.9, 0.3, 0.6, 0.4, 0.7, 0.8])
    ads = people * tilt / (people @ tilt)
    truth = 1 - np.sqrt(ads * people / people.sum()).sum()
    for n in (300, 1000, 5000):
        plain, now = [], []
        for seed in range(RUNS // 2):
            seen = np.random.default_rng(seed).poisson(n * ads).astype(float)
            estimate = mismatch(seen, people)
            now.append(_holds((estimate.lower[0], estimate.upper[0]), truth))
            draws = np.random.default_rng(seed).poisson(seen, (400, 12)) + 1e-9
            shares = draws / draws.sum(axis=1, keepdims=True)
            values = 1 - np.sqrt(shares * people / people.sum()).sum(axis=1)
            low, high = np.percentile(values, (2.5, 97.5))
            plain.append(_holds((float(low), float(high)), truth))
        what = f"mismatch of 12 regions, {n} ads: {100 * truth:.1f} %"
        yield what, "as now", _share(now), f"plain percentiles {_share(plain)}"


def _outer_product(y: np.ndarray, at: int) -> tuple[float, float]:
    """Shift and error as until issue 14: the same model, errors by the outer product of gradients."""
    import warnings

    from statsmodels.tsa.statespace.structural import UnobservedComponents

    step = (np.arange(len(y)) >= at).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = UnobservedComponents(y, "local level", seasonal=4, exog=step).fit(disp=False)
    return float(fitted.params[-1]), float(fitted.bse[-1])


def bridges() -> Iterator[Row]:
    """The break of 2017 as it is met: 56 quarters, the new survey from the 45th on."""
    n, at, shift = 56, 44, 1.0
    for level, noise in ((0.1, 0.4), (0.3, 0.2)):
        before, now = [], []
        for seed in range(RUNS // 5):
            dice = np.random.default_rng(seed)
            y = 10 + np.cumsum(dice.normal(0, level, n)) + np.tile([0.8, -0.7, 0.3, -0.4], n // 4)
            y = y + dice.normal(0, noise, n) + shift * (np.arange(n) >= at)
            bridge = bridge_model(y, at, "additive", 4)
            now.append(_holds((bridge.lower, bridge.upper), shift))
            middle, error = _outer_product(y, at)
            before.append(abs(middle - shift) <= 1.96 * error)
        what = f"bridge by model, level {level}, noise {noise}: the shift"
        yield what, _share(before), _share(now), "the same, other errors: before"
    held = []
    for seed in range(RUNS):
        old = np.random.default_rng(seed).normal(10, 1, 3)
        new = old + np.random.default_rng(seed + RUNS).normal(0.5, 0.2, 3)
        bridge = bridge_overlap(old, new, "additive")
        held.append(_holds((bridge.lower, bridge.upper), 0.5))
    yield "bridge by overlap of three quarters: the shift", "-", _share(held), "Student: itself"


PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "durations": durations,
    "counts": counts,
    "skills": skills,
    "indexes": indexes,
    "mismatches": mismatches,
    "bridges": bridges,
}


def main(names: Sequence[str]) -> None:
    for name in names or PARTS:
        table = Table("interval and its truth", "before", "now", "peer", box=None)
        for row in PARTS[name]():
            table.add_row(*row)
        Console(width=170).print(table)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if "quick" in arguments:
        arguments.remove("quick")
        RUNS = 200
    main(arguments)
