"""Finding things by words, and open ads that fit a person."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request, Response

from marsad.base.errors import InputError
from marsad.base.labels import pick
from marsad.products.matching.score import REASONS, WEIGHTS, Seeker
from marsad.publish.read.matching import Pathway, Person
from marsad.publish.read.ranking import RankedAd
from marsad.publish.read.reader import AdQuery, Reader
from marsad.publish.rest.common import Codes, Handlers, Text, Words, in_language, listed

_WEIGHED = {
    "weights": WEIGHTS,
    "reasons": REASONS,
    "said": {
        "ar": "تجمع النتيجة بين المهنة والمهارات والمكان بحسب هذه الأوزان، ولا يحسب إلا ما ذكرته. لا شيء عنك"
        " يحفظ.",
        "fr": "Le score joint métier, compétences et lieu selon ces poids; seul compte ce que vous dites."
        " Rien de vous n’est gardé.",
        "en": "The score joins occupation, skills and place by these weights; only what you say counts."
        " Nothing about you is kept.",
    },
}


def _match_body(ranked: RankedAd, reader: Reader, language: str) -> dict[str, Any]:
    ad = ranked.ad
    return {
        "score": round(ranked.match.score, 4),
        "reasons": [
            {"code": r.code, "name": pick(REASONS[r.code], language), "codes": r.codes}
            for r in ranked.match.reasons
        ],
        "ad": {
            **ad,
            "occupation_name": reader.label("occupation", ad["isco08"], language),
            "place_name": reader.label("area", ad["province"] or ad["region"], language),
            "href": f"/api/v1/ads/{ad['ad_key']}",
        },
    }


_DISTANCE = {
    "ar": "المسافة حصة المهارات المعتادة الناقصة، من 0 إلى 1؛ ولا تدخل فيها الشهادات التي يفرضها القانون.",
    "fr": "La distance est la part des compétences habituelles qui manquent, de 0 à 1; les diplômes exigés"
    " par la loi n’y sont pas.",
    "en": "The distance is the share of usual skills that are lacking, from 0 to 1; diplomas that the law"
    " asks are not in it.",
}


def _pathway_body(pathway: Pathway, reader: Reader, language: str) -> dict[str, Any]:
    def named(codes: tuple[str, ...]) -> list[dict[str, str]]:
        return [{"code": c, "name": reader.label("skill", c, language)} for c in codes]

    return {
        "occupation": pathway.path.code,
        "name": reader.label("occupation", pathway.path.code, language),
        "distance": round(pathway.path.distance, 4),
        "had": named(pathway.had),
        "lacking": named(pathway.lacking),
        "open_ads": pathway.open,
        "trainings": pathway.trainings,
        "pay": {
            "median_mad_month": pathway.pay.median,
            "lower": pathway.pay.lower,
            "upper": pathway.pay.upper,
            "ads": pathway.pay.n,
            "of": pathway.paid,
        },
        "href": f"/api/v1/occupations/{pathway.path.code}",
    }


class Finding(Handlers):
    """Search and matching."""

    def search(
        self,
        request: Request,
        q: Words,
        limit: Annotated[int, Query(ge=1, le=20, description="of each kind")] = 5,
        lang: Text = "en",
    ) -> Response:
        """A few occupations, skills, areas, trainings, indicators and ads for words in any language."""
        language = in_language(lang)
        if not q.strip():
            raise InputError("q must hold a word")

        def body(r: Reader) -> object:
            ads = r.search_ads(AdQuery(q, size=limit))
            return {
                "q": q,
                **{
                    kind: [
                        {"code": h.code, "name": pick(h.name, language), "synthetic": h.synthetic,
                         "href": f"/api/v1/{kind}/{h.code}"} for h in hits
                    ]
                    for kind, hits in r.finder.hits_by_kind(q, limit).items()
                },
                "ads": [
                    {"code": ad.key, "name": ad.title, "synthetic": ad.synthetic,
                     "href": f"/api/v1/ads/{ad.key}"} for ad in ads.ads[:limit]
                ],
            }  # fmt: skip

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
        lang: Text = "en",
    ) -> Response:
        """Open ads that fit an occupation, skills and a place best, with a score from 0 to 1 and why.

        Weights: occupation 50, skills 35, place 15, of what is said. No cache keeps the answer.
        """
        language = in_language(lang)
        criteria = Seeker(occupation, frozenset(listed(skills)), area)

        def body(r: Reader) -> object:
            ranked, weighed = r.matches(criteria, realm, limit)
            bodies = [_match_body(match, r, language) for match in ranked]
            return {"matches": bodies, "weighed": weighed, "explanation": _WEIGHED}

        return self.respond(request, body, cacheable=False)

    def pathways(
        self,
        request: Request,
        occupation: Annotated[
            str, Query(pattern=r"^(\d{4})?$", description="ISCO-08, 4 digits", examples=["7212"])
        ] = "",
        skills: Codes = "",
        limit: Annotated[int, Query(ge=1, le=50)] = 10,
        lang: Text = "en",
    ) -> Response:
        """Occupations reachable from an occupation or skills: distance, skills had and lacking, demand, pay.

        The nearest first, of those with open ads. Pay is the median of the ads of the unit group, or of
        its minor group where they are few (`of`), with its 95 % bounds. No cache keeps the answer.
        """
        language = in_language(lang)
        person = Person(tuple(listed(skills)), (), occupation)

        def body(r: Reader) -> object:
            ways = r.careers.paths(person, limit)
            return {
                "pathways": [_pathway_body(pathway, r, language) for pathway in ways],
                "synthetic": r.careers.synthetic,
                "explanation": _DISTANCE,
            }

        return self.respond(request, body, cacheable=False)
