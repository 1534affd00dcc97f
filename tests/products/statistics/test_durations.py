"""Time open: against the product limit of others, a curve made another way, and a truth that is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from marsad.base.errors import InputError
from marsad.products.statistics.durations import TimeOpen, time_open

# Freireich et al. 1963, months in remission of the 6-MP arm: median 23, 95 % 13 to not reached
# (R survival, conf.type = "log-log").
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def _exact(days: np.ndarray, ended: np.ndarray, entered: np.ndarray | None = None) -> TimeOpen:
    """Ends known to the day; who had not ended was at risk on its last day too."""
    zero = np.zeros(len(days))
    last = np.where(ended, days, days + 1)
    return time_open(last, np.where(ended, days, np.inf), zero if entered is None else entered)


def test_the_textbook_median() -> None:
    duration = _exact(np.array(WEEKS, float), np.array(ENDED, bool))
    assert duration.median == pytest.approx(23, abs=0.5)
    assert duration.lower == pytest.approx(13, abs=0.5)
    assert duration.upper is None


def test_no_median_is_better_than_a_false_one() -> None:
    assert _exact(np.ones(5), np.zeros(5, bool)) == TimeOpen(None, None, None)
    late = time_open(np.full(9, 60.0), np.full(9, 60.0), np.full(9, 30.0))
    assert late.median is None, "what was short was never seen"
    few = time_open(np.array([0.0, *[20.0] * 9]), np.array([0.0, *[20.0] * 9]), np.r_[0, [6.0] * 9])
    assert few.median is None, "one of ten was seen on the first day, and ended on it"
    assert _exact(np.array([9.0]), np.array([True])) == TimeOpen(9.0, None, None)
    with pytest.raises(InputError, match="at least one ad"):
        time_open(np.array([]), np.array([]), np.array([]))
    with pytest.raises(InputError, match="entered <= last"):
        time_open(np.array([3.0]), np.array([2.0]), np.array([0.0]))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(20, 200), st.booleans())
def test_known_ends_give_the_product_limit_of_statsmodels(seed: int, n: int, late: bool) -> None:
    dice = np.random.default_rng(seed)
    days, stop = dice.geometric(0.05, n) - 1.0, dice.integers(3, 60, n).astype(float)
    entered = np.minimum(dice.integers(0, 8, n) * late, np.minimum(days, stop)).astype(float)
    ended = days <= stop
    seen = np.minimum(days, stop)
    ours = _exact(seen, ended, entered)
    theirs = SurvfuncRight(seen + 2, ended.astype(int), entry=entered + 1)
    median = theirs.quantile(0.5) - 2
    if np.isclose(theirs.surv_prob, 0.5).any():
        return  # every day on which the curve stays at one half is a median
    if ours.median is None:
        assert not np.isfinite(median) or np.sort(entered)[4] > seen[ended].min()
        return
    assert ours.median == pytest.approx(median, abs=0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (bound - 2 for bound in theirs.quantile_ci(0.5, method="cloglog"))
    if ended.sum() >= 6 and np.isfinite(low):  # they have none where all ended by then
        assert ours.lower == pytest.approx(low, abs=0.5)
        assert (ours.upper is None) == (not np.isfinite(high)) or theirs.surv_prob[-1] == 0
        assert ours.upper is None or ours.upper == pytest.approx(high, abs=0.5)


def _read(
    dice: np.random.Generator, n: int, gap: int, shape: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ads that stay 17.5 days in the median, of a board read every `gap` days and given up at last."""
    length = np.floor(dice.weibull(shape, n) * 17.5 / np.log(2) ** (1 / shape))
    posted, followed = dice.integers(0, gap, n), dice.integers(5, 60, n)
    first = -posted % gap
    last = (posted + length) // gap * gap - posted
    given_up = (posted + followed) // gap * gap - posted
    still = last >= given_up
    until = np.where(still, given_up, last)
    held = (first <= length) & (until >= first) & (~still | (until > first))
    latest = np.where(still, np.inf, last + gap - 1)
    return until[held], latest[held], first[held].astype(float)


@pytest.mark.parametrize(("gap", "shape"), [(1, 1.2), (3, 1.0), (7, 1.2), (7, 0.8), (7, 1.5)])
def test_the_bounds_hold_the_truth(gap: int, shape: float) -> None:
    """Closed ads alone would say about 10 or 11; the truth is 17 (17.5 less half a day)."""
    runs = [time_open(*_read(np.random.default_rng(seed), 150, gap, shape)) for seed in range(400)]
    known = [run for run in runs if run.median is not None]
    held = [
        run.lower is not None and run.lower <= 17 and (run.upper is None or run.upper >= 17)
        for run in known
    ]
    assert len(known) > 350
    assert 0.92 <= np.mean(held) <= 0.98
    assert np.mean([run.median for run in known if run.median is not None]) == pytest.approx(
        17, abs=1.0
    )


def test_ends_between_readings_agree_with_a_curve_made_another_way() -> None:
    """The product limit of the same ads, each end drawn within its readings by the true law, on average:
    what the readings leave unknown moves the median by less than a day."""
    dice = np.random.default_rng(11)
    last, latest, entered = _read(dice, 3000, 7, 1.2)
    ours = time_open(last, latest, entered)
    scale = 17.5 / np.log(2) ** (1 / 1.2)
    medians = []
    for _ in range(20):
        low, high = (np.exp(-((edge / scale) ** 1.2)) for edge in (last, latest + 1))
        drawn = scale * (-np.log(dice.uniform(high, low))) ** (1 / 1.2)
        ended = np.isfinite(latest)
        days = np.where(ended, np.floor(drawn), last - 1)
        held = days >= entered
        theirs = SurvfuncRight(days[held] + 2, ended[held].astype(int), entry=entered[held] + 1)
        medians.append(theirs.quantile(0.5) - 2)
    assert ours.median == pytest.approx(np.mean(medians), abs=1.0)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 14), st.booleans()),
        min_size=1,
        max_size=6,
    )
)
def test_few_ads_never_break_it(spells: list[tuple[int, int, int, bool]]) -> None:
    """Whatever is known of a few ads, there is a median within their days, or none."""
    entered = np.array([enter for enter, _, _, _ in spells], float)
    last = entered + [more for _, more, _, _ in spells]
    latest = last + [gap if ended else np.inf for _, _, gap, ended in spells]
    estimate = time_open(last, latest, entered)
    assert estimate.median is None or 0 <= estimate.median <= 33


def test_an_end_after_the_median_tells_none() -> None:
    assert time_open(np.array([2.0]), np.array([5.0]), np.array([2.0])).lower is None
