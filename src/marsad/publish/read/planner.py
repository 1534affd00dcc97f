"""Training places against the demand that ads show, by field, occupation or place.

Places are those that trainings of the newest year offer; demand is the ads of the last twelve months,
brought to a year where the ads at hand span less. A training leads to the unit group that its title
was coded to (`courses.isco08`); by field, the ads of a unit group are shared out over fields in
proportion to the places that lead there.

`ratio` is places for each ad. Places are a figure of their own and not drawn by chance; the count of
ads is taken as a Poisson count, whose exact 95 % interval (Garwood 1936, by the approximation of
Wilson and Hilferty 1931 to its chi-square bounds) gives that of the ratio. More or fewer places than
ads is said only when the interval excludes 1.

Ads see a part of hiring only, so a ratio over 1 is no proof of too many places. `relative` therefore
sets the ratio of a cell against that of the whole (a location quotient, Isserman 1977), which does
not depend on the share of hiring that ads see as long as it is alike everywhere.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marsad.base import areas
from marsad.base.errors import InputError
from marsad.base.records import Row
from marsad.base.refusals import refused
from marsad.lake.mart import Mart
from marsad.products.statistics.intervals import Z

KINDS = ("field", "occupation", "region", "province")
FIELD_DIGITS, GROUP_DIGITS = 2, 2
FEWEST = 5
"""Ads under which nothing is judged."""
YEAR = 365.25
MORE, LEVEL, FEWER, UNKNOWN = "more", "level", "fewer", "unknown"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio with its 95 % bounds."""

    value: float
    lower: float
    upper: float

    def over(self, whole: float) -> Ratio:
        """The ratio against that of the whole."""
        return Ratio(self.value / whole, self.lower / whole, self.upper / whole)


