"""What the ads and trainings of a release say of one place, occupation, sector or skill.

Counts are of the ads that Marsad lists, each counted once, real ads where there are any, else the
synthetic ones: never both. They are exact as counts; what they cannot see is told beside them.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

from marsad.base.codes import codelist
from marsad.base.labels import LANGUAGES, Text
from marsad.base.records import Row
from marsad.lake.mart import Mart
from marsad.products.matching.near import near
from marsad.products.statistics.intervals import median, median_interval, wilson
from marsad.products.windows import OPEN, UNKNOWN, merged, months_between, posting_windows
from marsad.publish.read.ad_filters import conditions
from marsad.publish.read.model import AdQuery, DataQuery, Value
from marsad.publish.read.values import Values

FEWEST_PAID = 10
"""Ads that must say their pay for a median to be told; the rule of the indicator wage_offered."""
_EVERYONE = (
    "valid_to is null and value is not null and sex = '_T' and urbanisation = '_T'"
    " and education = '_T' and occupation = '_T' and category = '_T' and age in ('_T', 'Y_GE15')"
)
"""Current values of everyone of 15 years and over, not of a part of them."""
_OF_EVERYONE = {
    **{name: ("_T",) for name in ("sex", "urbanisation", "education", "occupation", "category")},
    "age": ("_T", "Y_GE15"),
    "freq": ("A",),
}
"""The same, by year, as filters."""
MOST_SKILLS, MOST_PARTS = 12, 12
_COUNTED = ("state", "region", "province", "isco08", "isic", "month")
"""What the ads of a question are counted by."""
_AREA = "coalesce(nullif(commune, ''), nullif(province, ''), region, '')"


@dataclass(frozen=True, slots=True)
class MedianPay:
    """Median monthly pay in dirhams of the ads that say one, with its 95 % bounds; `n` of them.
    The median is None under FEWEST_PAID."""

    n: int
    median: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a count: its code, how many ads, and their share with its 95 % bounds, 0 to 1."""

    code: str
    n: int
    share: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Demand:
    """Ads that answer a question: `total` in the release, `open` when their boards were last read (the
    last of these days is `read_to`), `unknown` whether they still are, posted by `months`, by
    `regions`, `provinces`, `occupations` and `sectors`, the `skills` they ask, and the `pay` of those
    posted in `pay_year`, as the indicators open_ads and wage_offered count them."""

    query: AdQuery
    realm: str
    total: int
    open: int
    unknown: int
    months: tuple[tuple[str, int], ...]
    regions: tuple[Part, ...]
    provinces: tuple[Part, ...]
    occupations: tuple[Part, ...]
    sectors: tuple[Part, ...]
    skills: tuple[Part, ...]
    pay: MedianPay
    read_to: dt.date | None = None
    pay_year: int | None = None

    @property
    def synthetic(self) -> bool:
        return self.realm == "synthetic"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An occupation near another: its unit group, how alike they are (`near.near`), and the usual
    skills they share."""

    code: str
    alike: float
    shared: tuple[str, ...]


def _parts(counts: Mapping[str, int], whole: int, most: int = MOST_PARTS) -> tuple[Part, ...]:
    best = sorted(((n, code) for code, n in counts.items() if code), reverse=True)[:most]
    return tuple(
        Part(code, n, n / whole, *(bound / 100 for bound in wilson(n, whole))) for n, code in best
    )


def _months(
    counts: Mapping[str, int], observed: Sequence[tuple[dt.date, dt.date]]
) -> tuple[tuple[str, int], ...]:
    """Every whole month of the last window in which boards were observed, from the first with an ad,
    those without an ad too: what lies before the window was not observed."""
    if not counts or not observed:
        return ()
    begins, ends = observed[-1]
    first = max(dt.date.fromisoformat(f"{min(counts)}-01"), begins.replace(day=1))
    return tuple((month, counts.get(month, 0)) for month in months_between(first, ends))


class Profiles:
    """Puts together what a release holds of one thing."""

    def __init__(self, mart: Mart, values: Values | None = None) -> None:
        self._mart, self._values = mart, values or Values(mart)

    @cached_property
    def realm(self) -> str:
        """The ads told of: real ones where the release has any, else the synthetic ones."""
        real = self._mart.rows("select 1 from ads where not synthetic limit 1")
        return "real" if real else "synthetic"

    def demand(self, query: AdQuery) -> Demand:
        """What the ads that answer `query` say (its words are not read). InputError for its realm."""
        query = replace(query, realm=query.realm or self.realm)
        where, parameters = conditions(self._mart, query)
        counts = self._counts(where, parameters)
        skills = self._mart.rows(
            f"select skill, count(*) as n from ad_skills join ads using (ad_key) where {where}"
            " group by all order by n desc, skill limit ?",
            [*parameters, MOST_SKILLS],
        )
        whole = sum(counts["state"].values())
        return Demand(
            query,
            query.realm,
            whole,
            counts["state"].get(OPEN, 0),
            counts["state"].get(UNKNOWN, 0),
            _months(counts["month"], self._observed),
            _parts(counts["region"], whole),
            _parts(counts["province"], whole),
            _parts(counts["isco08"], whole),
            _parts(counts["isic"], whole),
            _parts({row["skill"]: row["n"] for row in skills}, whole, MOST_SKILLS),
            paid(self._pays(where, parameters)),
            self._read_to,
            self._pay_year,
        )

    def _counts(self, where: str, parameters: list[object]) -> dict[str, dict[str, int]]:
        """For each of _COUNTED, its codes with how many of the ads chosen have them; those without a
        code are under an empty text, but in `month`."""
        names = ", ".join(_COUNTED)
        rows = self._mart.rows(
            f"select {names}, grouping_id({names}) as others, count(*) as n from (select *,"
            f" strftime(posted_on, '%Y-%m') as month from ads where {where}) group by grouping sets"
            f" ({', '.join(f'({name})' for name in _COUNTED)})",
            parameters,
        )
        counts: dict[str, dict[str, int]] = {name: {} for name in _COUNTED}
        every = 2 ** len(_COUNTED) - 1
        for row in rows:
            name = _COUNTED[len(_COUNTED) - (every - row["others"]).bit_length()]
            counts[name][row[name] or ""] = row["n"]
        counts["month"].pop("", None)
        return counts

    def _pays(self, where: str, parameters: list[object]) -> list[float]:
        """The monthly pays, the middle of what is offered, of the ads chosen that were posted in the
        newest year with any."""
        low, high = "salary_month_min_mad", "salary_month_max_mad"
        rows = self._mart.rows(
            f"select (coalesce({low}, {high}) + coalesce({high}, {low})) / 2 as pay from ads where {where}"
            f" and year(posted_on) = ? and coalesce({low}, {high}) is not null",
            [*parameters, self._pay_year],
        )
        return [row["pay"] for row in rows]

    @cached_property
    def _read_to(self) -> dt.date | None:
        """The last day on which a board of the realm was read whose ads are open; None without any."""
        sql = "select max(last_seen_on) as day from ads where realm = ? and state = ?"
        day: dt.date | None = self._mart.rows(sql, [self.realm, OPEN])[0]["day"]
        return day

    @cached_property
    def _pay_year(self) -> int | None:
        """The newest year of posting of the ads of the realm that say their pay."""
        year: int | None = self._mart.rows(
            "select max(year(posted_on)) as year from ads where realm = ?"
            " and coalesce(salary_month_min_mad, salary_month_max_mad) is not null",
            [self.realm],
        )[0]["year"]
        return year

    @cached_property
    def _observed(self) -> list[tuple[dt.date, dt.date]]:
        """The windows in which any board of the realm was observed."""
        read, posted = (
            self._mart.rows(
                f"select '' as source_id, board, {day} as {name}, count(*) as n from ads"
                f" where realm = ? and {day} is not null group by all",
                [self.realm],
            )
            for name, day in (("seen_on", "last_seen_on"), ("posted_on", "posted_on"))
        )
        windows = posting_windows(read, posted)
        return merged(span for spans in windows.values() for span in spans)

    def sectors(self) -> dict[str, int]:
        """Ads of the realm by section of ISIC, in the order of ISIC."""
        rows = self._mart.rows(
            "select isic, count(*) as n from ads where realm = ? group by all", [self.realm]
        )
        counts = {row["isic"]: row["n"] for row in rows if row["isic"]}
        return {code: counts.get(code, 0) for code in codelist("isic") if len(code) == 1}

    def occupations(self, start: str, digits: int) -> dict[str, int]:
        """Groups of ISCO-08 of so many digits below another, with their ads of the realm."""
        rows = self._mart.rows(
            f"select left(isco08, {int(digits)}) as code, count(*) as n from ads where realm = ?"
            " and starts_with(isco08, ?) group by all",
            [self.realm, start],
        )
        counts = {row["code"]: row["n"] for row in rows}
        every = (c for c in codelist("isco08") if len(c) == digits and c.startswith(start))
        return {code: counts.get(code, 0) for code in every if code.isdecimal()}

    def skills(self, most: int = 100) -> list[tuple[str, int]]:
        """The skills that most ads of the realm ask for, with how many."""
        rows = self._mart.rows(
            "select skill, count(*) as n from ad_skills join ads using (ad_key) where realm = ?"
            " group by all order by n desc, skill limit ?",
            [self.realm, most],
        )
        return [(row["skill"], row["n"]) for row in rows]

    def trainings(self, occupation: str = "", area: str = "", most: int = 10) -> list[Row]:
        """Trainings that lead to an occupation group, newest first, in an area (a region or
        province, or everywhere). None in a release of an earlier version."""
        if not self._mart.holds("courses"):
            return []
        return self._mart.rows(
            "select training, title, provider, level, places, months, year, region, province, isco08,"
            " synthetic from courses where starts_with(coalesce(isco08, ''), ?)"
            " and (? in ('', region, province)) order by year desc, title, training limit ?",
            [occupation, area, most],
        )

    def neighbours(self, occupation: str) -> list[Neighbour]:
        """Unit groups near one (`products.matching.likeness`), with the usual skills that they share,
        rare ones first; none where nothing is near."""
        own = self._usual.get(occupation, {})
        neighbours = []
        for group in near(occupation):
            skills = self._usual.get(group.code, {})
            shared = sorted(own.keys() & skills.keys(), key=lambda s: (-own[s] * skills[s], s))
            neighbours.append(Neighbour(group.code, group.alike, tuple(shared[:4])))
        return neighbours

    @cached_property
    def _usual(self) -> dict[str, dict[str, float]]:
        """For each unit group, its usual skills with weights whose squares add up to 1."""
        if not self._mart.holds("occupation_skills"):
            return {}
        rows = self._mart.rows(
            "select left(occupation, 4) as code, skill, max(case when essential then 1.0 else 0.5 end)::double"
            " as weight from occupation_skills group by all"
        )
        groups: dict[str, dict[str, float]] = defaultdict(dict)
        spread: dict[str, int] = defaultdict(int)
        for row in rows:
            groups[row["code"]][row["skill"]] = row["weight"]
            spread[row["skill"]] += 1
        for skills in groups.values():
            for skill in skills:
                skills[skill] *= math.log(1 + len(groups) / spread[skill])
            norm = math.sqrt(sum(w * w for w in skills.values()))
            for skill in skills:
                skills[skill] /= norm
        return groups

    def beside(self, skill: str, most: int = MOST_SKILLS) -> list[tuple[str, int]]:
        """The skills most often asked in the same ads as one, with in how many."""
        rows = self._mart.rows(
            "select o.skill as skill, count(*) as n from ad_skills s join ad_skills o using (ad_key)"
            " join ads using (ad_key) where s.skill = ? and o.skill <> ? and realm = ?"
            " group by all order by n desc, skill limit ?",
            [skill, skill, self.realm, most],
        )
        return [(row["skill"], row["n"]) for row in rows]

    def esco(self, start: str) -> dict[str, Text]:
        """Names of the occupations of ESCO whose code starts so, by code; none where no labels of
        ESCO were imported."""
        if not self._mart.holds("esco_occupations"):
            return {}
        rows = self._mart.rows(
            "select code, ar, fr, en from esco_occupations where starts_with(code, ?) order by code",
            [start],
        )
        return {row["code"]: {k: row[k] for k in LANGUAGES if row[k]} for row in rows}

    def newest_ads(self, query: AdQuery, most: int) -> list[Row]:
        """The newest ads that answer codes: ad_key, title, place_text, area (the code of the smallest
        known place, or empty) and synthetic."""
        where, parameters = conditions(self._mart, query)
        return self._mart.rows(
            f"select ad_key, title, place_text, {_AREA} as area, synthetic from ads where {where}"
            " order by posted_on desc nulls last, ad_key limit ?",
            [*parameters, most],
        )

    def listed(self) -> tuple[list[str], list[str]]:
        """Public names of the real ads and of the real trainings, for the map of the site."""
        ads = self._mart.rows("select ad_key as name from ads where not synthetic order by 1")
        courses: list[Row] = []
        if self._mart.holds("courses"):
            sql = "select training as name from courses where not synthetic order by 1"
            courses = self._mart.rows(sql)
        return [row["name"] for row in ads], [row["name"] for row in courses]

    def fresh_ads(self, since: dt.datetime) -> dict[str, dt.datetime]:
        """The ads that came since a moment, with when."""
        rows = self._mart.rows(
            "select subject, max(changed_at) as at from changes where kind = 'new'"
            " and changed_at > ? group by all",
            [since],
        )
        return {row["subject"]: row["at"] for row in rows}

    def fresh_values(
        self, names: Sequence[str], area: str, since: dt.datetime, most: int
    ) -> list[tuple[Value, dt.datetime]]:
        """The values for everyone that entered the release, or changed, since a moment, with when,
        the newest periods first. It is our entry that counts, not the day of publication: a figure
        that was published earlier and reached us now is new to a reader."""
        columns = ", ".join(f.name for f in fields(Value))
        rows = self._mart.rows(
            f"select {columns}, recorded_at from out_values where {_EVERYONE} and area = ?"
            " and indicator in (select unnest(?::varchar[])) and recorded_at > ?"
            " order by ends_on desc, indicator, survey limit ?",
            [area, list(names), since, most],
        )
        return [(Value(**row), at) for row in rows if (at := row.pop("recorded_at"))]

    def newest(
        self, places: Sequence[str], names: Sequence[str]
    ) -> dict[tuple[str, str, str], Value]:
        """The newest yearly values for everyone of 15 years and over, by indicator, survey and area."""
        newest: dict[tuple[str, str, str], Value] = {}
        for name in names:
            held = self._values.of(name)
            chosen = DataQuery(name, {**_OF_EVERYONE, "area": tuple(places)}, latest=True)
            for value in held.rows(held.places(chosen, valued=True)):
                key = (name, value.survey, value.area)
                if key not in newest or newest[key].period <= value.period:
                    newest[key] = value
        return newest


def paid(pay: Sequence[float]) -> MedianPay:
    """Monthly pays as they may be told: their median where at least FEWEST_PAID ads say one."""
    bounds = median_interval(pay) if len(pay) >= FEWEST_PAID else None
    if bounds is None:
        return MedianPay(len(pay))
    return MedianPay(len(pay), median(pay), *bounds)
