"""Questions and persons answered by a release: how many rightly, by kind and way of writing.

    python benchmarks/answers.py RELEASE-FOLDER [--unseen] [--show] [--file QUERIES.tsv]

`benchmarks/answers/` holds questions and persons that were written before the work by somebody who did
not build it; half of them (`*_unseen.tsv`) were not read by the builders before the end. A question is
*right* where what is wanted stands among the first three of its kind (a figure: as understood and either
given or said not to be published); *openly other* where the answer says what it did not read, widened or
does not publish; else *wrong*. Intervals are Wilson's at 95 %.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import defaultdict
from pathlib import Path

from marsad.products.statistics.intervals import wilson
from marsad.publish.read.reader import Reader
from marsad.publish.rest.answers import search_body
from marsad.publish.rest.finding_bodies import SearchHits

HERE = Path(__file__).parent / "answers"
FIRST = 3
RIGHT, OPEN, WRONG = "right", "openly other", "WRONG"
_DIPLOMA_OR_EXPERIENCE = ("experience", "diploma")


def _wanted(want: str) -> dict[str, list[str]]:
    """The codes wanted, by their dimension; what has no `=` is the indicator."""
    pairs = (part.split("=", 1) if "=" in part else ("indicator", part) for part in want.split())
    return {name: codes.split("|") for name, codes in pairs}


def _understood(body: SearchHits, wanted: dict[str, list[str]]) -> bool:
    read = body.understood
    has = {
        "indicator": [read.indicator], "occupation": [o.code for o in read.occupations],
        "area": [read.area or "MA"], "period": [read.period],
        **{name: [code] for name, code in {**read.dimensions, **read.filters}.items()},
    }  # fmt: skip
    has["remote"] = ["yes"] if "remote" in read.filters else []
    asked = {n: c for n, c in wanted.items() if n not in _DIPLOMA_OR_EXPERIENCE}
    return all(set(codes) & set(has.get(name, [])) for name, codes in asked.items())


def _figure(body: SearchHits, want: str) -> bool:
    return _understood(body, _wanted(want)) and bool(body.figures or body.not_published)


def _listed(body: SearchHits, kind: str, want: str) -> bool:
    hits = getattr(body, kind)[:FIRST]
    if kind in ("occupations", "areas", "services", "indicators"):
        return any(hit.code in want.split("|") for hit in hits)
    return any(re.search(want, hit.name, re.I) for hit in hits)


def judge(body: SearchHits, kind: str, want: str) -> str:
    """RIGHT, OPEN or WRONG."""
    if kind == "not_published" or not want or want == "-":
        ok = body.not_published is not None or body.understood.kind == "words"
        ok = ok and not (body.figures or (body.indicators and body.not_published is None))
    elif kind in ("figure", "count_figure", "pay"):
        ok = _figure(body, want)
    elif kind == "ads" and "=" in want:
        ok = _understood(body, _wanted(want)) and bool(body.ads or body.widened)
    elif kind == "ads" and re.fullmatch(r"[\d|]+", want):
        ok = _understood(body, {"occupation": want.split("|")}) and bool(body.ads)
    elif kind == "trainings":
        title, _, area = want.partition(" ;area=")
        ok = _listed(body, "trainings", title) and (
            not area or body.understood.area in area.split("|")
        )
    else:
        ok = _listed(body, kind, want)
    if ok:
        return RIGHT
    if body.understood.kind in ("trainings", "ads") and not getattr(body, body.understood.kind):
        return OPEN  # the answer is that there is none
    admits = body.widened or body.understood.unread or body.not_published
    shown = [body.figures, body.occupations, body.skills, body.trainings, body.services, body.ads]
    if kind == "areas":
        shown.append(body.areas)
    return OPEN if admits or body.understood.kind == "words" or not any(shown) else WRONG


def questions(reader: Reader, files: list[Path], show: bool) -> None:
    """Print the table of questions, by kind and by way of writing."""
    counts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in files:
        for row in csv.DictReader(path.open(encoding="utf-8"), delimiter="\t"):
            body = search_body(reader, reader.answers.answer(row["query"], 5), 5, "fr")
            verdict = judge(body, row["kind"], row["want"] or "")
            counts[row["kind"], "all"].append(verdict)
            counts["all", row["language"]].append(verdict)
            counts["all", "all"].append(verdict)
            if show and verdict != RIGHT:
                read = body.understood
                print(verdict, "|", row["query"], "|", row["want"], "|", read.kind, read.indicator,
                      read.dimensions, read.area, read.period, read.filters, read.concept,
                      [o.code for o in read.occupations], "rest:", read.words, "unread:", read.unread,
                      [h.name for h in (*body.occupations, *body.skills, *body.trainings, *body.ads)][:4])  # fmt: skip
    print(f"{'kind':16}{'writing':8}{'n':>5}{'right':>7}{'openly':>8}{'WRONG':>7}   right, 95 %")
    for (kind, writing), verdicts in counts.items():
        right, n = verdicts.count(RIGHT), len(verdicts)
        low, high = wilson(right, n)
        print(f"{kind:16}{writing:8}{n:5}{right:7}{verdicts.count(OPEN):8}{verdicts.count(WRONG):7}"
              f"   {100 * right / n:.0f} % [{low:.0f}, {high:.0f}]")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("release", type=Path)
    parser.add_argument("--unseen", action="store_true", help="the half that builders did not read")
    parser.add_argument("--show", action="store_true", help="every question that is not right")
    parser.add_argument("--file", type=Path, help="another file of questions")
    given = parser.parse_args()
    half = "unseen" if given.unseen else "seen"
    files = [given.file] if given.file else [HERE / f"questions_{half}.tsv"]
    questions(Reader(given.release), files, given.show and not given.unseen)


if __name__ == "__main__":
    main()
