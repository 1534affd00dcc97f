"""The shipped sample of invented ads: what a reader of 200 of them found, and what a program can check.

`sample_audit.csv` has the verdicts of November 2026 (by a language-model assistant) on 200 ads, drawn by lot
from the 6,000 of a seed that was not looked at while the generator was written: 40 of each of fr, ar, ary
(either script), en and mixed. Absurd is an ad that no Moroccan employer could mean: a task, skill, employer,
place, pay or condition that does not belong to the job, or two statements that exclude each other; odd is
one that makes a reader frown. The defects that are planted on purpose (noise, unlawful wording) are not
counted. Three earlier readings of 200, of other seeds, had 1, 3 and 0 absurd ads; what they showed was mended
before this one. No text of an ad is kept.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from marsad.base.records import Row
from marsad.collect.seeds import provinces
from marsad.collect.sources.synthetic_ads.generate import generate
from marsad.collect.sources.synthetic_ads.world import Job, jobs, words

from .line import Line

SEED, ADS, UNTIL = 74093, 6000, dt.date(2026, 10, 31)
MINIMUM_WAGE = 3500
"""Dirhams a month that no ad goes below outside the planted unlawful sentences (the SMIG of 2026 is 3,423)."""
_PAY_SLACK = 1.5
"""How far the upper end of a pay may go beyond what the job pays after eight years."""
_INLAND = ("MA-03", "MA-05", "MA-08")
"""Regions without a coast."""
Ad = dict[str, object]


def draw(seed: int = SEED, ads: int = ADS) -> list[Ad]:
    """The sightings of a seed, with the truth beside each."""
    return list(generate(seed, ads, UNTIL, provinces()))


@cache
def _jobs_of(family: str, isco08: str) -> tuple[Job, ...]:
    return tuple(job for job in jobs() if (job.family, job.isco08) == (family, isco08))


def _job(ad: Ad) -> Job:
    return _jobs_of(str(ad["true_family"]), str(ad["true_isco08"]))[0]


def _wordings(ad: Ad) -> Row:
    lang = str(ad["true_lang"])
    return dict(words("phrases")["fr" if lang == "mixed" else lang])


def _text(ad: Ad) -> str:
    return f" {ad['text']} ".replace("&nbsp;", " ").casefold()


def pay_fits(ad: Ad) -> bool:
    """The pay lies between what the job pays a beginner and somewhat above what it pays after eight years."""
    amounts = [int(number) for number in re.findall(r"\d{4,}", str(ad["salary"] or ""))]
    start, senior = _job(ad).pay
    return all(max(start, MINIMUM_WAGE) <= amount <= senior * _PAY_SLACK for amount in amounts)


def experience_agrees(ad: Ad) -> bool:
    """The field and the text ask for the same years, and neither takes beginners where the other asks."""
    sentences = _wordings(ad)
    years = sentences["years"]
    field, text = str(ad["experience"] or ""), _text(ad)
    beginners = any(form.casefold() in text for form in sentences["beginner_text"])
    demands = [
        form.format(years=years.get(n, years["n"]).format(n=n)).casefold() for n in range(1, 11)
        for form in sentences["years_text"]
    ]  # fmt: skip
    asked = {demand for demand in demands if demand in text}
    if beginners and asked:
        return False
    if field in sentences["experience"][0]:
        return not asked
    return not (field and beginners) and len(asked) <= 1


def _level_agrees(ad: Ad, field: str, sentences: str) -> bool:
    """The field's category is the only one of which the text has a whole sentence."""
    wordings = _wordings(ad)
    stated = {
        code
        for code, forms in wordings[sentences].items()
        for form in forms
        if form.casefold() in _text(ad)
    }
    codes = {code for code, forms in wordings[field].items() if ad[field] in forms}
    return len(stated) <= 1 and (not ad[field] or not stated or stated <= codes)


def contract_agrees(ad: Ad) -> bool:
    """The field and the text name the same contract."""
    return _level_agrees(ad, "contract", "contract_text")


def diploma_agrees(ad: Ad) -> bool:
    """The diploma that the text asks for is of the level that the field names."""
    wordings = _wordings(ad)
    codes = {code for code, forms in wordings["diploma"].items() if ad["diploma"] in forms}
    stated = {
        code
        for code, forms in wordings["diploma"].items()
        for form in forms
        for sentence in wordings["diploma_text"]
        if sentence.format(diploma=form).casefold() in _text(ad)
    }
    return len(stated) <= 1 and (not codes or not stated or stated <= codes)


@cache
def _sector_names() -> tuple[tuple[str, re.Pattern[str]], ...]:
    cores = [name for pair in words("employers")["cores"] for name in pair]
    core = "|".join(map(re.escape, cores))
    return tuple(
        (sector, re.compile(re.escape(form).replace(r"\{\}", f"(?:{core})")))
        for sector, row in words("employers")["sectors"].items()
        for form in (*row["fr"], *row["ar"])
    )


def employer_fits(ad: Ad) -> bool:
    """The name of the employer is one of a sector that has the job."""
    names = {sector for sector, name in _sector_names() if name.fullmatch(str(ad["company"] or ""))}
    return not names or bool(names & set(_job(ad).sectors))


def place_fits(ad: Ad) -> bool:
    """The province is one where the job exists: ports and fishing on the coast, mines where they are."""
    job, province = _job(ad), str(ad["true_province"])
    if job.family in ("fishing", "canning") and province.startswith(_INLAND):
        return False
    return not job.places or province in job.places


RULES: dict[str, Callable[[Ad], bool]] = {
    "pay within what the job pays": pay_fits,
    "experience: field and text agree": experience_agrees,
    "contract: field and text agree": contract_agrees,
    "diploma: field and text agree": diploma_agrees,
    "employer of a sector that has the job": employer_fits,
    "place where the job exists": place_fits,
}


def broken(ads: Iterable[Ad]) -> dict[str, list[Ad]]:
    """Rule -> the ads that break it."""
    listed = list(ads)
    return {name: [ad for ad in listed if not rule(ad)] for name, rule in RULES.items()}


def verdicts() -> list[dict[str, str]]:
    """The readings of `sample_audit.csv`: seed, ad, lang, verdict, why."""
    with Path(__file__).with_name("sample_audit.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure() -> list[Line]:
    """Absurd ads among those read, and ads that break a rule among 6,000."""
    read = verdicts()
    absurd = sum(row["verdict"] == "absurd" for row in read)
    lines = [Line("sample ads that a reader finds absurd", "<= 2", str(absurd), len(read))]
    for name, ads in broken(draw()).items():
        lines.append(Line(f"sample ads that break: {name}", "0", str(len(ads)), ADS))
    return lines
