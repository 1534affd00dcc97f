"""Names and homes of persons: after titles, labels and verbs of contact, beside telephones and roles.

A name by itself is left: streets, schools and firms bear names too. What makes it a person's detail is
what stands beside it. Finders read the shadow of a text (`privacy_shadow.py`) and yield spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

import ahocorasick

from marsad.base.areas import aliases, areas
from marsad.base.declare import load_yaml
from marsad.base.text import fold
from marsad.enrich.privacy_shadow import WORDS, Rule, Span, shadow_word

_MOST, _FAMILY, _PREFIX = (
    4,
    4,
    4,
)  # words of a name; letters of a family name; letters joined before
_TOKEN = re.compile(r"[^\W\d_](?:[\w'’\-]*[^\W_])?\.?")
_GAP = re.compile(r"[ ]{0,3}|[ ]?-[ ]?")
_ROMAN = frozenset({"i", "ii", "iii", "iv", "v", "vi"})
_PARTICLES = frozenset({"el", "al", "ben", "ait", "ould", "oulad", "bou", "ibn", "bent", "bint", "d", "de", "du", "lalla", "moulay", "sidi", "si"})  # fmt: skip
_END = r"(?![^\W_])"


@cache
def word_set(name: str) -> frozenset[str]:
    return frozenset(fold(str(w)) for w in load_yaml(WORDS)[name])


@cache
def _shapes() -> tuple[tuple[str, ...], tuple[str, ...]]:
    words = load_yaml(WORDS)
    starts = tuple(fold(str(w)) for w in words["surname_starts"])
    return starts, tuple(fold(str(w)) for w in words["surname_ends"])


def any_of(*names: str) -> str:
    """Any of the words of these lists, as they stand in a shadow, longest first."""
    every = {shadow_word(w) for name in names for w in load_yaml(WORDS)[name]}
    return "|".join(
        re.escape(w).replace(r"\ ", r"\s{1,2}") for w in sorted(every, key=len, reverse=True)
    )


class Word:
    """A word of a shadow: its span, its comparison form, and what it looks like."""

    __slots__ = ("arabic", "capital", "end", "form", "start")

    def __init__(self, match: re.Match[str]) -> None:
        self.start, self.end = match.span()
        self.form = fold(match.group())
        self.capital = match.group()[0].isupper()
        self.arabic = match.group()[0] > "\u0600"

    @property
    def given(self) -> bool:
        names = word_set("given")
        bare = self.form.removeprefix("و") if self.arabic and len(self.form) > 3 else self.form
        return (
            self.form in names
            or bare in names
            or bool(set(self.form.split()) & names and " " in self.form)
        )

    @property
    def surname(self) -> bool:
        starts, ends = _shapes()
        shaped = self.form.endswith(ends) or self.form.startswith(starts)
        return shaped and len(self.form) >= 5

    @property
    def no_name(self) -> bool:
        return bool(set(self.form.split()) & word_set("no_name")) or not self.form


def run_of(shadow: str, at: int) -> list[Word]:
    """The words that follow a place without a break, as long as they may be a name's."""
    run: list[Word] = []
    while len(run) < _MOST and (match := _TOKEN.match(shadow, at)):
        word = Word(match)
        if word.no_name and not (run and word.form in _PARTICLES):
            break
        if run and word.arabic != run[0].arabic:
            break
        run.append(word)
        if match.group().endswith(".") and len(match.group()) > 2:
            break
        gap = _GAP.match(shadow, word.end)
        at = gap.end() if gap else word.end
    while run and run[-1].form in _PARTICLES:
        run.pop()
    return run


def _latin_name(run: list[Word], *, least: int) -> int:
    """How many words of a run are a name: capitals all, at least `least` of them or one of them a given
    name or of a surname's shape; small letters only from a given name on."""
    if not run:
        return 0
    capitals = 0
    for word in run:
        if not (word.capital or (capitals and word.form in _PARTICLES)):
            break
        capitals += 1
    known = [i for i, word in enumerate(run) if word.given or word.surname]
    if capitals and (capitals >= least or (known and known[0] < capitals)):
        return capitals
    if run[0].given or (run[0].surname and len(run[0].form) > 5):
        following = 0
        while following + 1 < len(run) and following < 2 and not run[following + 1].capital:
            following += 1
            if not (
                run[following].given or run[following].surname or run[following].form in _PARTICLES
            ):
                break
        return 1 + following
    return 0


def _arabic_name(run: list[Word], *, bold: bool) -> int:
    """How many words of an Arabic run are a name: from a given name on, or after a title from a word
    without article; the name of the family follows."""
    nisba = (
        len(run[0].form) >= 5 and run[0].form.startswith("ال") and run[0].form.endswith(("ي", "ية"))
        if run
        else False
    )
    if bold and nisba and len(run) == 1:  # «السيدة العلوي»
        return 1
    if not run or not (
        run[0].given or (bold and not run[0].form.startswith(("ال", "لل")) and len(run) > 1)
    ):
        return 0
    compound = run[0].form in ("عبد", "ابو", "ام", "فاطمة", "نور", "صلاح")
    return min(len(run), 3 if compound or (len(run) > 1 and run[1].given) else 2)


