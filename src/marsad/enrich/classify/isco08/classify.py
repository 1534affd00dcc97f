"""Occupation: ISCO-08 unit group and ESCO occupation of an ad, from the words of its title.

Two tiers. A lexicon of titles as Moroccans write them (French, Arabic, Darija in both scripts,
English): a title that is an entry whole is taken at once; an entry inside a longer title scores by
the share of the telling words that it covers. And a linear model trained on the labels of ESCO and
ISCO and on that lexicon. Agreement of the two raises the score. When the title is of no help, «we
are looking for a ...» in the text is read. Else the coder abstains.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from pathlib import Path

from marsad.base.text import match_form
from marsad.enrich.classify.isco08.model import model
from marsad.enrich.lexicon import Candidate, Lexicon, Match

Target = tuple[str, str]  # ISCO-08 unit group, ESCO occupation code or empty

_GENDER = re.compile(
    r"\(\s*(?:[hfmx]\s*[/.\-]\s*[hfmx](?:\s*[/.\-]\s*[hfmx])?|e|ne|nne|se|sse|euse|trice|rice|ère|ere|le|ve|s|es|x)\s*\)"
    r"|\b[hfm]\s?[/\-]\s?[hfm](?:\s?[/\-]\s?x)?\b"
    r"|(?<=\w)[.·•/-](?:e|ne|se|sse|euse|trice|rice|ère|ice|es|ive)(?:s)?\b",
    re.I,
)
_SOUGHT = re.compile(
    r"(?:recherch\w*|recrut\w*|cherch\w*|poste d[e']|embauch\w*|looking for|hiring|seeking|position of"
    r"|نبحث عن|تبحث عن|توظيف|لتوظيف|مطلوب|المطلوب|بغينا|كنقلبو علي|خاصنا|محتاجين|bghina|khassna)"
)
_LINKS = frozenset(
    """de du des d l le la les un une et en a au aux pour sur avec dans par the of and for
    in to an at في من علي عن او و ذو ذات""".split()
)
_NOISE = frozenset(
    match_form(w)
    for w in """h f m x cdi cdd stage stagiaire junior senior confirmé confirmée débutant débutante
    expérimenté expérimentée urgent recrute recherche recrutement offre emploi poste
    maroc casablanca rabat tanger fès marrakech agadir kénitra meknès oujda salé tétouan
    settat berrechid mohammedia khouribga laâyoune dakhla nador safi bac مطلوب توظيف""".split()
)
_STOP = _LINKS | _NOISE
_BASE = (-0.3, -0.1)  # score of an entry of one word, of several, before what it covers
_FLOOR = 0.5  # the coder answers when it is more likely right than wrong; else it abstains
_AGREE = 0.15  # what the weaker tier adds when both name one group


def _rows() -> list[dict[str, str]]:
    with Path(__file__).with_name("titles.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def entries() -> list[tuple[str, str]]:
    """The lexicon as (title, ISCO-08 unit group)."""
    return [(row["title"], row["isco08"]) for row in _rows()]


@cache
def _lexicon() -> Lexicon[Target]:
    return Lexicon((row["title"], (row["isco08"], row["esco"])) for row in _rows())


# How notices are framed, in comparison form: «avis de concours de recrutement de ...», «... relevant
# de la direction ...». What names the employer names no occupation.
_FRAME = re.compile(
    r"^(?:(?:avis|appel|concour|recrutement|candidature|ouverture|postes?|responsabilites?|de|d|des|du|a"
    r"|pour|le|la|les|l|un|une|urgent|h|f)\s)*(?:(?:candidature|responsabilites?|recrutement|concour)\b\s?)?"
    r"|^(?:مباراة لتوظيف|مباراة توظيف|لتوظيف|فتح باب ترشيح ل? ?(?:مناصب مسوولية|لمناصب مسوولية|منصب|شغل منصب)?)\s?"
)
_EMPLOYER = re.compile(
    r"(?:^|\s)(?:relevant|(?:au|a la|a l|aupre du?e?|du|de la) (?:sein|ministere|delegation|agence|office"
    r"|prefecture|province|wilaya|conseil|universite|academie|direction|pole|departement|secretariat)"
    r"|(?:ب ?|ل ?|لدي |تابع ل|تابعة ل)?(?:وزارة|بوزارة|عمالة|بعمالة|مندوبية|بمندوبية|وكالة|بوكالة|بمديرية|اكاديمية))\b.*$"
)
_GRADE = re.compile(r"\b(?:echelle|سلم|rh) \d+.*$")
_RANK = re.compile(r"\s(?:de )?(?:\d(?:er|ere|eme|e)? (?:grade|classe)|grade [a-d]|من درجة \w+)\b")


def occupation_words(form: str) -> str:
    """A title in comparison form without the frame of a notice, its grade scale and its employer."""
    return _EMPLOYER.sub("", _GRADE.sub("", _FRAME.sub("", form))).strip()


def plain_title(title: str) -> str:
    """A title without its gender marks: «Vendeur/se (H/F)» -> «Vendeur»."""
    return _GENDER.sub(" ", title)


def _telling(words: list[str]) -> int:
    return sum(w not in _STOP and not w.isdigit() for w in words)


def _score(match: Match[Target], words: list[str]) -> float:
    """How much of the title the entry covers; words before it count double (they name the job)."""
    inside = _telling(match.phrase.split()) or 1
    before = _telling(words[: match.start])
    after = _telling(words[match.start + match.length :])
    return inside / (inside + 1.0 * before + 0.35 * after)


def _from_lexicon(form: str) -> list[tuple[Candidate, str]]:
    """Every entry that stands in the title, best covered first."""
    words = form.split()
    best: dict[str, tuple[Candidate, str]] = {}
    for match in _lexicon().find(form):
        code, esco = match.payload
        if match.length == 1 and _telling(words[: match.start]):
            continue  # one word after others says what the work is about, not what it is
        score = round(_BASE[match.length > 1] + 0.4 * _score(match, words), 3)
        if code not in best or best[code][0].score < score:
            best[code] = (Candidate(code, score, match.phrase), esco)
    return sorted(best.values(), key=lambda c: -c[0].score)


def _joined(
    said: list[tuple[Candidate, str]], learnt: list[Candidate]
) -> list[tuple[Candidate, str]]:
    """Both tiers as one ranking: agreement adds to the score, a lone tier keeps its own."""
    found = {c.code: (c, esco) for c, esco in said}
    for candidate in learnt:
        if candidate.code in found:
            other, esco = found[candidate.code]
            score = min(
                0.97, max(other.score, candidate.score) + _AGREE * min(other.score, candidate.score)
            )
            found[candidate.code] = (
                Candidate(candidate.code, round(score, 3), other.evidence),
                esco,
            )
        else:
            found[candidate.code] = (candidate, "")
    return sorted(found.values(), key=lambda c: -c[0].score)


@lru_cache(maxsize=50_000)
def of_title(title: str) -> tuple[tuple[Candidate, str], ...]:
    """Ranked (candidate, ESCO code) of a title; empty when neither tier is sure enough."""
    said, plainly = match_form(title), match_form(plain_title(title))
    form = occupation_words(plainly)
    telling = " ".join(w for w in form.split() if w not in _STOP)
    unranked = _RANK.sub("", form)
    # As said first: an entry may itself hold what looks like a frame or a gender mark.
    for whole in (said, plainly, form, telling, unranked):
        if exact := _lexicon().exact(whole):
            return ((Candidate(exact[0], 0.97, whole), exact[1]),)
    plain = " ".join(w for w in unranked.split() if w not in _NOISE and not w.isdigit())
    learnt = trained.rank(plain) if (trained := model()) and telling else []
    ranked = _joined(_from_lexicon(unranked), learnt)
    return tuple(ranked[:5]) if ranked and ranked[0][0].score >= _FLOOR else ()


def classify(title: str, text: str) -> tuple[list[Candidate], str]:
    """Ranked ISCO-08 candidates, best first, and the ESCO code of the best; ([], "") to abstain."""
    found = of_title(title)
    if not found:
        form = match_form(plain_title(text[:1200]))
        if sought := _SOUGHT.search(form):
            after = " ".join(form[sought.end() :].split()[:12])
            named = _lexicon().find(after)
            if named and named[0].start <= 4:
                code, esco = named[0].payload
                found = ((Candidate(code, 0.5, named[0].phrase), esco),)
    return [c for c, _ in found], found[0][1] if found else ""
