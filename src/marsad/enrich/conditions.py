"""Conditions put to candidates that have nothing to do with the work: sex, age, looks, family, money.

Each rule reads the same cues (`integrity_words.yml`) in the comparison form of a title or a text and
the words around them, and gives the words it rests on, or ''.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from marsad.base.text import match_form
from marsad.enrich import phrases
from marsad.enrich.lexicon import Lexicon, Match

_WORDS = Path(__file__).with_name("integrity_words.yml")
_CUE_KINDS = (
    "female", "male", "age", "appearance", "looks", "handicap", "origin", "marital", "married", "fee", "too_good", "abroad", "private_data",
    "messaging", "other_contact", "no_experience", phrases.NOTHING,
)  # fmt: skip
_BRACKETS = re.compile(r"[(\[/]\s*([^()\[\]/]{2,24}?)\s*[)\]]")
_MOST = 100  # cues read of one text; more are a list of keywords
_SEEKS = (
    "kat",
    "kay",
    "tay",
    "kan",
    "كت",
    "كي",
    "كن",
)  # what men and women do who are themselves the employer
_NEXT = 3
_SHORT = 30  # letters of a clause that may say a condition by itself
_ADULT = 18  # a minimum of 18 years is the law's, not the employer's
_NO = frozenset({"aucun", "aucune", "sans", "pas", "no", "without", "بدون", "دون", "بلا"})
_MONTHS = frozenset({"mois", "moi", "month", "شهر", "اشهر"})


_CLAUSE = re.compile(r"[.,;:،؛!?\n•()\[\]|]|\s[-–—]\s")
_SPAN = re.compile(
    r"\b(1[6-9]|[2-5]\d) (?:(?:l|et|و|a|7ta|hta|7tal|tal|حتي|حتي ل|الي|ل|to|and) )?([2-6]\d) (?:3am|عام|سنه|سنة|سنين|ans?)\b"
    r"|\b(?:sghar|sghir|sghira|tkoun|tkon|ykoun|ykon|mra|bnt|bent|bnat|rajel|rajl|صغير|صغار|يكون|تكون|مرا|بنت)"
    r" (?:\S+ )?(?:(?:mn|من) )?(1[6-9]|[2-5]\d) (?:(?:l|et|و|a|7ta|حتي|الي|ل) )?([2-6]\d)\b"
)
_LIMIT = re.compile(
    r"\b(?:moins? de|moins? d|maximum|max|pas plus de|ne depassant pas|a9al mn|a9el mn|aqal mn|9el mn|اقل من|قل من|تحت|فوق|mayfoutch|ma yfoutch|ma tfoutch|ما يفوتش|ما تفوتش|ma tfotch)"
    r" ([2-5]\d) (?:ans?|3am|عام|سنه|سنة)\b"
    r"|\b(?:kbira?|kbar|sghira?|sghar|kber|fayt|fayta|tal3|طالع|فايت|فايته|فايتة|كبير|كبيره|كبيرة|كبار|صغير|صغيره|صغيرة|صغار) (?:\S+ )?(?:mn|men|من|3la|علي|ال|l)? ?([2-5]\d)\b"
    r"|\b(?:mn|men|من) ([2-5]\d) (?:lfo9|lfou9|لفوق|فما فوق|الفوق|الفوك)\b"
)
_PAIR = re.compile(r"(1[6-9]|[2-4]\d) ([2-6]\d)")
_JOINED = re.compile(r"(?<![^\W\d_])و(?=[\d٠-٩])")  # «and», joined to a number
_TWO = re.compile(r"\d\d\s?[-–/]\s?\d\d")
_HEIGHT = re.compile(
    r"\b(?:taille|tol|toul|طول) (?:\S+ ){0,2}1 ?m? ?[5-9]\d(?: ?cm)?\b|\b1m[5-9]\d\b"
)
_WORK = re.compile(
    r"experien|anciennete|carriere|existe|metier|خبر|تجرب|khbra|khobra|tajrib|garantie"
)
_WOMEN_ONLY = re.compile(r"\b(?:la|aux|les|une|des|exclusivement|uniquement) candidate\b(?! e\b)")
_GREETINGS = frozenset("hello salam slm salut bonjour fin les wa شكون فين سلام".split())
_OWNERS = frozenset(
    "l m3a dyal dial d ta3 li lli kan7a9 pour avec de des aux aux مع ديال د عند لي ليا w و o".split()
)
"""A word before «drari», «بنات» and the like, by which they are somebody's, not those asked for."""