@cache
def _places() -> frozenset[str]:
    """Names of places of Morocco in comparison form, whole, and single words of several."""
    names = {fold(a.label(language)) for a in areas().values() for language in ("fr", "ar")}
    return frozenset(names | {fold(text) for texts in aliases().values() for text in texts})


def _is_place(words: list[Word]) -> bool:
    whole = " ".join(word.form for word in words)
    if whole in _places():
        return not all(word.given for word in words)
    known = any(word.given for word in words)
    return not known and (f"sidi {whole}" in _places() or f"moulay {whole}" in _places())


def name_at(shadow: str, at: int, *, least: int, bold: bool) -> Span | None:
    run = run_of(shadow, at)
    if not run:
        return None
    n = _arabic_name(run, bold=bold) if run[0].arabic else _latin_name(run, least=least)
    if (
        n == 0
        or _is_place(run[:n])
        or (n < len(run) and run[n].form in _ROMAN)
        or run[n - 1].form in _ROMAN
    ):
        return None
    end = run[n - 1].end
    suffix = shadow[end - 1] == "." and shadow[end : end + 1].isalnum()  # of a file
    return run[0].start, end - suffix


@cache
def _cue(name: str) -> re.Pattern[str]:
    """A cue of a kind with what may stand between it and a name, in any case."""
    every = any_of("titles", "light_titles", "titles_ar", "honorifics")
    title = rf"(?:(?:{every})\.?\s{{1,2}}|m\.\s?)?"
    plain = rf"(?:{any_of('titles')}){_END}"
    dot = r"(?:(?<=m[ersl])\.|(?<=mme)\.|(?<=lle)\.|(?<=mrs)\.|(?<=dr)\.)?"
    rank = rf"(?:le|la)\s(?:{any_of('roles')}){_END}(?:\s(?:rh|general|generale)\b)?\s?"
    if name == "titles":
        rule = rf"{plain}{dot}(?:\s?[/&]\s?{plain})?[\s:]{{1,3}}|(?-i:M\.)\s?"
    elif name == "titles_ar":
        joined = r"(?:لل|بال|ال)(?:سيدة?|استاذة?|انسة|دكتورة?)"
        rule = rf"[وفبكل]{{0,2}}(?:{any_of('titles_ar')}|{joined}){_END} ?[:/]?[ ]{{1,2}}"
    elif name == "light_titles":
        ranked = rf"(?:{plain}\.?|m\.)\s{rank}"
        rule = rf"{ranked}|(?:{any_of('light_titles')}){_END}\.?\s{{1,2}}|m\.\s?"
    elif name == "verbs":
        rule = rf"(?:{any_of('verbs')})(?:{_END}|(?<=[لب]))[\s:\-]{{0,3}}{title}"
    else:
        between = r"(?:[:=>/]|-\s|\n)" if name == "person_labels" else r"(?:[:=>/]|,?\n)"
        aside = r"(?:\s?\([^()\n]{1,20}\))?"
        rule = rf"(?:{any_of(name)}){_END}{aside}\s{{0,2}}{between}{{1,2}}\s{{0,2}}{title}"
    return re.compile(rf"(?<![^\W_])(?:{rule})", re.I)


_LEAST = {
    "titles": 1,
    "titles_ar": 1,
    "person_labels": 2,
    "labels": 9,
    "verbs": 9,
    "light_titles": 9,
}
"""How many capital words make a name after a cue without a name that is known among them."""


def named_after(shadow: str, start: int) -> bool:
    """Whether the word before a place makes the name that of a street or an institution."""
    before = fold(shadow[max(0, start - 24) : start]).split()
    return bool(before and before[-1] in word_set("named_after"))


_ABBREVIATED = re.compile(r"(?:mme|mlle|melle|mr|mrs|dr)\.?\s{1,2}", re.I)


def _family(shadow: str, at: int) -> Span | None:
    """A family name in small letters after an abbreviated title («mme essai»)."""
    run = run_of(shadow, at)
    short = not run or run[0].arabic or len(run[0].form) < _FAMILY or len(run) > 2
    return None if short or _is_place(run[:1]) else (run[0].start, run[-1].end)


_KINDS = {
    "titles": ("titles", "light_titles"), "titles_ar": ("titles_ar",), "light_titles": ("light_titles",),
    "person_labels": ("person_labels",), "labels": ("labels",), "verbs": ("verbs",), "homes": ("homes",),
}  # fmt: skip
"""Lists of words -> the kinds of cues that begin with them."""
_JOINED = ("سيد", "استاذ", "انسة", "دكتور")  # titles under the article, in the shadow's letters


