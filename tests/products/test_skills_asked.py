"""Skills asked: what the shares are of, that their bounds say so, and that the caveat is the card's."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from cubes import inputs
from marsad.base.codes import codelist
from marsad.enrich.cards import cards
from marsad.products import run
from marsad.products.declare import indicator
from marsad.products.statistics.intervals import wilson


def test_the_caveat_gives_the_figures_of_the_card() -> None:
    """When the coder is measured again, this sentence is written again."""
    figures = [f for f in cards()["esco_skills"].figures if "skills said" in f.data]
    measured = {f.data.rsplit(" ", 1)[-1]: round(100 * f.accuracy) for f in figures}
    for text in codelist("caveat")["skills_missed"].values():
        shares = [int(n) for n in re.findall(r"(\d+) %", text)]
        assert shares == [measured["recall"], measured["precision"]]
    assert "skills_missed" in indicator("skills_asked").caveats


@pytest.mark.parametrize("asked", [0.05, 0.3, 0.6])
def test_the_bounds_hold_the_share_found_and_make_no_claim_of_the_share_asked(asked: float) -> None:
    """Ads that a coder reads who finds 35 of 100 and is right for 70 of 100."""
    dice = np.random.default_rng(3)
    n = 1500
    mean = asked * 0.35 / 0.70
    found = dice.binomial(n, mean, 3000)
    bounds = np.array([wilson(int(part), n) for part in found])
    share = 100 * mean
    held = (bounds[:, 0] <= share) & (share <= bounds[:, 1])
    assert 0.93 <= held.mean() <= 0.97
    assert asked < 0.1 or not (100 * asked <= bounds[:, 1]).any()


def test_no_skill_of_a_few_ads_heads_a_page() -> None:
    tables = run.example_tables("skills_asked")
    years = {
        row["period"] for row in run.compute(indicator("skills_asked"), inputs("skills_asked"))
    }
    assert years == {"2026"}
    ads = tables["core_ads"].to_pylist()
    ads[0]["posted_on"] = ads[0]["posted_on"].replace(year=2027)  # one ad of a year of its own
    later = inputs(
        "skills_asked", {"core_ads": pa.Table.from_pylist(ads, tables["core_ads"].schema)}
    )
    assert {r["period"] for r in run.compute(indicator("skills_asked"), later)} == years


def test_what_few_ads_name_is_not_among_the_skills_most_asked() -> None:
    tables = run.example_tables("skills_asked")
    for naming, expected in ((4, set()), (5, {"marsad-python"})):
        skills = tables["core_ad_skills"].filter(
            pc.match_substring_regex(tables["core_ad_skills"]["ad_key"], f"^a[0-{naming - 1}]$")
        )
        rows = run.compute(
            indicator("skills_asked"), inputs("skills_asked", {"core_ad_skills": skills})
        )
        assert {row["category"] for row in rows} == expected


def test_each_share_bears_what_was_measured_of_its_coder() -> None:
    tables = inputs("skills_asked")
    notes = {row["note"] for row in run.compute(indicator("skills_asked"), tables)}
    (note,) = notes
    assert "precision mixed 0.70 (0.65 to 0.74, n 431)" in note
    assert "recall mixed 0.35 (0.32 to 0.38, n 858)" in note
    unmeasured = {**tables, "core_cards": tables["core_cards"].slice(0, 0)}
    assert {r["note"] for r in run.compute(indicator("skills_asked"), unmeasured)} == {""}
