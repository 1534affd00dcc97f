"""Which ads answer a question: its codes as conditions, its words by what they say and mean."""

from __future__ import annotations

from marsad.base import areas
from marsad.base.codes import codelist, names
from marsad.base.errors import InputError, PlaceError
from marsad.base.fields import Property, properties
from marsad.base.refusals import refused
from marsad.lake.mart import Mart
from marsad.publish.read.model import AdQuery
from marsad.publish.read.questions.read import Question
from marsad.publish.read.search import Finder


def filters() -> dict[str, tuple[str, Property]]:
    """Filter -> the property of an ad that it chooses by, and its declaration."""
    return {p.filter: (name, p) for name, p in properties().items() if p.filter}


def within(code: str) -> AdQuery:
    """The question for the ads of an area; every ad for one that is no region, province or commune.

    NotFoundError for an area that does not exist."""
    level = areas.area(code).level
    return AdQuery(filters={level: code} if level in filters() else {})


def older(name: str) -> str:
    """That a release does not tell a property, in a sentence."""
    return f"This release is of an earlier version, without {name}: run `marsad flow release`."


def check_code(mart: Mart, declared: Property, code: str) -> None:
    """Refuse a code that its list does not hold, for it would read as «no ads»: NotFoundError for an
    area, InputError for others. Any group of a list of groups is a code; a list that is imported
    (skills) is that of the release."""
    if declared.codelist == "area":
        areas.area(code)
    elif declared.codelist in names():
        codes = codelist(declared.codelist)
        prefix = declared.match == "prefix"
        if not (any(c.startswith(code) for c in codes) if prefix else code in codes):
            raise InputError(refused("no_code_listed", code=code, list=declared.codelist))
    elif not mart.rows(
        "select 1 from codes where list = ? and code = ? limit 1", [declared.codelist, code]
    ):
        raise InputError(refused("no_code_listed", code=code, list=declared.codelist))


def _condition(mart: Mart, name: str, declared: Property) -> str:
    """The condition of one filter, with a parameter; PlaceError where a release lacks the column."""
    if declared.type == "list":
        return "ad_key in (select s.ad_key from ad_skills s where s.skill = ?)"
    if not mart.holds("ads", name):
        raise PlaceError(older(name))
    return f"starts_with({name}, ?)" if declared.match == "prefix" else f"{name} = ?"


def conditions(mart: Mart, query: AdQuery) -> tuple[str, list[object]]:
    """The codes of a question as a condition on table ads, with its parameters; InputError for an
    unknown filter or realm."""
    parts, parameters = ["true"], []  # type: tuple[list[str], list[object]]
    known = filters()
    for filter_name, code in query.filters.items():
        if filter_name not in known:
            raise InputError(refused("no_filter", name=filter_name, known=", ".join(known)))
        if code:
            check_code(mart, known[filter_name][1], code)
            if filter_name in areas.LEVELS and areas.area(code).level != filter_name:
                raise InputError(
                    refused("no_code_in", name=filter_name, code=code, list=filter_name)
                )
            parts.append(_condition(mart, *known[filter_name]))
            parameters.append(code)
    if query.among is not None:
        parts.append("ad_key in (select unnest(?::varchar[]))")
        parameters.append(list(query.among))
    if query.realm:
        if query.realm not in ("real", "synthetic"):
            raise InputError(refused("no_realm", code=query.realm, known="real, synthetic"))
        parts.append("synthetic = ?")
        parameters.append(query.realm == "synthetic")
    return " and ".join(parts), parameters


def answering(finder: Finder, question: Question, area: str) -> tuple[str, list[object], str]:
    """The ads that answer a question in an area (empty: anywhere), as a part of a query with its
    parameters and its order: those coded as what the words mean, whatever their language, then those
    that hold the words."""
    keys, region = finder.ad_keys(question), areas.region_of(area)
    chosen = (
        "(select ads.*, coalesce(hit.rank, 1e9) as rank,"
        " isco08 in (select unnest(?::varchar[])) as meant from ads left join"
        " (select unnest(?::varchar[]) as hit_key, generate_subscripts(?::varchar[], 1) as rank)"
        " hit on ads.ad_key = hit.hit_key where (hit.rank is not null or ? = ''"
        " or isco08 in (select unnest(?::varchar[])) or ad_key in"
        " (select s.ad_key from ad_skills s where s.skill = ?))"
        " and (? = '' or region = ? and (? = region or starts_with(?, province))))"
    )
    groups, skill = list(question.groups), finder.skill_named(question)
    coded: list[object] = [groups, keys, keys, question.rest, groups, skill]
    parameters = [*coded, area, region or "", area, area]
    return (
        chosen,
        parameters,
        "meant desc, state = 'open' desc, rank, posted_on desc nulls last, ad_key",
    )
