"""What is only tested is not there yet: every public function is reached, or is kept for a reason."""

from __future__ import annotations

from tests.contracts.reach import Package

STATISTICS = "marsad.products.statistics."
KEPT = {
    STATISTICS
    + "nowcast.": "the nowcast waits for a monthly register (issue 19, supply and demand)",
    STATISTICS + "small_area.": "errors of microdata, which no producer has handed over (issue 19)",
    STATISTICS + "disaggregate.": "quarters out of years, for supply by month (issue 19)",
    STATISTICS + "index.cell_weights": "weights of the index by official employment (issue 19)",
    STATISTICS
    + "uncertainty.": "corrected counts: the gold has no ad of two major groups yet (issue 14)",
    "marsad.products.disclosure.suppression.bounds": "what an intruder can tell: the attack in the tests",
    "marsad.products.windows.state": "what the SQL of editions is compared with (tests/test_edition.py)",
    "marsad.products.run.example_tables": "worked examples: the contract of indicators runs them",
    "marsad.web.locale.messages.": "the state of translations: benchmarks and tests of the site ask it",
    "marsad.enrich.fields.isco08.classify.signs": "benchmarks/weighing.py fits weighing.yml by them",
    "marsad.enrich.boilerplate.": "talk of the company is no requirement (issue 13, skills)",
}
"""Beginning of a name -> why it may stay unreached."""


def test_every_public_function_is_reached_or_kept_for_a_reason() -> None:
    unreached = Package().unreached()
    assert [name for name in unreached if not name.startswith(tuple(KEPT))] == []
    idle = [start for start in KEPT if not any(name.startswith(start) for name in unreached)]
    assert idle == [], "these are reached now: take them off the list"
