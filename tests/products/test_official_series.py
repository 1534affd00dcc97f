"""Official series on their bases: links, bridges, quarters implied by their year, employment by identity;
each against a computation of its own."""

from __future__ import annotations

from functools import cache

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from marsad.base.records import Row
from marsad.collect.context import Context, Payload
from marsad.collect.register import breaks, collector, source
from marsad.lake.tables import table
from marsad.products.declare import indicators
from marsad.products.run import compute
from marsad.products.statistics.breaks import bridge_model


@cache
def figures() -> pa.Table:
    spec = source("hcp_labour_figures")
    rows = [msgspec.structs.asdict(o) for o in collector(spec)(Context(spec, ()))]
    return table("core_observations").arrow(rows)


def values(identifier: str, **equal: str) -> list[Row]:
    tables = {
        "core_observations": figures(),
        "core_breaks": table("core_breaks").arrow([msgspec.structs.asdict(b) for b in breaks()]),
    }
    (indicator,) = [i for i in indicators() if i.id == identifier]
    whole = {
        "vintage": "current",
        "area": "MA",
        "survey": "ENE",
        "sex": "_T",
        "urbanisation": "_T",
        "education": "_T",
    }
    chosen = {**whole, "age": "Y_GE15", **equal}
    return [r for r in compute(indicator, tables) if all(r[k] == v for k, v in chosen.items())]


def test_2016_is_on_one_basis_and_its_other_basis_stands_apart() -> None:
    """HCP's 2016: 9.4, 13.9, 4.2 by the old survey; 9.9, 14.2, 4.0 on the basis of 2017."""
    old = {u: values("unemployment_rate", period="2016", urbanisation=u) for u in ("_T", "U", "R")}
    assert {u: [(r["value"], r["obs_status"]) for r in rows] for u, rows in old.items()} == {
        "_T": [(9.4, "A")],
        "U": [(13.9, "A")],
        "R": [(4.2, "A")],
    }
    new = [
        values("unemployment_rate_bridged", period="2016", category="overlap", urbanisation=u)
        for u in ("_T", "U", "R")
    ]
    assert [[r["value"] for r in rows] for rows in new] == [[9.9], [14.2], [4.0]]
    by_diploma = values("unemployment_rate", period="2016", education="higher_education")
    assert by_diploma == []  # that table is on the new basis too, and has no old side


def test_a_file_without_2016_gets_no_links() -> None:
    spec = source("hcp_labour_figures")
    text = next(iter(_rows_of_2019()))
    context = Context(spec, (Payload("figures.csv", text.encode()),))
    assert [o.period for o in collector(spec)(context)] == ["2019"]


def _rows_of_2019() -> list[str]:
    import csv
    import gzip
    import io

    path = source("hcp_labour_figures").folder / "figures.csv.gz"
    reader = csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode()))
    row = next(r for r in reader if r["period"] == "2019" and r["indicator"] == "activity_rate")
    out = io.StringIO()
    writer = csv.DictWriter(out, row)
    writer.writeheader()
    writer.writerow(row)
    return [out.getvalue()]


def test_the_overlap_is_the_bridge_where_it_stands() -> None:
    (shift,) = values("unemployment_rate_bridged", period="2017-Q1", category="shift")
    differences = np.array([0.4, 0.5, 0.8])
    assert shift["value"] == pytest.approx(differences.mean())
    half = 4.302653 * differences.std(ddof=1) / 3**0.5  # Student, 2 degrees; no autocorrelation
    assert shift["upper"] - shift["value"] == pytest.approx(half, rel=1e-4)
    carried = values("unemployment_rate_bridged", category="bridged", freq="Q")
    width = {r["period"]: r["upper"] - r["lower"] for r in carried if r["upper"] is not None}
    assert width["2006-Q1"] > width["2011-Q1"] > width["2016-Q4"]
    assert width["2016-Q4"] > 2 * half  # a carried value is never surer than what carries it
    published = {r["period"]: r["value"] for r in carried if r["upper"] is None}
    assert published == {"2016-Q1": 10.4, "2016-Q2": 9.1, "2016-Q3": 10.4}
    assert min(width) == "2006-Q1"  # nothing is carried over the break of 2006


