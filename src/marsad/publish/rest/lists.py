"""Areas, occupations, skills and trainings: lists to page through, and one of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeVar

from fastapi import Path, Query, Request, Response

from marsad.base import areas, codes
from marsad.base.errors import InputError, NotFoundError
from marsad.base.labels import Text, pick
from marsad.base.refusals import refused
from marsad.publish.http.bodies import body_of
from marsad.publish.read.lookups import level_of
from marsad.publish.read.lookups import occupations as jobs
from marsad.publish.read.reader import DataQuery, Reader
from marsad.publish.rest.answers import question_body, widened_body
from marsad.publish.rest.bodies import (
    AreaDetail,
    AreaIndicator,
    Caveats,
    EssentialSkill,
    Named,
    NamedLevel,
    OccupationDetail,
    OccupationList,
    OccupationShare,
    RealmCounts,
    SkillDetail,
    SkillList,
    SkillShare,
    TrainingBody,
    TrainingDetail,
    TrainingList,
)
from marsad.publish.rest.common import Cursor, Handlers, Lang, Linked, Words, in_language
from marsad.publish.rest.common import Text as QueryText
from marsad.publish.rest.cursor import following, offset

Limit = Annotated[int, Query(ge=1, le=500)]
_LEVELS = "^(major|sub_major|minor|unit)?$"


S = TypeVar("S", SkillShare, OccupationShare)


def _skill_shares(reader: Reader, dimension: str, code: str, kind: type[S]) -> tuple[S, ...]:
    """Published shares of ads that ask for skills, of the newest period of each survey."""
    query = DataQuery("skills_asked", {dimension: (code,)}, latest=True, limit=200)
    texts = codes.codelist("isco08") if dimension == "category" else reader.lookups.skills
    other = "occupation" if dimension == "category" else "category"
    rows = [v for v in reader.data(query).rows if v.value is not None]
    newest: dict[str, str] = {}
    for v in rows:
        newest[v.survey] = max(v.period, newest.get(v.survey, ""))
    current = (v for v in rows if v.period == newest[v.survey])
    return tuple(
        kind(
            getattr(v, other), texts.get(getattr(v, other), {}), v.value, v.lower, v.upper, v.unit,
            v.period, v.survey, v.synthetic,
        )
        for v in sorted(current, key=lambda v: -(v.value or 0.0))
    )  # fmt: skip


def _area(code: str) -> NamedLevel:
    area = areas.area(code)
    return NamedLevel(area.code, area.level, area.name)


def _occupation(code: str) -> NamedLevel:
    return NamedLevel(code, level_of(code), codes.codelist("isco08")[code])


def _named(code: str, texts: Mapping[str, Text]) -> Named:
    return Named(code, texts.get(code, {}))


class Lists(Handlers):
    """One area; occupations, skills and trainings."""

    def area(self, request: Request, code: Annotated[str, Path(examples=["MA-06"])]) -> Response:
        """One area: its names, what it lies in and what lies in it, and the indicators with values there."""

        def body(r: Reader) -> AreaDetail:
            area = areas.area(code)
            return AreaDetail(
                area.code,
                area.level,
                area.name,
                area.hcp_code,
                area.population_2024,
                parent=_area(area.parent) if area.parent else None,
                children=tuple(_area(child.code) for child in areas.children(code)),
                indicators=tuple(AreaIndicator(**row) for row in r.lookups.area_indicators(code)),
            )

        return self.respond(request, body)

    def occupations(
        self,
        request: Request,
        q: Words = "",
        level: Annotated[str, Query(pattern=_LEVELS)] = "",
        cursor: Cursor = "",
        limit: Limit = 100,
    ) -> Response:
        """Occupation groups of ISCO-08 by words or code, with labels in three languages."""

        def rows(_: Reader, at: int) -> tuple[list[NamedLevel], int]:
            groups = [code for code in jobs().find(q) if level in ("", level_of(code))]
            return [_occupation(code) for code in groups[at : at + limit]], len(groups)

        return self.paged(request, rows, cursor, OccupationList)

    def occupation(
        self, request: Request, code: Annotated[str, Path(examples=["2411"])]
    ) -> Response:
        """One occupation group: its ads, the skills asked, and the skills that ESCO holds essential."""
        texts = codes.codelist("isco08")

        def body(r: Reader) -> OccupationDetail:
            if code not in texts or not code.isdecimal():
                raise NotFoundError(refused("no_occupation_group", code=code))
            below = [c for c in texts if c.startswith(code) and len(c) == len(code) + 1]
            needed = r.lookups.essential(code)
            return OccupationDetail(
                code,
                level_of(code),
                texts[code],
                parents=tuple(_occupation(code[:n]) for n in range(1, len(code))),
                children=tuple(_occupation(c) for c in below),
                ads=RealmCounts(**r.lookups.ads_of(code)),
                skills_asked=_skill_shares(r, "occupation", code, SkillShare),
                essential_skills=tuple(
                    EssentialSkill(
                        row["skill"], r.lookups.skills.get(row["skill"], {}), tuple(row["esco"])
                    )
                    for row in needed
                ),
            )

        return self.respond(request, body)

    def skills(
        self, request: Request, q: Words = "", cursor: Cursor = "", limit: Limit = 100
    ) -> Response:
        """Skills by words, with labels in three languages."""

        def rows(r: Reader, at: int) -> tuple[list[Named], int]:
            matching, texts = r.lookups.skill_words.find(q), r.lookups.skills
            return [_named(code, texts) for code in matching[at : at + limit]], len(matching)

        return self.paged(request, rows, cursor, SkillList)

    def skill(
        self,
        request: Request,
        code: Annotated[str, Path(examples=["1973c966-f236-40c9-b2d4-5d71a89019be"])],
    ) -> Response:
        """One skill: the ads that name it, the occupations that ask for it or need it."""

        def body(r: Reader) -> SkillDetail:
            skill = r.lookups.skill(code)
            return SkillDetail(
                code,
                skill["name"],
                RealmCounts(**skill["ads"]),
                tuple(skill["essential_for"]),
                _skill_shares(r, "category", code, OccupationShare),
            )

        return self.respond(request, body)

    def trainings(
        self,
        request: Request,
        q: Words = "",
        field: Annotated[str, Query(pattern=r"^\d{0,4}$", description="ISCED-F 2013")] = "",
        region: QueryText = "",
        cursor: Cursor = "",
        limit: Limit = 50,
        lang: Lang = "",
    ) -> Response:
        """Trainings by words, field of education and region (or province)."""
        language = in_language(lang, request)
        caveats = Caveats(pick(codes.codelist("caveat")["synthetic"], language))
        if field and not any(c.startswith(field) for c in codes.codelist("isced_f")):
            raise InputError(refused("no_field", code=field))

        def body(r: Reader) -> Linked:
            release = r.release().id
            at = offset(cursor, request, release)
            question = r.finder.question(q, "trainings") if q.strip() else None
            page = r.trainings.search(question, field, region, limit, at)
            end = at + len(page.rows)
            more = following(request, release, end) if page.rows and end < page.total else None
            read = question_body(question, r, language) if question else None
            courses = tuple(TrainingBody(**row) for row in page.rows)
            widened = widened_body(page.widened, "trainings")
            return Linked(TrainingList(caveats, read, widened, courses, page.total, more), more)

        return self.respond(request, body)

    def training(
        self,
        request: Request,
        identifier: Annotated[str, Path(description="`training` of a training")],
    ) -> Response:
        """One training with its field, occupation and province, and the words they rest on."""

        def body(r: Reader) -> TrainingDetail:
            training = r.lookups.training(identifier)
            field = codes.codelist("isced_f").get(training["isced_f"], {})
            job = codes.codelist("isco08").get(training["isco08"], {})
            place = areas.areas().get(training["province"] or training["region"])
            names = {
                "field_name": field,
                "occupation_name": job,
                "place_name": place.name if place else {},
            }
            return body_of(TrainingDetail, {**training, **names})

        return self.respond(request, body)
