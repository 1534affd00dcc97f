"""Interviews as the library shows them: themes with how many people spoke of each, by actor and by region,
and a few excerpts from which persons cannot be known.

A theme, an actor or a region is shown with at least five people, and what is left of a theme beside the
shown ones is nobody or at least five. Excerpts are of such themes alone, one of a person at most, after the
removal of personal data and of every name of the project's cases, sources and users.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from marsad.base.codes import UNKNOWN
from marsad.base.text import clean, fold
from marsad.collect.adapters.opinion import regions
from marsad.collect.qdpx import Passage, Person, Project
from marsad.enrich import privacy
from marsad.products.library import FEWEST, MOST_EXCERPT, Excerpt, Part, Theme

ACTOR = ("actor", "actors", "acteur", "role", "profil", "profile", "الفاعل", "الصفة")
REGION = ("region", "jiha", "الجهة")
_SHORTEST, _LONGEST_ACTOR = 40, 60
_WORDS = re.compile(r"\w+")
_NAME = re.compile(r"[^\W\d_]{3,}")
_REMOVED = "[…]"


def themes(
    project: Project,
    names: Mapping[str, Mapping[str, str]],
    *,
    actor: str = "",
    region: str = "",
    excerpts: int = 2,
) -> tuple[Theme, ...]:
    """The themes of a project that enough people spoke of, the most told first. `names` gives codes their
    names in ar, fr and en, and chooses among them where it names any; `actor` and `region` are the
    variables of the cases."""
    people: dict[str, set[str]] = defaultdict(set)
    words: dict[str, list[Passage]] = defaultdict(list)
    for passage in project.passages:
        for code in (passage.code, *project.above[passage.code]):
            if passage.person and code in project.codes:
                people[code].add(passage.person)
                words[code].append(passage)
    without = _remover([*project.names, *_values(project)])
    read = {"actor": _reader(actor, ACTOR, without), "region": _reader(region, REGION, _region)}
    made = []
    for code, speakers in people.items():
        name = project.codes[code]
        if len(speakers) < FEWEST or (names and name not in names):
            continue
        cells = [
            Part(dimension, value, n)
            for dimension, reader in read.items()
            for value, n in _cells(project.persons, speakers, reader)
        ]
        plain = without(name)
        title = dict(names.get(name) or dict.fromkeys(("ar", "fr", "en"), plain))
        chosen = tuple(_excerpts(words[code], without, excerpts))
        made.append(Theme(title, {}, len(speakers), tuple(cells), chosen))
    return tuple(sorted(made, key=lambda theme: (-theme.people, sorted(theme.name.values()))))


def _reader(
    chosen: str, usual: Iterable[str], change: Callable[[str], str]
) -> Callable[[Person], str]:
    """How a person's value of a variable is read: the one chosen, else one with a usual name."""
    names = [fold(chosen)] if chosen else [fold(name) for name in usual]

    def read(person: Person) -> str:
        value = next((person.variables[name] for name in names if name in person.variables), "")
        return change(value)[:_LONGEST_ACTOR] if value else UNKNOWN

    return read


def _region(value: str) -> str:
    return regions().get(fold(value), UNKNOWN)


def _cells(
    persons: Mapping[str, Person], speakers: Iterable[str], read: Callable[[Person], str]
) -> list[tuple[str, int]]:
    """Value -> people, of those that may be shown: five or more, and, together, five or more beside them."""
    counts: dict[str, int] = defaultdict(int)
    for speaker in speakers:
        counts[read(persons[speaker]) if speaker in persons else UNKNOWN] += 1
    shown = sorted(
        ((n, v) for v, n in counts.items() if n >= FEWEST and v != UNKNOWN), reverse=True
    )
    total = sum(counts.values())
    while shown and 0 < total - sum(n for n, _ in shown) < FEWEST:
        shown.pop()  # what is left would be told by subtraction
    return [(value, n) for n, value in shown]


def _values(project: Project) -> Iterator[str]:
    """Values of variables that only one case has: a firm's or a person's name among them."""
    counts: dict[str, int] = defaultdict(int)
    for person in project.persons.values():
        for value in person.variables.values():
            counts[value] += 1
    alone = {value for value, n in counts.items() if n == 1}
    yield from (v for v in alone if not v.isdecimal() and fold(v) not in regions())


def _remover(names: Iterable[str]) -> Callable[[str], str]:
    """What takes personal data and the words of these names out of a text."""
    removed = {fold(word) for name in names for word in _NAME.findall(name)}

    def without(text: str) -> str:
        plain = privacy.scrub(text)[0]
        plain = _WORDS.sub(lambda m: _REMOVED if _is_name(m[0], removed) else m[0], plain)
        return re.sub(rf"(?:{re.escape(_REMOVED)}\s*)+", f"{_REMOVED} ", plain).strip()

    return without


def _is_name(word: str, names: set[str]) -> bool:
    """Whether a word is one of the names, also with what Arabic writes before it."""
    form = fold(word)
    return form in names or any(
        form[n:] in names for n in (1, 2, 3) if "\u0600" < form[:1] < "\u06ff"
    )


def _excerpts(
    passages: Iterable[Passage], without: Callable[[str], str], most: int
) -> Iterator[Excerpt]:
    speakers: set[str] = set()
    for passage in passages:
        if len(speakers) >= most:
            return
        if passage.person in speakers or len(passage.words) < _SHORTEST:
            continue
        text = shortened(without(clean(passage.words)))
        if len(text.replace(_REMOVED, "")) >= _SHORTEST:
            speakers.add(passage.person)
            yield Excerpt(text)


def shortened(text: str) -> str:
    """At most `MOST_EXCERPT` letters of a text, cut between words."""
    flat = " ".join(text.split())
    if len(flat) <= MOST_EXCERPT:
        return flat
    return flat[: MOST_EXCERPT - 2].rpartition(" ")[0] + " …"
