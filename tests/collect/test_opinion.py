"""Surveys of employers' opinion: the form with the exports of ODK, Kobo and LimeSurvey; no row is kept."""

from __future__ import annotations

import random

import pytest

from collect.forms import CHOICES, SURVEY, form
from marsad.base.errors import InputError
from marsad.base.records import Observation
from marsad.collect.context import Context, Payload
from marsad.collect.register import collector, source
from marsad.collect.xlsform import category, read_form

ODK = """SubmissionDate,firm-region,firm-sector,demand,colour,remarks,KEY,ReviewState
2026-07-02T10:00:00Z,r1,industry,A1,red,secret,uuid:1,
2026-07-03T10:00:00Z,MA-06,industry,A3,red,,uuid:2,rejected
2026-07-03T10:00:00Z,MA-06,,A3,red,,uuid:3,
2026-07-03T10:00:00Z,MA-06,,A1,red,,uuid:3,
"""
KOBO = """start;firm/region;firm/sector;demand;_id;_submission_time;_validation_status
;Souss-Massa;Industrie;Hausse;1;2026-07-02T10:00:00;
;MA-06;Industrie;Baisse;2;2026-07-02T10:00:00;Not Approved
;MA-06;;انخفاض;3;2026-07-02T10:00:00;
"""
LIME = """"id","submitdate","region. Région","sector. Secteur","Comment évolue la demande?","remarks"
"1","2026-07-02 10:00:00","r1","industry","A1","secret"
"2","","MA-06","industry","A3",""
"3","2026-07-03 10:00:00","MA-06","","Baisse",""
"""


def _read(text: str, **options: object) -> tuple[Context, dict[tuple[str, str, str, str], float]]:
    spec = source("opinion_survey")
    payloads = (Payload("form.xlsx", form()), Payload("answers.csv", text.encode()))
    context = Context(spec, payloads, options=options)
    records = [r for r in collector(spec)(context) if isinstance(r, Observation)]
    return context, {(r.indicator[8:], r.period, r.area, r.category): r.value or 0 for r in records}


@pytest.mark.parametrize("text", [ODK, KOBO, LIME])
def test_the_exports_of_three_tools_give_the_same_counts(text: str) -> None:
    context, counts = _read(text)
    assert {key: n for key, n in counts.items() if n} == {
        ("answers", "2026-Q3", "MA", "demand"): 2,
        ("positive", "2026-Q3", "MA", "demand"): 1,
        ("negative", "2026-Q3", "MA", "demand"): 1,
        ("answers", "2026-Q3", "MA-09", "demand"): 1,
        ("positive", "2026-Q3", "MA-09", "demand"): 1,
        ("answers", "2026-Q3", "MA-06", "demand"): 1,
        ("negative", "2026-Q3", "MA-06", "demand"): 1,
        ("answers", "2026-Q3", "MA", "demand@industry"): 1,
        ("positive", "2026-Q3", "MA", "demand@industry"): 1,
        ("answers", "2026-Q3", "MA", "demand@_U"): 1,
        ("negative", "2026-Q3", "MA", "demand@_U"): 1,
    }
    assert context.rejected == 1
    assert "secret" not in repr(context.issues)
    assert "uuid" not in repr(context.issues)


def test_an_answer_that_is_no_choice_is_not_counted_nor_quoted() -> None:
    context, counts = _read(ODK.replace("industry,A1", "industry,Ali Alaoui"))
    assert counts["answers", "2026-Q3", "MA", "demand"] == 1
    assert any("none of its choices" in issue.rule for issue in context.issues)
    assert "Alaoui" not in repr(context.issues)


def test_answers_without_a_day_need_a_period() -> None:
    text = "demand\nA1\nA3\nA3\ndk\n"
    context, counts = _read(text)
    assert (counts, context.rejected) == ({}, 4)
    _, counts = _read(text, period="T3 2026")
    assert counts["answers", "2026-Q3", "MA", "demand"] == 3
    assert counts["negative", "2026-Q3", "MA", "demand"] == 2


def test_a_form_says_its_questions_in_their_languages() -> None:
    read = read_form(form())
    assert [q.name for q in read.questions] == ["region", "sector", "demand", "colour"]
    assert read.questions[2].labels["ar"] == "كيف تغير الطلب؟"
    assert (read.id, read.others) == ("opinion", ("remarks",))
    assert category("a.b-c", "x y") == "a_b_c@x_y"
    plain = [("type", "name", "label"), ("select_one change", "q", "Demande?")]
    assert read_form(form(plain)).questions[0].labels == {"fr": "Demande?"}


@pytest.mark.parametrize(
    ("payloads", "rule"),
    [
        ((Payload("a.csv", ODK.encode()),), "reads a form"),
        ((Payload("f.xlsx", form()),), "reads a form"),
        ((Payload("f.xlsx", form(SURVEY[:5])), Payload("a.csv", b"demand\nA1\n")), "are a scale"),
        ((Payload("f.xlsx", form(SURVEY, CHOICES[:4])), Payload("a.csv", b"x\n1\n")), "no choices"),
        ((Payload("f.xlsx", form()), Payload("a.csv", b"x,y\n1,2\n")), "no column is a question"),
        ((Payload("f.xlsx", form()[:900]), Payload("a.csv", ODK.encode())), "cannot|can be read"),
    ],
)
def test_what_cannot_be_read_is_refused(payloads: tuple[Payload, ...], rule: str) -> None:
    spec = source("opinion_survey")
    with pytest.raises(InputError, match=rule):
        list(collector(spec)(Context(spec, payloads)))


def test_damaged_exports_never_crash() -> None:
    spec, rng = source("opinion_survey"), random.Random(3)
    book = Payload("f.xlsx", form())
    for _ in range(300):
        data = bytearray(rng.choice([ODK, KOBO, LIME]).encode())
        for _ in range(rng.randint(1, 30)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        context = Context(spec, (book, Payload("a.csv", bytes(data))))
        try:
            records = [r for r in collector(spec)(context) if isinstance(r, Observation)]
        except InputError:
            continue
        answers = [r for r in records if r.indicator == "opinion_answers" and r.area == "MA"]
        assert sum(r.value or 0 for r in answers if r.category == "demand") + context.rejected <= 5
