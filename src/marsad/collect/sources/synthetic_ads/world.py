"""The world of the invented ads: occupations in families, employers by sector, and where each stands."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from marsad.base.records import Row
from marsad.collect.seeds import AreaSeed

HERE: Final = Path(__file__).parent
_TITLES: Final = ("fr", "ar", "ary", "ary-Latn", "en")
_MONTHLY: Final = frozenset({"cdi", "cdd", "anapec", "interim", "saison"})
_FULL_PAY_YEARS: Final = 8
"""Years of experience at which the upper bound of a family's pay is reached."""


@dataclass(frozen=True, slots=True)
class Job:
    """An occupation of a family: what its ads may say, and in which provinces (none: everywhere)."""

    family: str
    isco08: str
    weight: int
    titles: dict[str, tuple[str, ...]]
    tasks: dict[str, tuple[str, ...]]
    skills: dict[str, tuple[str, ...]]
    sectors: tuple[str, ...]
    places: frozenset[str]
    level: str
    hours: str
    sex: str
    years: tuple[int, int]
    diplomas: tuple[str, ...]
    pay: tuple[int, int]
    contracts: tuple[str, ...]

    def speaks(self, lang: str) -> bool:
        """Whether ads in this language look for the occupation."""
        return bool(self.titles["fr" if lang == "mixed" else lang])

    def stands_in(self, area: AreaSeed) -> bool:
        """Whether the occupation is looked for in the area."""
        return not self.places or area.province_code in self.places


@dataclass(frozen=True, slots=True)
class Terms:
    """The truth of an opening: years asked for (0: beginners), diploma, contract, monthly pay (0: none said)."""

    years: int
    diploma: str
    contract: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Employer:
    """An invented employer: its sector and its name in Latin and in Arabic letters."""

    sector: str
    latin: str
    arabic: str


@cache
def words(name: str) -> Row:
    """One of the yml files of this folder, read once."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (HERE / f"{name}.yml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=loader))  # noqa: S506


def split(text: str) -> tuple[str, ...]:
    """The parts of a list written with semicolons."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


@cache
def jobs() -> tuple[Job, ...]:
    """Every occupation of occupations.yml, with what it inherits from its family."""
    families: Row = words("occupations")["families"]
    return tuple(
        _job(name, family, row) for name, family in families.items() for row in family["jobs"]
    )


def _job(name: str, family: Row, row: Sequence[object]) -> Job:
    own: Row = {**family, **(row[7] if len(row) > 7 and isinstance(row[7], dict) else {})}
    spoken = [lang for lang in ("fr", "ar", "ary", "en") if lang in family]
    return Job(
        family=name,
        isco08=str(row[0]),
        weight=int(str(row[1])),
        titles={lang: split(str(text)) for lang, text in zip(_TITLES, row[2:7], strict=True)},
        tasks={lang: split(own[lang][0]) for lang in spoken},
        skills={lang: split(own[lang][1]) for lang in spoken},
        sectors=tuple(own["sectors"]),
        places=provinces_of(own.get("places", ())),
        level=own["level"],
        hours=own["hours"],
        sex=own.get("sex", ""),
        years=(own["years"][0], own["years"][1]),
        diplomas=tuple(own["diplomas"]),
        pay=(own["pay"][0], own["pay"][1]),
        contracts=tuple(own["contracts"]),
    )


def provinces_of(tags: Sequence[str]) -> frozenset[str]:
    """The provinces that have one of the tags of employers.yml."""
    places: Row = words("employers")["places"]
    return frozenset(code for tag in tags for code in places[tag])


def employer(rng: random.Random, job: Job, area: AreaSeed) -> Employer:
    """An employer of the occupation that may stand in the area; each sector has a few that hire most."""
    sectors: Row = words("employers")["sectors"]
    near = [
        s for s in job.sectors if area.province_code in provinces_of(sectors[s].get("places", ()))
    ]
    free = [s for s in job.sectors if not sectors[s].get("places")]
    sector = rng.choice(near + free or list(job.sectors))
    cores = words("employers")["cores"]
    rank = min(int(rng.expovariate(0.2)), len(cores) - 1)
    at = (rank + 7 * list(sectors).index(sector)) % len(cores)
    latin, arabic = (
        sectors[sector][script][at % len(sectors[sector][script])] for script in ("fr", "ar")
    )
    return Employer(sector, latin.format(cores[at][0]), arabic.format(cores[at][1]))


def terms(rng: random.Random, job: Job) -> Terms:
    """What the employer asks and pays, each from the range of the occupation."""
    years, diploma = rng.randint(*job.years), rng.choice(job.diplomas)
    graduate = diploma not in ("none", "q")
    fits = {
        "anapec": graduate and years <= 1,
        "stage": graduate and not years,
        "freelance": years > 0,
    }
    contracts = [c for c in job.contracts if fits.get(c, True)]
    contract = rng.choice(contracts or ["cdi"])
    start, senior = job.pay
    usual = start + (senior - start) * min(years, _FULL_PAY_YEARS) / _FULL_PAY_YEARS
    low = max(start, int(round(usual * rng.uniform(0.95, 1.12), -2)))
    high = int(round(low * rng.uniform(1.12, 1.3), -2))
    return Terms(years, diploma, contract, *((low, high) if contract in _MONTHLY else (0, 0)))
