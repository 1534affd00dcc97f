"""What is known of one area, occupation, skill or training, and finding them by their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property

from rapidfuzz import fuzz, process

from marsad.base import areas, codes
from marsad.base.errors import NotFoundError
from marsad.base.labels import Text
from marsad.base.records import Row
from marsad.base.refusals import refused
from marsad.base.text import match_form
from marsad.lake.mart import Mart
from marsad.products import declare

TRAINING = (
    "training", "title", "provider", "level", "mode", "places", "hours", "months", "year",
    "conditions", "fees", "leavers", "outcomes", "url",
    "isced_f", "isced_f_score", "isced_f_evidence", "isco08", "isco08_score", "isco08_evidence",
    "region", "province", "place_evidence", "source_id", "synthetic",
)  # fmt: skip
"""What is published of a training; `training` is its public name."""


def training_columns(mart: Mart) -> str:
    """These columns of a release; what one of an earlier version has not is null."""
    return ", ".join(c if mart.holds("courses", c) else f"null as {c}" for c in TRAINING)


_ALIKE = 78
"""From which likeness (per cent, Levenshtein) a label answers words that none answers exactly."""


class Words:
    """Codes by the words of their labels in every language, and of other names."""

    def __init__(
        self, texts: Mapping[str, Text], others: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        self._forms = {
            code: [match_form(text[k]) for k in ("ar", "fr", "en") if text.get(k)]
            for code, text in texts.items()
        }
        for code, names in (others or {}).items():
            self._forms[code] += map(match_form, names)

    def find(self, text: str) -> list[str]:
        """The codes of which one label has, for every word of the text, a word that starts so; and
        those that start with the text itself. Best first: the label itself, labels that start with
        it, short ones. Every code, in its order, without a word."""
        query, typed = match_form(text), text.strip()
        if not query:
            return list(self._forms)
        ranked = []
        for code, forms in self._forms.items():
            ranks = [_rank(form, query) for form in forms if _holds(form, query)]
            if code.startswith(typed):
                ranks.append((0 if code == typed else 1, len(code)))
            if ranks:
                ranked.append((min(ranks), code))
        return [code for _, code in sorted(ranked)]

    def like(self, text: str, limit: int = 5) -> list[str]:
        """The codes with a label spelt nearly so, the nearest first."""
        query = match_form(text)
        if len(query) < 4:
            return []
        near = process.extract(
            query, self._spelt, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=4 * limit
        )
        return [*dict.fromkeys(self._coded[place] for _, _, place in near)][:limit]

    def named(self, text: str) -> str:
        """The first code of which a label is the text itself; empty for none."""
        return self._exact.get(match_form(text), "")

    @cached_property
    def _exact(self) -> dict[str, str]:
        codes_by_form: dict[str, str] = {}
        for code, forms in self._forms.items():
            for form in forms:
                codes_by_form.setdefault(form, code)
        return codes_by_form

    @cached_property
    def _spelt(self) -> list[str]:
        return [form for forms in self._forms.values() for form in forms]

    @cached_property
    def _coded(self) -> list[str]:
        return [code for code, forms in self._forms.items() for _ in forms]


def _holds(form: str, query: str) -> bool:
    padded = f" {form}"
    return all(f" {word}" in padded for word in query.split())


def _rank(form: str, query: str) -> tuple[int, int]:
    return (0 if form == query else 1 if form.startswith(query) else 2), len(form)


@cache
def occupations() -> Words:
    """ISCO-08 groups of every level."""
    return Words({k: v for k, v in codes.codelist("isco08").items() if k.isdecimal()})


@cache
def places() -> Words:
    """Areas of every level."""
    return Words({code: area.name for code, area in areas.areas().items()}, areas.aliases())


@cache
def figure_titles() -> Words:
    """Indicators by their titles alone."""
    return Words({i.id: i.title for i in declare.indicators()}, {})


@cache
def figures() -> Words:
    """Indicators."""
    every = declare.indicators()
    return Words({i.id: i.title for i in every}, {i.id: i.question.values() for i in every})


def level_of(occupation: str) -> str:
    """What a code of ISCO-08 is: major, sub_major, minor or unit."""
    return ("major", "sub_major", "minor", "unit")[len(occupation) - 1]


class Lookups:
    """Questions to the mart of one release beside values and ads."""

    def __init__(self, mart: Mart) -> None:
        self._mart = mart
        listed = mart.rows("select code, ar, fr, en from codes where list = 'skill' order by code")
        self.skills: Mapping[str, Text] = {row.pop("code"): row for row in listed}

    @cached_property
    def skill_words(self) -> Words:
        """The skills of the release by their words."""
        return Words(self.skills)

    def area_indicators(self, code: str) -> list[Row]:
        """The indicators with values for an area: how many, and their first and last period."""
        return self._mart.rows(
            "select indicator::varchar as indicator, count(value) as values,"
            " min_by(period, starts_on)::varchar as first, max_by(period, ends_on)::varchar as last"
            " from out_values where area::varchar = ? and valid_to is null group by all order by 1",
            [code],
        )

    def ads_of(self, occupation: str) -> dict[str, int]:
        """How many published ads an occupation group has, by realm."""
        rows = self._mart.rows(
            "select realm, count(*) as n from ads where starts_with(isco08, ?) group by all",
            [occupation],
        )
        return {"real": 0, "synthetic": 0} | {row["realm"]: row["n"] for row in rows}

    def essential(self, occupation: str) -> list[Row]:
        """The skills that ESCO holds essential for its occupations in a group (those that ads ask
        for), with the codes of these occupations; most occupations first."""
        if not self._mart.holds("occupation_skills"):
            return []
        return self._mart.rows(
            "select skill, list(distinct occupation order by occupation) as esco"
            " from occupation_skills where essential and starts_with(occupation, ?)"
            " group by all order by len(esco) desc, skill",
            [occupation],
        )

    def skill(self, code: str) -> Row:
        """A skill: labels, the ads that name it by realm, the ESCO occupations it is essential for.

        NotFoundError when the release has no such skill.
        """
        if code not in self.skills:
            raise NotFoundError(refused("no_skill", code=code))
        counts = self._mart.rows(
            "select realm, count(*) as n from ad_skills join ads using (ad_key)"
            " where skill = ? group by all",
            [code],
        )
        needed: list[Row] = []
        if self._mart.holds("occupation_skills"):
            needed = self._mart.rows(
                "select distinct occupation from occupation_skills where skill = ? and essential"
                " order by 1",
                [code],
            )
        return {
            "code": code,
            "name": self.skills[code],
            "ads": {"real": 0, "synthetic": 0} | {row["realm"]: row["n"] for row in counts},
            "essential_for": [row["occupation"] for row in needed],
        }

    def training(self, name: str) -> Row:
        """One training by its public name; NotFoundError when it is not published."""
        rows: Sequence[Row] = ()
        if self._mart.holds("courses"):
            sql = f"select {training_columns(self._mart)} from courses where training = ?"
            rows = self._mart.rows(sql, [name])
        if not rows:
            raise NotFoundError(refused("no_training", code=name))
        return rows[0]
