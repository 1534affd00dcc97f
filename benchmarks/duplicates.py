"""Speed of the enrich room: duplicates among synthetic ads beside rensa, and the whole pipeline."""

from __future__ import annotations

import math
import random
import resource
import time
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

import msgspec

from marsad.base.text import clean
from marsad.enrich import batch, dedup
from marsad.enrich.classify.isco08.classify import read_title
from marsad.measure.gold import real_ads

_WORDS = 4_000
_times: dict[int, float] = {}


@cache
def _vocabulary() -> list[str]:
    dice = random.Random(5)  # noqa: S311
    syllables = "ba be bi bo ca ce co da de di do fa fe fi ga ge go la le li lo ma me mi mo na ne ni no pa pe pi po ra re ri ro sa se si so ta te ti to va ve vi vo".split()
    return ["".join(dice.choices(syllables, k=dice.randint(1, 4))) for _ in range(_WORDS)]


def _ads(n: int) -> Iterator[dedup.Folded]:
    """Synthetic ads of about 111 words (760 letters), 23 % of them copies: exact, edited or cut.

    Words are drawn as in language (a few often, most seldom); titles, employers and towns repeat.
    """
    dice = random.Random(9)  # noqa: S311
    words = _vocabulary()
    weights = [1 / (i + 10) for i in range(_WORDS)]
    texts: list[tuple[str, str, str, str]] = []
    for i in range(n):
        kind = dice.random()
        if texts and kind < 0.23:
            title, text, company, place = dice.choice(texts[-5_000:])
            if kind > 0.16:
                parts = text.split()
                for _ in range(max(1, len(parts) // 20)):
                    parts[dice.randrange(len(parts))] = dice.choice(words)
                text = " ".join(parts)
            elif kind > 0.08:
                text = text[: int(len(text) * 0.8)]
        else:
            title = " ".join(dice.choices(words[:300], k=3))
            text = " ".join(dice.choices(words, weights, k=111))
            company = words[dice.randrange(3_000)] + " " + words[dice.randrange(300)]
            place = f"MA-{dice.randrange(12):02d}-{dice.randrange(9)}"
            texts.append((title, text, company, place))
        yield dedup.Folded(
            key=f"{i:07d}", board=f"b{i % 5}", ad_id=str(i), title=title, company=company, text=text,
            province=place, place="", posted_on=None, deadline_on=None,
            isco08=str(1000 + i % 400), said_title=title,
        )  # fmt: skip


def ours(n: int) -> tuple[float, str]:
    """Ads a CPU-second, pair verification and clusters included, on one core."""
    ads = list(_ads(n))
    start = time.process_time()
    found = dedup.links(ads)
    clusters = dedup.clusters([ad.key for ad in ads], found)
    seconds = time.process_time() - start
    _times[n] = seconds
    joined = n - len(set(clusters.values()))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return n / seconds, f"{joined / n:.1%} joined, {seconds:.1f} s, peak {memory:.1f} GB"


def growth() -> tuple[str, str, int, str, str, str, str]:
    """The exponent by which time grows with the number of ads."""
    (small, a), (large, b) = sorted(_times.items())[:1] + sorted(_times.items())[-1:]
    exponent = math.log(b / a) / math.log(large / small)
    return "dedup, growth exponent", f"{small:,} to {large:,}", 0, "", f"{exponent:.2f}", "", "1.1"


def rensa(n: int) -> float:
    """Ads a CPU-second of MinHash and LSH by rensa, candidates only."""
    from rensa import RMinHash, RMinHashLSH

    texts = [ad.text.split() for ad in _ads(n)]
    start = time.process_time()
    index = RMinHashLSH(0.5, 128, 32)
    for i, words in enumerate(texts):
        sketch = RMinHash(128, 42)
        sketch.update([" ".join(words[j : j + 3]) for j in range(len(words) - 2)])
        index.query(sketch)
        index.insert(i, sketch)
    return n / (time.process_time() - start)


def public_notices(root: Path) -> dict[str, int]:
    """Public notices seen again and again, in two languages: clusters, links, wrong links."""
    rows = []
    for (source, board, name), ad in real_ads(root).items():
        if source.startswith("emploi_public"):
            rows.append((source, board, name, ad))
    ads = [
        dedup.folded(
            {
                "ad_key": f"{source}|{name}", "board": board, "ad_id": name,
                "title": clean(ad.raw_title), "text": "", "company": clean(ad.raw_company),
                "province": "", "place_text": "", "posted_on": ad.posted_on,
                "deadline_on": ad.deadline_on,
                "isco08": groups[0].code if (groups := read_title(clean(ad.raw_title)).groups) else "",
            }
        )
        for source, board, name, ad in rows
    ]  # fmt: skip
    found = [link for link in dedup.links(ads) if link.band != "related"]
    same = [link.ad_a.split("|")[1] == link.ad_b.split("|")[1] for link in found]
    of = dedup.clusters([ad.key for ad in ads], found)
    count = {
        spoken: len({of[ad.key] for ad in ads if ad.key.startswith(f"emploi_public_{spoken}")})
        for spoken in ("fr", "ar")
    }
    return {**count, "links": sum(same), "wrong": len(same) - sum(same)}


def _cleaned(rows: Sequence[batch.Row]) -> list[batch.Row]:
    return batch.without_personal_data(rows, batch.AD_WORDS)


def pipeline(root: Path, workers: int = 2) -> Iterator[tuple[str, float, str, str]]:
    """Real full-text ads through everything (privacy, coding, duplicates), each text made its own
    by a sentence of its own, so that no cache answers for the coder."""
    real = [
        msgspec.structs.asdict(ad)
        for (source, _, _), ad in real_ads(root).items()
        if source in ("board_fulltext", "arabic_fulltext")
    ]
    dice = random.Random(4)  # noqa: S311
    rows = []
    for k in range(10):
        for row in real:
            own = " ".join(dice.choices(_vocabulary(), k=4))
            rows.append(
                {
                    **row,
                    "ad_id": f"{row['ad_id']}-{k}",
                    "raw_text": f"{row['raw_text']}\n{own}",
                    "raw_title": f"{row['raw_title']} {dice.choice(real)['raw_place']}"
                    if k
                    else row["raw_title"],
                    "publishes_text": True,
                }
            )
    start = time.perf_counter()
    cleaned = batch.in_pool(_cleaned, rows, workers)
    groups = [[row] for row in chain.from_iterable(cleaned)]
    coded = [row for part in batch.in_pool(batch.code_ads, groups, workers) for row, _ in part]
    coding = time.perf_counter() - start
    folded = batch.in_pool(dedup.folded_ads, coded, workers)
    dedup.links([ad for part in folded for ad in part])
    whole = time.perf_counter() - start
    letters = sum(len(row["raw_text"]) for row in rows) / len(rows)
    memory = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        + workers * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    ) / 1e6
    detail = f"{len(rows):,} ads of {letters:,.0f} letters, {memory:.1f} GB in all"
    yield "whole pipeline", len(rows) / whole, detail, "1,000"
    yield "coding alone, start included", len(rows) / coding, detail, ""


__all__ = ["growth", "ours", "pipeline", "public_notices", "rensa"]