@cache
def _words_of_cues() -> ahocorasick.Automaton:
    """Every word with which a cue begins, in the shadow's letters, with the kinds that begin so."""
    kinds: dict[str, set[str]] = {"m.": {"titles", "light_titles"}, "m ": {"titles"}}
    for name, begun in _KINDS.items():
        for word in load_yaml(WORDS)[name]:
            kinds.setdefault(shadow_word(word), set()).update(begun)
    for word in _JOINED:
        kinds.setdefault(word, set()).add("titles_ar")
    machine = ahocorasick.Automaton()
    for word, every in kinds.items():
        machine.add_word(word, (len(word), tuple(sorted(every))))
    machine.make_automaton()
    return machine


def _starts(shadow: str) -> dict[str, list[int]]:
    """Kind of cue -> where one may begin: at the beginning of the word that holds a cue's first word."""
    lowered = shadow.lower()
    if len(lowered) != len(shadow):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in shadow)
    starts: dict[str, set[int]] = {}
    for end, (length, kinds) in _words_of_cues().iter(lowered):
        start = end - length + 1
        for _ in range(
            _PREFIX if shadow[start] > "\u0600" else 0
        ):  # «and», «to», joined to the word
            if start and shadow[start - 1].isalnum():
                start -= 1
        if start == 0 or not shadow[start - 1].isalnum():
            for kind in kinds:
                starts.setdefault(kind, set()).add(start)
    return {kind: sorted(every) for kind, every in starts.items()}


def _cues(shadow: str, kinds: Iterable[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """The cues of these kinds, one at a place."""
    starts = _starts(shadow)
    for kind in kinds:
        rule = _home() if kind == "homes" else _cue(kind)
        for start in starts.get(kind, ()):
            if match := rule.match(shadow, start):
                yield kind, match


def _called(shadow: str) -> Iterator[Span]:
    """Names after a title, a label or a verb."""
    shadow = shadow.replace("_", " ")  # as in names of files
    for kind, match in _cues(shadow, _LEAST):
        bold = kind in ("titles_ar", "person_labels")
        least = 9 if "/" in match.group() else _LEAST[kind]
        span = name_at(shadow, match.end(), least=least, bold=bold)
        if span is None and _ABBREVIATED.fullmatch(match.group()):
            span = _family(shadow, match.end())
        if span is None or named_after(shadow, match.start()):
            continue
        titled = kind.endswith(("titles", "titles_ar"))
        yield (match.start(), span[1]) if titled else span


_MARK = re.compile(
    r"[\s:(,/\-]{0,4}(?:(?:au|sur|tel|gsm|whatsapp|هاتف|على)\b[\s.:]{0,3})?\[(?:phone|email|handle)\]",
    re.I,
)
_AFTER_MARK = re.compile(r"\[(?:phone|email|handle)\]\s{0,2}[(:\-,/]\s{0,2}")


@cache
def _role() -> re.Pattern[str]:
    return re.compile(rf"\s{{0,2}}[,(|/\-]\s?(?:{any_of('roles')}){_END}", re.I)


def name_before(shadow: str, end: int) -> Span | None:
    """The name that ends at a place: capital words, or Arabic ones, a given name among them."""
    tail = list(_TOKEN.finditer(shadow, max(0, end - 60), end))[-_MOST:]
    run: list[Word] = []
    for match in reversed(tail):
        word = Word(match)
        gap = shadow[word.end : run[0].start if run else end]
        if (
            gap.strip(" -")
            or len(gap) > 3
            or word.no_name
            or not (word.capital or word.arabic or word.given)
        ):
            break
        if match.group().endswith(".") and len(match.group()) > 2:
            break
        run.insert(0, word)
    known = [i for i, word in enumerate(run) if word.given]
    if not known or len(run) - known[0] > _MOST - 1 or run[-1].form in _ROMAN:
        return None
    first = known[0] if run[0].arabic else 0
    return None if named_after(shadow, run[first].start) else (run[first].start, run[-1].end)


def _beside(shadow: str) -> Iterator[Span]:
    """Names right before or after a contact's mark, and before a role («..., responsable RH»)."""
    shadow = shadow.replace("_", " ")
    for rule in (_MARK, _role()):
        for match in rule.finditer(shadow):
            if span := name_before(shadow, match.start()):
                yield span
    for match in _AFTER_MARK.finditer(shadow):
        if span := name_at(shadow, match.end(), least=9, bold=False):
            yield span


@cache
def _home() -> re.Pattern[str]:
    words = r"(?:[^\n;!?.]|\.(?=\w|\s?[a-z\d])){3,90}"
    return re.compile(
        rf"(?<![^\W_])(?:{any_of('homes')})(?:{_END}|(?<=[بف]))[\s:]{{0,3}}({words})", re.I
    )


@cache
def _street() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{any_of('streets')})(?![^\W\d_])", re.I)


def _homes(shadow: str) -> Iterator[Span]:
    """Where a person lives: words of living, then a street and a number."""
    for _, match in _cues(shadow, ("homes",)):
        if re.search(r"\d", match[1]) and _street().search(match[1]):
            yield match.span(1)


RULES: tuple[Rule, ...] = (
    ("name", lambda shadow: True, _called),
    ("name", lambda shadow: "]" in shadow or _role().search(shadow), _beside),
    ("address", lambda shadow: True, _homes),
)
