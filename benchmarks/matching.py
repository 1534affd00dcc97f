"""How well and how fast people are matched. Run from the project:

    python benchmarks/matching.py --esco esco_1.1.1_en_full.zip esco_1.1.1_relations.zip \
        esco_skills_fr_1.0.csv esco_skills_fr_1.2.csv esco_1.2 [--hold] [--ads 100000] [--seekers 400]

Accuracy: made-up people (seekers) drawn from real occupation profiles of ESCO. Each knows a random
half of what ESCO says that one occupation needs (3 to 15 skills; «few»: 3) and 1 to 3 skills of any
other; each skill is said by a label drawn at random (preferred or alternative; French, Arabic or
English). «Slips» drops a letter of a word, and a word of half of the labels; «cut» drops each word
with chance 0.3. Asked: is the occupation's ISCO-08 group among the first five? What overlaps: the
shipped relations are those of ESCO 1.1.1, from which seekers are drawn, and the shipped vectors have
seen every label. `--hold` therefore learns the vectors again (5 minutes) without a third of the
alternative labels, and seekers use those labels alone; the relations stay the same.

Speed: a release with open synthetic ads of the chosen number, and the answers of the portal over it,
beside the same question in plain SQL and in dense NumPy. Then the page itself over HTTP: the release
that comes with Marsad (with its trainings and texts), its open ads multiplied to that number.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import httpx2
import numpy as np
import pyarrow as pa
import uvicorn

from marsad.base.areas import at_level
from marsad.base.settings import Settings
from marsad.base.text import match_form
from marsad.collect.taxonomy import Taxonomy, read_esco
from marsad.enrich.fields.esco_skills import classify as ours
from marsad.enrich.fields.esco_skills.rank import Skills, needs, skills
from marsad.flow.steps import Flow
from marsad.lake.mart import Mart, build
from marsad.products.matching import guess, read
from marsad.products.matching.guess import Occupations, Person, likely, occupations
from marsad.products.matching.score import Seeker
from marsad.publish.read.matching import Careers
from marsad.publish.read.openings import openings
from marsad.publish.read.ranking import matches
from marsad.publish.read.reader import Reader
from marsad.training import esco_skills
from marsad.web.app import create_app

SEED, FIRST, DIGITS = 1, 5, (2, 3, 4)
Labels = dict[str, dict[str, list[str]]]
Case = tuple[str, list[str]]  # ESCO occupation, what is said
Ranking = Callable[[list[str]], Sequence[str]]  # what is said -> ESCO or ISCO codes, best first


def slip(rng: random.Random, text: str) -> str:
    """A text with a letter lost, and half the time a word."""
    words = text.split()
    i = rng.randrange(len(words))
    if len(words[i]) > 4:
        j = rng.randrange(1, len(words[i]) - 1)
        words[i] = words[i][:j] + words[i][j + 1 :]
    if len(words) > 2 and rng.random() < 0.5:
        words.pop(rng.randrange(len(words)))
    return " ".join(words)


def cut(rng: random.Random, text: str) -> str:
    """A text with three words in ten lost."""
    return " ".join(w for w in text.split() if rng.random() > 0.3) or text


def seekers(
    labels: Labels, relations: dict[str, list[str]], n: int, *, few: bool = False,
    spoil: Callable[[random.Random, str], str] = lambda _rng, text: text, held: bool = False,
) -> list[Case]:  # fmt: skip
    """Made-up people; with `held` only skills that have a held-out label are said."""
    rng = random.Random(SEED)
    every, jobs = sorted(labels), sorted(o for o, s in relations.items() if len(s) >= 6)
    people: list[Case] = []
    while len(people) < n:
        job = rng.choice(jobs)
        own = [s for s in relations[job] if s in labels] if held else relations[job]
        size = 3 if few else min(15, max(3, len(relations[job]) // 2))
        if len(own) < 3:
            continue
        chosen = rng.sample(own, min(size, len(own))) + rng.sample(every, rng.randint(1, 3))
        phrases = []
        for skill in chosen:
            spoken = labels[skill]
            language = rng.choice(sorted(spoken))
            phrases.append(spoil(rng, rng.choice(spoken[language])))
        people.append((job, phrases))
    return people


def rankings(model: Skills, every: Occupations) -> dict[str, Ranking]:
    """The ways compared, the simplest first."""
    needed = every.needed
    held = np.asarray((needed > 0).sum(axis=0)).ravel()
    rare = np.log(1 + len(every.codes) / (1 + held))
    norms = np.sqrt(np.asarray((needed > 0).astype(float).multiply(rare**2).sum(axis=1)).ravel())

    def given(places: set[int], weights: np.ndarray | float = 1.0) -> np.ndarray:
        x = np.zeros(len(model.names))
        x[sorted(places)] = 1
        return x * weights

    def listed(scores: np.ndarray) -> list[str]:
        return [every.codes[i] for i in np.argsort(-scores, kind="stable")]

    def of_ours(phrases: list[str]) -> set[int]:
        codes = (c.code for text in phrases for c in ours.skills_of(text, ""))
        return {model.place[code] for code in codes if code in model.place}

    def of_labels(phrases: list[str]) -> set[int]:
        return {s for text in phrases for s, _, _ in model.labelled(match_form(text).split())}

    return {
        "1 overlap, our vocabulary": lambda phrases: listed((needed > 0) @ given(of_ours(phrases))),
        "2 overlap, labels of ESCO": lambda phrases: listed(
            (needed > 0) @ given(of_labels(phrases))
        ),
        "3 TF-IDF cosine, labels": lambda phrases: listed(
            ((needed > 0) @ given(of_labels(phrases), rare**2)) / (norms + 1e-9)
        ),
        "4 Marsad (soft mixture)": lambda phrases: [
            one.code for one in likely(Person(phrases=tuple(phrases)), 40, every)
        ],
    }


def rate(people: list[Case], ways: dict[str, Ranking], name: str) -> None:
    """Print the share of seekers whose group is among the first five, by digits, and milliseconds."""
    for way, ranking in ways.items():
        hits, first, start = dict.fromkeys(DIGITS, 0), 0, time.perf_counter()
        for job, phrases in people:
            ranked = ranking(phrases)
            for digits in DIGITS:
                groups = list(dict.fromkeys(code[:digits] for code in ranked))[:FIRST]
                hits[digits] += job[:digits] in groups
                first += digits == 3 and groups[:1] == [job[:3]]
        n, took = len(people), 1000 * (time.perf_counter() - start) / len(people)
        shares = "  ".join(f"{100 * hits[d] / n:5.1f}" for d in DIGITS)
        print(f"{name:22} {way:28} {shares}   {100 * first / n:5.1f}  {took:6.1f}", flush=True)


def without(taxonomy: Taxonomy) -> tuple[Skills, Labels]:
    """Vectors learnt without a third of the alternative labels, and those labels."""
    rng, held, kept = random.Random(7), defaultdict(dict), []
    for concept in taxonomy.of_kind("skill"):
        left = {}
        for language, texts in sorted(concept.labels.items()):
            once = list(dict.fromkeys(texts))
            out = [text for text in once[1:] if rng.random() < 1 / 3]
            if out:
                held[concept.name][language] = out
            left[language] = [text for text in once if text not in out]
        kept.append(esco_skills.KnownSkill(concept.name, left, concept.descriptions))
    forms = [(f, c) for c, row in ours.vocabulary().items() for f in row["forms"].split("|")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "held.npz"
        path.write_bytes(esco_skills.pack(kept, forms))
        return Skills(path), dict(held)


def accuracy(paths: list[Path], n: int, *, hold: bool) -> None:
    """Print the table of accuracy."""
    taxonomy = read_esco(paths)
    labels = {c.name: {k: list(dict.fromkeys(v)) for k, v in c.labels.items() if v} for c in taxonomy.of_kind("skill")}  # fmt: skip
    labels = {name: texts for name, texts in labels.items() if texts}
    code = {c.uri: c.code for c in taxonomy.of_kind("occupation")}
    relations: dict[str, list[str]] = defaultdict(list)
    for job, skill, _ in taxonomy.relations:
        if job in code and skill.rsplit("/", 1)[-1] in labels:
            relations[code[job]].append(skill.rsplit("/", 1)[-1])
    same = sum(len({skills().names[s] for s, _ in needs().of(o)} & set(r)) for o, r in relations.items())  # fmt: skip
    print(f"{same} of {sum(map(len, relations.values()))} relations are in the shipped needs")
    print(f"{'seekers':22} {'way':28} 2 dig.  3 dig.  4 dig.  first@3   ms")
    ways = rankings(skills(), occupations())
    rate(seekers(labels, relations, n), ways, "half a profile")
    rate(seekers(labels, relations, n, spoil=slip), ways, "half, slips")
    rate(seekers(labels, relations, n, spoil=cut), ways, "half, cut")
    rate(seekers(labels, relations, n, few=True), ways, "few")
    rate(seekers(labels, relations, n, few=True, spoil=slip), ways, "few, slips")
    if hold:
        model, held = without(taxonomy)
        ways = rankings(model, Occupations(model))
        rate(seekers(held, relations, n, held=True), ways, "half, labels unseen")
        rate(seekers(held, relations, n, held=True, few=True), ways, "few, labels unseen")


def slips(n: int = 1500) -> None:
    """Print how often an entry of our vocabulary with a slip is taken for the right skill, by spelling."""
    rng = random.Random(SEED)
    forms = [(f, c) for c, row in ours.vocabulary().items() for f in row["forms"].split("|") if len(f) > 5]  # fmt: skip
    pairs = []
    for form, code in rng.sample(forms, n):
        spoilt = slip(rng, form)
        if not ours.skills_of(spoilt, ""):
            best, likeness = read.spelt_like(spoilt)
            pairs.append((likeness, best == code))
    print(f"\nslips that no entry answers: {len(pairs)} of {n}")
    for edge in (70, 75, 80, 85, 90):
        taken = [right for likeness, right in pairs if likeness >= edge]
        right = f"{100 * sum(taken) / len(taken):.1f}" if taken else "-"
        print(
            f"  likeness from {edge}: taken {100 * len(taken) / len(pairs):5.1f} %, right {right} %"
        )


def release(folder: Path, n: int) -> Mart:
    """A release with `n` open ads: occupations, skills, places and pay drawn at random (seeded)."""
    rng = np.random.default_rng(SEED)
    codes = list(ours.vocabulary())
    groups = sorted({o[:4] for o in occupations().codes})
    regions = [a.code for a in at_level("region")]
    day, keys = dt.date(2026, 11, 20), [f"ad{i:07d}" for i in range(n)]
    pay = np.where(rng.random(n) < 0.3, rng.integers(3000, 20000, n).astype(float), np.nan)
    jobs = rng.integers(0, len(groups), n)
    ads = {
        "ad_key": keys, "title": [f"Ad {i}" for i in range(n)], "company": ["C"] * n, "board": ["b"] * n,
        "url": [""] * n, "posted_on": [day - dt.timedelta(int(d)) for d in rng.integers(0, 60, n)],
        "deadline_on": pa.nulls(n, pa.date32()), "last_seen_on": [day] * n, "isco08": [groups[j] for j in jobs],
        "region": [regions[i] for i in rng.integers(0, len(regions), n)], "province": pa.nulls(n, pa.string()),
        "commune": pa.nulls(n, pa.string()), "contract": pa.nulls(n, pa.string()), "experience_years": pa.nulls(n, pa.float64()), "state": ["open"] * n, "synthetic": [True] * n, "realm": ["synthetic"] * n,
        "salary_month_min_mad": pa.array(pay, from_pandas=True), "salary_month_max_mad": pa.array(pay, from_pandas=True),
    }  # fmt: skip
    sizes = rng.integers(1, 9, n)
    rows = np.repeat(np.arange(n), sizes)
    base = np.array([hash_of(groups[j]) for j in jobs])[rows]
    named = (base + rng.geometric(0.12, len(rows))) % len(codes)
    pairs = np.unique(np.stack([rows, named]), axis=1)
    skills_of_ads = pa.table(
        {"ad_key": [keys[i] for i in pairs[0]], "skill": [codes[i] for i in pairs[1]]}
    )
    words = ("training", "title", "provider", "level", "region", "province", "isco08", "skills")
    kinds = {**dict.fromkeys(words, pa.string()), "synthetic": pa.bool_()}
    kinds |= dict.fromkeys(("months", "year", "places"), pa.int64())
    courses = pa.table({name: pa.array([], kind) for name, kind in kinds.items()})
    listed = pa.table({"list": ["skill"] * len(codes), "code": codes})
    tables = {"ads": pa.table(ads), "ad_skills": skills_of_ads, "courses": courses, "codes": listed}
    build(folder / "mart.duckdb", tables, {"ad_skills": ("ad_key",)})
    return Mart(folder / "mart.duckdb")


def hash_of(group: str) -> int:
    """A place in the vocabulary that a unit group's skills start from."""
    return int(group) * 7919 % 1300


