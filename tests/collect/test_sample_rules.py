"""The sample's ads say one truth: job, employer, place, terms and text follow together."""

from __future__ import annotations

from functools import cache

import pytest
from benchmarks.truth import sample

from marsad.collect.seeds import provinces
from marsad.collect.sources.synthetic_ads.generate import LANGUAGES
from marsad.collect.sources.synthetic_ads.world import Job, jobs, words


@cache
def ads() -> tuple[sample.Ad, ...]:
    """A draw shared by the tests; they copy an ad before they change it."""
    return tuple(sample.draw(seed=77, ads=3000))


def _first(family: str, lang: str = "fr") -> sample.Ad:
    return dict(next(ad for ad in ads() if (ad["true_family"], ad["true_lang"]) == (family, lang)))


def test_no_ad_breaks_a_rule() -> None:
    assert {rule: len(broken) for rule, broken in sample.broken(ads()).items() if broken} == {}


@pytest.mark.parametrize(
    ("rule", "family", "change"),
    [
        (sample.pay_fits, "shop", {"salary": "2100 DH"}),
        (sample.pay_fits, "cleaning", {"salary": "12000 - 15000 DH"}),
        (sample.experience_agrees, "kitchen", {
            "experience": "débutant accepté", "text": "Vous justifiez de 3 ans d'expérience au moins."}),
        (sample.experience_agrees, "office", {
            "experience": "", "text": "Première expérience non exigée. Vous justifiez de 2 ans d'expérience au moins."}),
        (sample.contract_agrees, "farm", {"contract": "CDI", "text": "Mission d'intérim de six mois."}),
        (sample.diploma_agrees, "garages", {"diploma": "Bac+5", "text": "Niveau d'études : Bac+2."}),
        (sample.employer_fits, "nurses", {"company": "Zinoura Câblage"}),
        (sample.place_fits, "fishing", {"true_province": "MA-05-091"}),
        (sample.place_fits, "mining", {"true_province": "MA-06-141"}),
    ],
)  # fmt: skip
def test_each_rule_sees_what_it_is_for(
    rule: object, family: str, change: dict[str, object]
) -> None:
    ad = _first(family)
    assert callable(rule)
    assert rule(ad)
    assert not rule({**ad, **change})


def test_an_unlawful_low_pay_stands_beside_no_other_pay() -> None:
    low = [form for form in words("phrases")["fr"]["lowpay"]]
    planted = [ad for ad in ads() if any(form in str(ad["text"]) for form in low)]
    assert planted
    assert {ad["salary"] for ad in planted} == {None}


def test_beginners_are_not_asked_for_years_by_any_job() -> None:
    assert all(0 <= job.years[0] <= job.years[1] <= 10 for job in jobs())
    assert all(sample.MINIMUM_WAGE <= job.pay[0] <= job.pay[1] for job in jobs())


@pytest.mark.parametrize("job", jobs(), ids=lambda job: f"{job.family}-{job.isco08}")
def test_a_job_has_words_in_every_language_of_its_ads(job: Job) -> None:
    for lang in LANGUAGES:
        spoken = {"mixed": "fr", "ary-Latn": "fr"}.get(lang, lang)
        if job.speaks(lang):
            assert len(job.tasks[spoken]) >= 3
            assert len(set(job.skills[spoken])) >= (2 if spoken == "ary" else 3)
    assert any(map(job.stands_in, provinces()))


@pytest.mark.parametrize("major", "123456789")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_major_group_and_language_has_a_job_that_stands_anywhere(
    major: str, lang: str
) -> None:
    assert any(j.isco08[0] == major and j.speaks(lang) and not j.places for j in jobs())


def test_titles_that_name_a_woman_take_her_article() -> None:
    maids = [str(ad["text"]) for ad in ads() if "emme de ménage" in str(ad["title"])]
    assert maids
    assert not any("un femme" in text or "un(e) femme" in text for text in maids)
    assert not any("emme de ménage (H/F)" in str(ad["title"]) for ad in ads())


def test_two_hundred_ads_were_read_and_at_most_two_are_absurd() -> None:
    read = sample.verdicts()
    assert len(read) == len({row["ad"] for row in read}) == 200
    assert {row["verdict"] for row in read} <= {"plausible", "odd", "absurd"}
    assert sum(row["verdict"] == "absurd" for row in read) <= 2
