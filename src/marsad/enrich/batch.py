"""The batch contract: a batch of raw records in, a batch of coded rows out, nothing else read.

Functions over ads take and give Arrow batches of declared tables, so that they run the same in one
process, in a pool, or on a cluster. What rests on the words of an ad alone is coded once for all ads and
sightings that share them (`code_contents`); what rests on its days too is read for each ad (`code_days`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

import marsad
from marsad.base import fields as declarations
from marsad.base.build import hash_of
from marsad.base.records import Row
from marsad.base.text import name_of
from marsad.enrich import country, integrity, place, privacy, taxonomy_lexicon
from marsad.enrich.fields import AdWords, Cell, code, coded
from marsad.enrich.fields.esco_skills.classify import skills_named, skills_of
from marsad.enrich.fields.isco08.classify import occupation_of
from marsad.enrich.lexicon import Candidate
from marsad.enrich.training_field import training_field

BATCH = 500
"""Ads of a batch."""
AD_WORDS = (
    "raw_title",
    "raw_text",
    "raw_company",
    "raw_place",
    "raw_contract",
    "raw_experience",
    "raw_diploma",
    "raw_salary",
    "raw_sector",
)
CONTENT = (*AD_WORDS, "positions", "country")
"""What its source says of an ad but where and when: the same in two sightings, the ad is the same."""
_MEASURES = frozenset({"card.yml", "gold.csv"})


@cache
def version(labels: str = "") -> str:
    """The version of enrich: letters of a hash of its code, words and weights and those of `base`; with
    the file of imported `labels`, whose name tells its version."""
    root = Path(marsad.__file__).resolve().parent
    kinds = frozenset(
        {".py", ".yml", ".csv", ".tsv", ".npz", ".npy", ".json", ".bin", ".gz", ".txt"}
    )
    made = hash_of((root / "base", root / "enrich"), kinds, _MEASURES)
    return name_of(made + Path(labels).name, 16)


DAY_COLUMNS = tuple(name for name, _, _ in declarations.columns(days=True))
"""Columns that rest on days."""


def without_personal_data(rows: Sequence[Row], fields: Sequence[str]) -> list[Row]:
    """The rows with their text fields decoded and without personal data, counted in `removed_count`.

    A web address stays as it is unless it holds personal data.
    """
    scrubbed: dict[str, tuple[str, int]] = {}  # the same employer and place come often

    def clean(name: str, words: str) -> tuple[str, int]:
        if name == "url":
            address, counts = privacy.scrub_address(words)
            return address, counts.total()
        if words not in scrubbed:
            without, counts = privacy.scrub(words)
            scrubbed[words] = without, counts.total()
        return scrubbed[words]

    cleaned = []
    for row in rows:
        pairs = {name: clean(name, row[name]) for name in fields}
        words = {name: without for name, (without, _) in pairs.items()}
        cleaned.append({**row, **words, "removed_count": sum(count for _, count in pairs.values())})
    return cleaned


def cleaned_ads(rows: Sequence[Row]) -> list[Row]:
    """`without_personal_data` for a batch of ads, each with its key, the name of its content and the
    version that cleaned it."""
    return [
        {**row, "cleaned_by": version(), "ad_key": ad_key(row["source_id"], row["board"], row["ad_id"]), "content": content_of(row)}
        for row in without_personal_data(rows, (*AD_WORDS, "url"))
    ]  # fmt: skip


def ad_key(source_id: str, board: str, ad_id: str) -> str:
    """The public key of an ad: 16 letters that say nothing about it."""
    return name_of(f"{source_id}\x1f{board}\x1f{ad_id}", 16)


def content_of(row: Mapping[str, object]) -> str:
    """The name of the words of an ad."""
    return name_of("\x1f".join(str(row[name]) for name in CONTENT), 24)


def words_of_ad(raw: Row) -> AdWords:
    """What an ad says before it is coded.

    Personal data are taken out once more of words that another version stored.
    """
    fresh = raw["cleaned_by"] == version()
    scrubbed = {name: raw[name] if fresh else privacy.scrub(raw[name])[0] for name in AD_WORDS}
    title, text = scrubbed.pop("raw_title"), scrubbed.pop("raw_text")
    return AdWords(
        title,
        text,
        scrubbed["raw_company"],
        scrubbed["raw_place"],
        scrubbed["raw_contract"],
        scrubbed["raw_experience"],
        scrubbed["raw_diploma"],
        scrubbed["raw_salary"],
        scrubbed["raw_sector"],
        country=country.of_ad(raw["country"], scrubbed["raw_place"], title, text),
        positions=raw["positions"],
    )


def code_contents(rows: Sequence[Row], labels: str = "") -> list[Row]:
    """A row of core_contents for each row of raw_contents; `labels` is the file of imported labels."""
    ads = [words_of_ad(raw) for raw in rows]
    code(ads, days=False)
    names = [name for name, _, _ in declarations.columns(days=False)]
    coded_rows = []
    for raw, words in zip(rows, ads):
        skills = [skill_columns(s) for s in cast(list[Candidate], words.columns["skills"])]
        row: Row = {
            "source_id": raw["source_id"],
            "content": raw["content"],
            "version": version(labels),
            "title": words.title,
            "text": words.text,
            "company": words.raw_company,
            "place_text": words.raw_place,
            "country": words.country,
            "salary_text": words.raw_salary,
            **{name: words.columns[name] for name in names},
        }
        if labels:
            row, skills = taxonomy_lexicon.with_labels(taxonomy_lexicon.read(labels), row, skills)
        coded_rows.append({**row, "skills": skills})
    return coded_rows


def code_days(rows: Sequence[Row]) -> list[Row]:
    """The columns that rest on days for each ad: its row of core_contents with `posted_on`, `due_on` and
    `last_seen_on`. `word_flags` are the flags but `stale`, which changes with every day it is seen."""
    ads = [
        AdWords(
            title=row["title"],
            text=row["text"],
            raw_company=row["company"],
            raw_salary=row["salary_text"],
            country=row["country"],
            posted_on=row["posted_on"],
            deadline_on=row["due_on"],
            columns={name: cast(Cell, row[name]) for name, _, _ in declarations.columns(days=False)},
        )
        for row in rows
    ]  # fmt: skip
    code(ads, days=True)
    return [
        seen_again(
            {
                **{name: ad.columns[name] for name in DAY_COLUMNS},
                "word_flags": ad.columns["flags"],
                "word_flags_evidence": ad.columns["flags_evidence"],
            },
            row,
        )
        for row, ad in zip(rows, ads)
    ]


def seen_again(columns: Row, life: Row) -> Row:
    """What `code_days` gave, with the flags as of the last sighting."""
    deadline = columns["deadline_on"]
    flags, evidence = columns["word_flags"], columns["word_flags_evidence"]
    if stale := integrity.stale(life["posted_on"], deadline, life["last_seen_on"]):
        more, words = integrity.in_columns([stale])
        flags = f"{flags} {more}".strip()
        evidence = f"{evidence}; {words}" if evidence else words
    return {**columns, "flags": flags, "flags_evidence": evidence}


def skill_columns(skill: Candidate) -> Row:
    """The columns of core_ad_skills that say a skill."""
    return {"skill": skill.code, "score": skill.score, "evidence": skill.evidence}


def _scrubbed(raw: Row, name: str) -> str:
    return privacy.scrub(raw[name])[0]


def _one(name: str, candidate: Candidate | None) -> Row:
    """The three columns of a coded property of one course."""
    return {column: cells[0] for column, cells in coded(name, [candidate]).items()}


def code_course(raw: Row) -> Row:
    """One core_courses row from one course."""
    title, text = _scrubbed(raw, "raw_title"), _scrubbed(raw, "raw_text")
    outlets = _scrubbed(raw, "raw_outlets")
    at = place.of_ad(_scrubbed(raw, "raw_place"), title, text)
    jobs, _ = occupation_of(title, "")
    if not jobs and outlets:
        jobs, _ = occupation_of(outlets.split("\n")[0].split(",")[0], "")
    return {
        **{
            k: raw[k]
            for k in (
                "source_id",
                "course_id",
                "mode",
                "places",
                "hours",
                "months",
                "year",
                "leavers",
                "url",
                "synthetic",
            )
        },
        "title": title,
        "provider": _scrubbed(raw, "raw_provider"),
        "level": _scrubbed(raw, "raw_level"),
        "conditions": _scrubbed(raw, "raw_conditions"),
        "fees": _scrubbed(raw, "raw_fees"),
        "outcomes": _scrubbed(raw, "raw_outcomes"),
        **_one("isced_f", training_field(title, _scrubbed(raw, "raw_field"), text)),
        **_one("isco08", jobs[0] if jobs else None),
        "region": at.region.code if at.region else "",
        "province": at.province.code if at.province else "",
        "skills": " ".join(
            sorted({skill.code for skill in skills_named(f"{title}\n{outlets}\n{text}")})
        ),
        "place_evidence": at.region.evidence if at.region else "",
    }


def warm() -> None:
    """Load what coders need, before the processes of a pool are made that then share it."""
    occupation_of("comptable", "")
    skills_of("", "")
