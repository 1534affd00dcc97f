"""The qualitative library: studies, employers' surveys and interviews, with the pages that answer words."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Request, Response
from msgspec import Struct

from marsad.base.errors import InputError
from marsad.base.labels import Text
from marsad.base.refusals import refused
from marsad.publish.read.library import KINDS, Entry, Passage, Study
from marsad.publish.read.reader import Reader
from marsad.publish.rest.common import Handlers, Words
from marsad.publish.rest.common import Text as QueryText


class PassageBody(Struct, frozen=True):
    """Where a text holds the words: its page, None where the document has no pages, and an excerpt of at most
    300 letters."""

    page: int | None
    excerpt: str


class PartBody(Struct, frozen=True):
    """How many people of an actor, or of a region (an area code), spoke of a theme."""

    dimension: str
    code: str
    people: int


class ThemeBody(Struct, frozen=True):
    """A theme of interviews that at least five people spoke of."""

    name: Text
    text: Text
    people: int
    parts: tuple[PartBody, ...]
    excerpts: tuple[str, ...]


class AskedBody(Struct, frozen=True):
    """A question of a survey; `category` is that of its figures in `opinion_balance`, empty for none, and
    `parts` those of its parts."""

    labels: Text
    answers: tuple[Text, ...]
    category: str
    parts: dict[str, Text]


class StudyBody(Struct, frozen=True):
    """An entry of the library with the passages that answer the words asked."""

    id: str
    kind: str
    title: Text
    original_title: str
    authors: str
    publisher: str
    year: int
    languages: tuple[str, ...]
    question: Text
    method: Text
    explains: tuple[str, ...]
    licence: str
    identifier: str
    address: str
    pages: int
    respondents: int
    themes: tuple[ThemeBody, ...]
    questions: tuple[AskedBody, ...]
    synthetic: bool
    passages: tuple[PassageBody, ...]


class StudyList(Struct, frozen=True):
    """The entries that answer."""

    studies: tuple[StudyBody, ...]
    total: int


def _body(name: str, entry: Entry, passages: tuple[Passage, ...]) -> StudyBody:
    themes = tuple(
        ThemeBody(
            theme.name, theme.text, theme.people,
            tuple(PartBody(part.dimension, part.code, part.people) for part in theme.parts),
            tuple(excerpt.text for excerpt in theme.excerpts),
        )
        for theme in entry.themes
    )  # fmt: skip
    questions = tuple(
        AskedBody(q.labels, tuple(q.answers), q.category, dict(q.parts)) for q in entry.questions
    )
    return StudyBody(
        name, entry.kind, entry.title, entry.original_title, entry.authors, entry.publisher, entry.year,
        entry.languages, entry.question, entry.method, entry.explains, entry.licence, entry.identifier,
        entry.address, entry.pages, entry.respondents, themes, questions, entry.synthetic,
        tuple(PassageBody(p.page or None, p.excerpt) for p in passages),
    )  # fmt: skip


def _listed(study: Study) -> StudyBody:
    return _body(study.id, study.entry, study.passages)


class LibraryLists(Handlers):
    """The library: its entries, and one of them."""

    def studies(
        self,
        request: Request,
        q: Words = "",
        kind: QueryText = "",
        about: Annotated[
            str, Query(max_length=100, description="an indicator that it explains")
        ] = "",
    ) -> Response:
        """Studies, employers' surveys and interviews, by words (of their pages too), kind and indicator."""
        if kind and kind not in KINDS:
            raise InputError(refused("no_kind_of_study", code=kind, known=", ".join(KINDS)))

        def body(r: Reader) -> StudyList:
            if about:
                r.indicator(about)
            rows = tuple(map(_listed, r.library.search(q, kind, about)))
            return StudyList(rows, len(rows))

        return self.respond(request, body, figures=True)

    def study(
        self,
        request: Request,
        name: Annotated[str, Path(description="`id` of an entry", examples=["neet_cese_2024"])],
        q: Words = "",
    ) -> Response:
        """One entry of the library, with the pages of its text that hold the words of `q`."""

        def body(r: Reader) -> StudyBody:
            study = r.library.study(name)
            return _body(study.id, study.entry, r.library.passages(study.id, q))

        return self.respond(request, body, figures=True)
