"""Finding things by words, and open ads that fit a person."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from fastapi import Query, Request, Response

from marsad.base.declare import load_declaration
from marsad.base.errors import InputError
from marsad.base.labels import Text, pick
from marsad.base.refusals import refused
from marsad.base.settings import site_path
from marsad.products.matching.score import REASONS, WEIGHTS, Seeker
from marsad.publish.http.bodies import body_of
from marsad.publish.read.matching import Pathway, Person
from marsad.publish.read.persons import known_codes
from marsad.publish.read.ranking import RankedAd
from marsad.publish.read.reader import Reader
from marsad.publish.rest.answers import search_body
from marsad.publish.rest.common import Codes, Handlers, Lang, Words, in_language, listed
from marsad.publish.rest.finding_bodies import (
    Labelled,
    MatchBody,
    MatchedAd,
    MatchExplanation,
    MatchList,
    MatchReason,
    PathwayBody,
    PathwayList,
    PathwayPay,
    SearchHits,
)


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    weights: Text
    distance: Text


_WORDS = load_declaration(Path(__file__).with_name("search.yml"), _Words)
WEIGHED = MatchExplanation(WEIGHTS, REASONS, _WORDS.weights)


def match_body(ranked: RankedAd, reader: Reader, language: str) -> MatchBody:
    """An ad that fits, with its reasons in a language."""
    ad = ranked.ad
    shown = {
        **ad,
        "occupation_name": reader.label("occupation", ad["isco08"], language),
        "place_name": reader.label("area", ad["province"] or ad["region"], language),
        "href": site_path(f"/api/v1/ads/{ad['ad_key']}"),
    }
    reasons = (
        MatchReason(r.code, pick(REASONS[r.code], language), r.codes) for r in ranked.match.reasons
    )
    return MatchBody(
        round(ranked.match.score, 4),
        tuple(reasons),
        body_of(MatchedAd, shown),
        ranked.km,
        ranked.beyond,
    )


def _pathway_body(pathway: Pathway, reader: Reader, language: str) -> PathwayBody:
    def named(codes: tuple[str, ...]) -> tuple[Labelled, ...]:
        return tuple(Labelled(c, reader.label("skill", c, language)) for c in codes)

    pay = pathway.pay
    return PathwayBody(
        pathway.path.code,
        reader.label("occupation", pathway.path.code, language),
        round(pathway.path.distance, 4),
        had=named(pathway.had),
        lacking=named(pathway.lacking),
        open_ads=pathway.open,
        trainings=pathway.trainings,
        pay=PathwayPay(pay.median, pay.lower, pay.upper, pay.n, pathway.paid),
        href=site_path(f"/api/v1/occupations/{pathway.path.code}"),
    )


class Finding(Handlers):
    """Search and matching."""

    def search(
        self,
        request: Request,
        q: Words,
        limit: Annotated[int, Query(ge=1, le=20, description="of each kind")] = 5,
        lang: Lang = "",
    ) -> Response:
        """The answer to a question in any language: what was understood, the figures that answer, else why none
        is published and what is nearest, and a few things of the kinds that answer."""
        language = in_language(lang, request)
        if not q.strip():
            raise InputError(refused("search_word", name="q"))

        def body(r: Reader) -> SearchHits:
            return search_body(r, r.answers.answer(q, limit), limit, language)

        return self.respond(request, body)

    def matching(
        self,
        request: Request,
        occupation: Annotated[
            str, Query(pattern=r"^\d{0,4}$", description="ISCO-08", examples=["2411"])
        ] = "",
        skills: Codes = "",
        area: Annotated[str, Query(max_length=20, examples=["MA-06"])] = "",
        realm: Annotated[str, Query(pattern="^(real|synthetic)?$")] = "",
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        lang: Lang = "",
    ) -> Response:
        """Open ads that fit an occupation, skills and a place best, with a score from 0 to 1 and why.

        Weights: occupation 50, skills 35, place 15, of what is said. No cache keeps the answer. Without
        a realm: real ads, or synthetic ones where no real ad is held.
        """
        language = in_language(lang, request)
        criteria = Seeker(occupation, frozenset(listed(skills)), area)

        def body(r: Reader) -> MatchList:
            for code in sorted(criteria.skills):
                if not r.careers.holds(code):
                    raise InputError(refused("no_skill_named", code=code[:80]))
            ranked, weighed = r.matches(criteria, realm or r.careers.realm, limit)
            bodies = tuple(match_body(match, r, language) for match in ranked)
            return MatchList(bodies, weighed, WEIGHED)

        return self.respond(request, body, cacheable=False)

    def pathways(
        self,
        request: Request,
        occupation: Annotated[
            str, Query(pattern=r"^(\d{4})?$", description="ISCO-08, 4 digits", examples=["7212"])
        ] = "",
        skills: Codes = "",
        limit: Annotated[int, Query(ge=1, le=50)] = 10,
        lang: Lang = "",
    ) -> Response:
        """Occupations reachable from an occupation or skills: distance, skills had and lacking, demand, pay.

        The nearest first, of those with open ads. Pay is the median of the ads of the unit group, or of
        its minor group where they are few (`of`), with its 95 % bounds. No cache keeps the answer.
        """
        language = in_language(lang, request)
        known_codes((occupation,), "occupation", "isco08")
        person = Person(tuple(listed(skills)), (), occupation)

        def body(r: Reader) -> PathwayList:
            ways = r.careers.paths(person, limit)
            bodies = tuple(_pathway_body(pathway, r, language) for pathway in ways)
            return PathwayList(bodies, r.careers.synthetic, _WORDS.distance)

        return self.respond(request, body, cacheable=False)
