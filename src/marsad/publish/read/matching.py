"""Matching as people use it: openings for a person, ways to other occupations, and an ad read back to
its employer. Nothing that a person says is kept: no answer is stored, no text is written anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from marsad.base import areas
from marsad.base.errors import InputError
from marsad.base.records import Row
from marsad.base.refusals import refused
from marsad.lake.mart import Mart
from marsad.products.matching import document, guess, pathways, read
from marsad.products.matching.document import CvError
from marsad.products.matching.guess import Likely, Person
from marsad.products.matching.pathways import Path
from marsad.products.matching.read import Advert, Curriculum, Job, LegalMinimum, Understood
from marsad.products.matching.score import AGAINST, REASONS, WIDENED, Seeker
from marsad.publish.read.openings import Openings, Places, openings
from marsad.publish.read.profiles import MedianPay
from marsad.publish.read.ranking import RankedAd, Wishes, openings_for

__all__ = [
    "AGAINST",
    "REASONS",
    "WIDENED",
    "AdFeedback",
    "Advert",
    "Answer",
    "Careers",
    "Curriculum",
    "CvError",
    "Job",
    "LegalMinimum",
    "Likely",
    "MedianPay",
    "Pathway",
    "Person",
    "RankedAd",
    "SkillDemand",
    "SkillsNamed",
    "Training",
    "Understood",
    "Wishes",
]  # fmt: skip
SkillsNamed: TypeAlias = tuple[str, ...]
"""Codes of skills, in the order in which they are said."""
OPENINGS, MISSING, TRAININGS, WAYS, USUAL = 10, 6, 6, 8, 12
FEWEST_OPEN, SEVERAL = 10, 3
"""Open ads of a unit group under which its minor group is told of instead; ads that make a
skill a usual one."""


@dataclass(frozen=True, slots=True)
class SkillDemand:
    """A skill that `n` of `whole` open ads ask; `opens` of them ask nothing else that is lacking."""

    code: str
    n: int
    whole: int
    opens: int = 0


@dataclass(frozen=True, slots=True)
class Training:
    """A training, how many places give it under this title, and the missing skills that it teaches."""

    row: Row
    offers: int
    teaches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pathway:
    """An occupation reachable: its distance with skills had and lacking (those with a name in this
    release), open ads, and pay (of `paid`, its unit or minor group)."""

    path: Path
    had: tuple[str, ...]
    lacking: tuple[str, ...]
    open: int
    pay: MedianPay
    paid: str
    trainings: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person is told. `widened` is what was given up so that there are openings (codes of
    `score.WIDENED`); `about` is the group whose ads are asked for missing skills; `weighed` open ads
    were scored."""

    person: Person
    matches: tuple[RankedAd, ...]
    weighed: int
    widened: tuple[str, ...]
    about: str
    missing: tuple[SkillDemand, ...]
    trainings: tuple[Training, ...]
    pathways: tuple[Pathway, ...]
    synthetic: bool


@dataclass(frozen=True, slots=True)
class AdFeedback:
    """What an employer is told of an ad: what was read, the skills usually asked that it lacks, pay
    (of group `paid`), open ads of the occupation in the country and in the area, places in trainings
    that lead to it (None where none says them)."""

    read: Advert
    job: str
    about: str
    lacking: tuple[SkillDemand, ...]
    pay: MedianPay
    paid: str
    open: int
    open_here: int
    trainings: int
    places: int | None
    synthetic: bool
    minimum: LegalMinimum


