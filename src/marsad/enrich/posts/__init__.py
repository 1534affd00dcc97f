"""Posts of social networks: does one offer work, look for it, or neither; and which jobs it offers.

A linear model over words, letter groups and known phrases (`words.yml`), in French, Arabic, Darija of both
scripts and English, learnt from invented posts (`marsad train posts`; card.yml says how often it is right).
A post that offers several jobs is cut where its lines, or the parts of one sentence, name a post that the
occupation coder knows.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from marsad.base.areas import COUNTRY
from marsad.base.countries import countries_in
from marsad.base.declare import load_yaml
from marsad.base.records import JobAd
from marsad.base.text import match_form
from marsad.enrich import country, place
from marsad.enrich.fields.isco08.classify import read_title, rows
from marsad.enrich.lexicon import Lexicon
from marsad.enrich.posts.persons import without_persons
from marsad.enrich.vectors import Floats, Weights

OFFERS, SEEKS, NEITHER = "offers", "seeks", "neither"
KINDS = (OFFERS, SEEKS, NEITHER)
FLOOR = 0.5
"""A kind is told when it is more likely than all others together."""
PLACES = 1 << 17
_NOTHING = "_"
_WORDS = Path(__file__).with_name("words.yml")
WEIGHTS = Path(__file__).with_name("kinds.npz")


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


def features(text: str) -> list[int]:
    """What a text is weighed by, as places among PLACES: its words, pairs of words and letter groups, the
    phrases that are known, and what is sought after a verb of seeking."""
    words = match_form(text).split(" ")[:_MOST_WORDS]
    marks = {f"w{word}" for word in words}
    marks.update(f"p{one} {two}" for one, two in pairwise(words))
    for word in words:
        framed = f"<{word[:_LONGEST_WORD]}>"
        marks.update(f"c{framed[i : i + n]}" for n in (3, 4, 5) for i in range(len(framed) - n + 1))
    for match in _phrases().find(" ".join(words)):
        side, weight = match.payload
        marks.add(f"#{side}{weight}")
    marks.update(_sought(words))
    return sorted({zlib.crc32(mark.encode()) % PLACES for mark in marks})


def _sought(words: list[str]) -> Iterator[str]:
    """Whether what stands after a verb of seeking is work, or an occupation."""
    for i, word in enumerate(words):
        if _SEEKING.match(word):
            after = words[i + 1 : i + 1 + _REACH]
            work = next((k for k, w in enumerate(after) if w in _WORK), None)
            post = next((k for k, w in enumerate(after) if w in _occupations()), None)
            if work is not None and (post is None or work <= post):
                yield "#seeks work"
            elif post is not None:
                yield "#seeks someone"


_SEEKING = re.compile(
    r"cherch|recherch|besoin|recrut|rekrut|looking|seeking|hiring|need|want|kan[9qk]l|kan[9q]e|kan9|ta?n9l|kay9|kat9|bghi|khas|m7taj|mhtaj"
    r"|matloub|mtlob|mtloub|كنقلب|تنقلب|كيقلب|كتقلب|كانقلب|نبحث|ابحث|يبحث|تبحث|باحث|مطلوب|المطلوب|محتاج|بغي|خاص|باغي"
)
_WORK = frozenset(
    "travail emploi job boulot stage poste alternance opportunite khdma khedma khidma lkhdma nkhdem nkhdm work internship position"
    " عمل شغل خدمة وظيفة تدريب ستاج نخدم العمل الشغل الخدمة فرصة".split()
)
_REACH, _MOST_WORDS, _LONGEST_WORD = 6, 400, 20


@cache
def _occupations() -> frozenset[str]:
    """Words of four letters or more that begin titles of occupations."""
    titles = (match_form(row["title"]).split(" ") for row in rows())
    return frozenset(words[0] for words in titles if len(words[0]) > 3) - _WORK


@cache
def _weights() -> tuple[Floats, Floats]:
    with Weights(WEIGHTS) as arrays:
        scale = arrays["scale"].astype(np.float32)
        return arrays["weights"].astype(np.float32) * scale, arrays["bias"].astype(np.float32)


def chances(text: str) -> Floats:
    """How likely a post is of each of KINDS."""
    weights, bias = _weights()
    at = features(text)
    margins = weights[:, at].sum(axis=1) / max(1, len(at)) ** 0.5 + bias
    high = np.exp(margins - margins.max())
    likely: Floats = (high / high.sum()).astype(np.float32)
    return likely


def kind_of(text: str) -> str:
    """Whether a post offers work, looks for it, or neither, as far as that is more likely than not: where
    nothing is, it is `neither`."""
    likely = chances(text)
    best = int(likely.argmax())
    return KINDS[best] if likely[best] >= FLOOR else NEITHER


_MARK = re.compile(r"^[\W_]*(?:\d{1,2}\s?[.)/:°-]|[٠-٩]{1,2}\s?[.)/:-]|[a-h]\))?[\W_]*")
_COUNT = re.compile(
    r"^(?:\d{1,3}|[٠-٩]{1,3}|un|une|des|deux|trois|quatre|cinq|dix|plusieurs|wahd|wa7d|joj|jouj|tlata|a|an|two|three|several"
    r"|واحد|واحدة|جوج|ثلاثة|عدة|شي)\s+(?:postes?\s+d[e']\s*|ال)?",
    re.I,
)
_SOUGHT = re.compile(
    r"(?:recrut\w*|rekrut\w*|recherch\w*|cherch\w*|besoin\s+(?:en urgence\s+)?d[e'’]?|embauch\w*|hiring|looking for|need(?:s|ed)?|wanted|vacanc\w+"
    r"|postes?\s+(?:de|d['’])|offres?\s+d['’]emploi|offres?\s+de\s+stage|bghina|bghat|bghaw|bgha|khass?na|khass?hom|khass?o|khass?ni|m[7h]taj\w*|mtlob"
    r"|matlo?ub|mtloub|kay?[nt]?[9q]\w*\s+3la|kat[9q]\w*\s+3la|kan[9q]\w*\s+3la"
    r"|مطلوبين|مطلوبات|مطلوبة|المطلوب|مطلوب|توظيف|[ينتا]وظف|نبحث عن|[يت]بحث \S*\s?(?:\S+\s){0,6}?عن|بحث عن|بغينا|بغات|بغا|خاصنا|خاصهم|خاصني|خاصو"
    r"|محتاجين|محتاجة|محتاج|(?:في|ب)\s?حاجة (?:إلى|الى|ل)|كنقلبو على|كنقلبو علا|[كت][انتي]*قلب\w* عل[ىا]|فرصة عمل|فرص عمل|منصب|مناصب|تسجل)"
    r"[\s:،,\-–—!*👉🔹]*(?:(?:pour|f|fi|urgent|d['’]urgence|de|des|un|une|le|la|les|chi|شي|l)\s+)*",
    re.I,
)
_BETWEEN = re.compile(
    r"\s*(?:[,;،؛/+&•|]|\s(?:et|ou|and|or|w|ou aussi|ainsi que|plus)(?:\s(?:d['’]?un|d['’]?une|de|des|un|une|a|an))?\s|\s\+\s)\s*"
    r"|\s+(?:و|وعن|وكذلك|وكذا)\s?(?=[\u0621-\u064a])",
    re.I,
)
_ENDS = re.compile(
    r"\s*(?:[.!?\n:(\[؟]|\s[-–—]\s|\s(?:à|au|aux|a|pour|avec|sur|dans|chez|en|dès|qui|ayant|ville|region|f|fi|b|bach|m3a|li|lli"
    r"|in|at|for|with|based|who|from|fluent|chantier|salaire|khbra|skna|الخلاص|الراتب|السكن|النظام|الاقامة|الإقامة)(?=\s)"
    r"|\s(?:في|ب|بمدينة|مع|للعمل|لمدينة|لفائدة|ف|اللي|لي|من|ل)(?=\s)|\sب(?=[\u0621-\u064a]{3})|[📍📞☎✅💰📧📩])",
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
    for match in _SOUGHT.finditer(text):
        rest = text[match.end() : match.end() + 4 * _LONGEST].split("\n")[0]
        titles, missed = list[str](), 0
        for part in _BETWEEN.split(rest):
            title = _cut(_COUNT.sub("", _MARK.sub("", part).strip()))
            if _is_post(title, further=bool(titles)):
                titles.append(title)
                missed = 0
            elif missed := missed + 1 > 1 or not titles:
                break
        if titles:
            return list(dict.fromkeys(titles))
    return []


def _cut(words: str) -> str:
    """The words up to where a title ends."""
    end = _ENDS.search(words)
    return (words[: end.start()] if end else words).strip(" -–—:.,،*_")


def _is_post(title: str, *, further: bool = False) -> bool:
    """Whether words name a post: they begin as titles do, or the occupation coder reads one in them; of a
    `further` one of a list more is wanted, for what stands after a title are mostly conditions."""
    if not 2 < len(title) <= _SHORT:
        return False
    words = match_form(title).split(" ")
    if words[0] in _occupations() or words[0].removeprefix("ال") in _occupations():
        return True
    if further and (len(words) > _FEW or any(c.isdigit() for c in title)):
        return False
    reading = read_title(title)
    least = _SURE if further else _LIKELY
    return bool(reading.groups and reading.groups[0].score >= least)


_SURE, _FEW = 0.7, 3
_LIKELY = 0.4


def _country(title: str, text: str) -> str:
    """Morocco, where a post names a place of it and no other country; a post has no field that says it."""
    if named := country.of_ad("", "", title, text):
        return named
    others = set(countries_in(text, running=True)) - {COUNTRY}
    return COUNTRY if place.of_ad("", title, text).region and not others else ""


def offered(posts: Iterable[JobAd], kinds: Counter[str]) -> Iterator[JobAd]:
    """The ads in posts: one for each job that a post offers; the others leave only their number in `kinds`."""
    for post in posts:
        kind = kind_of(post.raw_text)
        kinds[kind] += 1
        if kind == OFFERS:
            jobs = jobs_of(post.raw_text)
            for number, job in enumerate(jobs, 1):
                ad_id = f"{post.ad_id}-{number}" if len(jobs) > 1 else post.ad_id
                title, text = (without_persons(words) for words in (job.title, job.text))
                yield msgspec.structs.replace(
                    post,
                    ad_id=ad_id,
                    raw_title=title,
                    raw_text=text,
                    country=post.country or _country(title, text),
                )
