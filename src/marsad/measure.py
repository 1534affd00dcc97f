"""Measuring the classifiers on evaluation sets that nobody here wrote: the figures of the cards.

`marsad measure DIR` prints them; DIR is laid out as shared/data. A classifier is measured only on
texts that it was not made from: ROME titles (MELO) and O*NET titles (MELO) for occupations, the
labelled fields of one board's ads for contract, diploma and experience read from their text, and
real ads read and coded to ISCO-08 twice, apart (the codes are in gold.csv, the ads' texts only in
DIR)
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from marsad.base.errors import InputError
from marsad.base.records import JobAd
from marsad.base.text import clean
from marsad.collect.context import Context, Payload
from marsad.collect.declare import collector, source
from marsad.enrich import language
from marsad.enrich.cards import Figure
from marsad.enrich.classify import isco08
from marsad.enrich.classify.contract.classify import classify as contract
from marsad.enrich.classify.diploma.classify import classify as diploma
from marsad.enrich.classify.experience.classify import classify as experience
from marsad.enrich.classify.isco08.classify import Reading, read_title
from marsad.enrich.lexicon import Candidate
from marsad.products.statistics.intervals import wilson

Measured = tuple[str, Figure]
_BOARD = "ads/morocco_fulltext_2023-09.jsonl"
_BINS = 10


class Case(NamedTuple):
    """One case of an evaluation: whether it was answered, whether rightly, and how sure."""

    answered: bool
    right: bool
    score: float = 0.0


def _figure(spoken: str, data: str, cases: Iterable[Case]) -> Figure:
    """A figure from cases: right among the answered, with its interval; and over all cases with a
    score, how far the scores are from the shares right (expected calibration error)."""
    every = list(cases)
    answered = [case for case in every if case.answered]
    right = sum(case.right for case in answered)
    low, high = wilson(right, len(answered)) if answered else (0.0, 100.0)
    curve = reliability([(c.score, c.right) for c in every if c.score > 0])
    scored = sum(n for _, _, n in curve)
    return Figure(
        language=spoken,
        data=data,
        n=len(every),
        accuracy=round(right / len(answered), 3) if answered else 0.0,
        answered=round(len(answered) / len(every), 3) if every else 0.0,
        low=round(low / 100, 3),
        high=round(high / 100, 3),
        calibration_error=(
            round(sum(n * abs(said - was) for said, was, n in curve) / scored, 3)
            if scored
            else None
        ),
        curve=tuple((round(said, 3), round(was, 3), n) for said, was, n in curve),
    )


def reliability(scored: Sequence[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """(mean score, share right, cases) of up to ten bins of equal size, least sure first (Guo et
    al. 2017, with bins of equal count)."""
    ordered = sorted(scored, key=lambda case: case[0])
    bins = min(_BINS, max(1, len(ordered) // 10))
    found = []
    for i in range(bins):
        part = ordered[i * len(ordered) // bins : (i + 1) * len(ordered) // bins]
        if part:
            said = sum(score for score, _ in part) / len(part)
            found.append((said, sum(right for _, right in part) / len(part), len(part)))
    return found


def _pairs(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict((line.split("\t")[0], line.split("\t")[1]) for line in lines)


def melo(root: Path, folder: str, spoken: str) -> list[tuple[str, set[str]]]:
    """(title, its right ISCO-08 unit groups) of one MELO set, through ESCO's own groups."""
    path = root / f"classifications/esco_1.2/{spoken}/occupations_{spoken}.csv"
    with path.open(encoding="utf-8") as file:
        group = {row["conceptUri"]: row["iscoGroup"] for row in csv.DictReader(file)}
    concept = _pairs(root / "eval/melo" / folder / "concept_mapping.tsv")
    gold: dict[str, set[str]] = defaultdict(set)
    annotations = root / "eval/melo" / folder / "annotations.tsv"
    for line in annotations.read_text(encoding="utf-8").splitlines():
        query, _, element, *_ = line.split("\t")
        uri = concept[element]
        gold[query].add(group.get(uri) or uri.rsplit("/C", 1)[-1])
    titles = _pairs(root / "eval/melo" / folder / "queries.tsv")
    return [(title, gold[query]) for query, title in titles.items()]


def _occupations(root: Path) -> Iterator[Measured]:
    for folder, spoken, name in (
        ("fra_q_fr_c_fr", "fr", "MELO fra_q_fr_c_fr (ROME titles)"),
        ("usa_q_en_c_en", "en", "MELO usa_q_en_c_en (O*NET titles)"),
    ):
        cases = []
        for title, gold in melo(root, folder, spoken):
            reading = read_title(title, language=spoken)
            right = bool(reading.groups) and reading.groups[0].code in gold
            cases.append(Case(reading.sure, right, reading.groups[0].score if right else 0.0))
        yield "isco08", _figure(spoken, name, [c._replace(score=0.0) for c in cases])


_ADS = {
    "emploi_public_fr": "ads/morocco_public_sector_fr_2026-08.jsonl",
    "emploi_public_ar": "ads/morocco_public_sector_ar_2026-08.jsonl",
    "morocco_boards": "ads/morocco_boards_2026-01.jsonl",
    "board_fulltext": "ads/morocco_fulltext_2023-09.jsonl",
    "arabic_fulltext": "ads/arabic_fulltext_2024.jsonl",
}
_LEAST_CASES = 10  # below this a language has no figure
_NONE = "X"  # what a reading says of an ad that names no codable occupation


