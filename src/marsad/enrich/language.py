"""Language of an ad and of each of its segments: Arabic, Darija (both scripts), French, English.

Script decides first. In Arabic script, words that only Darija has decide against standard Arabic;
in Latin script, Darija is told by its words and by digits written for letters (3, 7, 9), and
French from English by py3langid restricted to the two, helped by common words in short texts.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from marsad.base.declare import load_yaml
from marsad.base.text import ARABIC, LATIN, arabic_share, fold
from marsad.enrich.lexicon import Candidate

_SEGMENT = re.compile(r"[\n\r.!?؟;•●▪]+|\s[-–—*]\s|\s{2,}")
_WORDS = {
    name: frozenset(str(words).split())
    for name, words in load_yaml(Path(__file__).with_name("language_words.yml")).items()
}
_ARABIC_DARIJA = _WORDS["arabic_darija"]
_STRONG_ARABIC = _WORDS["arabic_darija_strong"]
_LATIN_DARIJA = _WORDS["latin_darija"]
_LATIN_WEAK = _WORDS["latin_darija_weak"]
_FRENCH = _WORDS["french"]
_ENGLISH = _WORDS["english"]
_ARABIZI = re.compile(
    r"(?<![\w-])(?=[a-z]*[379][a-z]*[a-z])(?:[a-z]+[379][a-z0-9]*|[379][a-z]{2,}[a-z0-9]*)(?![\w-])"
)


_ARABIC_SCRIPT = frozenset({"ar", "ary"})


@cache
def _french_or_english() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["fr", "en"])
    return identifier


def _arabic(words: list[str]) -> Candidate:
    """Darija when its own words are frequent enough; else standard Arabic."""
    strong = [w for w in words if w in _STRONG_ARABIC]
    weak = [w for w in words if w in _ARABIC_DARIJA]
    if strong and (len(strong) + 0.5 * len(weak)) / len(words) >= 0.06:
        return Candidate("ary", min(0.99, 0.6 + 0.1 * len(strong)), " ".join(strong[:5]))
    return Candidate("ar", 0.95 if len(words) > 3 else 0.8, "")


def _latin(text: str) -> Candidate:
    lowered = text.lower()
    words = re.findall(r"[^\W\d_]+|\w+", lowered)
    if not words:
        return Candidate("und", 0.0, "")
    darija = [w for w in re.findall(r"\w+", lowered) if w in _LATIN_DARIJA]
    darija_strong = [w for w in darija if w not in _LATIN_WEAK] + _ARABIZI.findall(lowered)
    if darija_strong and (len(darija_strong) * 2 + len(darija)) / len(words) >= 0.34:
        return Candidate(
            "ary-Latn", min(0.99, 0.6 + 0.08 * len(darija_strong)), " ".join(darija_strong[:5])
        )
    code, probability = _french_or_english().classify(text)
    french = sum(w in _FRENCH for w in words)
    english = sum(w in _ENGLISH for w in words)
    if len(words) <= 8 and abs(french - english) >= 1:
        code = "fr" if french > english else "en"
        probability = max(float(probability), 0.8)
    if re.search(r"[éèêàçùîôœ]", lowered) and len(words) <= 8 and not english:
        code, probability = "fr", 0.9
    return Candidate(code, round(float(probability), 3), "")


@lru_cache(maxsize=50_000)
def of_segment(text: str) -> Candidate:
    """The language of one segment; `und` for a text without letters."""
    if not ARABIC.search(text):
        return _latin(text) if LATIN.search(text) else Candidate("und", 0.0, "")
    if arabic_share(text) >= 0.5:
        words = re.findall(r"[\u0621-\u064a]+", fold(text))
        return _arabic(words) if words else Candidate("und", 0.0, "")
    return _latin(re.sub(r"[\u0600-\u06ff]+", " ", text))


def segments(text: str) -> list[tuple[str, Candidate]]:
    """The segments of a text (sentences, lines, list items) each with its language."""
    parts = [part.strip() for part in _SEGMENT.split(text)]
    return [(part, of_segment(part)) for part in parts if LATIN.search(part) or ARABIC.search(part)]


def of_ad(title: str, text: str) -> tuple[Candidate, list[str]]:
    """The language of an ad and those of its segments, in order of first appearance.

    Each segment counts by its letters. The ad is `mixed` below 75 % for one language, and from 8 %
    in the other script on (a script is read without error, a language is not). Darija and
    Arabic in one script are one language when Darija has at least a fifth: people mix them freely.
    """
    weights: dict[str, int] = {}
    evidence: dict[str, str] = {}
    found = segments(f"{title}\n{text}" if text else title)
    for part, candidate in found:
        if len(part) < 12 and len(found) > 3:
            continue
        weights[candidate.code] = weights.get(candidate.code, 0) + len(part)
        if candidate.evidence:
            evidence.setdefault(candidate.code, candidate.evidence)
    weights.pop("und", None)
    if not weights:
        whole = of_segment(f"{title} {text}".strip())
        return whole, [whole.code]
    if (
        "ary" in weights
        and "ar" in weights
        and weights["ary"] >= 0.2 * (weights["ary"] + weights["ar"])
    ):
        weights["ary"] += weights.pop("ar")
    total = sum(weights.values())
    code = max(weights, key=lambda c: (weights[c], c))
    share = weights[code] / total
    order = list(dict.fromkeys(c.code for _, c in found if c.code in weights))
    foreign = sum(
        n for c, n in weights.items() if (c in _ARABIC_SCRIPT) != (code in _ARABIC_SCRIPT)
    )
    if share < 0.75 or foreign >= 0.08 * total:
        parts = " + ".join(
            f"{c} {weights[c] * 100 // total} %" for c in sorted(weights, key=lambda c: -weights[c])
        )
        return Candidate("mixed", round(1 - share, 3), parts), order
    return Candidate(code, round(share, 3), evidence.get(code, "")), order
