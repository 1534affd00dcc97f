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
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from io import TextIOWrapper
from multiprocessing import get_context
from pathlib import Path

from marsad.enrich import language
from marsad.enrich.cards import Figure
from marsad.enrich.fields.contract.classify import contract_of as contract
from marsad.enrich.fields.diploma.classify import diploma_of as diploma
from marsad.enrich.fields.esco_skills.classify import ranked
from marsad.enrich.fields.experience.classify import experience_of as experience
from marsad.enrich.fields.isco08 import concepts
from marsad.enrich.fields.isco08.classify import read_title
from marsad.enrich.lexicon import Candidate
from marsad.training.measure.figures import Case, Measured, figure, mean_figure

_BOARD = "ads/morocco_fulltext_2023-09.jsonl"


def pairs_of(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict((line.split("\t")[0], line.split("\t")[1]) for line in lines)


def melo(root: Path, folder: str, spoken: str) -> list[tuple[str, set[str]]]:
    """(title, its right ISCO-08 unit groups) of one MELO set, through ESCO's own groups."""
    path = root / f"classifications/esco_1.2/{spoken}/occupations_{spoken}.csv"
    with path.open(encoding="utf-8") as file:
        group = {row["conceptUri"]: row["iscoGroup"] for row in csv.DictReader(file)}
    concept = pairs_of(root / "eval/melo" / folder / "concept_mapping.tsv")
    gold: dict[str, set[str]] = defaultdict(set)
    annotations = root / "eval/melo" / folder / "annotations.tsv"
    for line in annotations.read_text(encoding="utf-8").splitlines():
        query, _, element, *_ = line.split("\t")
        uri = concept[element]
        gold[query].add(group.get(uri) or uri.rsplit("/C", 1)[-1])
    titles = pairs_of(root / "eval/melo" / folder / "queries.tsv")
    return [(title, gold[query]) for query, title in titles.items()]


def _of_melo(root: Path, folder: str, spoken: str, name: str) -> Figure:
    cases = []
    for title, gold in melo(root, folder, spoken):
        reading = read_title(title, language=spoken)
        right = bool(reading.groups) and reading.groups[0].code in gold
        cases.append(Case(reading.sure, right))
    return figure(spoken, name, cases)


def _occupations(root: Path) -> Iterator[Measured]:
    yield "isco08", _of_melo(root, "usa_q_en_c_en", "en", "MELO usa_q_en_c_en (O*NET titles)")


def _with(weights: Path, root: Path) -> Figure:
    """The titles of ROME by other weights; runs in a process that has loaded none yet."""
    concepts.WEIGHTS = weights
    name = "MELO fra_q_fr_c_fr (ROME titles), by weights learnt without ROME"
    return _of_melo(root, "fra_q_fr_c_fr", "fr", name)


def on_rome(root: Path, weights: Path | None) -> Iterator[Measured]:
    """The figure on ROME titles by weights that were learnt without them; none where there are none."""
    if weights:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
            yield "isco08", apart.submit(_with, weights, root).result()


def _languages(root: Path) -> Iterator[Measured]:
    cases = json.loads((root / "eval/language_dev.json").read_text(encoding="utf-8"))
    for spoken in ("ar", "fr", "en"):
        for kind, words in (("title", "titles"), ("descr", "200-character texts")):
            mine = [text for text, code, what in cases if code == spoken and what == kind]
            candidates = (language.of_segment(text) for text in mine)
            data = f"language_dev ({words})"
            yield (
                "language",
                figure(
                    spoken,
                    data,
                    (Case(c.code != "und", c.code == spoken, c.score) for c in candidates),
                ),
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
        answers = (
            Case(c is not None, c is not None and right(value, c.code)) for value, c in cases
        )
        return name, figure("fr", "one board's field, from the ad's text", answers)

    yield measured(
        "contract", "job_contrat_propose", _CONTRACTS.__contains__, contract,
        lambda value, code: _CONTRACTS[value] == code,
    )  # fmt: skip
    yield measured(
        "diploma", "job_niveau_etude_demande", _DIPLOMAS.__contains__, diploma,
        lambda value, code: code in _DIPLOMAS[value],
    )  # fmt: skip
    yield measured(
        "experience", "job_experience_requise", _YEARS.__contains__, experience,
        lambda value, code: _YEARS[value][0] <= float(code) <= _YEARS[value][1],
    )  # fmt: skip


def sentences(root: Path, name: str) -> list[tuple[str, set[str]]]:
    """(sentence, its ESCO skills) of a development half of TECH or HOUSE."""
    archive = root / "classifications/esco_1.1.1_en_full.zip"
    with zipfile.ZipFile(archive) as files, files.open("skills_en.csv") as raw:
        rows = csv.DictReader(TextIOWrapper(raw, encoding="utf-8"))
        code = {row["preferredLabel"].lower(): row["conceptUri"].rsplit("/", 1)[-1] for row in rows}
    skills_by_sentence: dict[str, set[str]] = defaultdict(set)
    path = root / f"eval/skills/{name}_validation_annotations.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["label"].lower() in code:
                skills_by_sentence[row["sentence"]].add(code[row["label"].lower()])
    return list(skills_by_sentence.items())


def r_precision(codes: list[str], gold: set[str], most: int = 10) -> float:
    """The share of the right codes among the first ten, out of ten or of how many there are."""
    return len(set(codes[:most]) & gold) / min(most, len(gold))


def _sentences(root: Path) -> Iterator[Measured]:
    for name in ("tech", "house"):
        values = [
            r_precision([c.code for c in ranked(text, "", "en")], gold)
            for text, gold in sentences(root, name)
        ]
        data = f"{name.upper()}, development half: RP@10 in sentences"
        yield "esco_skills", mean_figure("en", data, values)


def on_sets(root: Path) -> Iterator[Measured]:
    """Figures on sets that nobody here wrote."""
    yield from _languages(root)
    yield from _occupations(root)
    yield from _sentences(root)
    yield from _fields(root)
