"""Every bar of the enrich room in one table, with the plain baseline of the same run.

    make bench-enrich            (or .venv/bin/python benchmarks/enrich.py ../shared/data [quick])

Sets: development halves and sets by others under ../shared/data/eval; real ads read by two coders
(identifiers in the package, texts in ../shared); pairs by recipe (`pairs.py`). No weight was chosen
on a set that is reported. Peers run here: char TF-IDF and rapidfuzz on ESCO labels, py3langid,
Aho-Corasick over every ESCO skill label, rensa and datasketch (candidates only). Published figures
of systems that cannot run here stand in the column «to beat». Ranks are of concepts, as the door
`marsad code` gives them; MELO's own protocol ranks surface forms, so the baseline column, counted
in the same way, is the fair neighbour. `quick` leaves out the slow tier and a million ads.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duplicates
import peers
from pairs import answered, pairs
from rich.console import Console
from rich.table import Table

from marsad.enrich import language
from marsad.enrich.fields.esco_skills.classify import ranked
from marsad.enrich.fields.esco_skills.classify import skills_of as said_skills
from marsad.enrich.fields.isco08.classify import concept_uri, read_title
from marsad.training.measure.figures import reliability
from marsad.training.measure.gold import gold_cases, pair_cases, place_figures, skill_cases
from marsad.training.measure.sets import melo, pairs_of, r_precision, sentences

Row = tuple[str, str, int, str, str, str, str]  # task, set, n, baseline, ours, interval, bar
SEED = 3


def interval(values: Sequence[float]) -> str:
    """95 % bootstrap interval of a mean (1,000 resamples, percentile)."""
    dice = random.Random(SEED)
    n = len(values)
    means = sorted(sum(dice.choices(values, k=n)) / n for _ in range(1000))
    return f"{means[25]:.3f}-{means[974]:.3f}"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _row(task: str, data: str, values: Sequence[float], base: float | None, bar: str) -> Row:
    shown = "" if base is None else f"{base:.3f}"
    return task, data, len(values), shown, f"{_mean(values):.3f}", interval(values), bar


def _reciprocal(codes: Sequence[str], gold: str) -> float:
    return 1 / (1 + codes.index(gold)) if gold in codes else 0.0


def melo_concepts(root: Path, folder: str) -> list[tuple[str, str]]:
    """(title, address of its ESCO concept) of one MELO set."""
    path = root / "eval/melo" / folder
    concept = pairs_of(path / "concept_mapping.tsv")
    gold = {}
    for line in (path / "annotations.tsv").read_text(encoding="utf-8").splitlines():
        query, _, element, *_ = line.split("\t")
        gold[query] = concept[element]
    return [(title, gold[query]) for query, title in pairs_of(path / "queries.tsv").items()]


def titles(root: Path, *, slow: bool) -> Iterator[Row]:
    for folder, spoken, bar, of_isco in (
        ("fra_q_fr_c_fr", "fr", ".86 (mE5 .843, OpenAI .872)", (".87", ".96")),
        ("usa_q_en_c_en", "en", ".69 (mE5 .656, OpenAI .684)", ("", "")),
    ):
        cases = melo_concepts(root, folder)
        readings = [read_title(title, language=spoken, slow=slow) for title, _ in cases]
        ranks = [
            _reciprocal([concept_uri(c.code) for c in r.concepts], gold)
            for r, (_, gold) in zip(readings, cases)
        ]
        nearest = peers.nearest_labels(root, spoken)
        base = [_reciprocal(nearest([t])[0], gold) for t, gold in cases]
        yield _row("title -> ESCO, MRR", folder, ranks, _mean(base), bar)
        if spoken == "fr":
            yield _row(
                "French title -> ESCO by any label, MRR",
                folder,
                ranks,
                None,
                ".75 (OpenAI fr-en .616)",
            )
        groups = [
            (r, g)
            for r, (_, g) in zip(readings, melo(root, folder, spoken))
            if len(next(iter(g))) == 4
        ]
        first = [float(bool(r.groups) and r.groups[0].code in g) for r, g in groups]
        five = [float(any(c.code in g for c in r.groups[:5])) for r, g in groups]
        by_label = peers.groups_of(root, spoken)
        right = [
            float(by_label(t) in g)
            for t, g in melo(root, folder, spoken)
            if len(next(iter(g))) == 4
        ]
        yield _row("title -> ISCO-08, first", folder, first, _mean(right), of_isco[0])
        yield _row("title -> ISCO-08, first five", folder, five, None, of_isco[1])


def real_ads(root: Path) -> Iterator[Row]:
    for spoken, cases in sorted(gold_cases(root, "test").items()):
        if len(cases) < 10:
            continue
        right = [float(bool(r.groups) and r.groups[0].code == code) for code, r in cases]
        five = [float(any(c.code == code for c in r.groups[:5])) for code, r in cases]
        bar = {"fr": ".65 (transformer .545, JOS 2026)", "ar": ".80 (titles)"}.get(spoken, "")
        data = f"gold, test part, {spoken}"
        yield _row("ad text -> ISCO-08, first", data, right, peers.ads_by_label(root, spoken), bar)
        yield _row("ad text -> ISCO-08, first five", data, five, None, "")
        scored = [(r.groups[0].score, r.groups[0].code == code) for code, r in cases if r.groups]
        gap = _gap(scored)
        dice = random.Random(SEED)
        floor = _mean([_gap([(s, dice.random() < s) for s, _ in scored]) for _ in range(200)])
        detail = f"a perfect coder: {floor:.3f}"
        yield "calibration error", data, len(scored), "", f"{gap:.3f}", detail, ".05"


def _gap(scored: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error: mean gap between score and share right over bins."""
    return sum(n * abs(mean_score - was) for mean_score, was, n in reliability(scored)) / len(
        scored
    )