@pytest.mark.parametrize("group", [{"sex": "F"}, {"sex": "M"}, {"age": "Y15T24"}])
def test_a_modelled_shift_and_its_error_agree_with_a_state_space_model(
    group: dict[str, str],
) -> None:
    """Statsmodels' local level with a season and the shift as a regressor, by maximum likelihood with
    the observed information: the same shift, and an error that is never wider, for it takes one
    variance as known."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    rows = values("unemployment_rate", freq="Q", **group)
    known = {r["period"]: r["value"] for r in rows if "2006" <= r["period"] < "2020"}
    y = np.array([known[p] for p in sorted(known)])
    at = sorted(known).index("2017-Q1")
    bridge = bridge_model(y, at, "additive", 4)
    step = (np.arange(len(y)) >= at).astype(float)
    model = UnobservedComponents(y, "local level", seasonal=4, exog=step)
    fitted = model.fit(disp=False, maxiter=500, cov_type="oim")
    assert bridge.shift == pytest.approx(fitted.params[-1], abs=fitted.bse[-1] / 2)
    assert 0.8 * fitted.bse[-1] < bridge.error < 1.8 * fitted.bse[-1]


def test_the_outlook_crosses_no_break_and_says_what_the_year_implies() -> None:
    (row,) = values("unemployment_outlook")
    quarters = [r["value"] for r in values("unemployment_rate", freq="Q") if "2025" in r["period"]]
    assert row["period"] == "2025-Q4"
    assert row["obs_status"] == "E"
    assert row["value"] == pytest.approx(4 * 13.0 - sum(quarters), abs=0.05)
    assert row["lower"] < row["value"] < row["upper"]


def test_employment_by_identity_meets_the_published_rate_within_rounding() -> None:
    """Where HCP publishes all three rates, the identity is within 0.1 + what rounding explains."""
    published = {
        (r["period"], r["area"]): r["value"]
        for r in values("employment_rate", survey="ENE")
        if r["obs_status"] == "A"
    }
    activity = {r["period"]: r["value"] for r in values("activity_rate")}
    unemployed = {r["period"]: r["value"] for r in values("unemployment_rate")}
    gaps = [
        activity[p] * (1 - unemployed[p] / 100) - value
        for (p, _), value in published.items()
        if p in activity and p in unemployed
    ]
    assert len(gaps) > 5
    assert np.abs(gaps).max() <= 0.15
    newest = values("employment_rate", area="MA-02")[-1]
    assert max(r["period"] for r in values("employment_rate", area="MA-02")) >= "2025"
    assert newest["survey"] == "ENE"


def test_a_pooled_rate_has_the_error_of_its_own_province() -> None:
    """Es-Semara (22.3, 25.5, 32.9) is not as sure as the others: the mean square of its yearly moves
    without the common one, moderated by that of all provinces."""
    rows = values("unemployment_rate_pooled", area="MA-11-221") or []
    newest = [r for r in rows if r["period"] == "2025"]
    known = {
        (r["area"], int(r["period"])): r["value"] for r in _provinces() if int(r["period"]) >= 2017
    }
    moves = {k: v - known[k[0], k[1] - 1] for k, v in known.items() if (k[0], k[1] - 1) in known}
    common = {y: np.mean([v for (_, at), v in moves.items() if at == y]) for _, y in moves}
    own = [v - common[y] for (area, y), v in moves.items() if area == "MA-11-221"]
    every = [v - common[y] for (_, y), v in moves.items()]
    square = (4 * np.mean(np.square(every)) + np.sum(np.square(own))) / (4 + len(own))
    from scipy.stats import t as student

    half = student.ppf(0.975, 4 + len(own)) * (square / 2 / 3) ** 0.5
    assert half > 3
    assert newest
    assert newest[0]["upper"] - newest[0]["value"] == pytest.approx(half, rel=1e-3)


def _provinces() -> list[Row]:
    from marsad.base.areas import areas

    every = areas()
    chosen = [i for i in indicators() if i.id == "unemployment_rate"]
    rows = compute(chosen[0], {"core_observations": figures()})
    whole = {"survey": "ENE", "freq": "A", "sex": "_T", "age": "Y_GE15", "vintage": "current"}
    return [
        r
        for r in rows
        if every[r["area"]].level == "province"
        and r["urbanisation"] == r["education"] == "_T"
        and all(r[k] == v for k, v in whole.items())
        and r["value"] is not None
    ]
