"""The plain neighbours of the enrich room, run in the same benchmark on the same cases."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from functools import cache
from importlib import util
from pathlib import Path

import ahocorasick
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from marsad.base.text import match_form
from marsad.collect.taxonomy import Concept, read_esco
from marsad.enrich.fields.esco_skills.rank import skills
from marsad.training.measure.gold import gold_cases
from marsad.training.measure.sets import r_precision


@cache
def _occupations(root: Path) -> tuple[Concept, ...]:
    return tuple(read_esco([root / "classifications/esco_1.2"]).of_kind("occupation", "group"))


@cache
def _tfidf(root: Path, spoken: str) -> tuple[TfidfVectorizer, object, list[Concept]]:
    """Letter groups of two to five over every label of a language, the usual baseline."""
    pairs = [
        (label.lower(), concept)
        for concept in _occupations(root)
        for label in concept.labels.get(spoken, ())
    ]
    made = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    return made, made.fit_transform([label for label, _ in pairs]).T.tocsr(), [c for _, c in pairs]


def nearest_labels(root: Path, spoken: str) -> Callable[[Sequence[str]], list[list[str]]]:
    """Addresses of concepts by their nearest label, best first."""
    made, matrix, owners = _tfidf(root, spoken)

    def rank(titles: Sequence[str]) -> list[list[str]]:
        ranked = []
        for title in titles:
            scores = (made.transform([title.lower()]) @ matrix).toarray()[0]
            best = np.argsort(-scores)[:400]
            ranked.append(list(dict.fromkeys(owners[i].uri for i in best))[:20])
        return ranked

    return rank


def groups_of(root: Path, spoken: str) -> Callable[[str], str]:
    """The unit group of the nearest label."""
    made, matrix, owners = _tfidf(root, spoken)

    def group(title: str) -> str:
        scores = (made.transform([title.lower()]) @ matrix).tocoo()
        best = owners[scores.col[scores.data.argmax()]] if scores.nnz else None
        return (best.group or best.code)[:4] if best else ""

    return group


def ads_by_label(root: Path, spoken: str) -> float | None:
    """Share right of the gold ads of a language by their title's nearest label."""
    if spoken not in ("fr", "en", "ar"):
        return None
    from marsad.base.text import clean
    from marsad.enrich import language
    from marsad.training.measure.gold import gold, real_ads

    code, ads, right = groups_of(root, spoken), real_ads(root), []
    for row in gold():
        if row["part"] == "test" and row["coder_a"] == row["coder_b"] != "X":
            ad = ads[row["source_id"], row["board"], row["ad_id"]]
            title, text = clean(ad.raw_title), clean(ad.raw_text)
            if language.of_ad(title, text)[0].code == spoken:
                right.append(code(title) == row["coder_a"])
    return sum(right) / len(right)


@cache
def labels_automaton(root: Path) -> Callable[[str], dict[str, None]]:
    """Aho-Corasick over every label of every ESCO skill in English, French and Arabic."""
    names = (
        "esco_1.1.1_en_full.zip",
        "esco_skills_fr_1.2.csv",
        "esco_skills_fr_1.0.csv",
        "esco_1.2/ar",
    )
    taxonomy = read_esco([root / "classifications" / name for name in names])
    machine = ahocorasick.Automaton()
    for concept in taxonomy.of_kind("skill"):
        for labels in concept.labels.values():
            for label in labels:
                if form := match_form(label):
                    machine.add_word(f" {form} ", concept.name)
    machine.make_automaton()
    return lambda text: dict.fromkeys(n for _, n in machine.iter(f" {match_form(text)} "))


def fast_skills(cases: Sequence[tuple[str, set[str]]]) -> list[float]:
    """RP@10 of our fast tier alone."""
    values = []
    for text, gold in cases:
        scores = skills().scores(match_form(text).split())
        best = np.argsort(-scores)[:10]
        values.append(r_precision([skills().names[i] for i in best], gold))
    return values


def py3langid(spoken: Sequence[str]) -> Callable[[str], str]:
    """py3langid held to these languages."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(spoken))
    return lambda text: str(identifier.classify(text)[0])


def darija_words(count: int = 4_000) -> list[str]:
    """Words of the Darija Open Dataset (CC BY-NC: to test, never to ship), when DarijaDistance is
    installed."""
    spec = util.find_spec("DarijaDistance")
    if not spec or not spec.submodule_search_locations:
        return []
    path = Path(next(iter(spec.submodule_search_locations))) / "data/translations.csv"
    with path.open(encoding="utf-8", newline="") as file:
        words = sorted({row["darija"] for row in csv.DictReader(file) if row["darija"]})
    dice = random.Random(1)
    return [w for w in dice.sample(words, count) if any(c.isalpha() for c in w)]


__all__ = [
    "ads_by_label", "darija_words", "fast_skills", "gold_cases", "groups_of", "labels_automaton",
    "nearest_labels", "py3langid",
]  # fmt: skip