def skills(root: Path, *, slow: bool) -> Iterator[Row]:
    automaton = peers.labels_automaton(root)
    for name, bar in (("tech", ".68 (CurriculumMatch .699)"), ("house", ".60 (.596)")):
        cases = sentences(root, name)
        if slow:
            ours = [r_precision([c.code for c in ranked(t, "", "en")], g) for t, g in cases]
        else:
            ours = peers.fast_skills(cases)
        base = [r_precision(list(automaton(t)), g) for t, g in cases]
        yield _row(
            "skills in sentences, RP@10", f"{name.upper()} development", ours, _mean(base), bar
        )
    right = given = wanted = base_right = base_given = 0
    for title, text, gold in skill_cases(root, "test"):
        codes = {c.code for c in said_skills(title, text) if not c.code.startswith("marsad-")}
        other = set(automaton(f"{title}\n{text}"))
        right, given, wanted = right + len(codes & gold), given + len(codes), wanted + len(gold)
        base_right, base_given = base_right + len(other & gold), base_given + len(other)
    f1 = 2 * right / (given + wanted)
    base_f1 = 2 * base_right / (base_given + wanted)
    detail = f"P {right / given:.2f} R {right / wanted:.2f}"
    yield (
        "skills in whole ads, F1",
        "gold, test part",
        wanted,
        f"{base_f1:.3f}",
        f"{f1:.3f}",
        detail,
        ".45 (extractor .04-.13)",
    )


def languages(root: Path) -> Iterator[Row]:
    cases = json.loads((root / "eval/language_dev.json").read_text(encoding="utf-8"))
    right = [float(language.of_segment(text).code == code) for text, code, _ in cases]
    other = peers.py3langid(["fr", "en", "ar"])
    base = _mean([float(other(text) == code) for text, code, _ in cases])
    yield _row("language fr, en, ar", "language_dev", right, base, ".995 (lingua .994)")
    for spoken in ("fr", "en", "ar"):
        part = [r for r, (_, code, what) in zip(right, cases) if code == spoken and what == "title"]
        yield _row(f"language, {spoken} titles", "language_dev", part, None, "")
    words = peers.darija_words()
    if words:
        part = [float(language.of_segment(w).code.startswith("ary")) for w in words]
        yield _row("Darija, Latin letters, single words", "DODa (test only)", part, None, ".95")