_SQL = """with shared as (select ad_key, count(*) as n from ad_skills where skill in
  (select unnest(?::varchar[])) group by all), named as (select ad_key, count(*) as m from ad_skills group by all)
select ad_key, 50 * (isco08 = ?)::int + 35 * coalesce(n, 0) / m + 15 * (region = ?)::int as score
from ads join named using (ad_key) left join shared using (ad_key) order by score desc limit 10"""


def timed(name: str, ask: Callable[[Person], object], people: list[Person]) -> None:
    """Print the median and the 95th percentile of the time of an answer, in milliseconds."""
    took = []
    for person in people:
        start = time.perf_counter()
        ask(person)
        took.append(1000 * (time.perf_counter() - start))
    mid, high, most = np.percentile(took, [50, 95, 100])
    print(f"{name:44} {mid:8.1f} {high:8.1f} {most:8.1f}", flush=True)


def speed(n: int, requests: int = 200) -> None:
    """Print the table of speed over `n` open ads."""
    rng = random.Random(SEED)
    codes, groups = list(ours.vocabulary()), sorted({o[:4] for o in occupations().codes})
    with tempfile.TemporaryDirectory() as folder:
        mart = release(Path(folder), n)
        start = time.perf_counter()
        held, careers = openings(mart), Careers(mart)
        built = time.perf_counter() - start
        sparse = (
            held.skill_matrix.data.nbytes
            + held.skill_matrix.indices.nbytes
            + held.skill_matrix.indptr.nbytes
        )
        size = (held.shown.nbytes + held.keys.nbytes + sparse) / 1e6
        print(
            f"\n{len(held.keys)} open ads read in {built:.2f} s; they hold {size:.0f} MB of memory"
        )
        people = []
        for _ in range(requests):
            group = rng.choice(groups)
            own = [codes[(hash_of(group) + k) % len(codes)] for k in rng.sample(range(1, 20), 5)]
            people.append(Person((*own, rng.choice(codes)), ("lecture de plans",), group, "MA-06"))
        dense = held.skill_matrix.toarray()

        def numpy_overlap(person: Person) -> object:
            given = np.zeros(dense.shape[1], np.float32)
            given[[held.skill_at[c] for c in person.codes if c in held.skill_at]] = 1
            return np.argsort(-(dense @ given))[:10]

        careers.answer(people[0])
        text = "soudure, lecture de plans, TIG, excel, travail en équipe"
        print(f"{'answer':44} {'median':>8} {'p95':>8} {'most':>8}  ms")
        timed("plain SQL, ten ads", lambda p: mart.rows(_SQL, [list(p.codes), p.occupation, p.area]), people)  # fmt: skip
        timed("dense NumPy overlap, ten ads without reasons", numpy_overlap, people)
        timed("Marsad, ten ads with reasons", lambda p: matches(mart, Seeker(p.occupation, frozenset(p.codes), p.area), "", 10), people)  # fmt: skip
        timed("Marsad, the whole answer with pathways", careers.answer, people)
        timed("Marsad, words read + occupations likely", lambda p: (careers.understood(text), careers.likely(p)), people)  # fmt: skip
        timed("Marsad, an ad read back", lambda p: careers.advert("Soudeur", f"{text} {p.occupation}"), people)  # fmt: skip


