"""What a release rests on beside ads and values: series breaks, names of skills, cards, models."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec
import pyarrow as pa

from marsad.base.labels import LANGUAGES, pick
from marsad.base.records import Row
from marsad.collect.register import breaks
from marsad.enrich import cards
from marsad.enrich.fields.esco_skills.classify import implied, vocabulary
from marsad.flow import taxonomies
from marsad.lake.store import Lake
from marsad.lake.tables import table
from marsad.products.declare import indicators
from marsad.products.library import added
from marsad.products.series import new_models

K = TypeVar("K")


def grouped(rows: Iterable[Row], key: Callable[[Row], K]) -> dict[K, list[Row]]:
    """Rows by a key, in their order."""
    groups: dict[K, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)


def fix_models(lake: Lake, year: str) -> None:
    """Choose the models of seasonal adjustment that are not chosen yet for this year."""
    held = lake.read("core_models", partition=year)
    observations = lake.read("core_observations")
    series_breaks = lake.read("core_breaks").to_pylist()
    for indicator in indicators():
        if indicator.adjusts and (
            rows := new_models(observations, held, indicator.adjusts, year, series_breaks)
        ):
            held = pa.concat_tables([held, table("core_models").arrow(rows)])
            lake.replace("core_models", year, held)


def write(lake: Lake) -> None:
    """Write series breaks, names of skills and occupations in use and of the questions of surveys, and the cards
    of the classifiers."""
    series_breaks = [msgspec.structs.asdict(series_break) for series_break in breaks()]
    for survey, rows in grouped(series_breaks, lambda row: str(row["survey"])).items():
        lake.replace("core_breaks", survey, rows)
    ours = [
        {"list": "skill", "code": c, **{k: t[k] for k in ("ar", "fr", "en")}}
        for c, t in vocabulary().items()
    ]
    used, jobs = _distinct(lake, "core_ad_skills", "skill"), _distinct(lake, "core_ads", "esco")
    imported = taxonomies.names(lake, set(used) - set(vocabulary()), jobs)
    for name in ("skill", taxonomies.ESCO):
        rows = [row for row in imported if row["list"] == name]
        lake.replace("core_codes", name, [*ours, *rows] if name == "skill" else rows)
    lake.replace("core_occupation_skills", taxonomies.ESCO, _needed(job for job in jobs if job))
    lake.replace("core_codes", "opinion_question", _questions(lake))
    for classifier, rows in grouped(cards.rows(), lambda row: str(row["classifier"])).items():
        lake.replace("core_cards", classifier, rows)


def _questions(lake: Lake) -> list[Row]:
    """The categories of balances of opinion, by the questions of the surveys in the library."""
    labels: dict[str, Row] = {}
    for row in lake.read("core_studies").sort_by("study").to_pylist():
        for question in added(row["study"], row["entry"]).entry.questions:
            of = {question.category: question.labels, **question.parts}
            labels |= {code: {k: pick(t, k) for k in LANGUAGES} for code, t in of.items() if code}
    return [{"list": "opinion_question", "code": c, **texts} for c, texts in labels.items()]


def _distinct(lake: Lake, name: str, column: str) -> list[str]:
    query = f"select distinct {column} from {name}"  # noqa: S608 - names of ours
    schema = pa.schema([table(name).schema.field(column)])
    values: list[str] = lake.table(query, (name,), schema)[column].to_pylist()
    return values


def _needed(occupations: Iterable[str]) -> list[Row]:
    """What ESCO holds needed for these occupations, among the skills of our vocabulary."""
    return [
        {"scheme": taxonomies.ESCO, "occupation": job, "skill": skill, "essential": essential}
        for job in sorted(occupations)
        for skill, essential in implied(job)
        if skill in vocabulary()
    ]
