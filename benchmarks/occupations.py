"""Occupation coding beside its peers, in one run: titles -> ISCO-08 unit group.

Peers take the nearest ESCO label: by letter groups (TF-IDF, the usual baseline) and by edit distance
(rapidfuzz, on a sample because it is slow). Sets: MELO's ROME and O*NET titles, which none of the
three was made from. Needs scikit-learn and ../shared/data.

    .venv/bin/python benchmarks/occupations.py ../shared/data
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer

from marsad.enrich.classify.isco08.classify import of_title
from marsad.measure import melo

Coder = Callable[[Sequence[str]], list[str]]


def _labels(root: Path, language: str) -> tuple[list[str], list[str]]:
    path = root / f"classifications/esco_1.2/{language}/occupations_{language}.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    pairs = [
        (label.lower(), row["iscoGroup"])
        for row in rows
        for label in [row["preferredLabel"], *row["altLabels"].split("\n")]
        if label.strip()
    ]
    return [label for label, _ in pairs], [code for _, code in pairs]


def _tfidf(labels: list[str], codes: list[str]) -> Coder:
    made = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    matrix = made.fit_transform(labels).T.tocsr()

    def code(titles: Sequence[str]) -> list[str]:
        found = []
        for title in titles:
            scores = (made.transform([title.lower()]) @ matrix).tocoo()
            found.append(codes[scores.col[scores.data.argmax()]] if scores.nnz else "")
        return found

    return code


def _edit(labels: list[str], codes: list[str]) -> Coder:
    def code(titles: Sequence[str]) -> list[str]:
        best = (process.extractOne(t.lower(), labels, scorer=fuzz.token_sort_ratio) for t in titles)
        return [codes[b[2]] if b else "" for b in best]

    return code


def _marsad(titles: Sequence[str]) -> list[str]:
    return [found[0][0].code if (found := of_title(title)) else "" for title in titles]


def main(root: Path) -> None:
    print(
        f"{'set':<16}{'coder':<22}{'n':>6}{'right of all':>14}{'answered':>10}{'titles/CPU-s':>14}"
    )
    for language, name in (("fr", "fra_q_fr_c_fr"), ("en", "usa_q_en_c_en")):
        cases = melo(root, name, language)
        labels, codes = _labels(root, language)
        _marsad(["comptable"])  # loads the weights
        coders: tuple[tuple[str, Coder, int], ...] = (
            ("Marsad", _marsad, len(cases)),
            ("char TF-IDF nearest", _tfidf(labels, codes), len(cases)),
            ("rapidfuzz nearest", _edit(labels, codes), 200),
        )
        for coder, run, n in coders:
            titles = [title for title, _ in cases[:n]]
            of_title.cache_clear()
            start = time.process_time()
            found = run(titles)
            seconds = time.process_time() - start
            right = sum(code in gold for code, (_, gold) in zip(found, cases))
            answered = sum(map(bool, found))
            print(
                f"{name:<16}{coder:<22}{n:>6}{right / n:>14.3f}{answered / n:>10.3f}{n / seconds:>14,.0f}"
            )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