_OPEN = """from ads where last_seen_on >= (select max(last_seen_on) from ads) - interval 7 day
  and (deadline_on is null or deadline_on >= (select max(last_seen_on) from ads))"""


def multiplied(folder: Path, n: int) -> int:
    """Copy the open ads of a release, with their skills, until `n` or a few more are open; how many."""
    with duckdb.connect(str(next(folder.glob("mart*.duckdb")))) as mart:
        held = mart.execute(f"select count(*) {_OPEN}").fetchall()[0][0]
        times = -(-n // held) - 1
        mart.execute(f"create temp table one as select ad_key {_OPEN}")
        for table in ("ads", "ad_skills"):
            mart.execute(
                f"insert into {table} select t.* replace (t.ad_key || '-' || i as ad_key) from {table} t"
                f" join one using (ad_key), range({times}) r(i)"
            )
        return int(held * (times + 1))


def served(n: int, requests: int = 200) -> None:
    """Print how long the page of matching takes over HTTP, from the form to the last byte."""
    with tempfile.TemporaryDirectory() as home:
        flow = Flow(Settings(home=Path(home), workers=2))
        flow.run()
        folder = flow.current()
        assert folder is not None
        held, reader = multiplied(folder, n), Reader(folder)
        rng, words = (
            random.Random(SEED),
            [row["forms"].split("|")[0] for row in ours.vocabulary().values()],
        )
        forms = [
            {"text": ", ".join(rng.sample(words, 6)), "job": rng.choice(("soudeur", "خياطة", "comptable", "")),
             "area": rng.choice(("", "MA-06", "MA-04"))}
            for _ in range(requests)
        ]  # fmt: skip
        with serving(create_app(lambda: reader)) as address, httpx2.Client(timeout=60) as client:
            client.post(f"{address}/fr/match", data=forms[0])
            took = []
            for form in forms:
                start = time.perf_counter()
                answer = client.post(f"{address}/fr/match", data=form)
                took.append(1000 * (time.perf_counter() - start))
                assert answer.status_code == 200
        mid, high, most = np.percentile(took, [50, 95, 100])
        print(f"\nthe page over HTTP, {held:,} open ads, {len(answer.content) // 1000} KB of HTML")
        print(
            f"{'Marsad, words read, answer, page':44} {mid:8.1f} {high:8.1f} {most:8.1f}",
            flush=True,
        )


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """A server on a free port of loopback; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def main() -> None:
    """The tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--esco", nargs="*", type=Path, default=[])
    parser.add_argument("--hold", action="store_true", help="learn again without a third of labels")
    parser.add_argument("--ads", type=int, default=100_000)
    parser.add_argument("--seekers", type=int, default=400)
    given = parser.parse_args()
    print(f"mixture: noise {guess.NOISE}, sharpness {guess.SHARPNESS}, nearest {guess.NEAREST}")
    if given.esco:
        accuracy(given.esco, given.seekers, hold=given.hold)
    slips()
    if given.ads:
        speed(given.ads)
        served(given.ads)


if __name__ == "__main__":
    main()
