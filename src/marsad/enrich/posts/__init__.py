"""Posts of social networks: does one offer work, look for it, or neither; and which jobs it offers.

A word list tells by weighed phrases (`words.yml`), in French, Arabic, Darija of both scripts and English:
the weights of what is there are added, each phrase once, and the heaviest side wins where it leads by
enough. It abstains rather than guesses: `neither` is what is left. A post that offers several jobs is cut
where its lines, or the parts of one sentence, name a post that the occupation coder knows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from marsad.base.declare import load_yaml
from marsad.base.records import JobAd
from marsad.base.text import match_form
from marsad.enrich.fields.isco08.classify import read_title
from marsad.enrich.lexicon import Lexicon

OFFERS, SEEKS, NEITHER = "offers", "seeks", "neither"
LEAST = 4
"""Weight that a side needs to be taken."""
_NOTHING = "_"
_WORDS = Path(__file__).with_name("words.yml")


class Kind(NamedTuple):
    """What a post is, how far that leads before the next side (0 to 1), and the phrases it rests on."""

    kind: str
    score: float
    evidence: tuple[str, ...]


class Post(NamedTuple):
    """One job that a post offers: its title as written, and the words of the post that bear on it."""

    title: str
    text: str


@cache
def _phrases() -> Lexicon[tuple[str, int]]:
    entries = []
    for code, phrases in load_yaml(_WORDS).items():
        side, _, weight = str(code).partition("_")
        entries += [(match_form(str(p)), (side or _NOTHING, int(weight or 0))) for p in phrases]
    return Lexicon(entries)


def kind_of(text: str) -> Kind:
    """Whether a post offers work, looks for it, or neither."""
    weights: Counter[str] = Counter()
    evidence: dict[str, dict[str, int]] = {}
    words = match_form(text).split(" ")
    for match in _phrases().find(" ".join(words)):
        side, weight = match.payload
        phrase = " ".join(words[match.start : match.start + match.length])
        if side != _NOTHING and phrase not in evidence.setdefault(side, {}):
            evidence[side][phrase] = weight
            weights[side] += weight
    (first, most), (_, second) = (*weights.most_common(2), (NEITHER, 0), (NEITHER, 0))[:2]
    lead = (most - second) / (most + second) if most else 0.0
    if most < LEAST or lead <= 0:
        return Kind(NEITHER, 1 - lead, ())
    return Kind(first, lead, tuple(evidence[first]))


_MARK = re.compile(r"^[\W_]*(?:\d{1,2}\s?[.)/:°-]|[٠-٩]{1,2}\s?[.)/:-]|[a-h]\))?[\W_]*")
_COUNT = re.compile(
    r"^(?:\d{1,3}|[٠-٩]{1,3}|un|une|des|deux|trois|quatre|cinq|dix|plusieurs|wahd|wa7d|joj|jouj|tlata|a|an|two|three|several"
    r"|واحد|واحدة|جوج|ثلاثة|عدة|شي)\s+(?:postes?\s+d[e']\s*|ال)?",
    re.I,
)
_SOUGHT = re.compile(
    r"(?:recrut\w*|rekrut\w*|recherch\w*|cherch\w*|besoin\s+d[e'’]|embauch\w*|hiring|looking for|need(?:s|ed)?|wanted|vacanc\w+"
    r"|postes?\s+(?:de|d['’])|offres?\s+d['’]emploi|offres?\s+de\s+stage|bghina|khass?na|khassni|m[7h]tajin|mtlob|matloub|mtloub"
    r"|kan[9q]\w*\s+3la"
    r"|مطلوبين|مطلوبات|مطلوبة|المطلوب|مطلوب|توظيف|نبحث عن|تبحث عن|بغينا|خاصنا|خاصني|محتاجين|كنقلبو على|كنقلبو علا|فرصة عمل|منصب)"
    r"[\s:،,\-–—!*👉🔹]*(?:(?:pour|f|fi|urgent|d['’]urgence|de|des|un|une|le|la|les|chi|شي|l)\s+)*",
    re.I,
)
_BETWEEN = re.compile(
    r"\s*(?:[,;،؛/+&•|]|\s(?:et|ou|and|or|w|ou aussi|ainsi que)\s|\sو\s?|\bo\b)\s*", re.I
)
_ENDS = re.compile(
    r"\s*(?:[.!?\n:(\[؟]|\s[-–—]\s|\s(?:à|au|aux|a|pour|avec|sur|dans|chez|en|dès|qui|ayant|ville|region|f|fi|b|bach|m3a|li|lli"
    r"|in|at|for|with|based|who|from)\s|\s(?:في|ب|بمدينة|مع|للعمل|لمدينة|لفائدة|ف|اللي|لي|من)\s?|[📍📞☎✅💰📧📩])",
    re.I,
)
_LONGEST, _SHORT = 90, 70


def jobs_of(text: str) -> tuple[Post, ...]:
    """The jobs that a post offers, each with what the post says of it and of all; one at least."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    named = [(i, title) for i, line in enumerate(lines) if (title := _of_line(line))]
    if len(named) > 1:
        first, every = named[0][0], []
        for place, (i, title) in enumerate(named):
            stop = named[place + 1][0] if place + 1 < len(named) else len(lines)
            tail = lines[stop:] if place + 1 == len(named) else []
            every.append(Post(title, "\n".join([*lines[:first], *lines[i:stop], *tail])))
        return tuple(every)
    listed = _of_sentence(text)
    if len(listed) > 1:
        return tuple(Post(title, text) for title in listed)
    title = (listed or [named[0][1] if named else ""])[0]
    return (Post(title or lines[0][:_LONGEST] if lines else "", text),)


def _of_line(line: str) -> str:
    """The title that a line of a list names; empty where it names none."""
    plain = _MARK.sub("", line)
    counted = _COUNT.sub("", plain)
    if (plain == line and counted == plain) or len(plain) > _LONGEST:
        return ""
    title = _cut(counted)
    return title if _is_post(title) else ""


def _of_sentence(text: str) -> list[str]:
    """The titles that a sentence lists after words such as «recrute»."""
    titles: list[str] = []
    for match in _SOUGHT.finditer(text):
        rest = text[match.end() : match.end() + 4 * _LONGEST].split("\n\n")[0]
        for part in _BETWEEN.split(rest.split("\n")[0]):
            title = _cut(_COUNT.sub("", _MARK.sub("", part).strip()))
            if not _is_post(title):
                break
            if title not in titles:
                titles.append(title)
        if titles:
            break
    return titles


def _cut(words: str) -> str:
    """The words up to where a title ends."""
    end = _ENDS.search(words)
    return (words[: end.start()] if end else words).strip(" -–—:.,،*_")


def _is_post(title: str) -> bool:
    return 2 < len(title) <= _SHORT and read_title(title).sure


def offered(posts: Iterable[JobAd], kinds: Counter[str]) -> Iterator[JobAd]:
    """The ads in posts: one for each job that a post offers; the others leave only their number in `kinds`."""
    for post in posts:
        kind = kind_of(post.raw_text).kind
        kinds[kind] += 1
        if kind == OFFERS:
            jobs = jobs_of(post.raw_text)
            for place, job in enumerate(jobs, 1):
                ad_id = f"{post.ad_id}-{place}" if len(jobs) > 1 else post.ad_id
                yield msgspec.structs.replace(
                    post, ad_id=ad_id, raw_title=job.title, raw_text=job.text
                )
