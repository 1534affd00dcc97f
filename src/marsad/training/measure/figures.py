"""Figures of a measurement: shares with their intervals, calibration, agreement of coders."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from marsad.enrich.cards import Figure
from marsad.products.statistics.intervals import wilson

Measured = tuple[str, Figure]
_BINS = 10


class Case(NamedTuple):
    """One case of an evaluation: whether it was answered, whether rightly, and how sure."""

    answered: bool
    right: bool
    score: float = 0.0


def figure(spoken: str, data: str, cases: Iterable[Case]) -> Figure:
    """A figure from cases: right among the answered, with its interval; and over all cases with a
    score, how far the scores are from the shares right (expected calibration error)."""
    every = list(cases)
    answered = [case for case in every if case.answered]
    right = sum(case.right for case in answered)
    low, high = wilson(right, len(answered)) if answered else (0.0, 100.0)
    curve = reliability([(c.score, c.right) for c in every if c.score > 0])
    scored = sum(n for _, _, n in curve)
    return Figure(
        language=spoken,
        data=data,
        n=len(every),
        accuracy=round(right / len(answered), 3) if answered else 0.0,
        answered=round(len(answered) / len(every), 3) if every else 0.0,
        low=round(low / 100, 3),
        high=round(high / 100, 3),
        calibration_error=(
            round(sum(n * abs(mean_score - was) for mean_score, was, n in curve) / scored, 3)
            if scored
            else None
        ),
        curve=tuple((round(mean_score, 3), round(was, 3), n) for mean_score, was, n in curve),
    )


def reliability(scored: Sequence[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """(mean score, share right, cases) of up to ten bins of equal size, least sure first (Guo et
    al. 2017, with bins of equal count)."""
    mixed = list(scored)
    random.Random(0).shuffle(mixed)  # noqa: S311 - so that equal scores fall into bins at random
    ordered = sorted(mixed, key=lambda case: case[0])
    bins = min(_BINS, max(1, len(ordered) // 10))
    curve = []
    for i in range(bins):
        part = ordered[i * len(ordered) // bins : (i + 1) * len(ordered) // bins]
        if part:
            mean_score = sum(score for score, _ in part) / len(part)
            curve.append((mean_score, sum(right for _, right in part) / len(part), len(part)))
    return curve


def mean_figure(spoken: str, data: str, values: Sequence[float]) -> Figure:
    """The mean of values between 0 and 1 and its 95 % interval (normal approximation)."""
    mean = sum(values) / len(values)
    spread = 1.96 * (sum((v - mean) ** 2 for v in values) / max(1, len(values) - 1)) ** 0.5
    half = spread / len(values) ** 0.5
    return Figure(
        language=spoken,
        data=data,
        n=len(values),
        accuracy=round(mean, 3),
        answered=1.0,
        low=round(max(0.0, mean - half), 3),
        high=round(min(1.0, mean + half), 3),
    )


def share_figure(spoken: str, data: str, part: int, whole: int) -> Figure:
    """A share counted, with its interval."""
    return figure(spoken, data, [Case(True, i < part) for i in range(whole)])


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Cohen's kappa of two coders' codes (Cohen 1960). ValueError when there is no pair."""
    if not pairs:
        raise ValueError("kappa needs at least one pair")
    agreed = sum(a == b for a, b in pairs) / len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[code] * second[code] for code in first) / len(pairs) ** 2
    return (agreed - chance) / (1 - chance) if chance < 1 else 1.0
