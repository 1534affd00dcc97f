"""Skills asked: share of the ads of each occupation group in which a skill is found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from marsad.base.records import Row
from marsad.products.statistics.intervals import wilson
from marsad.products.tabular import (
    Tables,
    major_groups,
    openings,
    reference_days,
    rows,
    year_status,
)

TOP, FEWEST = 20, 30
"""Skills of a group that are published, and ads that it must have in a year."""


def _groups(isco08: str) -> tuple[str, ...]:
    return (*major_groups(isco08), isco08) if isco08 else major_groups(isco08)


def compute(tables: Tables) -> Iterator[Row]:
    """The first twenty skills of all ads, of each major group and each unit group, by year; none of a
    group of few ads, whose first skill is chance."""
    ads = openings(tables)
    observed_to = reference_days(ads)
    skills_by_ad: dict[str, set[str]] = defaultdict(set)
    for row in rows(tables["core_ad_skills"], ("ad_key", "skill")):
        skills_by_ad[row["ad_key"]].add(row["skill"])
    totals: Counter[tuple[str, str, str]] = Counter()
    named: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for ad in ads:
        if ad["posted_on"] is not None:
            for group in _groups(ad["isco08"]):
                cell = (ad["survey"], str(ad["posted_on"].year), group)
                totals[cell] += 1
                named[cell].update(skills_by_ad[ad["ad_key"]])
    note = _measured(tables)
    for (survey, year, group), skills in named.items():
        whole = totals[survey, year, group]
        if whole < FEWEST:
            continue
        ranked = sorted(skills.items(), key=lambda item: (-item[1], item[0]))[:TOP]
        for skill, part in ranked:
            low, high = wilson(part, whole)
            yield {
                "survey": survey,
                "period": year,
                "area": "MA",
                "occupation": group,
                "category": skill,
                "value": 100 * part / whole,
                "lower": low,
                "upper": high,
                "part": part,
                "n": whole,
                "note": note,
                "obs_status": year_status(observed_to.get(survey), year),
                "synthetic": survey == "ADS_SYNTHETIC",
            }


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
    figures_text = "; ".join(f"{name} {figure}" for name, figure in sorted(figures.items()))
    return f"skills found, not corrected; measured {figures_text}" if figures_text else ""
