"""Language of an ad and of each of its segments: Arabic, Darija (both scripts), French, English.

Script decides first: a text is read in the script of most of its letters. Within a script a linear
model over words and groups of up to five letters decides (French, English or Darija in Latin
letters; standard Arabic or Darija in Arabic letters), each word's say being looked up once. Where French and
English are close, py3langid has a say. Trained by `marsad train language` on the labels of ESCO and on Darija written and conjugated by us
(`language_darija.yml`); no text of the evaluation sets.
"""

from __future__ import annotations

import math
import re
import zlib
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from marsad.base.text import ARABIC, LATIN, arabic_share
from marsad.enrich.lexicon import Candidate

WEIGHTS = Path(__file__).parent / "fields" / "language" / "language.npz"
PLACES = 1 << 16
LONGEST = 5
CLASSES = {"Latn": ("fr", "en", "ary-Latn"), "Arab": ("ar", "ary")}
_SEGMENT = re.compile(r"[\n\r.!?؟;•●▪]+|\s[-–—*]\s|\s{2,}")
_WORDS = {
    "Latn": re.compile(r"[0-9a-zà-öø-ÿœ]*[a-zà-öø-ÿœ][0-9a-zà-öø-ÿœ]*"),
    "Arab": re.compile(r"[\u0621-\u065f\u0670-\u06d3]+"),
}
_CLOSE, _LEAN = 6.0, 0.3
_SURE, _TELLING = 0.9, 12
_ARABIC_SCRIPT = frozenset({"ar", "ary"})
_FRENCH = re.compile(
    r"\(?\s?\b[hf]\s?[/.\-]\s?[hf]\b\s?\)?|\(\s?(?:e|ne|se|fe|trice|euse|[eè]re)s?\s?\)|(?<=[a-zé])[-·.](?:e|ne|trice|euse)(?:s|\b)",
    re.I,
)
"""Marks of gender as French titles bear them: no words, but a sign of French."""
_USUAL = 1.0  # the log-chance by which French is more usual than English among Moroccan ads in Latin letters
_SPOKEN = re.compile(
    r"^(?:ال)?(?:بغ[ايتاو]\w*|بغات|باغ[يا]\w*|خاص(?:نا|ني|ها|و|هم|ك|كم)|خص(?:نا|ني|ها|و)|عند(?:و|نا|ك)|ديال\w*|شي|لي|اللي|ماشي"
    r"|بزاف|دابا|مزيان\w*|هاد|حنا|فين|شنو|كاين\w*|علاش|حيت|باش|غادي|راه|جوج|معاه|معاها|ليه|ليها|كيفاش|فال\w{3,}|دال\w{3,}|والو"
    r"|ك[يتن][^ف\W]\w{2,}|د|ف)$"
)
"""Words of Darija in Arabic letters that standard Arabic does not have, or not so."""
_STANDARD = frozenset(
    "كيفية كيلو كيلومتر كيماوية كيميائي كيمياء كتابة كتاب كتابي كتابية كندا كنز كتلة كنيسة كتائب".split()
)
_MARKER = 4.0  # what each of them adds to Darija, as log-chance
_MARKED = re.compile(
    r"\(\s?(?:[mf]\s?/\s?[mfwhx](?:\s?/\s?[dx])?|[fhmx])\s?\)", re.I
)  # in any language
_GENDERED = 3.0  # what such a mark adds to French, as log-chance
_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")


def words_of(text: str, script: str) -> list[str]:
    """The words of a text in one script, lower case, without Arabic vowel marks."""
    words = _WORDS[script].findall(text.lower())
    return [_MARKS.sub("", w) for w in words] if script == "Arab" else words


def places_of(word: str) -> list[int]:
    """The features of a word: places of the word and of its groups of 1 to 5 letters."""
    padded = f"<{word}>"
    marks = {zlib.crc32(f"w{word}".encode())}
    for n in range(1, LONGEST + 1):
        marks |= {zlib.crc32(padded[i : i + n].encode()) for i in range(len(padded) - n + 1)}
    return [mark % PLACES for mark in sorted(marks)]


@cache
def _weights() -> dict[str, tuple[NDArray[np.float32], tuple[float, ...]]]:
    """For each script, places x classes and the classes' head start."""
    with np.load(WEIGHTS, allow_pickle=False) as arrays:
        return {
            script: (
                arrays[f"{script}_weights"].astype(np.float32),
                tuple(float(b) for b in arrays[f"{script}_bias"]),
            )
            for script in CLASSES
        }


@lru_cache(maxsize=100_000)
def _says(word: str, script: str) -> tuple[float, ...]:
    """What one word says for each class of its script."""
    at = places_of(word)
    table, _ = _weights()[script]
    return tuple((table[at].sum(axis=0) / len(at) ** 0.5).tolist())


@cache
def _general() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(["fr", "en"])
    return identifier


def _second_opinion(text: str) -> float:
    """Where French and English are close: how much a general model leans to English."""
    chances = dict(_general().rank(text))
    return _LEAN * float(chances["en"] - chances["fr"]) / 2


