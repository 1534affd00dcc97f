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
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Final

import yaml

from marsad.base.records import Row
from marsad.collect.seeds import AreaSeed

HERE: Final = Path(__file__).parent
BOARDS: Final = ("souk-khedma", "emploi-atlas", "wadifa-maroc", "talents-sample")
BOARD_WEIGHTS: Final = (4, 3, 2, 1)
LANGUAGES: Final = ("fr", "ar", "ary", "ary-Latn", "en", "mixed")
LANGUAGE_SHARES: Final = (0.62, 0.14, 0.08, 0.04, 0.05, 0.07)
COPY_SHARE: Final = 0.18
REPOST_SHARE: Final = 0.07
SPAN_DAYS: Final = 270
MIN_TEXT, MAX_TEXT = 150, 1200
WEEKDAY_WEIGHTS: Final = (1.15, 1.1, 1.0, 1.0, 0.85, 0.4, 0.2)
"""Relative number of ads posted from Monday to Sunday (assumed)."""
MONTH_WEIGHTS: Final = {7: 0.75, 8: 0.5, 9: 1.2, 12: 0.85, 1: 1.1}
"""Relative number of ads by month, 1 when absent: the summer dip and the September rise."""
BASE_PAY: Final = {0: 4500, 1: 14000, 2: 9000, 3: 5500, 4: 4000, 5: 3500, 6: 3300, 7: 3800}
"""Lower bound of the pay wording by ISCO major group, in dirhams a month (assumed)."""


