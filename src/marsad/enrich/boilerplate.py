"""Parts of an ad's text: duties and profile, which describe the job, against talk about the company,
ways to apply and legal notices, which many ads share word for word.

Also the repair of visual-order Arabic: text taken from PDF pages as it looks, last letter first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from marsad.base.text import match_form
from marsad.enrich import phrases

_WORDS = Path(__file__).with_name("boilerplate_words.yml")
CORE_PARTS = frozenset({"duties", "profile", "offer", ""})
"""Parts that describe the job; '' is a segment that no cue marks."""
_HEAD = "head_"
_HEAD_WORDS = 5  # a heading is short
_CUT = re.compile(
    r"\n+|(?<=[.!?؟;])\s+|(?<=[.!?؟;])(?=[A-ZÀ-ÝŒ\u0621-\u064a•])|[•●▪✔✅➢►]|(?<=:)\s*(?=\S)"
)
_FORMS = re.compile("[\ufb50-\ufdff\ufe70-\ufeff]")
_ARABIC_WORD = re.compile(r"[\u0621-\u064a]+")
_NOT_ARABIC = re.compile(r"[A-Za-zÀ-ÿ0-9٠-٩][A-Za-zÀ-ÿ0-9٠-٩.,:/@+%'’_-]*(?:(?<=[\w%])|)")
_MIRROR = str.maketrans("()[]{}<>«»", ")(][}{><»«")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text and its part: company, apply, legal, duties, profile, offer, or ''; `own` says
    that its own words mark it, not only the heading above."""

    part: str
    text: str
    own: bool = False


def _marks(form: str) -> tuple[str, str]:
    """The part that a segment starts as a heading, and the part that its own words mark."""
    cues = phrases.cues(_WORDS, form)
    heads = [m for m in cues if m.payload.startswith(_HEAD) and m.start == 0]
    heading = heads[0].payload.removeprefix(_HEAD) if heads else ""
    if heading and form.count(" ") >= _HEAD_WORDS:
        heading = ""
    own = [m.payload for m in cues if not m.payload.startswith(_HEAD)]
    own += ["legal" for m in cues if m.payload == "head_legal"]
    return heading, next(
        (p for p in ("legal", "apply", "duties", "profile", "company") if p in own), ""
    )


def segments(text: str) -> Iterator[Segment]:
    """The segments of a text (sentences, lines, bullets) with the part of each, in order.

    A heading («Profil recherché :») holds until the next one; a sentence with a cue of its own is
    of that part whatever the heading.
    """
    current = ""
    for piece in _CUT.split(text):
        if not (words := (piece or "").strip()):
            continue
        heading, own = _marks(match_form(words))
        current = heading or current
        yield Segment(own or current, words, bool(own or heading))


def core_text(title: str, text: str) -> str:
    """The text without company talk, ways to apply and legal notices, one segment a line.

    The whole text when nothing is left, or when what is left says less than the title does.
    """
    every = list(segments(text))
    core = [s.text for s in every if s.part in CORE_PARTS]
    if len(core) == len(every) or sum(map(len, core)) <= len(title):
        return text
    return "\n".join(core)


def _backwards(word: str) -> bool:
    """Whether a word may read backwards: a final letter first, or the article last."""
    return word[0] in "ةى" or (word.endswith("لا") and len(word) >= 5)


def _signs(text: str) -> int:
    """Above zero when Arabic reads backwards: final letters first, the article last."""
    score = 0
    for word in _ARABIC_WORD.findall(text):
        score += 2 * (word[0] in "ةى" and len(word) > 1)
        score += word.endswith("لا") and len(word) >= 5
        score -= 2 * (word[-1] in "ةى" and len(word) > 1)
        score -= word.startswith("ال") and len(word) >= 5
    return score


def _turned(line: str) -> str:
    """A line last letter first, its Latin words and numbers kept as they are."""
    backwards = line[::-1].translate(_MIRROR)
    return _NOT_ARABIC.sub(lambda m: m.group()[::-1], backwards)


def logical_order(text: str) -> str:
    """Arabic in reading order: lines that stand in visual order turned, presentation forms undone.

    Text in reading order comes back as it was, save for presentation forms (NFKC).
    """
    if not _FORMS.search(text) and not any(map(_backwards, _ARABIC_WORD.findall(text))):
        return text
    whole = _signs(unicodedata.normalize("NFKC", text))
    lines = []
    for line in text.split("\n"):
        own = _signs(unicodedata.normalize("NFKC", line))
        turned = _turned(line) if own > 0 or (own == 0 and whole > 0) else line
        lines.append(_FORMS.sub(lambda m: unicodedata.normalize("NFKC", m.group()), turned))
    return "\n".join(lines)
