"""Answers about a person's skills over a small release: every ad is weighed as its explanation says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import typst
from fontTools.ttLib import TTFont

from marsad.base.errors import InputError, NotFoundError
from marsad.lake.mart import Mart, build
from marsad.products.matching import document
from marsad.products.matching.score import AGAINST, Offer, Seeker, match
from marsad.publish.read.matching import FEWEST_OPEN, Careers, Person
from marsad.publish.read.openings import Openings, openings
from marsad.publish.read.ranking import matches

WELD, TIG, EXCEL = (
    "530cb489-d900-46ab-9350-4d50ccd49eea",
    "a51adea8-bf02-488a-a0d8-b0961caca5b0",
    "1973c966-f236-40c9-b2d4-5d71a89019be",
)
DAY = dt.date(2026, 11, 20)
_TEXT = (
    "ad_key", "title", "company", "board", "url", "isco08", "region", "province", "commune", "realm",
    "state", "contract",
)  # fmt: skip


def _ad(number: int, **given: Any) -> dict[str, Any]:
    plain: dict[str, Any] = dict.fromkeys(
        (*_TEXT, "salary_month_min_mad", "salary_month_max_mad", "experience_years")
    )
    plain |= {"ad_key": f"a{number:03d}", "title": f"ad {number}", "posted_on": DAY,
              "deadline_on": None, "last_seen_on": DAY, "synthetic": False, "realm": "real", "state": "open"}  # fmt: skip
    return plain | given


def _ads() -> list[tuple[dict[str, Any], list[str]]]:
    month = dt.timedelta(30)
    welders = [
        (_ad(i, isco08="7212", region="MA-06", province="MA-06-141", salary_month_min_mad=4000.0 + i),
         [WELD, TIG][: 1 + i % 2]) for i in range(12)
    ]  # fmt: skip
    return [
        *welders,
        (_ad(20, isco08="7213", region="MA-01"), [WELD, EXCEL]),
        (_ad(21, isco08="4311", region="MA-06"), [EXCEL]),
        (_ad(22, isco08=None, region=None), []),
        (_ad(30, isco08="7212", region="MA-06", last_seen_on=DAY - month, state="closed"), [WELD]),
        (_ad(31, isco08="7212", region="MA-06", deadline_on=DAY - month, state="closed"), [WELD]),
        (_ad(40, isco08="7212", region="MA-06", synthetic=True, realm="synthetic"), [WELD]),
    ]


@pytest.fixture(scope="module")
def mart(tmp_path_factory: pytest.TempPathFactory) -> Mart:
    path = tmp_path_factory.mktemp("release") / "mart.duckdb"
    ads = pa.schema(
        [*((name, pa.string()) for name in _TEXT), ("posted_on", pa.date32()),
         ("deadline_on", pa.date32()), ("last_seen_on", pa.date32()), ("synthetic", pa.bool_()),
         ("salary_month_min_mad", pa.float64()), ("salary_month_max_mad", pa.float64()), ("experience_years", pa.float64())]
    )  # fmt: skip
    course = {"training": "t1", "title": "TIG", "provider": "P", "level": "", "months": 6,
              "region": "MA-06", "province": None, "isco08": "7212", "skills": f"{TIG} marsad-sage",
              "year": 2026, "places": 20, "synthetic": False}  # fmt: skip
    tables = {
        "ads": pa.Table.from_pylist([ad for ad, _ in _ads()], schema=ads),
        "ad_skills": pa.Table.from_pylist(
            [{"ad_key": ad["ad_key"], "skill": s} for ad, named in _ads() for s in named]
        ),
        "courses": pa.Table.from_pylist([course, {**course, "training": "t2", "region": "MA-01"}]),
        "codes": pa.table({"list": ["skill"] * 3, "code": [WELD, TIG, EXCEL]}),
    }
    build(path, tables, {})
    return Mart(path)


@pytest.fixture(scope="module")
def careers(mart: Mart) -> Careers:
    return Careers(mart)


@pytest.mark.parametrize(
    "wanted",
    [
        Seeker("7212"),
        Seeker("72", frozenset((WELD,)), "MA-06-141"),
        Seeker("", frozenset((EXCEL, "unknown")), "MA-06"),
        Seeker("4311", frozenset((WELD, TIG)), "MA-01"),
    ],
)
def test_all_ads_at_once_score_as_each_alone(mart: Mart, wanted: Seeker) -> None:
    held = Openings(mart)
    named = {ad["ad_key"]: (ad, frozenset(skills)) for ad, skills in _ads()}
    for key, score in zip(held.keys.to_pylist(), held.scores(wanted).tolist()):
        ad, skills = named[key]
        places = frozenset(ad[k] for k in ("region", "province") if ad[k])
        alone = match(wanted, Offer(ad["isco08"] or "", skills, places))
        assert score == pytest.approx(alone.score, abs=1e-6), key


def test_closed_ads_are_left_out_and_the_best_come_first(mart: Mart) -> None:
    ranked, weighed = matches(mart, Seeker("7212", frozenset((WELD,)), "MA-06"), "real", 50)
    assert weighed == 15
    keys = [one.ad["ad_key"] for one in ranked]
    assert not {"a030", "a031", "a040"} & set(keys)
    scores = [one.match.score for one in ranked]
    assert scores == sorted(scores, reverse=True)
    assert keys[0] == "a000"
    few, _ = matches(mart, Seeker("7212", frozenset((WELD,)), "MA-06"), "real", 3)
    assert [one.ad["ad_key"] for one in few] == keys[:3]


def test_an_answer_has_reasons_gaps_trainings_and_ways(careers: Careers) -> None:
    answer = careers.answer(Person((WELD,), (), "7212", "MA-01"))
    assert not answer.synthetic
    assert all(one.match.reasons for one in answer.matches)
    against = {r.code for one in answer.matches for r in one.match.reasons} & AGAINST
    assert against == {"skills_missing", "other_area"}
    assert [(one.code, one.n, one.whole, one.opens) for one in answer.missing] == [(TIG, 6, 12, 6)]
    training = answer.trainings[0]
    assert (training.row["training"], training.offers, training.teaches) == ("t2", 2, (TIG,))
    ways = {way.path.code: way for way in answer.pathways}
    assert "7212" not in ways
    assert ways["7213"].open == 1
    assert (ways["7213"].paid, ways["7213"].pay.n) == ("721", 12)
    assert "4311" not in ways  # clerks in accounting are not near welders


def test_pay_is_told_from_enough_ads_only(mart: Mart) -> None:
    held = openings(mart)
    pay = held.pay("7212", False)
    assert (pay.n, pay.median) == (12, 4005.5)
    assert held.pay("4311", False).median is None
    assert FEWEST_OPEN <= 12


def test_an_ad_is_read_back(careers: Careers) -> None:
    feedback = careers.advert(
        "Soudeur", "Jeune homme de 20 à 30 ans. Soudure. 3500 DH par mois", "MA-06"
    )
    assert (feedback.job, feedback.open, feedback.open_here) == ("7212", 12, 12)
    assert [one.code for one in feedback.lacking] == [TIG]
    assert feedback.pay.median == 4005.5
    assert (feedback.trainings, feedback.places) == (2, 40)
    assert [flag for flag, _ in feedback.read.excluding][:2] == [
        "gender_condition",
        "age_condition",
    ]
    assert careers.advert("Soudeur", "Soudure à Rabat", "", "4311").job == "4311"


def test_what_cannot_be_answered_is_said(careers: Careers) -> None:
    with pytest.raises(InputError):
        careers.answer(Person())
    with pytest.raises(InputError):
        careers.advert("", " ")
    with pytest.raises(NotFoundError):
        careers.answer(Person((WELD,), (), "", "MA-99"))


def _pdf(tmp_path: Path, text: str) -> bytes:
    dist = Path(document.__file__).parents[2] / "web" / "assets" / "dist"
    font = TTFont(next(dist.glob("marsad-sans-regular*.woff2")))
    font.flavor = None
    font.save(tmp_path / "sans.ttf")
    head = '#set text(font: "Marsad Sans", lang: "ar", dir: rtl)\n'
    return bytes(typst.compile((head + text).encode(), font_paths=[str(tmp_path)]))


def test_an_arabic_cv_is_read_in_the_order_of_its_letters(careers: Careers, tmp_path: Path) -> None:
    lines = ["السيرة الذاتية", "لحام بالقوس الكهربائي في شركة", "الخبرة 2019", "Excel"]
    data = _pdf(tmp_path, "\n\n".join(lines))
    text = document.read(data)
    assert [line.strip() for line in text.splitlines() if line.strip()] == lines
    assert EXCEL in careers.curriculum(data).codes


def test_a_locked_pdf_and_a_picture_are_refused(tmp_path: Path) -> None:
    key = b"<" + b"00" * 32 + b">"
    locked = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"3 0 obj<</Filter/Standard/V 1/R 2/O" + key + b"/U" + key + b"/P -4>>endobj\n"
        b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]/Size 4>>\n%%EOF"
    )
    with pytest.raises(InputError, match="password"):
        document.read(locked)
    with pytest.raises(InputError, match="scan"):
        document.read(_pdf(tmp_path, "#pagebreak()"))
