"""A set of labelled pairs of ads with hard negatives, made from real ads of ../shared by recipe.

What stands in the project is the recipe, never a text. Each pair is a real ad of the Moroccan
boards beside what a recipe makes of it; the label follows from the recipe. A public notice beside
its own translation is a pair as published. Kinds (EU web-intelligence challenge 2023):

    full      the same title and text, other typography, another board, another day
    semantic  sentences in another order and words exchanged for synonyms, same day; and the
              translations of the public notices (identifiers hidden)
    temporal  the same rewording, posted 5 to 60 days later
    partial   a third to a half of the sentences, a shortened title
    none      same employer and template in another town; same employer, town and template for
              another occupation; same title and town at another employer; same text at another
              employer; another notice of the same administration and last day

Half of the ads, by hash, are for development; figures are given on the other half.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from marsad.base.records import JobAd
from marsad.base.text import clean
from marsad.enrich import place
from marsad.enrich.duplicates import linking
from marsad.enrich.fields.isco08.classify import read_title
from marsad.training.measure import real_ads

SYNONYMS = [
    ("recherche", "recrute"), ("vous assurez", "vous prenez en charge"), ("mission", "tâche"),
    ("missions", "tâches"), ("poste", "fonction"), ("profil", "candidat"), ("expérience", "pratique"),
    ("maîtrise", "connaissance"), ("entreprise", "société"), ("équipe", "groupe"), ("gérer", "piloter"),
    ("gestion", "pilotage"), ("client", "acheteur"), ("clients", "acheteurs"), ("exige", "demande"),
    ("excellente", "très bonne"), ("inclut", "comprend"), ("inclure", "comprendre"), ("bonne", "solide"),
    ("souhaitée", "appréciée"), ("minimum", "au moins"), ("rejoignez", "intégrez"), ("suivi", "contrôle"),
    ("assurer", "garantir"), ("responsable", "chargé"), ("développer", "accroître"),
]  # fmt: skip
DAY = dt.date(2026, 1, 15)
Pair = tuple[linking.Folded, linking.Folded, str]


def _folded(key: str, board: str, ad: JobAd, **other: Any) -> linking.Folded:
    title, text = clean(other.get("title", ad.raw_title)), clean(other.get("text", ad.raw_text))
    where = clean(other.get("place", ad.raw_place))
    at = place.of_ad(where, title, text)
    groups = read_title(title).groups
    return linking.folded(
        {
            "ad_key": key,
            "board": board,
            "ad_id": key,
            "title": title,
            "text": text,
            "company": clean(other.get("company", ad.raw_company)),
            "province": at.province.code if at.province else "",
            "place_text": where,
            "posted_on": other.get("day", DAY),
            "deadline_on": other.get("deadline"),
            "isco08": groups[0].code if groups else "",
        }
    )


def _sentences(text: str) -> list[str]:
    return [s.strip() for s in re.split(r"(?<=[.!?;])\s+|\n", text) if len(s.strip()) > 3]


def _reworded(text: str, dice: random.Random) -> str:
    parts = _sentences(text)
    if len(parts) > 2:
        at = dice.randrange(1, len(parts))
        parts = parts[at:] + parts[:at]
    reworded = " ".join(parts)
    for old, new in SYNONYMS:
        reworded = re.sub(rf"\b{old}\b", new, reworded, flags=re.I)
    words = reworded.split()
    return " ".join(w for w in words if dice.random() > 0.04 or len(w) > 7)


def _cut(text: str, dice: random.Random) -> str:
    parts = _sentences(text)
    kept = parts[: max(1, round(len(parts) * dice.uniform(0.35, 0.55)))]
    cut = " ".join(kept)
    return cut if 120 <= len(cut) < 0.8 * len(text) else text[: int(0.5 * len(text))]


def development(key: str) -> bool:
    """Whether an ad's pairs are for development."""
    return bool(zlib.crc32(key.encode()) & 1)