def duplicate_pairs(root: Path) -> Iterator[Row]:
    _, test = pairs(root)
    marks = {"full": ".99", "semantic": ".88", "temporal": ".80", "partial": ".50"}
    published = {"full": 0.99, "semantic": 0.81, "temporal": 0.68, "partial": 0.0}
    answers = [(truth, answered((a, b, truth))) for a, b, truth in test]
    scores = {}
    for kind, bar in marks.items():
        hit = sum(t == s == kind for t, s in answers)
        both = sum(t == kind for t, _ in answers) + sum(s == kind for _, s in answers)
        scores[kind] = 2 * hit / both
        yield (
            f"duplicates, {kind}, F1",
            "pairs by recipe, test half",
            sum(t == kind for t, _ in answers),
            f"{published[kind]:.2f}",
            f"{scores[kind]:.3f}",
            "",
            bar,
        )
    yield (
        "duplicates, macro F1",
        "pairs by recipe, test half",
        len(answers),
        "0.70",
        f"{_mean(list(scores.values())):.3f}",
        "",
        ".79 (EU challenge .70)",
    )
    cases = list(pair_cases(root, "test"))
    hit = sum(a and b for a, b in cases)
    joined, same = sum(b for _, b in cases), sum(a for a, _ in cases)
    yield (
        "same opening, F1",
        "150 labelled real pairs",
        len(cases),
        "",
        f"{2 * hit / (joined + same):.3f}",
        f"P {hit / joined:.2f} R {hit / same:.2f}",
        "",
    )


def notices(root: Path) -> Iterator[Row]:
    counts = duplicates.public_notices(root)
    summary = f"{counts['fr']} and {counts['ar']} clusters, {counts['links']} links, {counts['wrong']} wrong"
    yield "public-sector rows", "682 + 660 rows", 1342, "", summary, "", "110, 102, 102, 0"


def places(root: Path) -> Iterator[Row]:
    for _, figure in place_figures(root):
        span = f"{figure.low:.3f}-{figure.high:.3f}"
        yield (
            "place to province, abstention counted",
            figure.data,
            figure.n,
            "",
            f"{figure.accuracy:.3f}",
            span,
            ".97",
        )


def speed(root: Path, *, slow: bool) -> Iterator[Row]:
    command = [sys.executable, str(Path(duplicates.__file__)), str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for name, rate, detail, bar in json.loads(done.stdout):
        yield (
            name,
            "full-text ads, 2 processes",
            0,
            "11.4 a core",
            f"{rate:,.0f} ads/s",
            detail,
            bar,
        )
    for n in (100_000, 1_000_000) if slow else (20_000, 100_000):
        ours, detail = duplicates.ours(n)
        base = duplicates.rensa(min(n, 20_000))
        yield (
            "dedup with verification",
            f"{n:,} synthetic ads, 1 core",
            n,
            f"{base:,.0f} rensa",
            f"{ours:,.0f} ads/s",
            detail,
            "8,000",
        )
    yield duplicates.growth()


def main(root: Path, *, slow: bool) -> None:
    table = Table(
        "task", "set", "n", "baseline", "ours", "95 % / detail", "bar (published)", box=None
    )
    parts: list[tuple[str, Callable[[], Iterator[Row]]]] = [
        ("titles", lambda: titles(root, slow=slow)),
        ("real ads", lambda: real_ads(root)),
        ("skills", lambda: skills(root, slow=slow)),
        ("languages", lambda: languages(root)),
        ("duplicates", lambda: duplicate_pairs(root)),
        ("notices", lambda: notices(root)),
        ("places", lambda: places(root)),
        ("speed", lambda: speed(root, slow=slow)),
    ]
    for name, part in parts:
        start = time.perf_counter()
        for row in part():
            table.add_row(row[0], row[1], f"{row[2]:,}", *row[3:])
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    Console(width=190).print(table)


if __name__ == "__main__":
    main(
        Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"),
        slow="quick" not in sys.argv[2:],
    )