@dataclass(frozen=True, slots=True)
class _Data:
    """The word lists of the two yml files."""

    phrases: Row
    families: Row
    occupations: tuple[Row, ...]
    by_major: dict[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class _Opening:
    """One vacancy as the employer sees it, before boards list it."""

    cluster: int
    occupation: Row
    lang: str
    area: AreaSeed
    company: str
    posted: dt.date


@cache
def _data() -> _Data:
    """The phrases and occupations, read once."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read = [
        yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
        for name in ("phrases.yml", "occupations.yml")
    ]
    occupations = tuple(read[1]["occupations"])
    majors = sorted({o["isco08"][0] for o in occupations})
    grouped = {m: tuple(o for o in occupations if o["isco08"][0] == m) for m in majors}
    return _Data(read[0], read[1]["families"], occupations, grouped)


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
    data, companies = _data(), _companies()
    days, cumulated = _calendar(until)
    regions = sorted({a.region_code for a in areas})
    in_region = {r: [a for a in areas if a.region_code == r] for r in regions}
    majors = [m for m in data.by_major if m != "0"]
    grid = [(r, m, lang) for r in regions for m in majors for lang in LANGUAGES]
    rng.shuffle(grid)
    forced = grid[: max(1, count * 4 // 25)]
    weights = [
        max(0.01 * count, share * count - sum(cell[2] == lang for cell in forced))
        for lang, share in zip(LANGUAGES, LANGUAGE_SHARES, strict=True)
    ]
    openings = []
    for cluster in range(count):
        if cluster < len(forced):
            region, major, lang = forced[cluster]
            area, pool = _weighted_area(rng, in_region[region]), data.by_major[major]
        else:
            area, pool = _weighted_area(rng, areas), data.occupations
            lang = rng.choices(LANGUAGES, weights)[0]
        occupation = rng.choices(pool, [o["weight"] for o in pool])[0]
        posted = rng.choices(days, cum_weights=cumulated)[0]
        company = companies[min(int(rng.expovariate(0.02)), len(companies) - 1)]
        openings.append(_Opening(cluster, occupation, lang, area, company, posted))
    rng.shuffle(openings)
    return openings


def _weighted_area(rng: random.Random, areas: Sequence[AreaSeed]) -> AreaSeed:
    """One area, drawn by weight."""
    return rng.choices(areas, [a.weight for a in areas])[0]


@cache
def _companies() -> tuple[str, ...]:
    """Every invented company name; the draw favours the first ones."""
    parts = _data().phrases["companies"]
    names = [f"{head} {tail}" for tail in parts["tails"] for head in parts["heads"]]
    random.Random(len(names)).shuffle(names)  # noqa: S311
    return tuple(names)


def _board(rng: random.Random, other_than: str = "") -> str:
    """A board, drawn by size; another one than ``other_than`` for copies."""
    names = [b for b in BOARDS if b != other_than]
    weights = [w for b, w in zip(BOARDS, BOARD_WEIGHTS, strict=True) if b != other_than]
    return rng.choices(names, weights)[0]


def _sighting(
    rng: random.Random, opening: _Opening, board: str, serial: int, posted: dt.date, until: dt.date
) -> dict[str, object]:
    """One listing of an opening on one board."""
    lang = opening.lang
    first = min(until, posted + dt.timedelta(rng.choice((0, 0, 0, 1, 1, 2, 3))))
    days = min(120, int(rng.lognormvariate(3.0, 0.8)) + 1)
    last = min(until, first + dt.timedelta(days))
    hidden = _data().phrases["companies"]["hidden"]
    chance = rng.random()
    company = None if chance < 0.1 else rng.choice(hidden) if chance < 0.2 else opening.company
    title = _title(rng, opening)
    ad_id = f"{board[:2].upper()}{100000 + serial}" if board != BOARDS[2] else f"{7000000 + serial}"
    deadline = posted + dt.timedelta(rng.choice((10, 15, 21, 30)))
    return {
        "board": board,
        "ad_id": ad_id,
        "url": f"https://example.org/{board}/{ad_id.lower()}",
        "title": _noisy_title(rng, title),
        "company": company,
        "place": _place(rng, opening),
        "text": _noisy_text(rng, _body(rng, opening, title, company)),
        "posted": posted.isoformat(),
        "seen_first": first.isoformat(),
        "seen_last": last.isoformat(),
        **_terms(rng, opening),
        "positions": rng.choices((None, 1, 2, 3, 5, 10, 20), (60, 20, 8, 4, 4, 3, 1))[0],
        "deadline": deadline.isoformat() if rng.random() < 0.2 else None,
        "true_isco08": opening.occupation["isco08"],
        "true_lang": lang,
        "true_province": opening.area.province_code,
        "true_cluster": opening.cluster,
        "synthetic": True,
    }


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
    row["title"], row["text"] = source["title"], _edited(rng, str(source["text"]))
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
        row["text"] = _edited(rng, str(source["text"]))
    return row


def _edited(rng: random.Random, text: str) -> str:
    """A lightly edited copy of an ad text, never shorter than the minimum."""
    choice = rng.random()
    if choice < 0.35:
        return text
    if choice < 0.6:
        return text[: max(MIN_TEXT, int(len(text) * rng.uniform(0.6, 0.95)))]
    if choice < 0.75:
        return " ".join(text.split()) if len(" ".join(text.split())) >= MIN_TEXT else text
    if choice < 0.85:
        return text.upper()[:MAX_TEXT]
    mark = rng.choice(("URGENT", f"Réf. 2{rng.randint(100, 999)}", "***"))
    return f"{mark} {text}"[:MAX_TEXT]


def _words(lang: str) -> str:
    """The language whose title and task wording an ad language uses."""
    return {"mixed": "fr", "ary-Latn": "lat"}.get(lang, lang)


def _title(rng: random.Random, opening: _Opening) -> str:
    """A title form in the ad's language, or the French one Darija ads fall back on."""
    forms = opening.occupation.get(_words(opening.lang)) or opening.occupation["fr"]
    return str(rng.choice(forms))


def _noisy_title(rng: random.Random, title: str) -> str:
    """The title as typed: capitals, gender marks, urgency."""
    choice = rng.random()
    if choice < 0.15:
        return title.upper()
    if choice < 0.3 and title.isascii():
        return f"{title.capitalize()} (H/F)"
    if choice < 0.36:
        return f"{title} - urgent"
    return title[:1].upper() + title[1:] if choice < 0.9 else f'""{title}""'


def _place(rng: random.Random, opening: _Opening) -> str | None:
    """The place as typed by the recruiter, or nothing."""
    area, choice = opening.area, rng.random()
    if choice < 0.06:
        return None
    aliases = _data().phrases["aliases"]
    known = next((v for k, v in aliases.items() if k in area.name_fr), None)
    if choice < 0.3 and known:
        return str(rng.choice(known))
    if opening.lang in ("ar", "ary") and choice < 0.75:
        return area.name_ar
    if choice < 0.4:
        return f"{area.name_fr.lower()} (maroc)"
    if choice < 0.48:
        return area.name_fr.upper()
    if choice < 0.53 and len(area.name_fr) > 5:
        at = rng.randrange(1, len(area.name_fr) - 1)
        return area.name_fr[:at] + area.name_fr[at + 1 :]
    return area.name_fr


def _terms(rng: random.Random, opening: _Opening) -> dict[str, object]:
    """Contract, experience, diploma and pay wording, each often missing."""
    phrases = _data().phrases["fr" if opening.lang == "mixed" else opening.lang]
    base = BASE_PAY.get(int(opening.occupation["isco08"][0]), 3300)
    low = round(base * rng.uniform(0.95, 1.6), -2)
    values = {"low": int(low), "high": int(low * 1.3), "years": rng.randint(2, 6)}
    parts = (("contract", 0.55), ("experience", 0.5), ("diploma", 0.45))
    terms: dict[str, object] = {
        part: rng.choice(phrases[part]).format(**values) if rng.random() < share else None
        for part, share in parts
    }
    terms["salary"] = rng.choice(phrases["pay"]).format(**values) if rng.random() < 0.3 else None
    return terms


def _body(rng: random.Random, opening: _Opening, title: str, company: str | None) -> str:
    """The text of an ad, 150 to 1,200 characters."""
    lang = "fr" if opening.lang == "mixed" else opening.lang
    phrases = _data().phrases[lang]
    values = _values(rng, opening, lang, title, company)
    parts = [rng.choice(phrases["intro"]), rng.choice(phrases["tasks"])]
    parts += rng.sample(phrases["profile"], rng.randint(1, 3))
    parts += rng.sample(phrases["offer"], rng.randint(0, 3))
    for key, share in (("gender", 0.03), ("fee", 0.015), ("lowpay", 0.015)):
        if rng.random() < share:
            parts.append(rng.choice(phrases[key]))
    if rng.random() < 0.7:
        parts.append(rng.choice(phrases["apply"]))
    if opening.lang == "mixed":
        for insert in rng.sample(_data().phrases["mixed_inserts"], 2):
            parts.insert(rng.randint(1, len(parts)), insert)
    joiner = rng.choice((" ", "\n", "\n\n"))
    text = joiner.join(p.format(**values) for p in parts)
    spare = [p for part in ("offer", "profile", "tasks") for p in phrases[part] if p not in parts]
    rng.shuffle(spare)
    while len(text) < MIN_TEXT and spare:
        text += joiner + spare.pop().format(**values)
    return text[: MAX_TEXT - 100]


def _values(
    rng: random.Random, opening: _Opening, lang: str, title: str, company: str | None
) -> dict[str, object]:
    """What fills the gaps of the templates; contact details are placeholders only."""
    family = _data().families[opening.occupation["family"]]
    tasks = family["tasks"].get(lang, family["tasks"]["fr"])
    skills = family["skills"]["ar" if lang == "ary" else lang if lang in ("ar", "en") else "fr"]
    chosen, known = rng.sample(tasks, 3), rng.sample(skills, 2)
    arabic = lang in ("ar", "ary")
    digits = f"060000{rng.randint(0, 9999):04d}"
    spaced = " ".join(digits[i : i + 2] for i in range(0, 10, 2))
    mailbox = rng.choice(("recrutement", "rh", "emploi", "contact", "cv"))
    return {
        "title": title,
        "company": company or _data().phrases[lang]["nameless"],
        "city": opening.area.name_ar if arabic else opening.area.name_fr,
        "task1": chosen[0],
        "task2": chosen[1],
        "task3": chosen[2],
        "skill1": known[0],
        "skill2": known[1],
        "years": rng.randint(2, 6),
        "email": f"{mailbox}{rng.randint(1, 99)}@exemple.ma",
        "phone": digits if rng.random() < 0.6 else spaced,
        "cin": f"AB{rng.randint(100000, 999999)}",
    }


def _noisy_text(rng: random.Random, text: str) -> str:
    """Residue of copy and paste: tags, entities, doubled quotes, a broken encoding."""
    choice = rng.random()
    if choice < 0.06:
        text = "<p>" + text.replace("\n", "<br/>") + "</p>"
    elif choice < 0.1:
        text = text.replace(" et ", " &amp; ", 1).replace(" ", "&nbsp;", 2)
    elif choice < 0.13:
        text = f'""{text}""'
    elif choice < 0.15:
        for good, bad in (("é", "Ã©"), ("è", "Ã¨"), ("ê", "Ãª"), ("à", "Ã\u00a0"), ("ç", "Ã§")):
            text = text.replace(good, bad)
    return text[:MAX_TEXT]
