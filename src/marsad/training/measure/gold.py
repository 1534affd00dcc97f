"""Measuring on real ads that were read by two coders apart; what is kept is identifiers and codes.

The coders are language-model assistants, not people: their agreement overstates how sure the codes
are, and people's judgements are to replace them. Weights may be chosen on the part `development`;
figures are given on the part `test`. The ads' texts are read from DIR (laid out as shared/data).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from marsad.base.areas import COUNTRY
from marsad.base.records import JobAd
from marsad.base.text import clean
from marsad.collect.context import Context, Payload
from marsad.collect.register import collector, source
from marsad.enrich import country, language, place
from marsad.enrich.duplicates import linking
from marsad.enrich.fields import esco_skills, isco08
from marsad.enrich.fields.esco_skills.classify import skills_of as skills
from marsad.enrich.fields.isco08.classify import FLOOR, Reading, read_title
from marsad.training.measure.figures import Case, Measured, figure, share_figure

_ADS = {
    "emploi_public_fr": "ads/morocco_public_sector_fr_2026-08.jsonl",
    "emploi_public_ar": "ads/morocco_public_sector_ar_2026-08.jsonl",
    "morocco_boards": "ads/morocco_boards_2026-01.jsonl",
    "board_fulltext": "ads/morocco_fulltext_2023-09.jsonl",
    "arabic_fulltext": "ads/arabic_fulltext_2024.jsonl",
}
SKILL_TEXT = 1_400  # letters of an ad's text in which skills were marked
_LEAST_CASES = 10  # below this a language has no figure
_NONE = "X"  # what a reading says of an ad that names no codable occupation


def gold() -> list[dict[str, str]]:
    """The coded ads: source_id, board, ad_id, the codes of two readings made apart, `also` (what a careful coder
    might give as well; `-` for nothing, empty where it was not asked), and the part: weights may be chosen on
    `development`, figures are published on `test`.

    Both readings are by a language-model assistant, not by people: their agreement overstates how
    sure the codes are. People's judgements are to replace them.
    """
    with (Path(isco08.__file__).with_name("gold.csv")).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def accepted(row: dict[str, str]) -> frozenset[str]:
    """The codes that are right for a row of the gold: those of both readings, and those that may be given as well."""
    return frozenset({row["coder_a"], row["coder_b"], *row["also"].split()} - {_NONE, "-"})


def real_ads(root: Path) -> dict[tuple[str, str, str], JobAd]:
    """(source, board, identifier) -> the ad, of every file of real ads that the gold names."""
    ads: dict[tuple[str, str, str], JobAd] = {}
    for identifier, name in _ADS.items():
        spec = source(identifier)
        payload = Payload(name, (root / name).read_bytes())
        for ad in collector(spec)(Context(spec, (payload,))):
            if isinstance(ad, JobAd):
                ads[identifier, ad.board, ad.ad_id] = ad
    return ads


def gold_cases(root: Path, part: str) -> dict[str, list[tuple[str, Reading]]]:
    """Language -> (the code on which both readings agree, what the coder reads) of the gold ads."""
    ads = real_ads(root)
    cases: dict[str, list[tuple[str, Reading]]] = defaultdict(list)
    for row in gold():
        if row["part"] == part and row["coder_a"] == row["coder_b"] != _NONE:
            ad = ads[row["source_id"], row["board"], row["ad_id"]]
            title, text = clean(ad.raw_title), clean(ad.raw_text)
            spoken = language.of_ad(title, text)[0].code
            cases[spoken].append((row["coder_a"], read_title(title, text, spoken)))
    return cases


def _acceptable(root: Path) -> Iterator[Measured]:
    """The occupation coder where it was asked what a careful coder would accept, and how far its scores are from
    the shares right."""
    ads, cases = real_ads(root), defaultdict[str, list[Case]](list)
    for row in gold():
        if row["part"] == "test" and row["also"] and (right := accepted(row)):
            ad = ads[row["source_id"], row["board"], row["ad_id"]]
            title, text = clean(ad.raw_title), clean(ad.raw_text)
            spoken = language.of_ad(title, text)[0].code
            groups = read_title(title, text, spoken).groups
            score = groups[0].score if groups else 0.0
            met = bool(groups) and groups[0].code in right
            cases[spoken].append(Case(score >= FLOOR, met, score))
    for spoken, every in sorted(cases.items()):
        if len(every) >= _LEAST_CASES:
            data = "gold: real ads, a code that a careful coder accepts, 4 digits"
            yield "isco08", figure(spoken, data, every)


def _gold_ads(root: Path) -> Iterator[Measured]:
    """The occupation coder against the codes on which both readings agree, by the ad's language;
    only the part that no weight was chosen on."""
    for spoken, cases in sorted(gold_cases(root, "test").items()):
        if len(cases) < _LEAST_CASES:
            continue
        for digits, level in ((4, "4 digits"), (1, "major group")):
            yield (
                "isco08",
                figure(
                    spoken,
                    f"gold: real ads, two readings agree, {level}",
                    (
                        Case(
                            reading.sure,
                            bool(reading.groups)
                            and reading.groups[0].code[:digits] == code[:digits],
                        )
                        for code, reading in cases
                    ),
                ),
            )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def skill_cases(root: Path, part: str) -> Iterator[tuple[str, str, set[str]]]:
    """(title, text, skills said) of the ads whose skills were marked, by the first coder."""
    ads = real_ads(root)
    marked: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in _rows(Path(esco_skills.__file__).with_name("gold.csv")):
        if row["coder"] == "a" and row["part"] == part:
            key = row["source_id"], row["board"], row["ad_id"]
            marked[key] |= {row["esco"]} - {""}
    for key, codes in marked.items():
        yield clean(ads[key].raw_title), clean(ads[key].raw_text)[:SKILL_TEXT], codes


def _skills(root: Path) -> Iterator[Measured]:
    """Precision and recall of the skills said in whole ads; only those with an ESCO id count."""
    right = answered = expected = 0
    for title, text, codes in skill_cases(root, "test"):
        codes_given = {c.code for c in skills(title, text) if not c.code.startswith("marsad-")}
        right, answered, expected = (
            right + len(codes_given & codes),
            answered + len(codes_given),
            expected + len(codes),
        )
    data = "gold: 100 real ads, skills said"
    yield "esco_skills", share_figure("mixed", f"{data}, precision", right, answered)
    yield "esco_skills", share_figure("mixed", f"{data}, recall", right, expected)


def folded_ads(root: Path) -> dict[tuple[str, str, str], linking.Folded]:
    """Every real ad in the form in which duplicates are compared."""
    folded = {}
    for key, ad in real_ads(root).items():
        title, text = clean(ad.raw_title), clean(ad.raw_text)
        where = clean(ad.raw_place)
        home = country.of_ad(ad.country, where, title, text) == COUNTRY
        at = place.of_ad(where, title, text) if home else place.Place()
        groups = read_title(title).groups
        folded[key] = linking.folded(
            {
                "ad_key": "|".join(key),
                "board": ad.board + key[0],
                "ad_id": ad.ad_id,
                "title": title,
                "text": text,
                "company": clean(ad.raw_company),
                "province": at.province.code if at.province else "",
                "place_text": where,
                "posted_on": ad.posted_on,
                "deadline_on": ad.deadline_on,
                "isco08": groups[0].code if groups else "",
            }
        )
    return folded


def pair_cases(root: Path, part: str) -> Iterator[tuple[bool, bool]]:
    """(same opening by both readings, joined by Marsad) of the labelled pairs of real ads."""
    ads = folded_ads(root)
    for row in _rows(Path(linking.__file__).with_name("gold.csv")):
        if row["part"] == part and row["same_a"] == row["same_b"]:
            first, second = (
                ads[row[f"source_{x}"], row[f"board_{x}"], row[f"ad_{x}"]] for x in "ab"
            )
            link = linking.judge(first, second)
            yield row["same_a"] == "yes", bool(link and link.band != "related")


def _pairs(root: Path) -> Iterator[Measured]:
    cases = list(pair_cases(root, "test"))
    right = sum(same and joined for same, joined in cases)
    data = "gold: pairs of real ads, same opening"
    joined = sum(joined for _, joined in cases)
    yield "dedup", share_figure("mixed", f"{data}, precision", right, joined)
    yield "dedup", share_figure("mixed", f"{data}, recall", right, sum(same for same, _ in cases))


def place_figures(root: Path) -> Iterator[Measured]:
    """Province (or region, or none where an ad names none) of 300 real ads, read by one reader
    beside the coder's answer; abstaining where no place is named is right."""
    ads, right, rows = (
        real_ads(root),
        0,
        _rows(Path(place.__file__).parent / "fields" / "place" / "gold.csv"),
    )
    for row in rows:
        ad = ads[row["source_id"], row["board"], row["ad_id"]]
        at = place.of_ad(clean(ad.raw_place), clean(ad.raw_title), clean(ad.raw_text))
        candidate = at.province or at.region
        right += (candidate.code if candidate else "") == row["area"]
    yield "place", share_figure("mixed", "gold: 300 real ads, province", right, len(rows))


def on_gold(root: Path) -> Iterator[Measured]:
    """Figures on real ads read by two coders, the part that no weight was chosen on."""
    yield from _gold_ads(root)
    yield from _acceptable(root)
    yield from _skills(root)
    yield from _pairs(root)
    yield from place_figures(root)
