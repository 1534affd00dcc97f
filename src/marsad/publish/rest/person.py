"""Openings for a person who writes a sentence: what was understood, and what was given up."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import Depends, Request, Response

from marsad.base.distances import located
from marsad.base.errors import InputError
from marsad.base.labels import pick
from marsad.base.refusals import refused
from marsad.products.matching.score import WIDENED, Seeker
from marsad.publish.read.matching import SkillsNamed
from marsad.publish.read.persons import Statement, known_codes, statement
from marsad.publish.read.ranking import Wishes
from marsad.publish.read.reader import Reader
from marsad.publish.rest.common import Handlers, in_language
from marsad.publish.rest.finding_bodies import (
    Labelled,
    MeantOccupation,
    PersonAnswer,
    PersonQuestion,
    Understood,
)
from marsad.publish.rest.search import WEIGHED, match_body

MOST_BYTES = 40_000


async def _question(request: Request) -> PersonQuestion:
    """The JSON sent. InputError: larger than MOST_BYTES, no JSON, an unknown key, a value of another kind."""
    sent = bytearray()
    async for part in request.stream():
        sent += part
        if len(sent) > MOST_BYTES:
            raise InputError(refused("question_large", most=f"{MOST_BYTES:,}"))
    try:
        return msgspec.json.decode(bytes(sent), type=PersonQuestion)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(refused("question_json", why=str(error))) from error


def _read(question: PersonQuestion) -> Statement:
    """What the words say. InputError: nothing said, an unknown code or place, a distance from nowhere."""
    known_codes((question.occupation,), "occupation", "isco08")
    known_codes((question.contract,), "contract", "contract")
    words = (question.text.strip(), question.job.strip(), question.occupation, question.area)
    if not (any(words) or question.skills):
        raise InputError(refused("person_or_sentence"))
    read = statement(question.text, question.job, question.area)
    if question.within_km is not None and not read.area:
        raise InputError(refused("distance_from"))
    return read


def _understood(read: Statement, skills: SkillsNamed, reader: Reader, language: str) -> Understood:
    def labelled(name: str, code: str) -> Labelled | None:
        return Labelled(code, reader.label(name, code, language)) if code else None

    return Understood(
        tuple(
            MeantOccupation(
                meant.code,
                reader.label("occupation", meant.code, language),
                meant.score,
                meant.words,
            )
            for meant in read.read.occupations
        ),
        tuple(Labelled(code, reader.label("skill", code, language)) for code in skills),
        labelled("area", read.area),
        read.read.years,
        labelled("diploma", read.read.level),
        read.read.language,
        tuple(Labelled(note.code, note.text(language)) for note in read.notes),
    )


class PersonMatching(Handlers):
    """Matching for one person."""

    def person(
        self, request: Request, question: Annotated[PersonQuestion, Depends(_question)]
    ) -> Response:
        """What a person's sentence means, and openings of that trade: nearest first, what was given up told.

        Nothing that is sent is kept, cached or logged. An unknown area, code or key is an error.
        """
        language = in_language(question.lang, request)
        read = _read(question)

        def body(r: Reader) -> PersonAnswer:
            for code in question.skills:
                if not r.careers.holds(code):
                    raise InputError(refused("no_skill_named", code=code[:80]))
            skills = tuple(dict.fromkeys((*question.skills, *r.careers.skills_named(read.held))))
            understood = _understood(read, skills, r, language)
            if question.occupation:
                given = MeantOccupation(
                    question.occupation,
                    r.label("occupation", question.occupation, language),
                    1.0,
                    (),
                )
                others = (meant for meant in understood.occupations if meant.code != given.code)
                understood = msgspec.structs.replace(understood, occupations=(given, *others))
            criteria = Seeker(
                question.occupation or read.occupation, frozenset(skills), located(read.area)
            )
            if not (criteria.occupation or criteria.skills or criteria.area):
                return PersonAnswer(understood, (), (), 0, WEIGHED)
            years = read.read.years if question.experience is None else question.experience
            wishes = Wishes(question.within_km, question.contract, years)
            shortlist = r.openings_for(
                criteria, wishes, question.realm or r.careers.realm, question.limit
            )
            return PersonAnswer(
                understood,
                tuple(match_body(ranked, r, language) for ranked in shortlist.ads),
                tuple(Labelled(code, pick(WIDENED[code], language)) for code in shortlist.widened),
                shortlist.weighed,
                WEIGHED,
            )

        return self.respond(request, body, cacheable=False)
