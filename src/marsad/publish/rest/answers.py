"""The answer to a question as the API gives it."""

from __future__ import annotations

from marsad.base.labels import pick
from marsad.base.settings import site_path
from marsad.products.declare import DIMENSIONS, indicator
from marsad.publish.read import search
from marsad.publish.read.answers import Answer
from marsad.publish.read.model import AdQuery, Widened
from marsad.publish.read.questions.figures import Figure
from marsad.publish.read.questions.read import Question
from marsad.publish.read.questions.vocabulary import services
from marsad.publish.read.reader import Reader
from marsad.publish.read.search import Hit
from marsad.publish.read.trust import is_computed
from marsad.publish.rest.finding_bodies import (
    FigureBody,
    Labelled,
    NotPublished,
    QuestionBody,
    SearchHit,
    SearchHits,
    WidenedBody,
)

_PARTS = [d for d in DIMENSIONS if d not in ("freq", "area", "survey")]


def search_body(reader: Reader, answer: Answer, limit: int, language: str) -> SearchHits:
    """An answer with its ads, in a language."""
    widened = widened_body(answer.widened, "figures")
    if answer.trainings:
        widened += widened_body(answer.trainings.widened, "trainings")
    ads: tuple[SearchHit, ...] = ()
    if search.shows_ads(answer.question):
        page = reader.search_ads(AdQuery(answer.question.text, size=limit))
        widened += widened_body(page.widened, "ads")
        ads = tuple(
            SearchHit(ad.key, ad.title, ad.synthetic, site_path(f"/api/v1/ads/{ad.key}"))
            for ad in page.ads[:limit]
        )
    gap = None
    if answer.reason:
        near = tuple(_figure(f, reader, language) for f in answer.nearest)
        gap = NotPublished(pick(answer.reason, language), near)
    hits = {
        kind: tuple(_hit(hit, language) for hit in of_kind) for kind, of_kind in answer.hits.items()
    }
    return SearchHits(
        answer.question.text,
        question_body(answer.question, reader, language),
        tuple(_figure(f, reader, language) for f in answer.figures),
        gap,
        widened,
        ads=ads,
        **hits,
    )


def widened_body(widened: tuple[Widened, ...], of: str) -> tuple[WidenedBody, ...]:
    """What was given up of a question for a list (figures, trainings or ads)."""
    return tuple(WidenedBody(of, w.dimension, w.given, w.used) for w in widened)


def question_body(question: Question, reader: Reader, language: str) -> QuestionBody:
    """What words were read as."""
    return QuestionBody(
        question.kind, question.indicator, question.dimensions,
        tuple(Labelled(c, reader.label("occupation", c, language)) for c in question.groups),
        question.area, reader.label("area", question.area, language) if question.area else "",
        question.period, question.filters, question.concept, question.rest, question.unread,
    )  # fmt: skip


def _hit(hit: Hit, language: str) -> SearchHit:
    path = f"/api/v1/{hit.kind}/{hit.code}"
    if hit.kind == "services":
        path = f"/{language}{services()[hit.code].path}"
    return SearchHit(hit.code, pick(hit.name, language), hit.synthetic, site_path(path))


def _figure(figure: Figure, reader: Reader, language: str) -> FigureBody:
    row = figure.value
    parts = {name: code for name in _PARTS if (code := getattr(row, name)) != "_T"}
    chosen = "&".join(f"{name}={code}" for name, code in {"area": row.area, **parts}.items())
    return FigureBody(
        row.indicator, pick(indicator(row.indicator).title, language),
        row.area, reader.label("area", row.area, language), row.period, parts,
        row.value, row.lower, row.upper, row.unit,
        row.survey, reader.label("survey", row.survey, language), row.source, row.source_date,
        row.reliability, row.synthetic, is_computed(indicator(row.indicator), row), figure.without, site_path(f"/api/v1/indicators/{row.indicator}/data?{chosen}"),
    )  # fmt: skip
