"""Simulated job boards, for tests and benchmarks only: a market with a season, and eight boards of
their own size, trend and noise; and the events that must not move an index."""

from __future__ import annotations

import numpy as np

BOARDS = tuple("abcdefgh")
MONTHS = 60
PERIODS = tuple(f"{2020 + t // 12}-{t % 12 + 1:02d}" for t in range(MONTHS))
EVENTS = ("leaves", "enters", "doubles", "goes free", "dies slowly", "fades")


def market(dice: np.random.Generator, crisis: int | None = None) -> np.ndarray:
    """Log of demand by month, 0 in the first; halved from month `crisis` on."""
    t = np.arange(MONTHS)
    logs = np.cumsum(dice.normal(0.003, 0.015, MONTHS)) + 0.12 * np.sin(
        2 * np.pi * t / 12 + dice.uniform(0, 6)
    )
    logs = logs - logs[0]
    return logs if crisis is None else logs + np.where(t >= crisis, np.log(0.5), 0.0)


def boards(dice: np.random.Generator, demand: np.ndarray, uneven: float = 0.0) -> np.ndarray:
    """Counts (8, 60); sizes log-normal around 3,000 ads, trends of share of 0.3 % a month."""
    t = np.arange(MONTHS)
    logs = dice.normal(8.0, 0.7, (8, 1)) + demand
    logs = (
        logs + dice.normal(0, 0.003, (8, 1)) * (t - MONTHS / 2) + dice.normal(0, 0.02, (8, MONTHS))
    )
    if uneven:  # a crisis that hits boards unevenly
        logs = logs + dice.normal(0, uneven, (8, 1)) * (demand - demand[0] < -0.4)
    return dice.poisson(np.exp(logs)).astype(float)


def with_event(counts: np.ndarray, event: str, board: int, at: int) -> np.ndarray:
    """The counts as they would be had `event` happened to a board in month `at`."""
    out, later = counts.copy(), slice(at, None)
    if event == "leaves":
        out[board, later] = np.nan
    elif event == "enters":
        out[board, :at] = np.nan
    elif event == "doubles":
        out[board, later] *= 2
    elif event == "goes free":
        out[board, at] *= 2
        out[board, at + 1 :] *= 4
    elif event == "dies slowly":
        out[board, later] = np.round(out[board, later] * 0.75 ** np.arange(1, MONTHS - at + 1))
    elif event == "fades":  # 5 % a month: no single month is odd
        out[board, later] = np.round(out[board, later] * 0.95 ** np.arange(1, MONTHS - at + 1))
    return out
