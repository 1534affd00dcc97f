"""The one read path: everything a page, a file or an API answer shows comes through `Reader`.

It reads a release (protected, published values only) and never the lake's core tables.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from marsad.base import areas, codes
from marsad.base.errors import InputError, PlaceError
from marsad.base.labels import Text, pick
from marsad.base.recent import Recent
from marsad.base.records import Row
from marsad.base.refusals import refused
from marsad.lake import edition
from marsad.lake.mart import NAME as MART
from marsad.lake.mart import Mart
from marsad.lake.search import NAME as SEARCH
from marsad.lake.search import Search
from marsad.products import declare
from marsad.products.declare import CODELISTS, DIMENSIONS, Indicator
from marsad.products.matching.score import Seeker
from marsad.publish.read import counts, ranking, register
from marsad.publish.read.ads import Ads
from marsad.publish.read.answers import Answers
from marsad.publish.read.cube import (
    CubeQuery,
    check,
    data_statement,
    occurring,
    statement,
)
from marsad.publish.read.library import Library
from marsad.publish.read.lookups import Lookups
from marsad.publish.read.matching import Careers
from marsad.publish.read.model import (
    MOST_VALUES,
    Ad,
    AdDetail,
    AdPage,
    AdQuery,
    Break,
    Card,
    Change,
    Coded,
    DataQuery,
    DataResult,
    Flag,
    Pay,
    Release,
    ReviewCase,
    SourceRow,
    Value,
)
from marsad.publish.read.planner import Planner
from marsad.publish.read.policy import Policy
from marsad.publish.read.profiles import Profiles
from marsad.publish.read.search import Finder
from marsad.publish.read.trainings import Trainings
from marsad.publish.read.values import COLUMNS, ORDER, Values, held_now, page

__all__ = [
    "Ad", "AdDetail", "AdPage", "AdQuery", "Break", "Card", "Coded", "DataQuery", "DataResult",
    "Flag", "Indicator", "Pay", "Reader", "Release", "ReviewCase", "SourceRow", "Value",
]  # fmt: skip

EVERY_INDICATOR = "*"
_MOST_VALUES = 12_000
"""Values of the questions asked last that are held as they were answered (about 4 MB)."""


def _about(folder: Path) -> Row | None:
    """What a release is, by its folder."""
    path = folder / "release.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else None


class Reader:
    """The read path over one release; many threads may share it."""

    def __init__(self, folder: Path, ads: Path | None = None) -> None:
        """Open the release in `folder` with the edition of the ads in the folder `ads`, else the newest one
        of the installation; NotFoundError when no release is there."""
        ads = ads or edition.newest(folder.parents[1])
        if ads:
            self._mart = Mart(folder / MART, edition.files_of(ads), edition.attached())
            self._search = Search(ads / SEARCH)
        else:  # all in one folder
            self._mart = Mart(folder / MART)
            if not self._mart.holds("ads"):
                raise PlaceError(f"There is no edition of the ads beside release {folder.name}.")
            self._search = Search(folder / SEARCH)
        self._folder, self._edition = folder, edition.about(ads) if ads else None
        self._labels: dict[tuple[str, str], Text] = {
            (row["list"], row["code"]): {k: row[k] for k in ("ar", "fr", "en")}
            for row in self._mart.rows("select * from codes")
        }
        self._release = self._read_release()
        self._values = Values(self._mart)
        self._answered: Recent[str, tuple[tuple[Value, ...], int]] = Recent(_MOST_VALUES)
        self._ordered: dict[tuple[str, str], tuple[str, ...]] = {}
        self.lookups = Lookups(self._mart)
        self.trainings = Trainings(self._mart)
        self.finder = Finder(self.lookups, self._search, self.trainings)
        self._ads = Ads(self._mart, self.finder)
        self.profiles = Profiles(self._mart, self._values)
        self.careers = Careers(self._mart)
        self.library = Library(self._mart)
        self.planner = Planner(self._mart)

    @property
    def answers(self) -> Answers:
        """Answers to questions in words. Made anew, as `policy`: a reader that holds what refers to it
        would stay in memory when the next one takes its place."""
        return Answers(self.data_many, self.finder)

    @property
    def policy(self) -> Policy:
        """The answers of the policy desk."""
        return Policy(self.data_many, self.breaks, self.sources, self._release.reference_on)

    def close(self) -> None:
        self._mart.close()

    def _read_release(self) -> Release:
        row = _about(self._folder) or self._mart.rows("select * from release")[0]
        count = self._mart.rows(
            "select count(*) filter (not synthetic) as ads_real,"
            " count(*) filter (synthetic) as ads_synthetic from ads"
        )[0]
        values = self._mart.rows("select count(*) as n from out_values where valid_to is null")[0][
            "n"
        ]
        return Release(
            id=row["id"],
            published_at=dt.datetime.fromisoformat(row["published_at"]),
            reference_on=dt.date.fromisoformat(row["reference_on"]),
            values=values,
            edition=self._edition.id if self._edition else "",
            edition_at=self._edition.made_at if self._edition else None,
            **count,
        )

    def release(self) -> Release:
        """The release that this reader reads."""
        return self._release

    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator, in the order of the portal."""
        return declare.indicators()

    def indicator(self, identifier: str) -> Indicator:
        """One indicator; NotFoundError when there is none of that name."""
        return declare.indicator(identifier)

    def example(self, indicator: str) -> Mapping[str, object]:
        """The worked example: `input` (table -> list of rows) and `expected` (list of rows)."""
        return declare.examples(indicator)

    def data(self, query: DataQuery) -> DataResult:
        """The values asked for, ordered by key and period.

        NotFoundError for an unknown indicator or area; InputError for a dimension or period that
        is none.
        """
        return self.data_many([query])[0]

    def data_many(self, queries: Sequence[DataQuery]) -> list[DataResult]:
        """`data` of several questions, in their order."""
        return [self._data(query) for query in queries]

    def _data(self, query: DataQuery) -> DataResult:
        self._check(query)
        if held_now(query):
            question = repr(query)
            answered = self._answered.get(question)
            if answered is None:
                held = self._values.of(query.indicator)
                places = held.places(query)
                answered = held.rows(page(places, query)), len(places)
                self._answered.put(question, answered, len(question) + len(answered[0]))
            return DataResult(query, *answered)
        rows = self._mart.rows(*self._data_statement(query))
        values = tuple(Value(**{name: row[name] for name in COLUMNS}) for row in rows)
        return DataResult(query, values, rows[0]["total"] if rows else self._count(query))

    def data_table(self, query: DataQuery) -> tuple[pa.Table, int]:
        """As `data`, with the values as an Arrow table of the columns COLUMNS, for writers."""
        self._check(query)
        if held_now(query):
            held = self._values.of(query.indicator)
            places = held.places(query)
            return held.table(page(places, query)), len(places)
        table = self._mart.arrow(*self._data_statement(query))
        total = table["total"][0].as_py() if table.num_rows else self._count(query)
        return table.select(COLUMNS), total

    def _data_statement(self, query: DataQuery) -> tuple[str, list[object]]:
        chosen, parameters = data_statement(query)
        return (
            f"select {', '.join(COLUMNS)}, count(*) over () as total from ({chosen})"
            f" order by {', '.join(ORDER)} limit ? offset ?",
            [*parameters, max(0, query.limit), max(0, query.offset)],
        )

    def _check(self, query: DataQuery) -> None:
        if query.limit > MOST_VALUES:
            raise InputError(refused("most_rows", name="limit", most=f"{MOST_VALUES:,}"))
        check(query)
        self._check_vintage(query)

    def _check_vintage(self, query: DataQuery) -> None:
        """InputError for a version by a name that no value of the indicator has."""
        named = {"current", "*"} | self._vintages.get(query.indicator, set())
        if query.vintage not in named:
            raise InputError(
                refused("no_vintage", vintage=query.vintage, indicator=query.indicator)
            )

    @cached_property
    def _vintages(self) -> Mapping[str, set[str]]:
        """Indicator -> the names of its versions."""
        rows = self._mart.rows(
            "select indicator, list(distinct vintage) as v from out_values group by 1"
        )
        return {row["indicator"]: set(row["v"]) for row in rows}

    def _count(self, query: DataQuery) -> int:
        """How many values a question has in all, of whose page no value is left."""
        if query.limit > 0 and not query.offset:
            return 0
        chosen, parameters = data_statement(query)
        return int(self._mart.rows(f"select count(*) as n from ({chosen})", parameters)[0]["n"])

    def cube(self, query: CubeQuery) -> pa.Table:
        """The values asked for, of every indicator: columns `cube.COLUMNS`, coded ones as
        dictionaries, in the order of the key, period and version. InputError as `condition`."""
        return self._mart.arrow(*statement(query))

    def cube_count(self, query: CubeQuery) -> int:
        """How many values a question gives."""
        sql, parameters = statement(query)
        return int(self._mart.rows(f"select count(*) as n from ({sql})", parameters)[0]["n"])

    def cube_codes(self, query: CubeQuery) -> dict[str, tuple[str, ...]]:
        """The codes of each dimension that occur, and under `period` the first and the last period
        by their days (nothing when no value is found)."""
        return occurring(self._mart, query)

    def codes(self, indicator: str, dimension: str) -> tuple[str, ...]:
        """The codes of a dimension that occur in an indicator, in the code list's order."""
        if dimension not in DIMENSIONS:
            raise InputError(
                refused(
                    "no_dimension", name=dimension, indicator=indicator, known=", ".join(DIMENSIONS)
                )
            )
        if (indicator, dimension) not in self._ordered:
            self._ordered[indicator, dimension] = self._in_order(indicator, dimension)
        return self._ordered[indicator, dimension]

    def _in_order(self, indicator: str, dimension: str) -> tuple[str, ...]:
        occurring = self._codes.get((self.indicator(indicator).id, dimension), frozenset())
        if dimension == "area":
            return tuple(code for code in areas.areas() if code in occurring)
        name = CODELISTS.get(dimension) or self.indicator(indicator).category_list
        listed = (
            [code for code in codes.codelist(name) if code in occurring]
            if name in codes.names()
            else []
        )
        return (*listed, *sorted(occurring - set(listed)))

    def choices(self, indicator: str, codes: Mapping[str, str]) -> dict[str, frozenset[str]]:
        """For each dimension of `codes`, its codes that have a current value together with the others
        that are chosen: what may be chosen next without an empty answer."""
        for name in codes:
            if name not in DIMENSIONS:
                raise InputError(
                    refused(
                        "no_dimension", name=name, indicator=indicator, known=", ".join(DIMENSIONS)
                    )
                )
        return self._values.of(indicator).choices(codes)

    @cached_property
    def _codes(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """(indicator, dimension) -> the codes that occur in its current values."""
        lists = ", ".join(f'list(distinct "{d}"::varchar) as "{d}"' for d in DIMENSIONS)
        rows = self._mart.rows(
            f"select indicator, {lists} from out_values where valid_to is null group by indicator"
        )
        return {(row["indicator"], d): frozenset(row[d]) for row in rows for d in DIMENSIONS}

    def label(self, dimension: str, code: str, language: str, indicator: str = "") -> str:
        """The label of a code ('area', 'survey', 'occupation', 'category', 'contract'...).

        The code itself when no list holds it.
        """
        if dimension == "area":
            known = areas.areas().get(code)
            return known.label(language) if known else code
        name = CODELISTS.get(dimension, dimension)
        if dimension == "category" and indicator:
            name = self.indicator(indicator).category_list
        if text := self._labels.get((name, code)):
            return pick(text, language)
        if dimension == "category" and code == codes.TOTAL and not name:
            name = "urbanisation"  # whose total is the plain word
        return codes.label(name, code, language) if name in codes.names() else code

    def code_names(self, name: str, language: str) -> list[tuple[str, str]]:
        """The codes of a code list with their labels, without totals."""
        return [
            (code, pick(text, language))
            for code, text in codes.codelist(name).items()
            if not code.startswith("_")
        ]

    def breaks(self, indicator: str, survey: str) -> tuple[Break, ...]:
        """The series breaks of a survey that touch an indicator, oldest first."""
        return tuple(
            b
            for b in self._breaks
            if b.survey == survey and b.indicator in (indicator, EVERY_INDICATOR)
        )

    @cached_property
    def _breaks(self) -> tuple[Break, ...]:
        """Every series break, oldest first."""
        return tuple(
            Break(
                row["survey"],
                row["period"],
                row["indicator"],
                {k: row[f"reason_{k}"] for k in ("ar", "fr", "en")},
                row["source"],
            )
            for row in self._mart.rows("select * from breaks order by period")
        )

    def search_ads(self, query: AdQuery) -> AdPage:
        """One page of ads; as `Ads.search`."""
        return self._ads.search(query)

    def ad(self, key: str) -> AdDetail:
        """One ad by its public key; NotFoundError when it is not published."""
        return self._ads.ad(key)

    def changes(
        self, after: int = 0, limit: int = 100, kinds: Sequence[str] = ()
    ) -> tuple[Change, ...]:
        """The changes after a cursor, oldest first; as `Ads.changes`."""
        return self._ads.changes(after, limit, kinds)

    def ad_counts(self, query: counts.CountQuery) -> list[Row]:
        """Counts of ads; as `counts.counts`."""
        return counts.counts(self._mart, query)

    def matches(
        self, criteria: Seeker, realm: str, limit: int
    ) -> tuple[list[ranking.RankedAd], int]:
        """Open ads ranked for a person, and how many were weighed; as `match.matches`."""
        return ranking.matches(self._mart, criteria, realm, limit)

    def openings_for(
        self, criteria: Seeker, wishes: ranking.Wishes, realm: str, limit: int
    ) -> ranking.Shortlist:
        """Openings of a person's trade, and what was given up; as `ranking.openings_for`."""
        return ranking.openings_for(self._mart, criteria, wishes, realm, limit)

    def last_change(self) -> int:
        """The cursor of the newest change; 0 before the first."""
        return int(self._mart.rows("select coalesce(max(seq), 0) as n from changes")[0]["n"])

    def sources(self) -> tuple[SourceRow, ...]:
        """The register: every source, by what right it is read, and its last run."""
        return register.sources(self._mart)

    @cached_property
    def kept_since(self) -> dt.date | None:
        """The day on which the first version of a value was kept; None without any."""
        day = self._mart.rows("select min(recorded_at) as at from out_values")[0]["at"]
        return day.date() if day else None

    def review(self, scheme: str = "", limit: int = 100) -> tuple[ReviewCase, ...]:
        """What a person should look at first; as `register.review`."""
        return register.review(self._mart, scheme, limit)

    def cards(self) -> tuple[Card, ...]:
        """The measured accuracy of every classifier, by language."""
        return register.cards(self._mart)