class Careers:
    """Answers about a person's skills, over one release."""

    def __init__(self, mart: Mart) -> None:
        self._mart = mart

    @property
    def _open(self) -> Openings:
        return openings(self._mart)

    @cached_property
    def _named(self) -> frozenset[str]:
        rows = self._mart.rows("select code from codes where list = 'skill'")
        return frozenset(row["code"] for row in rows)

    @property
    def synthetic(self) -> bool:
        """Whether answers are of synthetic ads: no real one is open."""
        return self._open.synthetic_only

    def understood(self, text: str) -> list[Understood]:
        """What typed phrases were read as; as `read.understood`."""
        return [
            Understood(u.words, tuple(c for c in u.codes if c in self._named), u.job, u.known)
            for u in read.understood(text)
        ]

    def skills_named(self, text: str) -> SkillsNamed:
        """The skills of this release that a sentence names."""
        return tuple(code for code in read.skills_in(text) if code in self._named)

    @property
    def realm(self) -> str:
        """The realm that answers are of: synthetic ads only where no real one is held."""
        return "synthetic" if self.synthetic else "real"

    @property
    def contracts(self) -> tuple[str, ...]:
        """The kinds of contract that open ads of the realm name, most first."""
        return self._open.contracts_named(self.synthetic)

    def curriculum(self, data: bytes) -> Curriculum:
        """The skills and occupations of a CV, read in memory. CvError as `document.read`."""
        curriculum = read.curriculum(document.read(data))
        return Curriculum(
            tuple(c for c in curriculum.codes if c in self._named),
            curriculum.phrases,
            curriculum.jobs,
            curriculum.meant,
        )

    def jobs_named(self, words: str) -> list[Job]:
        """The occupations that a title names, best first."""
        return read.jobs_named(words)

    def likely(self, person: Person, limit: int = 5) -> list[Likely]:
        """The unit groups that a person's skills speak for, with what speaks for them."""
        return guess.likely(person, limit)

    def holds(self, skill: str) -> bool:
        """Whether the release names a skill."""
        return skill in self._named

    def usual(self, group: str, limit: int = USUAL) -> list[SkillDemand]:
        """The skills that open ads of an occupation ask most."""
        about, ads = self._ads_of(group)
        counted = self._open.usual(about, self.synthetic)
        skills = [(code, n) for code, n in counted if code in self._named]
        return [SkillDemand(code, n, len(ads)) for code, n in skills[:limit]]

    def _ads_of(self, group: str) -> tuple[str, Places]:
        """The open ads of a group, or of its minor group where they are few; which it is."""
        ads = self._open.of_job(group, self.synthetic)
        if len(group) == 4 and len(ads) < FEWEST_OPEN:
            wider = self._open.of_job(group[:3], self.synthetic)
            if len(wider) > len(ads):
                return group[:3], wider
        return group, ads

    def _pay_of(self, group: str) -> tuple[str, MedianPay]:
        pay = self._open.pay(group, self.synthetic)
        if pay.median is None and len(group) == 4:
            wider = self._open.pay(group[:3], self.synthetic)
            if wider.median is not None:
                return group[:3], wider
        return group, pay

    def answer(self, person: Person, limit: int = OPENINGS, wishes: Wishes | None = None) -> Answer:
        """Openings, missing skills, trainings and ways for a person. InputError when nothing is said;
        NotFoundError for an unknown area."""
        criteria = Seeker(person.occupation, frozenset(person.codes), person.area)
        if person.phrases and not (person.occupation or person.codes or person.area):
            raise InputError(refused("person_empty"))
        shortlist = openings_for(self._mart, criteria, wishes or Wishes(), self.realm, limit)
        about, missing = self._missing(person)
        trainings = self._trainings(person, tuple(demand.code for demand in missing))
        reachable = self._pathways(person)
        return Answer(
            person, shortlist.ads, shortlist.weighed, shortlist.widened, about, missing, trainings,
            reachable, self.synthetic,
        )  # fmt: skip

    def _missing(self, person: Person) -> tuple[str, tuple[SkillDemand, ...]]:
        if not person.occupation:
            return "", ()
        open_ads = self._open
        about, ads = self._ads_of(person.occupation)
        has = frozenset(person.codes)
        lack = open_ads.skill_matrix[ads].copy()
        known = [open_ads.skill_at[code] for code in has if code in open_ads.skill_at]
        lacking_each = lack.getnnz(axis=1) - (lack[:, known].getnnz(axis=1) if known else 0)
        only = lack[lacking_each == 1].sum(axis=0).A1
        missing = [
            SkillDemand(code, n, len(ads), int(only[open_ads.skill_at[code]]))
            for code, n in open_ads.usual(about, self.synthetic)
            if code not in has and code in self._named
        ]
        missing.sort(key=lambda demand: (-demand.n, -demand.opens, demand.code))
        return about, tuple(missing[:MISSING])

    def _trainings(self, person: Person, missing: tuple[str, ...]) -> tuple[Training, ...]:
        region = areas.region_of(person.area) or "" if person.area else ""
        rows = self._mart.rows(
            "select training, title, provider, level, months, region, province, isco08, skills,"
            " count(*) over (partition by title) as given,"
            " len(list_intersect(string_split(coalesce(skills, ''), ' '), ?::varchar[])) as n,"
            " (isco08 = ?)::int as same from courses where synthetic = ? and (n > 0 or same = 1)"
            " qualify row_number() over (partition by title order by (region = ?) desc nulls last,"
            " training) = 1 order by 2 * n + same + (region = ?)::int desc, title limit ?",
            [list(missing), person.occupation, self.synthetic, region, region, TRAININGS],
        )
        return tuple(
            Training(
                row, row["given"], tuple(s for s in missing if s in (row["skills"] or "").split())
            )
            for row in rows
        )

    @cached_property
    def _leading(self) -> dict[str, int]:
        rows = self._mart.rows(
            "select isco08, count(*) as n from courses where synthetic = ? and isco08 is not null"
            " group by all",
            [self.synthetic],
        )
        return {row["isco08"]: row["n"] for row in rows}

    def _pathways(self, person: Person, limit: int = WAYS) -> tuple[Pathway, ...]:
        demand = self._open.counts(self.synthetic)
        nearest = pathways.paths(person, limit, demand.keys())
        has = frozenset(person.codes)
        return tuple(self._pathway(path, has, demand) for path in nearest)

    def _pathway(self, path: Path, has: frozenset[str], demand: dict[str, int]) -> Pathway:
        """Skills with a name: those of ESCO, then those that several of its ads ask."""
        paid, pay = self._pay_of(path.code)
        usual = [skill.code for skill in self.usual(path.code) if skill.n >= SEVERAL]
        had = [c for c in (*path.had, *usual) if c in self._named and (c in has or c in path.had)]
        lacking = [c for c in (*path.lacking, *usual) if c in self._named and c not in had]
        n = demand.get(path.code, 0)
        return Pathway(
            path, tuple(dict.fromkeys(had)), tuple(dict.fromkeys(lacking)), n, pay, paid,
            self._leading.get(path.code, 0),
        )  # fmt: skip

    def paths(self, person: Person, limit: int) -> tuple[Pathway, ...]:
        """Occupations with open ads, the nearest first. InputError when nothing is said."""
        if not (person.occupation or person.says_skills):
            raise InputError(refused("person_skills"))
        return self._pathways(person, limit)

    def advert(self, title: str, text: str, area: str = "", job: str = "") -> AdFeedback:
        """What an employer is told of an ad; `job` is the unit group that they corrected it to.
        InputError for an ad without words; NotFoundError for an unknown area."""
        if len(f"{title} {text}".split()) < 2:
            raise InputError(refused("ad_words"))
        if area:
            areas.area(area)
        advert = read.advert(title, text)
        code = job or (advert.jobs[0].code if advert.jobs else "")
        skills_named = {skill for skill, _ in advert.skills}
        about = self._ads_of(code)[0] if code else ""
        usual = self.usual(code, USUAL + len(skills_named)) if code else []
        lacking = tuple(demand for demand in usual if demand.code not in skills_named)[:MISSING]
        paid, pay = self._pay_of(code) if code else ("", MedianPay(0))
        places = self._mart.rows(
            "select sum(places) as places from courses where isco08 = ? and synthetic = ? and year ="
            " (select max(year) from courses where synthetic = ?)",
            [code, self.synthetic, self.synthetic],
        )[0]["places"]
        return AdFeedback(
            advert, code, about, lacking, pay, paid,
            len(self._open.of_job(code, self.synthetic)) if code else 0,
            len(self._open.of_job(code, self.synthetic, area)) if code and area else 0,
            self._leading.get(code, 0), None if places is None else int(places), self.synthetic,
            read.legal_minimum(),
        )  # fmt: skip
