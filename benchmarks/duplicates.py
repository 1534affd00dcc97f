"""Speed of the enrich room: duplicates among synthetic ads beside rensa, and the whole pipeline."""

from __future__ import annotations

import json
import math
import random
import re
import resource
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from marsad.base.records import JobAd
from marsad.base.text import clean
from marsad.enrich import batch
from marsad.enrich.duplicates import linking
from marsad.enrich.fields.isco08.classify import read_title
from marsad.flow.arrivals import Arrivals
from marsad.flow.stream import Stream
from marsad.lake.control import Control
from marsad.lake.engines.embedded import Embedded
from marsad.lake.store import Lake
from marsad.training.measure.gold import real_ads

_WORDS = 4_000
_times: dict[int, float] = {}


@cache
def _vocabulary() -> list[str]:
    dice = random.Random(5)
    syllables = "ba be bi bo ca ce co da de di do fa fe fi ga ge go la le li lo ma me mi mo na ne ni no pa pe pi po ra re ri ro sa se si so ta te ti to va ve vi vo".split()
    return ["".join(dice.choices(syllables, k=dice.randint(1, 4))) for _ in range(_WORDS)]


def _ads(n: int) -> Iterator[linking.Folded]:
    """Synthetic ads of about 111 words (760 letters), 23 % of them copies: exact, edited or cut.

    Words are drawn as in language (a few often, most seldom); titles, employers and towns repeat.
    """
    dice = random.Random(9)
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
        yield linking.Folded(
            key=f"{i:07d}", board=f"b{i % 5}", ad_id=str(i), title=title, company=company, text=text,
            province=place, place="", posted_on=None, deadline_on=None,
            isco08=str(1000 + i % 400), title_as_written=title,
        )  # fmt: skip


def ours(n: int) -> tuple[float, str]:
    """Ads a CPU-second, pair verification and clusters included, on one core."""
    ads = list(_ads(n))
    start = time.process_time()
    links = linking.links(ads)
    clusters = linking.clusters([ad.key for ad in ads], links)
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
        linking.folded(
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
    links = [link for link in linking.links(ads) if link.band != "related"]
    same = [link.ad_a.split("|")[1] == link.ad_b.split("|")[1] for link in links]
    of = linking.clusters([ad.key for ad in ads], links)
    count = {
        spoken: len({of[ad.key] for ad in ads if ad.key.startswith(f"emploi_public_{spoken}")})
        for spoken in ("fr", "ar")
    }
    return {**count, "links": sum(same), "wrong": len(same) - sum(same)}


def _full_texts(root: Path, copies: int) -> list[batch.Row]:
    """Full-text ads with real words: as many sentences as a real ad has, drawn from all real
    ads of its board, so that every text is its own; titles are real, and as often
    repeated as on the boards (7 of 8 are told apart by a word of place)."""
    dice = random.Random(4)
    by_board: dict[str, list[dict[str, object]]] = {}
    for (source, _, _), ad in real_ads(root).items():
        if source in ("board_fulltext", "arabic_fulltext"):
            by_board.setdefault(source, []).append(msgspec.structs.asdict(ad))
    rows = []
    for real in by_board.values():
        every = [s for row in real for s in _sentences(str(row["raw_text"]))]
        for k in range(copies):
            for row in real:
                count = len(_sentences(str(row["raw_text"])))
                text = ". ".join(dice.sample(every, max(1, count)))
                title = str(row["raw_title"])
                if dice.random() < 7 / 8:
                    title = f"{title} {dice.choice(_vocabulary()[:400])}"
                rows.append(
                    {**row, "ad_id": f"{row['ad_id']}-{k}", "raw_text": text, "raw_title": title,
                     "publishes_text": True}
                )  # fmt: skip
    return rows


def _sentences(text: str) -> list[str]:
    return [s for s in re.split(r"[.;\n•]+", text) if s.strip()]


def pipeline(root: Path, workers: int = 2) -> Iterator[tuple[str, float, str, str]]:
    """Full-text ads through everything: personal data out, coding, duplicates."""
    rows = _full_texts(root, 20)
    ads = [
        JobAd(**{name: row[name] for name in JobAd.__struct_fields__ if name in row})
        for row in rows
    ]
    with TemporaryDirectory() as folder:
        lake = Lake(Path(folder) / "lake", Embedded(workers, batch.warm))
        control = Control(Path(folder) / "control.db")
        start = time.perf_counter()
        arrivals = Arrivals(lake, rows[0]["source_id"])
        arrivals.commit(arrivals.read(ads, None), "benchmark")
        Stream(lake, control).advance()
        whole = time.perf_counter() - start
    letters = sum(len(row["raw_text"]) for row in rows) / len(rows)
    memory = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        + workers * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    ) / 1e6
    detail = f"{len(rows):,} ads of {letters:,.0f} letters, at most {memory:.1f} GB"
    yield "whole pipeline", len(rows) / whole, detail, "1,000"


__all__ = ["growth", "ours", "pipeline", "public_notices", "rensa"]

if __name__ == "__main__":  # in a process of its own, so that memory is its own
    print(json.dumps(list(pipeline(Path(sys.argv[1])))))
