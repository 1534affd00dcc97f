"""Areas, occupations, skills and trainings: lists to page through, and one of each."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response

from marsad.base import areas, codes
from marsad.base.errors import NotFoundError
from marsad.base.labels import pick
from marsad.publish.read.lookups import Row, level_of, named
from marsad.publish.read.lookups import occupations as jobs
from marsad.publish.read.reader import DataQuery, Reader
from marsad.publish.rest.common import Cursor, Handlers, Text, Words, in_language

Limit = Annotated[int, Query(ge=1, le=500)]
_LEVELS = "^(major|sub_major|minor|unit)?$"


def _skill_shares(reader: Reader, dimension: str, code: str) -> list[Row]:
    """Published shares of ads that ask for skills, of the newest period of each survey."""
    query = DataQuery("skills_asked", {dimension: (code,)}, latest=True, limit=200)
    texts = codes.codelist("isco08") if dimension == "category" else reader.lookups.skills
    other = "occupation" if dimension == "category" else "category"
    rows = [v for v in reader.data(query).rows if v.value is not None]
    newest: dict[str, str] = {}
    for v in rows:
        newest[v.survey] = max(v.period, newest.get(v.survey, ""))
    current = (v for v in rows if v.period == newest[v.survey])
    return [
        {
            other: getattr(v, other),
            "name": dict(texts.get(getattr(v, other), {})),
            "share": v.value,
            "lower": v.lower,
            "upper": v.upper,
            "unit": v.unit,
            "period": v.period,
            "survey": v.survey,
            "synthetic": v.synthetic,
        }
        for v in sorted(current, key=lambda v: -(v.value or 0.0))
    ]


def _area(code: str) -> dict[str, Any]:
    area = areas.area(code)
    return {"code": area.code, "level": area.level, "name": dict(area.name)}


def _occupation(code: str, texts: Any) -> dict[str, Any]:
    return {"code": code, "level": level_of(code), "name": dict(texts[code])}


class Lists(Handlers):
    """One area; occupations, skills and trainings."""

    def area(self, request: Request, code: Annotated[str, Path(examples=["MA-06"])]) -> Response:
        """One area: its names, what it lies in and what lies in it, and the indicators with values there."""

        def body(r: Reader) -> object:
            area = areas.area(code)
            return {
                **_area(code),
                "hcp_code": area.hcp_code,
                "population_2024": area.population_2024,
                "parent": _area(area.parent) if area.parent else None,
                "children": [_area(child.code) for child in areas.children(code)],
                "indicators": r.lookups.area_indicators(code),
            }

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
        texts = codes.codelist("isco08")

        def rows(_: Reader, at: int) -> tuple[list[object], int]:
            groups = [code for code in jobs().find(q) if level in ("", level_of(code))]
            return [_occupation(code, texts) for code in groups[at : at + limit]], len(groups)

        return self.paged(request, "occupations", rows, cursor)

    def occupation(
        self, request: Request, code: Annotated[str, Path(examples=["2411"])]
    ) -> Response:
        """One occupation group: its ads, the skills asked, and the skills that ESCO holds essential."""
        texts = codes.codelist("isco08")

        def body(r: Reader) -> object:
            if code not in texts or not code.isdecimal():
                raise NotFoundError(f"There is no occupation group {code!r} in ISCO-08.")
            below = [c for c in texts if c.startswith(code) and len(c) == len(code) + 1]
            needed = r.lookups.essential(code)
            return {
                **_occupation(code, texts),
                "parents": [_occupation(code[:n], texts) for n in range(1, len(code))],
                "children": [_occupation(c, texts) for c in below],
                "ads": r.lookups.ads_of(code),
                "skills_asked": _skill_shares(r, "occupation", code),
                "essential_skills": [
                    {**named([row["skill"]], r.lookups.skills)[0], "esco": row["esco"]}
                    for row in needed
                ],
            }

        return self.respond(request, body)

    def skills(
        self, request: Request, q: Words = "", cursor: Cursor = "", limit: Limit = 100
    ) -> Response:
        """Skills by words, with labels in three languages."""

        def rows(r: Reader, at: int) -> tuple[list[Row], int]:
            matching = r.lookups.skill_words.find(q)
            return named(matching[at : at + limit], r.lookups.skills), len(matching)

        return self.paged(request, "skills", rows, cursor)

    def skill(
        self,
        request: Request,
        code: Annotated[str, Path(examples=["1973c966-f236-40c9-b2d4-5d71a89019be"])],
    ) -> Response:
        """One skill: the ads that name it, the occupations that ask for it or need it."""

        def body(r: Reader) -> object:
            skill = r.lookups.skill(code)
            return {**skill, "asked_in": _skill_shares(r, "category", code)}

        return self.respond(request, body)

    def trainings(
        self,
        request: Request,
        q: Words = "",
        field: Annotated[str, Query(pattern=r"^\d{0,4}$", description="ISCED-F 2013")] = "",
        region: Text = "",
        cursor: Cursor = "",
        limit: Limit = 50,
        lang: Text = "en",
    ) -> Response:
        """Trainings by words, field of education and region (or province)."""
        caveats = {"synthetic": pick(codes.codelist("caveat")["synthetic"], in_language(lang))}

        def rows(r: Reader, at: int) -> tuple[list[Row], int]:
            return r.lookups.trainings(q, field, region, limit, at)

        return self.paged(request, "trainings", rows, cursor, caveats=caveats)

    def training(
        self,
        request: Request,
        identifier: Annotated[str, Path(description="`training` of a training")],
    ) -> Response:
        """One training with its field, occupation and province, and the words they rest on."""

        def body(r: Reader) -> object:
            training = r.lookups.training(identifier)
            field = codes.codelist("isced_f").get(training["isced_f"], {})
            job = codes.codelist("isco08").get(training["isco08"], {})
            place = areas.areas().get(training["province"] or training["region"])
            return {
                **training,
                "field_name": dict(field),
                "occupation_name": dict(job),
                "place_name": dict(place.name) if place else {},
            }

        return self.respond(request, body)
