"""Matching: the score is what its explanation says, and every part of it is told."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.labels import LANGUAGES
from marsad.products.matching import score
from marsad.products.matching.score import AGAINST, REASONS, WEIGHTS, Offer, Seeker, match

SKILLS = st.frozensets(st.sampled_from("abcdef"))
PLACES = st.sampled_from(["", "MA-06", "MA-06-141", "MA-01", "MA-01-511"])
JOBS = st.sampled_from(["", "2", "24", "241", "2411", "2412", "4311"])


def _offer(job: str = "2411", skills: str = "", areas: tuple[str, ...] = ()) -> Offer:
    return Offer(job, frozenset(skills), frozenset(areas))


@pytest.mark.parametrize(
    ("wanted", "offered", "score_", "code"),
    [
        ("2411", "2411", 1.0, "same_unit_group"),
        ("2411", "2412", 0.6, "same_minor_group"),
        ("2411", "2421", 0.4, "same_sub_major_group"),
        ("2411", "2512", 0.2, "same_major_group"),
        ("24", "2421", 1.0, "same_sub_major_group"),
        ("2411", "4311", 0.0, "other_occupation"),
        ("2411", "", 0.0, None),
    ],
)
def test_occupations_near_and_far(
    wanted: str, offered: str, score_: float, code: str | None
) -> None:
    result = match(Seeker(wanted), _offer(offered))
    assert result.score == pytest.approx(score_)
    assert [r.code for r in result.reasons] == ([code] if code else [])


def test_skills_are_the_share_of_what_the_ad_asks() -> None:
    result = match(Seeker(skills=frozenset("abx")), _offer(skills="abcd"))
    assert result.score == pytest.approx(0.5)
    codes_by_reason = {r.code: r.codes for r in result.reasons}
    assert codes_by_reason == {"skills_shared": ("a", "b"), "skills_missing": ("c", "d")}
    assert match(Seeker(skills=frozenset("a")), _offer()).score == 0


def test_places_near_and_far() -> None:
    casablanca = Seeker(area="MA-06-141")
    assert match(casablanca, _offer(areas=("MA-06", "MA-06-141"))).score == 1
    near = match(casablanca, _offer(areas=("MA-06", "MA-06-371")))
    assert (near.score, near.reasons[0].code, near.reasons[0].codes) == (
        0.5,
        "same_region",
        ("MA-06",),
    )
    far = match(casablanca, _offer(areas=("MA-01-511", "MA-01")))
    assert (far.score, far.reasons) == (0, (score.Reason("other_area", ("MA-01",)),))
    assert match(casablanca, _offer()).reasons == ()
    assert match(Seeker(area="MA-06"), _offer(areas=("MA-06", "MA-06-371"))).score == 1


def test_weights_are_those_that_the_explanation_names() -> None:
    wanted = Seeker("2411", frozenset("ab"), "MA-06")
    assert match(wanted, _offer("2411", "ab", ("MA-06",))).score == 1
    assert match(wanted, _offer("2411")).score == pytest.approx(0.5)
    assert match(wanted, _offer("", "ab")).score == pytest.approx(0.35)
    assert match(wanted, _offer("", "", ("MA-06",))).score == pytest.approx(0.15)
    explanation = inspect.getdoc(score) or ""
    assert all(f"weight {weight}" in explanation for weight in WEIGHTS.values())
    assert sum(WEIGHTS.values()) == 100


def test_what_a_person_does_not_say_does_not_count() -> None:
    assert match(Seeker("2411"), _offer("2411", "abc", ("MA-06",))).score == 1
    assert match(Seeker(), _offer("2411", "abc", ("MA-06",))) == score.Match(0, ())


@given(JOBS, SKILLS, PLACES, JOBS, SKILLS, st.frozensets(PLACES.filter(bool)))
def test_a_score_is_a_share_and_another_skill_never_lowers_it(
    job: str,
    skills: frozenset[str],
    area: str,
    offered: str,
    named: frozenset[str],
    areas: frozenset[str],
) -> None:
    offer = Offer(offered, named, areas)
    result = match(Seeker(job, skills, area), offer)
    assert 0 <= result.score <= 1
    assert {r.code for r in result.reasons} <= set(REASONS)
    if skills:
        more = match(Seeker(job, skills | {"a"}, area), offer)
        assert more.score >= result.score - 1e-12
    assert (result.score > 0) == any(r.code not in AGAINST for r in result.reasons)


def test_reasons_are_said_in_three_languages() -> None:
    assert set(REASONS) > AGAINST
    assert all(set(text) == set(LANGUAGES) and all(text.values()) for text in REASONS.values())
