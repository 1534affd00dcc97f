"""Invented job ads that look like a month of Moroccan job boards, with the truth beside each ad.

Marsad ships no real advertisement. The demonstration portal and the tests run on the ads made
here: four invented boards list the same openings in six ways of writing (French, Arabic, Darija in
both scripts, English, mixed), with the faults of real listings - copies between boards, reposts,
missing companies, misspelt places, HTML residue, broken encodings, unlawful wording, contact
details (placeholders only). Each sighting carries the answer (occupation, language, province,
cluster of copies), so that the error of every later step can be measured.

The same seed, size, end date and areas give the same ads: one ``random.Random``, no clock.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from marsad.collect.seeds import AreaSeed
from marsad.collect.sources.synthetic_ads import wording
from marsad.collect.sources.synthetic_ads.world import (
    Employer,
    Job,
    Terms,
    employer,
    jobs,
    terms,
    words,
)

BOARDS: Final = ("souk-khedma", "emploi-atlas", "wadifa-maroc", "talents-sample")
BOARD_WEIGHTS: Final = (4, 3, 2, 1)
LANGUAGES: Final = ("fr", "ar", "ary", "ary-Latn", "en", "mixed")
LANGUAGE_SHARES: Final = (0.62, 0.14, 0.08, 0.04, 0.05, 0.07)
COPY_SHARE: Final = 0.18
REPOST_SHARE: Final = 0.07
SPAN_DAYS: Final = 270
WEEKDAY_WEIGHTS: Final = (1.15, 1.1, 1.0, 1.0, 0.85, 0.4, 0.2)
"""Relative number of ads posted from Monday to Sunday (assumed)."""
MONTH_WEIGHTS: Final = {7: 0.75, 8: 0.5, 9: 1.2, 12: 0.85, 1: 1.1}
"""Relative number of ads by month, 1 when absent: the summer dip and the September rise."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """One vacancy as the employer sees it, before boards list it."""

    cluster: int
    job: Job
    lang: str
    area: AreaSeed
    employer: Employer
    terms: Terms
    pay: str
    posted: dt.date


def generate(
    seed: int, n: int, until: dt.date, areas: Sequence[AreaSeed]
) -> Iterator[dict[str, object]]:
    """Yield ``n`` sightings of invented ads posted in the 270 days before ``until``.

    About 18 % are copies of an opening on another board and 7 % are later reposts on the same
    board; both share ``true_cluster`` with the opening. ``seen_last == until`` means still open.
    From 6,000 sightings on, every region and ISCO major group 1-9 meets every language.
    """
    if n <= 0:
        return
    if not areas:
        raise ValueError("generate() needs at least one area")
    rng = random.Random(seed)  # noqa: S311
    copies, reposts = round(n * COPY_SHARE), round(n * REPOST_SHARE)
    openings = _openings(rng, n - copies - reposts, until, areas)
    firsts: list[dict[str, object]] = []
    for serial, opening in enumerate(openings):
        row = _sighting(rng, opening, _board(rng), serial, opening.posted, until)
        firsts.append(row)
        yield row
    serial = len(openings)
    for _ in range(copies):
        index = rng.randrange(len(openings))
        yield _copy(rng, openings[index], firsts[index], serial, until)
        serial += 1
    limit = (until - dt.timedelta(14)).isoformat()
    old = [i for i, row in enumerate(firsts) if str(row["seen_last"]) < limit]
    for _ in range(reposts):
        index = rng.choice(old) if old else rng.randrange(len(openings))
        yield _repost(rng, openings[index], firsts[index], serial, until)
        serial += 1


def _calendar(until: dt.date) -> tuple[list[dt.date], list[float]]:
    """Posting days of the span with their weekday and month weights, cumulated."""
    days = [until - dt.timedelta(d) for d in range(SPAN_DAYS, -1, -1)]
    weights = [WEEKDAY_WEIGHTS[d.weekday()] * MONTH_WEIGHTS.get(d.month, 1.0) for d in days]
    return days, list(accumulate(weights))


def _openings(
    rng: random.Random, count: int, until: dt.date, areas: Sequence[AreaSeed]
) -> list[_Opening]:
    """``count`` openings; a share is forced to cover region x major group x language."""
    days, cumulated = _calendar(until)
    regions = sorted({a.region_code for a in areas})
    in_region = {r: [a for a in areas if a.region_code == r] for r in regions}
    majors = sorted({job.isco08[0] for job in jobs()})
    grid = [(r, m, lang) for r in regions for m in majors for lang in LANGUAGES]
    rng.shuffle(grid)
    forced = grid[: max(1, count * 4 // 25)]
    weights = [
        max(0.01 * count, share * count - sum(cell[2] == lang for cell in forced))
        for lang, share in zip(LANGUAGES, LANGUAGE_SHARES, strict=True)
    ]
    anywhere = {lang: _pool(lang, "", areas) for lang in LANGUAGES}
    openings = []
    for cluster in range(count):
        if cluster < len(forced):
            region, major, lang = forced[cluster]
            near, pool = in_region[region], _pool(lang, major, in_region[region])
        else:
            lang = rng.choices(LANGUAGES, weights)[0]
            near, pool = list(areas), anywhere[lang]
        job = rng.choices(pool, [j.weight for j in pool])[0]
        posted = rng.choices(days, cum_weights=cumulated)[0]
        openings.append(_opening(rng, cluster, job, lang, near, posted))
    rng.shuffle(openings)
    return openings


def _pool(lang: str, major: str, areas: Sequence[AreaSeed]) -> list[Job]:
    """The jobs of a major group ("" for all) that ads in a language look for in one of the areas."""
    return [
        job
        for job in jobs()
        if job.isco08.startswith(major) and job.speaks(lang) and any(map(job.stands_in, areas))
    ]


def _opening(
    rng: random.Random,
    cluster: int,
    job: Job,
    lang: str,
    areas: Sequence[AreaSeed],
    posted: dt.date,
) -> _Opening:
    """A vacancy whose place, employer and terms are possible for the job."""
    near = [area for area in areas if job.stands_in(area)]
    area = rng.choices(near, [a.weight for a in near])[0]
    truth = terms(rng, job)
    pay = rng.choices(("none", "stated", "vague"), (70, 20, 10))[0]
    if pay == "stated" and not truth.low:
        pay = "none" if truth.contract == "stage" else "vague"
    return _Opening(cluster, job, lang, area, employer(rng, job, area), truth, pay, posted)


def _board(rng: random.Random, other_than: str = "") -> str:
    """A board, drawn by size; another one than ``other_than`` for copies."""
    names = [b for b in BOARDS if b != other_than]
    weights = [w for b, w in zip(BOARDS, BOARD_WEIGHTS, strict=True) if b != other_than]
    return rng.choices(names, weights)[0]


def _sighting(
    rng: random.Random, opening: _Opening, board: str, serial: int, posted: dt.date, until: dt.date
) -> dict[str, object]:
    """One listing of an opening on one board."""
    first = min(until, posted + dt.timedelta(rng.choice((0, 0, 0, 1, 1, 2, 3))))
    days = min(120, int(rng.lognormvariate(3.0, 0.8)) + 1)
    last = min(until, first + dt.timedelta(days))
    ad_id = f"{board[:2].upper()}{100000 + serial}" if board != BOARDS[2] else f"{7000000 + serial}"
    deadline = posted + dt.timedelta(rng.choice((10, 15, 21, 30)))
    return {
        "board": board,
        "ad_id": ad_id,
        "url": f"https://example.org/{board}/{ad_id.lower()}",
        **_content(rng, opening),
        "posted": posted.isoformat(),
        "seen_first": first.isoformat(),
        "seen_last": last.isoformat(),
        "positions": _positions(rng, opening.job),
        "deadline": deadline.isoformat() if rng.random() < 0.2 else None,
        "true_isco08": opening.job.isco08,
        "true_lang": opening.lang,
        "true_province": opening.area.province_code,
        "true_family": opening.job.family,
        "true_cluster": opening.cluster,
        "synthetic": True,
    }


def _positions(rng: random.Random, job: Job) -> int | None:
    """How many are hired, often not said; teams are hired for work that many do side by side."""
    if job.level == "worker" or job.hours == "call":
        return rng.choices((None, 1, 2, 3, 5, 10, 20), (55, 20, 8, 5, 6, 4, 2))[0]
    return rng.choices(
        (None, 1, 2), (60, 33, 0 if job.isco08[0] == "1" or job.level == "home" else 7)
    )[0]


def _content(rng: random.Random, opening: _Opening) -> dict[str, object]:
    """What a reader of the listing sees: title, company, place, terms and text."""
    job, lang, truth = opening.job, opening.lang, opening.terms
    flags = wording.planted(rng, job)
    pay = "none" if "lowpay" in flags else opening.pay
    company, named = wording.company(rng, opening.employer, lang)
    heading = wording.title(rng, job, lang)
    nameless = "nameless_home" if opening.employer.sector == "home" else "nameless"
    about = {
        "title": heading.named,
        "a_title": heading.with_article,
        "company": company if named else wording.phrases(lang)[nameless],
        "named": named,
        "city": _town(opening.area)[lang in ("ar", "ary")],
    }
    body = wording.text(rng, job, truth, lang, about, flags, pay)
    return {
        "title": wording.noisy_title(rng, heading, lang),
        "company": company,
        "place": wording.place(rng, opening.area, lang),
        "text": wording.noisy_text(rng, body),
        **wording.fields(rng, truth, lang, pay),
    }


def _town(area: AreaSeed) -> tuple[str, str]:
    """The name of the area in a sentence, in Latin and Arabic letters."""
    latin, arabic = words("employers")["towns"].get(
        area.province_code, (area.name_fr, area.name_ar)
    )
    return str(latin), str(arabic)


def _copy(
    rng: random.Random, opening: _Opening, source: dict[str, object], serial: int, until: dt.date
) -> dict[str, object]:
    """The opening on another board: small edits, cut or recased, rarely in another language."""
    board = _board(rng, str(source["board"]))
    posted = dt.date.fromisoformat(str(source["posted"])) + dt.timedelta(rng.randint(0, 4))
    posted = min(posted, until)
    if rng.random() < 0.04:
        other = "fr" if opening.lang != "fr" else "ar"
        return _sighting(rng, replace(opening, lang=other), board, serial, posted, until)
    row = _sighting(rng, opening, board, serial, posted, until)
    row["title"], row["text"] = source["title"], wording.edited(rng, str(source["text"]))
    if rng.random() < 0.3:
        row["title"] = str(source["title"]).upper()
    for field in ("company", "salary", "contract", "positions"):
        row[field] = source[field] if rng.random() < 0.85 else None
    return row


def _repost(
    rng: random.Random, opening: _Opening, source: dict[str, object], serial: int, until: dt.date
) -> dict[str, object]:
    """The opening again on the same board, at least two weeks after its first posting ended."""
    last = dt.date.fromisoformat(str(source["seen_last"]))
    posted = min(until, last + dt.timedelta(rng.randint(14, 60)))
    row = _sighting(rng, opening, str(source["board"]), serial, posted, until)
    for field in ("title", "text", "company", "place", "contract", "salary"):
        row[field] = source[field]
    if rng.random() < 0.4:
        row["text"] = wording.edited(rng, str(source["text"]))
    return row
