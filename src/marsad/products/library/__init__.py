"""The qualitative library: studies, employer surveys and themes of interviews, each declared in a file, or added
to an installation, and tied to the figures that it helps to read.

An entry says what was asked and how, in our own words in three languages; it quotes no finding that
is not checked (`verified`). Interviews are entered as themes with how many people spoke of them, never
as words that could tell who spoke.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

import msgspec

from marsad.base.declare import load_declaration
from marsad.base.errors import DeclarationError, NotFoundError
from marsad.base.labels import missing
from marsad.base.refusals import refused
from marsad.base.text import match_form
from marsad.products.declare import indicator, indicators

FOLDER = Path(__file__).parent / "entries"
KINDS = ("study", "employer_survey", "interviews")
FEWEST = 5
"""People who must have spoken of a theme for it to be shown."""
MOST_EXCERPT = 300
"""Letters of an excerpt of a study or of an interview."""
_BEFORE, _LONGEST = 12, 40  # words of an excerpt before the one asked for; letters of a word in it


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many people of an actor (`dimension: actor`, `code` as the project names it) or of a region (its
    area code) spoke of a theme."""

    dimension: str
    code: str
    people: int


class Excerpt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of an interview from which nobody can be known."""

    text: str


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme of interviews: its name, what was said in other words, by how many of those asked; how many
    of each actor and region, and excerpts."""

    name: dict[str, str]
    text: dict[str, str] = msgspec.field(name="said")
    people: int
    parts: tuple[Part, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question of a survey, with its labels and those of its answers, and, where its figures are published,
    their category; `parts` are the categories by the answers to another question, with their labels."""

    labels: dict[str, str]
    answers: tuple[dict[str, str], ...] = ()
    category: str = ""
    parts: dict[str, dict[str, str]] = {}


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entry as declared. `explains` are ids of indicators, `words` other words to find it by; `pages` how
    many pages of text are searched, `paged` whether they are pages of the document. `added` tells an entry of
    the installation."""

    kind: str
    title: dict[str, str]
    original_title: str = ""
    authors: str = ""
    publisher: str
    year: int
    languages: tuple[str, ...] = ()
    question: dict[str, str]
    method: dict[str, str]
    explains: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    themes: tuple[Theme, ...] = ()
    respondents: int = msgspec.field(default=0, name="asked")
    questions: tuple[Question, ...] = ()
    licence: str = ""
    identifier: str = ""
    address: str = ""
    pages: int = 0
    paged: bool = False
    added: bool = False
    verified: bool = False
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Where the text of a study holds the words of a search: the page, 0 where it has none, and an excerpt."""

    page: int
    excerpt: str


@dataclass(frozen=True, slots=True)
class Study:
    """An entry with its name, the text it is found by, and where its text answers a search."""

    id: str
    entry: Entry
    form: str
    passages: tuple[Passage, ...] = ()

    @property
    def title(self) -> dict[str, str]:
        return self.entry.title


@cache
def studies() -> tuple[Study, ...]:
    """Every entry of the package, newest first; DeclarationError names the file and what is wrong in it."""
    entries = []
    for path in sorted(FOLDER.glob("*.yml")):
        entry = load_declaration(path, Entry)
        _check(path.name, entry)
        entries.append(Study(path.stem, entry, _form(entry)))
    return newest_first(entries)


def newest_first(entries: Iterable[Study]) -> tuple[Study, ...]:
    """Entries by their year, the newest first."""
    return tuple(sorted(entries, key=lambda known: (-known.entry.year, known.id)))


def added(name: str, text: str) -> Study:
    """An entry that was added to the installation, from its JSON. Figures that are no longer there are
    left out."""
    entry = msgspec.json.decode(text, type=Entry)
    names = {known.id for known in indicators()}
    entry = msgspec.structs.replace(entry, explains=tuple(e for e in entry.explains if e in names))
    return Study(name, entry, _form(entry))


def study(name: str, among: Iterable[Study]) -> Study:
    """One entry; NotFoundError when there is none of that name."""
    for candidate in among:
        if candidate.id == name:
            return candidate
    raise NotFoundError(refused("no_study", code=name))


def search(
    among: Iterable[Study],
    text: str = "",
    kind: str = "",
    explains: str = "",
    passages: Mapping[str, tuple[Passage, ...]] = MappingProxyType({}),
) -> list[Study]:
    """Entries that hold every word of a text, in any language, themselves or on one of their pages
    (`passages`, by entry), of a kind, about an indicator; those with a word in their title first."""
    words = match_form(text).split()
    matches = [
        replace(entry, passages=passages.get(entry.id, ()))
        for entry in among
        if (entry.id in passages or all(f" {word}" in entry.form for word in words))
        and kind in ("", entry.entry.kind)
        and (not explains or explains in entry.entry.explains)
    ]
    titles = {entry.id: f" {match_form(' '.join(entry.title.values()))}" for entry in matches}
    return sorted(matches, key=lambda entry: -sum(f" {word}" in titles[entry.id] for word in words))


def excerpt(text: str, query: str) -> str:
    """At most `MOST_EXCERPT` letters of a text around the first word that a search asks for."""
    starts = tuple(match_form(query).split())
    words = [word[:_LONGEST] for word in text.split()]
    hits = (i for i, word in enumerate(words) if starts and match_form(word).startswith(starts))
    hit = next(hits, 0)
    start = end = max(0, hit - _BEFORE)
    room = MOST_EXCERPT - 4  # the two signs that it goes on
    while end < len(words) and (end < hit or len(words[end]) < room):
        room -= len(words[end]) + 1
        end += 1
    while room < 0:  # long words before the one that is asked for
        room += len(words[start]) + 1
        start += 1
    cut = " ".join(words[start:end])[: MOST_EXCERPT - 4]
    return f"{'… ' if start else ''}{cut}{' …' if end < len(words) else ''}"


def _form(entry: Entry) -> str:
    texts = [entry.original_title, entry.authors, entry.publisher, str(entry.year), *entry.words]
    for translations in (entry.title, entry.question, entry.method):
        texts += translations.values()
    for theme in entry.themes:
        texts += [*theme.name.values(), *theme.text.values(), *(e.text for e in theme.excerpts)]
    for question in entry.questions:
        texts += question.labels.values()
    for name in entry.explains:
        texts += indicator(name).title.values()
    return f" {match_form(' '.join(texts))}"


def _check(name: str, entry: Entry) -> None:
    where = f"entries/{name}"
    if entry.kind not in KINDS:
        raise DeclarationError(f"{where}: kind is one of {', '.join(KINDS)}, not {entry.kind!r}")
    maps = {"title": entry.title, "question": entry.question, "method": entry.method}
    for i, theme in enumerate(entry.themes, 1):
        maps |= {f"theme {i} name": theme.name, f"theme {i} said": theme.text}
        if theme.people < FEWEST:
            raise DeclarationError(
                f"{where}: theme {i} was told by {theme.people}; at least {FEWEST} are needed, or"
                " someone could be known by it"
            )
        if theme.people > entry.respondents:
            raise DeclarationError(f"{where}: theme {i} was told by more people than were asked")
    for field, text in maps.items():
        if lacking := missing(text):
            raise DeclarationError(f"{where}: {field} lacks {', '.join(lacking)}")
    for known in entry.explains:
        indicator(known)
