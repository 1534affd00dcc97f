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
from typing import Any

from rich.console import Console
from rich.table import Table

from marsad.base.text import fold
from marsad.enrich.posts import KINDS, jobs_of, kind_of
from marsad.enrich.posts.persons import without_persons
from marsad.products.statistics.intervals import wilson

UNSEEN = Path(__file__).parent / "answers" / "posts_unseen.jsonl"
Post = dict[str, Any]
_OFFERS = re.compile("recrut|offre|poste|hiring|مطلوب|توظيف|mtlob|bghina|khass")
_SEEKS = re.compile("je cherche|recherche|looking for|ابحث|kan9|bghit nkhdem")


def baseline(text: str) -> str:
    """The kind by a few words."""
    plain = fold(text)
    return "offers" if _OFFERS.search(plain) else "seeks" if _SEEKS.search(plain) else "neither"


class Listing:
    """Shares, one a row, with Wilson's bounds in percent."""

    def __init__(self) -> None:
        self.table = Table("figure", "here", "95 %", "baseline")

    def share(self, name: str, right: int, of: int, plain: float | None = None) -> None:
        """A share and, where there is one, that of the baseline."""
        low, high = wilson(right, of)
        figure, beside = (
            f"{right} of {of} = {right / max(1, of):.3f}",
            "" if plain is None else f"{plain:.3f}",
        )
        self.table.add_row(name, figure, f"{low:.1f} {high:.1f}", beside)


def kinds(posts: list[Post], read: list[str], out: Listing) -> None:
    """Precision and recall of each kind, and the share that is right by language."""
    truly, plain = [p["kind"] for p in posts], [baseline(p["text"]) for p in posts]
    out.share("right kind", _equal(truly, read), len(posts), _equal(truly, plain) / len(posts))
    for kind in KINDS:
        right, by_words = (
            sum(a == b == kind for a, b in zip(truly, each)) for each in (read, plain)
        )
        out.share(
            f"{kind}: precision", right, read.count(kind), by_words / max(1, plain.count(kind))
        )
        out.share(f"{kind}: recall", right, truly.count(kind), by_words / truly.count(kind))
    for language in sorted({p["language"] for p in posts}):
        own = [(p["kind"], kind) for p, kind in zip(posts, read) if p["language"] == language]
        out.share(f"right kind, {language}", sum(a == b for a, b in own), len(own))


def jobs(posts: list[Post], read: list[str], out: Listing) -> None:
    """Of offers that are known as such: how many jobs, and whether titles share a word with what is written."""
    counts: Counter[str] = Counter()
    for post, kind in zip(posts, read):
        if post["kind"] == kind == "offers":
            given = [fold(job.title) for job in jobs_of(post["text"])]
            truly = [fold(job["title"]) for job in post["jobs"]]
            size = "several" if len(truly) > 1 else "one"
            counts[size] += 1
            counts[f"{size} right"] += len(given) == len(truly)
            counts["titles"] += len(truly)
            counts["met"] += sum(any(_shares(job, title) for title in given) for job in truly)
            counts["given"] += len(given)
            counts["given right"] += sum(
                any(_shares(title, job) for job in truly) for title in given
            )
    out.share("posts with one job: one given", counts["one right"], counts["one"])
    out.share("posts with several jobs: as many given", counts["several right"], counts["several"])
    out.share("titles of jobs met", counts["met"], counts["titles"])
    out.share("titles given that are of a job", counts["given right"], counts["given"])


def persons(posts: list[Post], name: str, out: Listing) -> None:
    """Details of persons that are removed."""
    left = [s for p in posts for s in p["personal"] if s in without_persons(p["text"])]
    every = sum(len(p["personal"]) for p in posts)
    out.share(name, every - len(left), every)


def main() -> None:
    """Print one row a figure."""
    posts = [json.loads(line) for line in UNSEEN.read_text("utf-8").splitlines()]
    read, out = [kind_of(p["text"]) for p in posts], Listing()
    kinds(posts, read, out)
    jobs(posts, read, out)
    persons(posts, "details of persons removed", out)
    kept = [p for p, kind in zip(posts, read) if kind == "offers"]
    persons(kept, "details of persons removed from what is kept", out)
    Console().print(out.table)


def _equal(one: list[str], other: list[str]) -> int:
    return sum(a == b for a, b in zip(one, other))


def _shares(one: str, other: str) -> bool:
    return bool(set(one.split()) & set(other.split()))


if __name__ == "__main__":
    main()