@dataclass(frozen=True)
class Read:
    """A text and its comparison form: its words, and the cues found in them."""

    text: str
    form: str
    words: Sequence[str]
    matches: Sequence[Match[str]]

    @cached_property
    def clauses(self) -> frozenset[str]:
        """Its short clauses, in comparison form."""
        short = (clause for clause in _CLAUSE.split(self.text) if len(clause) < _SHORT)
        return frozenset(map(match_form, short))


@cache
def _cues() -> Lexicon[str]:
    forms_by_kind = phrases.phrases(_WORDS)
    entries = [(form, kind) for kind in _CUE_KINDS for form in forms_by_kind[kind]]
    joined = [(f"و{form}", kind) for form, kind in entries if form[:1] > "\u0600"]  # «and», joined
    return Lexicon([*entries, *joined])


def read(text: str) -> Read:
    """The cues of a text."""
    form = match_form(_JOINED.sub("و ", text))
    matches = [m for m in _cues().find(form) if m.payload != phrases.NOTHING][:_MOST]
    return Read(text, form, form.split() if matches else (), matches)


@cache
def _role(name: str) -> frozenset[str]:
    return frozenset(phrases.phrases(_WORDS)[name])


def _around(read: Read, match: Match[str], reach: int) -> set[str]:
    return {*phrases.before(read.words, match, reach), *phrases.after(read.words, match, reach)}


def _phrase(read: Read, match: Match[str], reach_before: int, reach_after: int) -> str:
    start = max(0, match.start - reach_before)
    return " ".join(read.words[start : match.start + match.length + reach_after])


def _inclusive(read: Read, match: Match[str]) -> bool:
    """Both sexes are named, or equality is spoken of, or it is about customers and goods."""
    other = "male" if match.payload == "female" else "female"
    near = (m for m in read.matches if m.payload == other and abs(m.start - match.start) <= 6)
    around = f" {_phrase(read, match, 8, 8)} "
    return any(near) or any(f" {word} " in around for word in _role("equality"))


def _of_customers(read: Read, match: Match[str]) -> bool:
    """Whether men or women are whom a shop or salon serves («coiffeur hommes», «حوايج النسا»)."""
    return bool(_role("customers") & {*phrases.before(read.words, match, 2)})


def _sexes(read: Read) -> list[Match[str]]:
    matches = [m for m in read.matches if m.payload in {"female", "male"}]
    return [m for m in matches if not (_inclusive(read, m) or _of_customers(read, m))]


def _counted(read: Read, start: int) -> bool:
    """Whether a number stands before a word («2 wlad», «3 د الرجال»)."""
    before = [
        w for w in read.words[max(0, start - 2) : start] if w not in {"د", "ديال", "dyal", "d"}
    ]
    return bool(before) and (
        before[-1].isdigit() or before[-1] in {"جوج", "jouj", "zouj", "واحد", "wa7d", "شي", "chi"}
    )


def _who_is_sought(read: Read, match: Match[str]) -> bool:
    """Whether a plain word for men or women in Darija says who is asked for: alone in its clause, first
    in its text, counted, or right after a word of demand; not somebody's children or customers."""
    counted = _counted(read, match.start)
    before = {*phrases.before(read.words, match, 1)}
    sought = {*phrases.before(read.words, match, 3)[:-1]} & _role("demand")
    if before & _OWNERS and not counted and not (before & {"de", "des"} and sought):
        return False
    after = [w for w in phrases.after(read.words, match, 3) if not w.startswith(_SEEKS)]
    owned = bool(_OWNERS & {*after[:1]} - {"لي", "li", "lli"})
    alone = any(
        spoken[:1] == [match.phrase] and (not owned or set(spoken) <= _role("informal") | _OWNERS)
        for spoken in map(str.split, read.clauses)
    )
    first = not owned and set(read.words[: match.start]) <= _GREETINGS and len(after) == _NEXT
    demanded = _role("demand") & {*phrases.before(read.words, match, 3), *after}
    return bool(alone or first or demanded)


def gender(read: Read) -> str:
    """A sex asked for in running text."""
    demand = _role("demand")
    for match in _sexes(read):
        if match.phrase in _role("informal"):
            if _who_is_sought(read, match):
                return match.phrase
            continue
        if demand & {*phrases.before(read.words, match, 3), *phrases.after(read.words, match, 2)}:
            return _phrase(read, match, 2, 1)
        if match.phrase in _role("plain"):
            return match.phrase
    women = _WOMEN_ONLY.search(read.form)
    return women.group() if women and " candidat " not in f" {read.form} " else ""