@dataclass(frozen=True, slots=True)
class Cell:
    """Places and ads of one code; their `ratio` and the `relative` one (None where ads are too few),
    and `verdict`: more, level or fewer places than ads, or unknown. `partial`: some training there
    does not tell its places."""

    code: str
    places: int
    ads: float
    ratio: Ratio | None
    relative: Ratio | None
    verdict: str
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The table for one question, and how far it sees: `year` of the places, `coded_ads` of the
    `ads` posted from `since` to `until` have an occupation, `reached` of them are set against places,
    `placed` of `trainings` tell their places, `led` of them have an occupation. `share` is the part
    of a year that the ads span."""

    kind: str
    area: str
    year: int
    cells: tuple[Cell, ...]
    places: int
    ads: int
    coded_ads: int
    reached: int
    trainings: int
    placed: int
    led: int
    since: dt.date | None
    until: dt.date | None
    share: float
    synthetic: bool


@dataclass(frozen=True, slots=True)
class _Sums:
    """Places and ads by code, and the codes of which some places are untold."""

    places: dict[str, int]
    ads: dict[str, float]
    untold: frozenset[str]


def poisson(count: float) -> tuple[float, float]:
    """95 % bounds of a mean of which `count` events were seen."""
    if count <= 0:
        return 0.0, 3.689
    low = count * (1 - 1 / (9 * count) - Z / (3 * math.sqrt(count))) ** 3
    more = count + 1
    return max(0.0, low), more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3


def ratio_of(places: int, ads: float, share: float = 1.0) -> Ratio | None:
    """Places for each ad of a year, of ads that span `share` of one; None under FEWEST ads."""
    if ads < FEWEST:
        return None
    low, high = poisson(ads)
    return Ratio(places * share / ads, places * share / high, places * share / low)


def verdict_of(ratio: Ratio | None, partial: bool = False) -> str:
    """More, level or fewer places than ads; fewer is not said where some places are untold."""
    if ratio is None or (partial and ratio.lower <= 1):
        return UNKNOWN
    return MORE if ratio.lower > 1 else FEWER if ratio.upper < 1 else LEVEL


class Planner:
    """Answers of the planner over one release."""

    def __init__(self, mart: Mart) -> None:
        self._mart = mart

    def plan(self, kind: str, area: str = "") -> Plan:
        """Places against ads by `kind` of KINDS, in a region or province or everywhere. InputError
        for an unknown kind; NotFoundError for an unknown area."""
        if kind not in KINDS:
            raise InputError(refused("no_division", code=kind, known=", ".join(KINDS)))
        if area and areas.area(area).level not in ("region", "province"):
            raise InputError(refused("planner_areas"))
        realm = self._realm()
        courses, ads = self._courses(realm, area), self._ads(realm, area)
        since, until, share = self._span(realm)
        coded = {key: n for key, n in ads.items() if key[0]}
        sums = _by_field(courses, coded) if kind == "field" else _by_code(courses, coded, kind)
        return Plan(
            kind, area, max((row["year"] for row in courses), default=0), _cells(sums, share),
            sum(sums.places.values()), sum(ads.values()), sum(coded.values()),
            round(sum(sums.ads.values())), len(courses),
            sum(row["places"] is not None for row in courses),
            sum(bool(row["occupation"]) for row in courses), since, until, share,
            realm == "synthetic",
        )  # fmt: skip

    def _realm(self) -> str:
        if not self._mart.holds("courses"):
            return "real"
        (held,) = self._mart.rows(
            "select (select count(*) from ads where synthetic) > 0 and"
            " (select count(*) from courses where synthetic) > 0 as sample"
        )
        return "synthetic" if held["sample"] else "real"

    def _courses(self, realm: str, area: str) -> list[Row]:
        """Trainings of the newest year of the release."""
        if not self._mart.holds("courses"):
            return []
        synthetic = realm == "synthetic"
        return self._mart.rows(
            "select coalesce(isced_f, '') as field, coalesce(isco08, '') as occupation,"
            " coalesce(region, '') as region, coalesce(province, '') as province, year, places"
            " from courses where synthetic = ? and (? in ('', region, province))"
            " and year = (select max(year) from courses where synthetic = ?)",
            [synthetic, area, synthetic],
        )

    def _ads(self, realm: str, area: str) -> dict[tuple[str, str, str], int]:
        """Ads of the last twelve months by unit group, region and province."""
        rows = self._mart.rows(
            "select coalesce(isco08, '') as code, coalesce(region, '') as region,"
            " coalesce(province, '') as province, count(*) as n from ads where"
            " realm = ? and (? in ('', region, province)) and posted_on > (select max(posted_on)"
            " from ads where realm = ?) - interval 1 year group by all",
            [realm, area, realm],
        )
        return {(row["code"], row["region"], row["province"]): row["n"] for row in rows}

    def _span(self, realm: str) -> tuple[dt.date | None, dt.date | None, float]:
        """The first and last day of the ads of the last twelve months, and their part of a year."""
        row = self._mart.rows(
            "select min(posted_on) as since, max(posted_on) as until from ads where realm = ? and"
            " posted_on > (select max(posted_on) from ads where realm = ?) - interval 1 year",
            [realm, realm],
        )[0]
        since, until = row["since"], row["until"]
        if since is None or until is None:
            return None, None, 1.0
        days = (until - since).days + 1
        return since, until, 1.0 if days > YEAR - 7 else days / YEAR


def _cells(sums: _Sums, share: float) -> tuple[Cell, ...]:
    """Every code, the most places for each ad first, those that are not judged last."""
    whole = ratio_of(sum(sums.places.values()), sum(sums.ads.values()), share)
    cells = []
    for code in {*sums.places, *sums.ads}:
        places, ads, partial = (
            sums.places.get(code, 0),
            sums.ads.get(code, 0.0),
            code in sums.untold,
        )
        ratio = ratio_of(places, ads, share)
        relative = ratio.over(whole.value) if ratio and whole and whole.value else None
        cells.append(Cell(code, places, ads, ratio, relative, verdict_of(ratio, partial), partial))
    cells.sort(key=lambda cell: (-(cell.ratio.value if cell.ratio else -1.0), cell.code))
    return tuple(cells)


def _summed(courses: Iterable[tuple[str, int | None]], ads: dict[str, float]) -> _Sums:
    places: dict[str, int] = defaultdict(int)
    untold = set()
    for code, n in courses:
        if code:
            places[code] += n or 0
            if n is None:
                untold.add(code)
    return _Sums(dict(places), ads, frozenset(untold))


def _by_code(courses: list[Row], ads: Mapping[tuple[str, str, str], int], kind: str) -> _Sums:
    """By region, province or group of occupations: all ads that have an occupation."""
    demand: dict[str, float] = defaultdict(float)
    for (occupation, region, province), n in ads.items():
        code = {"region": region, "province": province}.get(kind, occupation[:GROUP_DIGITS])
        if code:
            demand[code] += n
    places = ((str(row[kind])[: GROUP_DIGITS if kind == "occupation" else None], row["places"])
            for row in courses)  # fmt: skip
    return _summed(places, dict(demand))


def _by_field(courses: list[Row], ads: Mapping[tuple[str, str, str], int]) -> _Sums:
    """By field of education: trainings whose occupation is known, and the ads of occupations that
    some of them lead to."""
    known = [(str(row["field"])[:FIELD_DIGITS], row) for row in courses if row["occupation"]]
    leads: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for field, row in known:
        if field and row["places"]:
            leads[str(row["occupation"])][field] += int(row["places"])
    demand: dict[str, float] = defaultdict(float)
    for (occupation, _, _), n in ads.items():
        shares = leads.get(occupation, {})
        for field, part in shares.items():
            demand[field] += n * part / sum(shares.values())
    return _summed(((field, row["places"]) for field, row in known), dict(demand))
