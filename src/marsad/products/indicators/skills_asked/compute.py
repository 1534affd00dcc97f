"""Skills asked: share of the ads of each occupation group in which a skill is found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from marsad.base.codes import TOTAL
from marsad.base.records import Row
from marsad.products.tabular import Tables, counts, reference_days, rows, share_of

TOP, FEWEST, FEWEST_NAMING = 20, 30, 5
"""Skills of a group that are published, ads that it must have in a year, and ads that name the skill."""


def _groups(isco08: str) -> tuple[str, ...]:
    return (TOTAL, isco08[0], isco08) if isco08 else (TOTAL,)


def compute(tables: Tables) -> Iterator[Row]:
    """The first twenty skills of all ads, of each major group and each unit group, by year; none of a
    group of few ads, and none that few ads name: which of those comes first is chance."""
    observed_to = reference_days(tables)
    named: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for row in counts(tables["core_ad_skill_counts"], "survey", "year", "isco08", "skill"):
        for group in _groups(row["isco08"]):
            named[row["survey"], str(row["year"]), group][row["skill"]] += row["n"]
    note = _measured(tables)
    for (survey, year, group), skills in named.items():
        whole = skills.pop("")
        if whole < FEWEST:
            continue
        ranked = sorted(skills.items(), key=lambda item: (-item[1], item[0]))[:TOP]
        for skill, part in (each for each in ranked if each[1] >= FEWEST_NAMING):
            codes = {"area": "MA", "occupation": group, "category": skill}
            last = observed_to.get(survey)
            yield {**share_of(survey, year, part, whole, last, **codes), "note": note}


def _measured(tables: Tables) -> str:
    """How well skills are found, from the card of the coder, in words; empty where no card says it."""
    columns = ("data", "language", "accuracy", "low", "high", "n")
    figures = {
        f"{row['data'].rsplit(' ', 1)[-1]} {row['language']}": (
            f"{row['accuracy']:.2f} ({row['low']:.2f} to {row['high']:.2f}, n {row['n']})"
        )
        for row in rows(tables["core_cards"], columns, classifier="esco_skills")
        if "skills said" in row["data"]
    }
    measured = "; ".join(f"{name} {figure}" for name, figure in sorted(figures.items()))
    return f"skills found, not corrected; measured {measured}" if measured else ""