def gender_of_title(read: Read, title: str) -> str:
    """A sex asked for in a title: as in running text, or in brackets, or as its last words."""
    for match in _sexes(read):
        last = match.start + match.length == len(read.words) and match.start > 0
        bracketed = any(match_form(b) == match.phrase for b in _BRACKETS.findall(title))
        if last or bracketed:
            return match.phrase
    marks = {match_form(mark) for mark in re.findall(r"\(\s*([^()]{1,2})\s*\)", title)} & {"f", "h"}
    return marks.pop() if len(marks) == 1 else gender(read)


def _years(words: Sequence[str]) -> list[int]:
    return [
        int(w) for w in words if len(w) == 2 and w.isascii() and w.isdigit() and "14" < w < "71"
    ]


def age(read: Read) -> str:
    """An age asked for: a word for age with one or two ages right after it, two ages with «ans» or «عام»,
    a limit («moins de 35 ans», «كبير من 35»), or two ages alone in a clause («18-25»)."""
    for match in read.matches:
        if match.payload != "age":
            continue
        if "".join(phrases.before(read.words, match, 1)).endswith(tuple(_role("name_before"))):
            continue
        back = 6 if match.phrase.startswith("year") else 0
        span = [*phrases.before(read.words, match, back), *phrases.after(read.words, match, 8)]
        years = _years(span)
        about = {*phrases.before(read.words, match, 5), *span}
        if not years or about & _MONTHS or about & _role("not_age"):
            continue
        if years[:1] != [_ADULT] or len(years) > 1:
            end = max(i for i, w in enumerate(span) if w in {str(y) for y in years}) + 1
            return _phrase(read, match, back, max(0, end - back))
    return _age_span(read)


def _age_span(read: Read) -> str:
    for pattern in (_SPAN, _LIMIT):
        for span in pattern.finditer(read.form):
            ages = [int(number) for number in span.groups() if number]
            around = read.form[max(0, span.start() - 40) : span.end() + 40]
            if _WORK.search(around) or _role("not_age") & set(around.split()) or ages == [_ADULT]:
                continue
            if len(ages) == 1 or ages[0] < ages[1]:
                return span.group()
    for clause in sorted(read.clauses) if _TWO.search(read.text) else ():
        pair = _PAIR.fullmatch(clause)
        if pair and int(pair[1]) + 3 <= int(pair[2]):
            return clause
    return ""


def appearance(read: Read) -> str:
    """Looks or a photograph asked for, not the looks of goods or shops; a word for beauty only beside
    a word for a person."""
    for match in read.matches:
        if match.payload == "appearance" and not _role("duty") & {
            *phrases.before(read.words, match, 4)
        }:
            return match.phrase
        if match.payload == "looks" and _role("person") & _around(read, match, 3):
            return _phrase(read, match, 1, 1)
    height = _HEIGHT.search(read.form)
    return height.group() if height else ""


def disability(read: Read) -> str:
    """Health without handicap asked for."""
    return next((m.phrase for m in read.matches if m.payload == "handicap"), "")


def origin(read: Read) -> str:
    """An origin, colour or religion asked for, not that of a firm or of goods."""
    for match in read.matches:
        before = {*phrases.before(read.words, match, 3)}
        if match.payload == "origin" and not before & _role("not_origin"):
            return _phrase(read, match, 0, 2)
    return ""


def marital(read: Read) -> str:
    """A family situation asked for."""
    for match in read.matches:
        if match.payload == "marital":
            return match.phrase
        preferred = _role("preferred") & {
            *phrases.before(read.words, match, 2),
            *phrases.after(read.words, match, 2),
        }
        if match.payload == "married" and (preferred or match.phrase in read.clauses):
            return match.phrase
    return ""


def fee(read: Read) -> str:
    """Money asked from the candidate, not a fee that the post deals with."""
    for match in read.matches:
        if match.payload != "fee":
            continue
        around = _around(read, match, 8)
        if _NO & {*phrases.before(read.words, match, 2)}:
            continue
        if around & _role("pays") and not around & _role("not_pays"):
            return _phrase(read, match, 3, 4)
    return ""