def _of_boards(ads: list[JobAd], dice: random.Random) -> list[Pair]:
    pairs: list[Pair] = []
    for i, ad in enumerate(ads):
        title, text, key = ad.raw_title, ad.raw_text, f"a{i}"
        one = _folded(key, "x", ad)
        other = ads[(i * 7 + 3) % len(ads)]
        moved = "Tanger" if "tanger" not in ad.raw_place.lower() else "Agadir"
        recipes: list[tuple[str, dict[str, Any]]] = [
            ("full", {"title": title.upper(), "text": text.replace(", ", " , "), "day": DAY + dt.timedelta(dice.randrange(20))}),
            ("semantic", {"text": _reworded(text, dice)}),
            ("temporal", {"text": _reworded(text, dice), "day": DAY + dt.timedelta(dice.randrange(5, 60))}),
            ("partial", {"title": " ".join(title.split()[:4]), "text": _cut(text, dice)}),
            ("none", {"place": moved, "text": text}),
            ("none", {"title": other.raw_title, "text": text.replace(title.split()[0], other.raw_title.split()[0])}),
            ("none", {"company": other.raw_company + " holding", "text": other.raw_text}),
            ("none", {"company": "Cabinet " + other.raw_company, "text": text}),
        ]  # fmt: skip
        kind, changed = recipes[i % len(recipes)]
        pairs.append((one, _folded(f"{key}b", "y", ad, **changed), kind))
    return pairs


def _of_notices(ads: dict[tuple[str, str, str], JobAd]) -> list[Pair]:
    """Public notices beside their translations and beside others of the same day."""
    french = {k[2]: ad for k, ad in ads.items() if k[0] == "emploi_public_fr"}
    arabic = {k[2]: ad for k, ad in ads.items() if k[0] == "emploi_public_ar"}
    common = sorted(french.keys() & arabic.keys())
    pairs: list[Pair] = []
    for i, name in enumerate(common):
        one = _folded(f"f{i}", "public", french[name], deadline=french[name].deadline_on)
        two = _folded(f"g{i}", "public", arabic[name], deadline=arabic[name].deadline_on)
        pairs.append((one, two, "semantic"))
        others = [
            n for n in common if n != name and french[n].deadline_on == french[name].deadline_on
        ]
        if others:
            far = _folded(
                f"h{i}",
                "public",
                arabic[others[i % len(others)]],
                deadline=french[name].deadline_on,
            )
            pairs.append((one, far, "none"))
    return pairs


def pairs(root: Path) -> tuple[list[Pair], list[Pair]]:
    """(development, test) pairs from the ads in `root`, laid out as shared/data."""
    dice = random.Random(11)
    ads = real_ads(root)
    boards = [
        ad
        for key, ad in sorted(ads.items())
        if key[0] == "morocco_boards"
        and len(ad.raw_text) >= 260
        and ad.raw_company
        and ad.raw_place
    ]
    boards = [ad for ad in boards if linking.folded(_plain(ad)).company]
    dice.shuffle(boards)
    every = _of_boards(boards[:800], dice) + _of_notices(ads)
    every = [
        (a, b, k) for a, b, k in every if a.text != b.text or k != "none" or a.company != b.company
    ]
    return [p for p in every if development(p[0].key)], [
        p for p in every if not development(p[0].key)
    ]


def _plain(ad: JobAd) -> dict[str, object]:
    return {
        "ad_key": "", "board": "", "ad_id": "", "title": "", "text": "", "company": ad.raw_company,
        "province": "", "place_text": "", "posted_on": None, "isco08": "",
    }  # fmt: skip


def answered(pair: Pair) -> str:
    """The kind that the judge gives a pair; none when it links it not at all or as related only."""
    a, b, _ = pair
    link = linking.judge(a, replace(b, ad_id=b.key))
    return link.kind if link and link.band != "related" else "none"
