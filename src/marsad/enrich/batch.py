"""The batch contract: a batch of raw records in, a batch of coded rows out, nothing else read.

Every function takes and gives plain rows of declared columns, so that it runs the same in one
process, in a pool, or on a cluster.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from marsad.base.text import clean, name_of
from marsad.enrich import VERSION, language, place, privacy
from marsad.enrich.fields.contract.classify import classify as contract
from marsad.enrich.fields.diploma.classify import classify as diploma
from marsad.enrich.fields.esco_skills.classify import classify as skills
from marsad.enrich.fields.experience.classify import classify as experience
from marsad.enrich.fields.isced_f.classify import classify as field_of_education
from marsad.enrich.fields.isco08.classify import classify as occupation
from marsad.enrich.fields.work_kind.classify import classify as work_kind
from marsad.enrich.lexicon import Candidate
from marsad.enrich.terms import read_terms

Row = dict[str, Any]
BATCH = 500
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
    "url",
)


def without_personal_data(rows: Sequence[Row], fields: Sequence[str]) -> list[Row]:
    """The rows with personal data taken out of their text fields, counted in `removed_count`."""
    cleaned = []
    for row in rows:
        cleaned_row, removed = dict(row), 0
        for name in fields:
            cleaned_row[name], counts = privacy.remove(row[name])
            removed += counts.total()
        cleaned.append({**cleaned_row, "removed_count": removed})
    return cleaned


def cleaned_ads(rows: Sequence[Row]) -> list[Row]:
    """`without_personal_data` for a batch of ads."""
    return without_personal_data(rows, AD_WORDS)


def _coded(name: str, candidate: Candidate | None) -> Row:
    return {
        name: candidate.code if candidate else "",
        f"{name}_score": candidate.score if candidate else None,
        f"{name}_evidence": candidate.evidence if candidate else "",
    }


def ad_key(source_id: str, board: str, ad_id: str) -> str:
    """The public key of an ad: 16 letters that say nothing about it."""
    return name_of(f"{source_id}\x1f{board}\x1f{ad_id}", 16)


def _days(sightings: Sequence[Row], name: str) -> list[dt.date]:
    return [row[name] for row in sightings if row[name] is not None]


def _life(sightings: Sequence[Row]) -> Row:
    """When an ad was posted, last seen and due, over all its sightings."""
    first, last = _days(sightings, "seen_first_on"), _days(sightings, "seen_last_on")
    posted = _days(sightings, "posted_on")
    return {
        "posted_on": min(posted or first, default=None),
        "deadline_on": max(_days(sightings, "deadline_on"), default=None),
        "last_seen_on": max(last or first or posted, default=None),
        "sightings": len(sightings),
    }


def _read(raw: Row, title: str, text: str, life: Row) -> Row:
    """Everything read from the words of an ad: language, place, occupation, conditions, terms."""
    where = clean(raw["raw_place"])
    spoken, segments = language.of_ad(title, text)
    at = place.of_ad(where, title, text) if raw["country"] == "MA" else place.Place()
    jobs, esco = occupation(title, text, spoken.code)
    years = experience(raw["raw_experience"], title, text)
    kind, level = (
        contract(raw["raw_contract"], title, text),
        diploma(raw["raw_diploma"], title, text),
    )
    return {
        "place_text": where,
        "segments": " ".join(segments),
        "esco": esco,
        "experience_years": float(years.code) if years else None,
        "experience_score": years.score if years else None,
        "experience_evidence": years.evidence if years else "",
        **_coded("language", spoken if spoken.code != "und" else None),
        **_coded("isco08", jobs[0] if jobs else None),
        **_coded("region", at.region),
        **_coded("province", at.province),
        **_coded("commune", at.commune),
        **_coded("contract", kind),
        **_coded("diploma", level),
        **_coded("work_kind", work_kind(title, text)),
        **read_terms(
            raw,
            title,
            text,
            life,
            contract=kind.code if kind else "",
            diploma=level.code if level else "",
        ),
    }


_SAME = (
    "source_id",
    "board",
    "ad_id",
    "url",
    "positions",
    "country",
    "synthetic",
    "publishes_text",
)


def code_ad(sightings: Sequence[Row]) -> tuple[Row, list[Row]]:
    """One core_ads row and its core_ad_skills rows from all sightings of one ad of a board.

    The words are those of the last sighting; the days span all of them.
    """
    raw = sightings[-1]
    title, text = clean(raw["raw_title"]), clean(raw["raw_text"])
    key = ad_key(raw["source_id"], raw["board"], raw["ad_id"])
    life = _life(sightings)
    row = {
        "ad_key": key,
        "cluster": key,
        "is_canonical": True,
        "title": title,
        "text": text,
        "company": clean(raw["raw_company"]),
        "salary_text": clean(raw["raw_salary"]),
        "version": VERSION,
        **{name: raw[name] for name in _SAME},
        **life,
        **_read(raw, title, text, life),
    }
    skill_rows = [
        {
            "source_id": raw["source_id"],
            "ad_key": key,
            "skill": skill.code,
            "score": skill.score,
            "evidence": skill.evidence,
        }
        for skill in skills(title, text)
    ]
    return row, skill_rows


def code_ads(groups: Sequence[Sequence[Row]]) -> list[tuple[Row, list[Row]]]:
    """`code_ad` for a batch of ads, each with its sightings."""
    return [code_ad(group) for group in groups]


def code_course(raw: Row) -> Row:
    """One core_courses row from one course."""
    title, text = clean(raw["raw_title"]), clean(raw["raw_text"])
    outlets = clean(raw["raw_outlets"])
    at = place.of_ad(clean(raw["raw_place"]), title, text)
    jobs, _ = occupation(title, "")
    if not jobs and outlets:
        jobs, _ = occupation(outlets.split("\n")[0].split(",")[0], "")
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
                "url",
                "synthetic",
            )
        },
        "title": title,
        "provider": clean(raw["raw_provider"]),
        "level": clean(raw["raw_level"]),
        **_coded("isced_f", field_of_education(title, clean(raw["raw_field"]), text)),
        **_coded("isco08", jobs[0] if jobs else None),
        "region": at.region.code if at.region else "",
        "province": at.province.code if at.province else "",
        "skills": " ".join(sorted({skill.code for skill in skills(title, f"{outlets}\n{text}")})),
        "place_evidence": at.region.evidence if at.region else "",
    }


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def in_pool(
    work: Callable[[Sequence[Any]], list[Any]], items: Sequence[Any], workers: int
) -> Iterator[list[Any]]:
    """The results of `work` over batches of items, in order; one process when that is enough."""
    if workers == 1 or len(items) <= BATCH:
        yield from map(work, _batches(items))
        return
    occupation("comptable", "")  # what is loaded before the fork is shared by the processes
    skills("", "")
    gc.collect()
    gc.freeze()  # what is loaded is never garbage: collections need not look at it again
    with ProcessPoolExecutor(workers, initializer=gc.disable) as pool:
        yield from pool.map(work, _batches(items))
