"""Ads of a release: searched, one by one, and in the order in which they changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import cached_property

from marsad.base.errors import InputError, NotFoundError
from marsad.base.fields import properties
from marsad.base.records import Row
from marsad.base.refusals import refused
from marsad.lake.mart import Mart
from marsad.publish.read.ad_filters import answering, conditions
from marsad.publish.read.model import (
    MOST_ADS,
    MOST_CHANGES,
    Ad,
    AdDetail,
    AdPage,
    AdQuery,
    Change,
    Coded,
    Place,
    Widened,
)
from marsad.publish.read.questions.read import ADS, Question
from marsad.publish.read.rows import codes_of, flags_of, pay_of, years_of
from marsad.publish.read.search import Finder
from marsad.publish.read.trainings import widening

_PLAIN = (
    "title", "company", "place_text", "text", "board", "url", "posted_on", "deadline_on",
    "last_seen_on", "state", "esco", "copies", "synthetic",
)  # fmt: skip
"""What an ad is given as it stands in its row."""


_STATES = ("open", "unknown", "closed")


def facets() -> tuple[str, ...]:
    """The columns of table ads that are counted beside a search."""
    return (*(p.facet for p in properties().values() if p.facet), "realm")


def _readings(question: Question) -> Iterator[tuple[str, dict[str, str]]]:
    """The place and filters of a question, then with less of them: wider places first, then without its
    filters, as long as something of the question is left."""
    for narrow in (question.filters, {}) if question.filters else ({},):
        for area in widening(question.area):
            if area or narrow or question.rest or not (question.area or question.filters):
                yield area, narrow


class Ads:
    """The ads of one release."""

    def __init__(self, mart: Mart, finder: Finder) -> None:
        self._mart, self._finder = mart, finder

    def search(self, query: AdQuery) -> AdPage:
        """One page of ads, best first for a text, else newest first; facets count all of them.

        What a text asks of place and contract is given up, one after the other, where no ad answers it
        whole, or where a filter that was chosen says otherwise; what was chosen never is."""
        if query.size > MOST_ADS:
            raise InputError(refused("most_rows", name="size", most=str(MOST_ADS)))
        if not query.text.strip():
            return self._page(query, ("ads", [], "posted_on desc nulls last, ad_key"))
        question = self._finder.question(query.text, ADS)
        for area, narrow in _readings(question):
            held = {**narrow, **{n: c for n, c in query.filters.items() if c}}
            narrowed = replace(query, filters=held)
            page = self._page(narrowed, answering(self._finder, question, area))
            if page.total:
                break
        else:
            area, held = question.area, question.filters
        words = question.filters.items()
        widened = [Widened(n, c, held.get(n, "")) for n, c in words if held.get(n) != c]
        widened += [Widened("area", question.area, area)] if area != question.area else []
        return replace(page, query=query, question=question, widened=tuple(widened))

    def _page(self, query: AdQuery, answer: tuple[str, list[object], str]) -> AdPage:
        where, parameters = conditions(self._mart, query)
        chosen, text_parameters, order = answer
        parameters = [*text_parameters, *parameters]
        size = max(1, query.size)
        rows = self._mart.rows(
            f"select * from {chosen} where {where} order by {order} limit ? offset ?",
            [*parameters, size, size * (max(1, query.page) - 1)],
        )
        columns = [name for name in facets() if self._mart.holds("ads", name)]
        counts = self._mart.rows(
            f"select {', '.join(columns)}, count(*) as n from {chosen} where {where}"
            " group by all order by all",
            parameters,
        )
        facet_counts: dict[str, dict[str, int]] = {name: {} for name in columns}
        for row in counts:
            for name in columns:
                if code := row[name]:
                    facet_counts[name][code] = facet_counts[name].get(code, 0) + row["n"]
        total = sum(row["n"] for row in counts)
        return AdPage(query, tuple(self._ads(rows)), total, facet_counts)

    def ad(self, key: str) -> AdDetail:
        """One ad by its public key, or the one into which that was folded; NotFoundError when it is not
        published."""
        rows = self._mart.rows("select * from ads where ad_key = ?", [key])
        if not rows and self._mart.holds("ad_copies"):
            sql = "select * from ads where ad_key in (select ad_key from ad_copies where copy_key = ?)"
            rows = self._mart.rows(sql, [key])
        if not rows:
            raise NotFoundError(refused("no_ad", code=key))
        (ad,) = self._ads(rows)
        return replace(self._detail(ad), places=self._places(ad))

    def _places(self, ad: Ad) -> tuple[Place, ...]:
        """Every place where the opening of an ad stands or stood: open ones first, then its own."""
        if not self._mart.holds("ad_states"):  # of an earlier version
            return (Place(ad.board, ad.url, ad.state, ad.last_seen_on),)
        sql = "select board, url, state, last_seen_on from ad_copies where ad_key = ? order by last_seen_on desc nulls last, copy_key"
        (own,) = self._mart.rows(
            "select own_state, own_seen_on from ad_states where ad_key = ?", [ad.key]
        )
        first = Place(ad.board, ad.url, own["own_state"], own["own_seen_on"])
        places = [first, *(Place(**row) for row in self._mart.rows(sql, [ad.key]))]
        return tuple(sorted(places, key=lambda place: _STATES.index(place.state)))

    def _detail(self, ad: Ad) -> AdDetail:
        """An ad with the essential skills of its ESCO occupation that it does not say."""
        values = {f.name: getattr(ad, f.name) for f in fields(Ad)}
        skills = {skill.code for skill in ad.skills}
        essential = self._essential_skills.get(ad.esco, ()) if ad.esco else ()
        usual = tuple(skill for skill in essential if skill not in skills)
        return AdDetail(**values, usual_skills=usual)

    @cached_property
    def _essential_skills(self) -> Mapping[str, tuple[str, ...]]:
        """ESCO occupation -> the skills that ESCO holds essential for it, of those that ads ask for."""
        if not self._mart.holds("occupation_skills"):
            return {}
        rows = self._mart.rows(
            "select occupation, list(skill order by skill) as skills from occupation_skills"
            " where essential group by occupation"
        )
        return {row["occupation"]: tuple(row["skills"]) for row in rows}

    def _ads(self, rows: Sequence[Row]) -> Iterator[Ad]:
        """Rows of table ads as ads, with their skills: one question for all of them."""
        skills: dict[str, list[Coded]] = {}
        keys = [row["ad_key"] for row in rows]
        sql = "select * from ad_skills where ad_key in (select unnest(?::varchar[])) order by score desc, skill"
        for skill_row in self._mart.rows(sql, [keys]) if keys else ():
            skill = Coded(skill_row["skill"], skill_row["score"], skill_row["evidence"])
            skills.setdefault(skill_row["ad_key"], []).append(skill)
        for row in rows:
            yield Ad(
                key=row["ad_key"],
                codes=codes_of(row),
                skills=tuple(skills.get(row["ad_key"], ())),
                experience_years=years_of(row),
                pay=pay_of(row),
                positions=row.get("positions"),
                flags=flags_of(row),
                **{name: row[name] for name in _PLAIN},
            )

    def changes(
        self, after: int = 0, limit: int = 100, kinds: Sequence[str] = ()
    ) -> tuple[Change, ...]:
        """The changes after a cursor, oldest first, each with its ad as published now."""
        if limit > MOST_CHANGES:
            raise InputError(refused("most_rows", name="limit", most=str(MOST_CHANGES)))
        rows = self._mart.rows(
            "select seq, changed_at, kind, subject, release from changes"
            " where seq > ? and (len(?::varchar[]) = 0 or kind in (select unnest(?::varchar[])))"
            " order by seq limit ?",
            [after, list(kinds), list(kinds), max(1, limit)],
        )
        keys = [row["subject"] for row in rows if row["kind"] in ("new", "changed")]
        sql = "select * from ads where ad_key in (select unnest(?::varchar[]))"
        published = {
            ad.key: self._detail(ad)
            for ad in self._ads(self._mart.rows(sql, [keys]) if keys else [])
        }
        return tuple(
            Change(**row, ad=published.get(row["subject"]) if row["kind"] != "closed" else None)
            for row in rows
        )
