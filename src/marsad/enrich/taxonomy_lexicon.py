"""Labels of a taxonomy that an installation imported, looked for in its ads beside our own words.

A skill is said when one of its labels of two or more words stands in the ad. An ad's title that is
the preferred label of an occupation whole, and a label of one unit group only, is coded to that
occupation where our own lexicon does not know the title; an alternative label («chargé d'affaires»,
an ambassador) only makes surer of a unit group that the coder found too. The labels come as plain
rows; a file hands them to every process, which reads it once.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from marsad.base.records import Row
from marsad.base.text import match_form
from marsad.enrich.fields.isco08.titles import form_of, occupation_words
from marsad.enrich.lexicon import Candidate, Lexicon

FORMAT = 1
LEAST_WORDS, MOST_WORDS = 2, 8
SKILL_SCORE, TITLE_SCORE = 0.85, 0.95
_COLUMNS = ("kind", "code", "group", "form")


class Labels(NamedTuple):
    """Skills by the form of their labels; occupations (unit group, ESCO code) by the form of their
    preferred labels, and of their alternative ones."""

    skills: Lexicon[str]
    occupations: Mapping[str, tuple[str, str]]
    others: Mapping[str, tuple[str, str]]


def entries(rows: Iterable[Row]) -> Iterator[tuple[str, str, str, str]]:
    """(kind, code, group, comparison form) of label rows (kind, uri, code, group, label, preferred),
    preferred labels first: what the lexicon is built from. An occupation's label that names
    occupations of several unit groups is left out; `other` is an alternative one."""
    groups: dict[str, set[str]] = {}
    occupations: dict[str, tuple[str, str, str]] = {}
    seen: set[str] = set()
    for row in rows:
        if row["kind"] == "skill":
            form = match_form(row["label"])
            if form not in seen and LEAST_WORDS <= form.count(" ") + 1 <= MOST_WORDS:
                seen.add(form)
                yield "skill", row["uri"].rsplit("/", 1)[-1], "", form
        elif row["kind"] == "occupation":
            form = _title_form(row["label"])
            groups.setdefault(form, set()).add(row["group"][:4])
            kind = "occupation" if row["preferred"] else "other"
            occupations.setdefault(form, (kind, row["code"], row["group"][:4]))
    for form, (kind, code, group) in occupations.items():
        if form and len(groups[form]) == 1:
            yield kind, code, group, form


def build(rows: Iterable[tuple[str, str, str, str]]) -> Labels:
    """The lexicons of these entries."""
    every = list(rows)

    def named(entry_kind: str) -> dict[str, tuple[str, str]]:
        return {form: (group, code) for kind, code, group, form in every if kind == entry_kind}

    skilled = Lexicon((form, code) for kind, code, _, form in every if kind == "skill")
    return Labels(skilled, named("occupation"), named("other"))


def write(path: Path, rows: Iterable[Row]) -> int:
    """Write the entries of label rows to a file for `read`; how many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    count = 0
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow(_COLUMNS)
        for count, entry in enumerate(entries(rows), 1):  # noqa: B007 - counts what is written
            writer.writerow(entry)
    part.replace(path)
    return count


@lru_cache(maxsize=1)
def read(path: str) -> Labels:
    """The lexicons in a file that `write` made; each process reads it once."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return build((row["kind"], row["code"], row["group"], row["form"]) for row in rows)


def _title_form(title: str) -> str:
    return occupation_words(form_of(title))


def skills(
    labels: Labels, title: str, text: str, known_codes: Iterable[str] = ()
) -> list[Candidate]:
    """The skills whose labels stand in an ad, each once, but for `known_codes`."""
    known = set(known_codes)
    candidates: dict[str, Candidate] = {}
    for match in labels.skills.find(match_form(f"{title}\n{text}")):
        if match.payload not in known:
            candidate = Candidate(match.payload, SKILL_SCORE, match.phrase)
            candidates.setdefault(match.payload, candidate)
    return list(candidates.values())


def occupation(labels: Labels, title: str, coded: str) -> tuple[Candidate, str] | None:
    """The unit group of a title that is an occupation's label whole, and its ESCO code; `coded` is
    what the coder found, with which an alternative label must agree."""
    form = _title_form(title)
    entry = labels.occupations.get(form) or labels.others.get(form)
    if entry is None or (form not in labels.occupations and entry[0] != coded):
        return None
    return Candidate(entry[0], TITLE_SCORE, form), entry[1]


def with_labels(labels: Labels, row: Row, named: list[Row]) -> tuple[Row, list[Row]]:
    """A coded row and its skills, with what imported labels add."""
    more = skills(labels, row["title"], row["text"], (skill["skill"] for skill in named))
    named = named + [{"skill": s.code, "score": s.score, "evidence": s.evidence} for s in more]
    title = occupation(labels, row["title"], row["isco08"])
    if title and (row["isco08_score"] or 0.0) < TITLE_SCORE:
        best, esco = title
        row = {
            **row,
            "isco08": best.code,
            "isco08_score": best.score,
            "isco08_evidence": best.evidence,
            "esco": esco,
        }
    return row, named