def _best(words: list[str], script: str, gendered: bool) -> Candidate:
    """The likeliest class of words of one script, its chance, and the words that say it most; `gendered`
    where a mark of gender stood among them."""
    classes, (_, bias) = CLASSES[script], _weights()[script]
    values_by_class = zip(*[_says(word, script) for word in words])
    totals = [start + sum(values) for start, values in zip(bias, values_by_class)]
    if script == "Latn" and abs(totals[0] - totals[1]) < _CLOSE:
        second = _second_opinion(" ".join(words))
        totals = [totals[0] - second, totals[1] + second, totals[2]]
    if script == "Arab":
        markers = sum(1 for w in words if _SPOKEN.match(w) and w not in _STANDARD)
        totals[classes.index("ary")] += _MARKER * markers
    if script == "Latn":
        totals[classes.index("fr")] += _USUAL + (_GENDERED if gendered else 0.0)
    top = max(range(len(classes)), key=totals.__getitem__)
    chance = 1 / sum(math.exp(max(-60.0, t - totals[top])) for t in totals)
    code = classes[top]
    evidence = ""
    if code.startswith("ary"):
        others = [k for k in range(len(classes)) if k != top]
        weight = {
            w: _says(w, script)[top] - max(_says(w, script)[k] for k in others) for w in words
        }
        evidence = " ".join(sorted(weight, key=lambda w: -weight[w])[:5])
    return Candidate(code, round(min(chance, 0.999), 3), evidence)


@lru_cache(maxsize=50_000)
def of_segment(text: str) -> Candidate:
    """The language of one segment; `und` for a text without letters."""
    arabic = ARABIC.search(text) is not None and arabic_share(text) >= 0.5
    script = "Arab" if arabic else "Latn"
    plain, marks = (text, 0) if arabic else _FRENCH.subn(" ", text)
    words = words_of(_MARKED.sub(" ", plain), script)
    return _best(words, script, bool(marks)) if words else Candidate("und", 0.0, "")


def segments(text: str) -> list[tuple[str, Candidate]]:
    """The segments of a text (sentences, lines, list items) each with its language."""
    parts = [part.strip() for part in _SEGMENT.split(text)]
    return [(part, of_segment(part)) for part in parts if LATIN.search(part) or ARABIC.search(part)]


def of_ad(title: str, text: str) -> tuple[Candidate, list[str]]:
    """The language of an ad and those of its segments, in order of first appearance.

    Each segment counts by its letters; one too short or too unsure to tell goes with the language
    that most of its script is in. The ad is `mixed` below 75 % for one language, and from 13 % in
    the other script on (a script is read without error, a language is not). Darija and Arabic in
    one script are one language when Darija has at least a fifth: people mix them freely.
    """
    weights: dict[str, int] = {}
    evidence: dict[str, str] = {}
    unsure = {True: 0, False: 0}  # letters by script: Arabic or not
    parts = segments(f"{title}\n{text}" if text else title)
    for part, candidate in parts:
        if candidate.code == "und":
            continue
        if len(parts) > 1 and (candidate.score < _SURE or len(part) < _TELLING):
            unsure[candidate.code in _ARABIC_SCRIPT] += len(part)
            continue
        weights[candidate.code] = weights.get(candidate.code, 0) + len(part)
        if candidate.evidence:
            evidence.setdefault(candidate.code, candidate.evidence)
    for script, letters in unsure.items():
        same = [code for code in weights if (code in _ARABIC_SCRIPT) == script]
        if same:
            weights[max(same, key=lambda c: (weights[c], c))] += letters
        elif letters:
            whole = of_segment(
                " ".join(p for p, c in parts if (c.code in _ARABIC_SCRIPT) == script)
            )
            weights[whole.code] = weights.get(whole.code, 0) + letters
    if not weights:
        return Candidate("und", 0.0, ""), ["und"]
    return _verdict(weights, evidence, [c.code for _, c in parts])


def _verdict(
    weights: dict[str, int], evidence: dict[str, str], heard: list[str]
) -> tuple[Candidate, list[str]]:
    """The language of an ad from the letters of its segments by language."""
    if 5 * weights.get("ary", 0) >= weights.get("ary", 0) + weights.get("ar", 0) > 0:
        weights["ary"] += weights.pop("ar", 0)
    total = sum(weights.values())
    code = max(weights, key=lambda c: (weights[c], c))
    share = weights[code] / total
    order = list(dict.fromkeys([c for c in heard if c in weights] or weights))
    foreign = sum(
        n for c, n in weights.items() if (c in _ARABIC_SCRIPT) != (code in _ARABIC_SCRIPT)
    )
    if share < 0.75 or foreign >= 0.13 * total:
        parts = " + ".join(
            f"{c} {weights[c] * 100 // total} %" for c in sorted(weights, key=lambda c: -weights[c])
        )
        return Candidate("mixed", round(1 - share, 3), parts), order
    return Candidate(code, round(share, 3), evidence.get(code, "")), order
