"""Posts of social networks: kinds, jobs told apart, personal data left, on posts that nobody built with.

    .venv/bin/python benchmarks/posts.py

400 invented posts, written blind to the classifier. The baseline says `offers` where a post holds one of a few
words (recrut, cherche, mtlob ...). Intervals are Wilson's, 95 %.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from marsad.base.text import fold
from marsad.enrich.posts import KINDS, jobs_of, kind_of
from marsad.enrich.posts.persons import without_persons
from marsad.products.statistics.intervals import wilson

UNSEEN = Path(__file__).parent / "answers" / "posts_unseen.jsonl"
_OFFERS = re.compile("recrut|offre|poste|hiring|مطلوب|توظيف|mtlob|bghina|khass")
_SEEKS = re.compile("je cherche|recherche|looking for|ابحث|kan9|bghit nkhdem")


def baseline(text: str) -> str:
    """The kind by a few words."""
    plain = fold(text)
    return "offers" if _OFFERS.search(plain) else "seeks" if _SEEKS.search(plain) else "neither"


def main() -> None:
    """Print one row a figure."""
    posts = [json.loads(line) for line in UNSEEN.read_text("utf-8").splitlines()]
    listing = Table("figure", "here", "95 %", "baseline")

    def share(name: str, right: int, of: int, plain: str = "") -> None:
        low, high = wilson(right, of)
        listing.add_row(
            name, f"{right} of {of} = {right / max(1, of):.3f}", f"{low:.3f} {high:.3f}", plain
        )

    pairs = [(p["kind"], kind_of(p["text"]).kind, baseline(p["text"])) for p in posts]
    share(
        "right kind",
        sum(a == b for a, b, _ in pairs),
        len(pairs),
        f"{sum(a == c for a, _, c in pairs) / len(pairs):.3f}",
    )
    for kind in KINDS:
        told, truly = [p for p in pairs if p[1] == kind], [p for p in pairs if p[0] == kind]
        plain = [p for p in pairs if p[2] == kind]
        right = sum(p[0] == kind for p in told)
        share(
            f"{kind}: precision",
            right,
            len(told),
            f"{sum(p[0] == kind for p in plain) / max(1, len(plain)):.3f}",
        )
        share(
            f"{kind}: recall",
            right,
            len(truly),
            f"{sum(p[2] == kind for p in truly) / len(truly):.3f}",
        )
    for language in sorted({p["language"] for p in posts}):
        own = [pair for pair, p in zip(pairs, posts) if p["language"] == language]
        share(f"right kind, {language}", sum(a == b for a, b, _ in own), len(own))
    counts: Counter[str] = Counter()
    for post, (kind, told, _) in zip(posts, pairs):
        if kind == told == "offers":
            split, jobs = (
                [fold(job.title) for job in jobs_of(post["text"])],
                [fold(j["title"]) for j in post["jobs"]],
            )
            several = len(jobs) > 1
            counts["one" if not several else "several"] += 1
            counts["one right" if not several else "several right"] += len(split) == len(jobs)
            counts["titles"] += len(jobs)
            counts["titles met"] += sum(any(_shares(job, title) for title in split) for job in jobs)
            counts["given"] += len(split)
            counts["given right"] += sum(
                any(_shares(title, job) for job in jobs) for title in split
            )
    share("posts with one job: one given", counts["one right"], counts["one"])
    share("posts with several jobs: as many given", counts["several right"], counts["several"])
    share("titles of jobs met", counts["titles met"], counts["titles"])
    share("titles given that are of a job", counts["given right"], counts["given"])
    left = [s for p in posts for s in p["personal"] if s in without_persons(p["text"])]
    share(
        "personal data removed",
        sum(len(p["personal"]) for p in posts) - len(left),
        sum(len(p["personal"]) for p in posts),
    )
    offers = [p for p, (_, told, _) in zip(posts, pairs) if told == "offers"]
    kept = sum(s in without_persons(p["text"]) for p in offers for s in p["personal"])
    share(
        "personal data removed from what is kept",
        sum(len(p["personal"]) for p in offers) - kept,
        sum(len(p["personal"]) for p in offers),
    )
    Console().print(listing)


def _shares(one: str, other: str) -> bool:
    return bool(set(one.split()) & set(other.split()))


if __name__ == "__main__":
    main()
