"""The qualitative library: studies, employer surveys and themes of interviews, each declared in a file
and tied to the figures that it helps to read.

An entry says what was asked and how, in our own words in three languages; it quotes no finding that
is not checked (`verified`). Interviews are entered as themes with how many people spoke of them, never
as words that could tell who spoke.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from marsad.base.declare import load_declaration
from marsad.base.errors import DeclarationError, NotFoundError
from marsad.base.labels import missing
from marsad.base.refusals import refused
from marsad.base.text import match_form
from marsad.products.declare import indicator

FOLDER = Path(__file__).parent / "entries"
KINDS = ("study", "employer_survey", "interviews")
FEWEST = 5
"""People who must have spoken of a theme for it to be shown."""


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme of interviews: its name, what was said in other words, by how many of those asked."""

    name: dict[str, str]
    text: dict[str, str] = msgspec.field(name="said")
    people: int


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entry as declared. `explains` are ids of indicators, `words` other words to find it by."""

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
    verified: bool = False
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Study:
    """An entry with its name and the text it is found by."""

    id: str
    entry: Entry
    form: str

    @property
    def title(self) -> dict[str, str]:
        return self.entry.title


@cache
def studies() -> tuple[Study, ...]:
    """Every entry, newest first; DeclarationError names the file and what is wrong in it."""
    entries = []
    for path in sorted(FOLDER.glob("*.yml")):
        entry = load_declaration(path, Entry)
        _check(path.name, entry)
        entries.append(Study(path.stem, entry, _form(entry)))
    return tuple(sorted(entries, key=lambda known: (-known.entry.year, known.id)))


def study(name: str) -> Study:
    """One entry; NotFoundError when there is none of that name."""
    for candidate in studies():
        if candidate.id == name:
            return candidate
    raise NotFoundError(refused("no_study", code=name))


def search(text: str = "", kind: str = "", explains: str = "") -> list[Study]:
    """Entries that hold every word of a text, in any language, of a kind, about an indicator; those
    with a word in their title first."""
    words = match_form(text).split()
    matches = [
        entry
        for entry in studies()
        if all(f" {word}" in entry.form for word in words)
        and kind in ("", entry.entry.kind)
        and (not explains or explains in entry.entry.explains)
    ]
    titles = {entry.id: f" {match_form(' '.join(entry.title.values()))}" for entry in matches}
    return sorted(matches, key=lambda entry: -sum(f" {word}" in titles[entry.id] for word in words))


def _form(entry: Entry) -> str:
    texts = [entry.original_title, entry.authors, entry.publisher, str(entry.year), *entry.words]
    for translations in (entry.title, entry.question, entry.method):
        texts += translations.values()
    for theme in entry.themes:
        texts += [*theme.name.values(), *theme.text.values()]
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
