"""The second engine: JDemetra+ through `pydemetra`, to check X-13 against another programme.

Optional (it needs Java). It takes the same fixed `Model` and gives the same result type, for
models without trading days, holidays or a constant: those are written differently there, and a
check must compare like with like. Java runs in a process of its own: in ours, scipy's optimisers
crashed after it had started.
"""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib.util import find_spec
from multiprocessing import get_context
from typing import Any

import numpy as np

from marsad.base import periods
from marsad.base.errors import PlaceError
from marsad.products.statistics.seasonal import Adjusted, Declined, Diagnostics, Model
from marsad.products.statistics.x13 import Series

_OUTLIER = re.compile(r"(AO|LS|TC)(\d{4})\.(\w+)", re.IGNORECASE)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ORDERS = re.compile(r"\((\d) (\d) (\d)\)(?:\((\d) (\d) (\d)\))?")


def available() -> bool:
    """Whether Java and pydemetra are on this machine."""
    return shutil.which("java") is not None and find_spec("pydemetra") is not None


def adjust(series: Series, model: Model) -> Adjusted | Declined:
    """X-11 adjustment by JDemetra+ with a fixed model; as `seasonal.adjust`.

    Declined for models it cannot state alike, and for gaps. PlaceError without Java or pydemetra.
    A script that calls this needs the usual `if __name__ == "__main__"`.
    """
    if not available():
        raise PlaceError("JDemetra+ needs Java and the package pydemetra")
    return _apart().submit(_adjust, series, model).result()


@cache
def _apart() -> ProcessPoolExecutor:
    """The process in which Java runs, started once."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def _adjust(series: Series, model: Model) -> Adjusted | Declined:
    matches = [_OUTLIER.fullmatch(name) for name in model.variables]
    orders = _ORDERS.fullmatch(model.arima)
    if model.holidays or None in matches or orders is None:
        return Declined("the model has regressors that JDemetra+ states differently")
    if np.isnan(series.values).any():
        return Declined("the series has gaps")
    import pandas as pd  # type: ignore[import-untyped]
    import pydemetra

    spec = pydemetra.x13_spec("rsa0")
    inner = spec["regarima"]
    inner["transform"]["fn"] = "LOG" if model.log else "LEVEL"
    _set_orders(inner["arima"], [int(part or 0) for part in orders.groups()])
    for outlier in matches:
        if outlier:
            spec = pydemetra.add_outlier(spec, outlier[1].upper(), _date(outlier, series.size))
    kind = "M" if series.size == 12 else "Q"
    index = pd.period_range(
        pd.Period(periods.start(series.first), freq=kind), periods=len(series.values), freq=kind
    )
    answer = pydemetra.x13(pd.Series(series.values, index=index), spec)
    if answer is None:
        return Declined("JDemetra+ gives no result")
    return _adjusted(answer["result"], series, model)


def _set_orders(arima: dict[str, Any], orders: list[int]) -> None:
    free = type(arima["theta"][0])(value=0.0, type="UNDEFINED")
    p, d, q, bp, bd, bq = orders
    arima.update(d=d, bd=bd, phi=[free] * p, theta=[free] * q, bphi=[free] * bp, btheta=[free] * bq)


def _date(match: re.Match[str], size: int) -> str:
    part = match[3].lower()
    number = _MONTHS.index(part) + 1 if part in _MONTHS else int(part)
    return f"{match[2]}-{number if size == 12 else 3 * number - 2:02d}-01"


def _adjusted(result: Any, series: Series, model: Model) -> Adjusted:
    final, m, tests = result["final"], result["mstats"], result["diagnostics"]

    def test(name: str) -> tuple[float, float]:
        return float(tests[name].value), float(tests[name].pvalue)

    nothing = np.full(len(series.values), 1.0 if model.log else 0.0)
    figures = Diagnostics(
        m={f"M{i}": float(m[f"m{i}"]) for i in range(1, 12)},
        q=float(m["q"]),
        q2=float(m["qm2"]),
        qs_original=(float("nan"), float("nan")),
        qs_adjusted=test("seas.qstest.sa"),
        residual_f=test("seas.ftest.sa"),
        residual_f_3y=(float("nan"), float("nan")),
        identifiable=float(m["m7"]) < 1,
        unstable=None,
        unstable_changes=None,
        aicc=float("nan"),
        effects={},
    )
    columns = ("d11final", "d12final", "d13final")
    adjusted, trend, irregular = (np.asarray(final[name], float) for name in columns)
    seasonal = np.asarray(result["decomposition"]["d10"], float)[: len(nothing)]
    return Adjusted(
        adjusted,
        trend,
        seasonal,
        irregular,
        nothing,
        model.log,
        figures,
        model.words,
        "JDemetra+ 3",
    )
