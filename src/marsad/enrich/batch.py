"""The batch contract: a batch of raw records in, a batch of coded rows out, nothing else read.

Every function takes and gives plain rows of declared columns, so that it runs the same in one
process, in a pool, or on a cluster.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar, cast

import pyarrow as pa

from marsad.base import fields as declarations
from marsad.base.records import Row
from marsad.base.text import name_of
from marsad.enrich import VERSION, country, place, privacy
from marsad.enrich.fields import AdWords, code, coded
from marsad.enrich.fields.esco_skills.classify import skills_named, skills_of
from marsad.enrich.fields.isco08.classify import occupation_of
from marsad.enrich.lexicon import Candidate
from marsad.enrich.training_field import training_field

T = TypeVar("T")
R = TypeVar("R")
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
    """The rows with their text fields decoded and without personal data, counted in `removed_count`.

    A web address stays as it is unless it holds personal data.
    """
    cleaned = []
    for row in rows:
        cleaned_row, removed = dict(row), 0
        for name in fields:
            door = privacy.scrub_address if name == "url" else privacy.scrub
            cleaned_row[name], counts = door(row[name])
            removed += counts.total()
        cleaned.append({**cleaned_row, "removed_count": removed})
    return cleaned


def cleaned_ads(rows: Sequence[Row]) -> list[Row]:
    """`without_personal_data` for a batch of ads."""
    return without_personal_data(rows, AD_WORDS)


def board_days(raw: pa.Table) -> dict[str, dt.date]:
    """Board -> the first day on which it was read."""
    days: dict[str, dt.date] = {}
    for board, *seen in zip(
        *(raw[name].to_pylist() for name in ("board", "seen_first_on", "seen_last_on"))
    ):
        for day in seen:
            if day is not None:
                days[board] = min(day, days.get(board, day))
    return days


def ad_key(source_id: str, board: str, ad_id: str) -> str:
    """The public key of an ad: 16 letters that say nothing about it."""
    return name_of(f"{source_id}\x1f{board}\x1f{ad_id}", 16)


def _days(sightings: Sequence[Row], name: str) -> list[dt.date]:
    return [row[name] for row in sightings if row[name] is not None]


def _life(sightings: Sequence[Row]) -> Row:
    """When an ad was posted, seen and due, over all its sightings. An ad that does not say when it
    was posted appeared when it was first seen, if its board had been read before that; what a board
    shows when it is read for the first time may be of any age."""
    first, last = _days(sightings, "seen_first_on"), _days(sightings, "seen_last_on")
    posted, seen = _days(sightings, "posted_on"), min([*first, *last], default=None)
    began = sightings[0].get("board_read_on")
    appeared = seen if seen is not None and began is not None and began < seen else None
    return {
        "posted_on": min(posted, default=appeared),
        "deadline_on": max(_days(sightings, "deadline_on"), default=None),
        "first_seen_on": seen,
        "last_seen_on": max([*first, *last], default=None),
        "sightings": len(sightings),
    }


_SAME = ("source_id", "board", "ad_id", "synthetic", "publishes_text", "confidentiality")


def _scrubbed(raw: Row, name: str) -> str:
    return privacy.scrub(raw[name])[0]


def _words(raw: Row, life: Row) -> AdWords:
    """What is known of an ad before it is coded: the words of its last sighting, its days.

    Personal data are taken out once more: rows may have been stored by an earlier version.
    """
    scrubbed = {name: privacy.scrub(raw[name])[0] for name in AD_WORDS if name != "url"}
    title, text = scrubbed.pop("raw_title"), scrubbed.pop("raw_text")
    return AdWords(
        title=title,
        text=text,
        country=country.of_ad(raw["country"], scrubbed["raw_place"], title, text),
        positions=raw["positions"],
        columns={},
        posted_on=life["posted_on"],
        deadline_on=life["deadline_on"],
        last_seen_on=life["last_seen_on"],
        **scrubbed,
    )


def _row(raw: Row, life: Row, words: AdWords) -> Row:
    key = ad_key(raw["source_id"], raw["board"], raw["ad_id"])
    columns = {name for name, _, _ in declarations.columns()}
    return {
        "ad_key": key,
        "cluster": key,
        "is_canonical": True,
        "title": words.title,
        "text": words.text,
        "company": words.raw_company,
        "place_text": words.raw_place,
        "country": words.country,
        "salary_text": words.raw_salary,
        "url": privacy.scrub_address(raw["url"])[0],
        "version": VERSION,
        **{name: raw[name] for name in _SAME},
        **life,
        **{name: cell for name, cell in words.columns.items() if name in columns},
    }


def code_ads(groups: Sequence[Sequence[Row]]) -> list[tuple[Row, list[Row]]]:
    """A core_ads row and its core_ad_skills rows for each ad of a batch, from all its sightings.

    The words are those of the last sighting; the days span all of them.
    """
    lives = [_life(sightings) for sightings in groups]
    ads = [_words(sightings[-1], life) for sightings, life in zip(groups, lives)]
    code(ads)
    coded_ads = []
    for sightings, life, words in zip(groups, lives, ads):
        row = _row(sightings[-1], life, words)
        source = {name: row[name] for name in ("source_id", "ad_key")}
        skills = cast(list[Candidate], words.columns["skills"])
        coded_ads.append((row, [{**source, **skill_columns(skill)} for skill in skills]))
    return coded_ads


def skill_columns(skill: Candidate) -> Row:
    """The columns of core_ad_skills that say a skill."""
    return {"skill": skill.code, "score": skill.score, "evidence": skill.evidence}


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
                "url",
                "synthetic",
            )
        },
        "title": title,
        "provider": _scrubbed(raw, "raw_provider"),
        "level": _scrubbed(raw, "raw_level"),
        **_one("isced_f", training_field(title, _scrubbed(raw, "raw_field"), text)),
        **_one("isco08", jobs[0] if jobs else None),
        "region": at.region.code if at.region else "",
        "province": at.province.code if at.province else "",
        "skills": " ".join(
            sorted({skill.code for skill in skills_named(f"{title}\n{outlets}\n{text}")})
        ),
        "place_evidence": at.region.evidence if at.region else "",
    }


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def in_pool(
    work: Callable[[Sequence[T]], list[R]], items: Sequence[T], workers: int
) -> Iterator[list[R]]:
    """The results of `work` over batches of items, in order; one process when that is enough."""
    if workers == 1 or len(items) <= BATCH:
        yield from map(work, _batches(items))
        return
    occupation_of("comptable", "")  # what is loaded before the fork is shared by the processes
    skills_of("", "")
    gc.collect()
    gc.freeze()  # what is loaded is never garbage: collections need not look at it again
    with ProcessPoolExecutor(workers, initializer=gc.disable) as pool:
        yield from pool.map(work, _batches(items))