def gold() -> list[dict[str, str]]:
    """The coded ads: source_id, board, ad_id, the codes of two readings made apart, and the part:
    weights may be chosen on `development`, figures are published on `test`.

    Both readings are by a language-model assistant, not by people: their agreement overstates how
    sure the codes are. People's judgements are to replace them.
    """
    with (Path(isco08.__file__).with_name("gold.csv")).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Cohen's kappa of two coders' codes (Cohen 1960). ValueError when there is no pair."""
    if not pairs:
        raise ValueError("kappa needs at least one pair")
    agreed = sum(a == b for a, b in pairs) / len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[code] * second[code] for code in first) / len(pairs) ** 2
    return (agreed - chance) / (1 - chance) if chance < 1 else 1.0


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
    found: dict[str, list[tuple[str, Reading]]] = defaultdict(list)
    for row in gold():
        if row["part"] == part and row["coder_a"] == row["coder_b"] != _NONE:
            ad = ads[row["source_id"], row["board"], row["ad_id"]]
            title, text = clean(ad.raw_title), clean(ad.raw_text)
            spoken = language.of_ad(title, text)[0].code
            found[spoken].append((row["coder_a"], read_title(title, text, spoken)))
    return found


def _gold_ads(root: Path) -> Iterator[Measured]:
    """The occupation coder against the codes on which both readings agree, by the ad's language;
    only the part that no weight was chosen on."""
    for spoken, cases in sorted(gold_cases(root, "test").items()):
        if len(cases) < _LEAST_CASES:
            continue
        for digits, level in ((4, "4 digits"), (1, "major group")):
            yield (
                "isco08",
                _figure(
                    spoken,
                    f"gold: real ads, two readings agree, {level}",
                    (
                        Case(
                            reading.sure,
                            bool(reading.groups)
                            and reading.groups[0].code[:digits] == code[:digits],
                            reading.groups[0].score if reading.groups and digits == 4 else 0.0,
                        )
                        for code, reading in cases
                    ),
                ),
            )


def _languages(root: Path) -> Iterator[Measured]:
    cases = json.loads((root / "eval/language_dev.json").read_text(encoding="utf-8"))
    for spoken in ("ar", "fr", "en"):
        for kind, words in (("title", "titles"), ("descr", "200-character texts")):
            mine = [text for text, code, what in cases if code == spoken and what == kind]
            found = (language.of_segment(text) for text in mine)
            data = f"language_dev ({words})"
            yield (
                "language",
                _figure(spoken, data, (Case(c.code != "und", c.code == spoken, c.score) for c in found)),
            )


_CONTRACTS = {
    "CDI": "permanent",
    "CDD": "fixed_term",
    "Stage": "internship",
    "Freelance": "freelance",
}
_DIPLOMAS = {
    "Bac +5 et plus": {"bac5"}, "Bac +4": {"bac3", "bac5"}, "Bac +3": {"bac3"}, "Bac +2": {"bac2"},
    "Bac": {"bac"},
}  # fmt: skip
_YEARS = {
    "Débutant": (0, 1), "Moins de 1 an": (0, 1), "De 1 à 3 ans": (1, 3), "De 3 à 5 ans": (3, 5),
    "De 5 à 10 ans": (5, 10), "De 10 à 20 ans": (10, 20),
}  # fmt: skip


def _fields(root: Path) -> Iterator[Measured]:
    """Contract, diploma and experience read from the text of ads whose board gives them apart."""
    lines = (root / _BOARD).read_text(encoding="utf-8").splitlines()
    ads = [json.loads(line) for line in lines]
    texts = [(ad["title"], f"{ad['poste']}\n{ad['profil_recherche']}") for ad in ads]

    def measured(
        name: str, field: str, known: Callable[[str], bool],
        read: Callable[[str, str, str], Candidate | None], right: Callable[[str, str], bool],
    ) -> Measured:  # fmt: skip
        cases = [(ad[field], read("", *text)) for ad, text in zip(ads, texts) if known(ad[field])]
        answers = (Case(c is not None, c is not None and right(said, c.code)) for said, c in cases)
        return name, _figure("fr", "one board's field, from the ad's text", answers)

    yield measured(
        "contract", "job_contrat_propose", _CONTRACTS.__contains__, contract,
        lambda said, code: _CONTRACTS[said] == code,
    )  # fmt: skip
    yield measured(
        "diploma", "job_niveau_etude_demande", _DIPLOMAS.__contains__, diploma,
        lambda said, code: code in _DIPLOMAS[said],
    )  # fmt: skip
    yield measured(
        "experience", "job_experience_requise", _YEARS.__contains__, experience,
        lambda said, code: _YEARS[said][0] <= float(code) <= _YEARS[said][1],
    )  # fmt: skip


def measure(root: Path) -> list[Measured]:
    """(classifier, figure) of every measurement; InputError when a set is missing."""
    try:
        return [*_languages(root), *_occupations(root), *_gold_ads(root), *_fields(root)]
    except OSError as error:
        raise InputError("this evaluation set is missing", file=str(error.filename)) from None
