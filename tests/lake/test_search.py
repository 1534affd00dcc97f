"""Search as people type it: plurals, accents, the Arabic article, Darija in Latin letters."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.lake import search

ADS = [
    ("welder", "Soudeur qualifié", "Atelier de chaudronnerie à Salé. Métiers de l’acier."),
    ("nurse", "Infirmières de nuit", "Clinique privée, équipes soignantes."),
    ("accountant", "محاسب", "البحث عن محاسب للعمل في المدينة القديمة"),
    ("driver", "chifour dyal camion", "lkhdma kayna daba, l khlas mzyan"),
    ("developer", "Développeur C++ / C#", "Projets embarqués pour l’automobile"),
    ("engineer", "Quality engineer", "Engineers work with the teams of the plant"),
    ("title", "Boulanger", "four à bois"),
    ("body", "Aide de cuisine", "travaille auprès du boulanger de la maison"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> search.Search:
    path = tmp_path_factory.mktemp("search") / search.NAME
    with search.updating(path) as add:
        add({"key": k, "title": t, "body": b} for k, t, b in ADS)
    return search.Search(path)


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("soudeur", "welder"),
        ("Soudeurs", "welder"),
        ("SOUDEUR QUALIFIE", "welder"),
        ("métier", "welder"),
        ("metiers", "welder"),
        ("infirmière", "nurse"),
        ("infirmieres", "nurse"),
        ("équipe soignante", "nurse"),
        ("محاسب", "accountant"),
        ("المحاسب", "accountant"),
        ("مدينة", "accountant"),
        ("chifour", "driver"),
        ("khlas mzyan", "driver"),
        ("developpeur c++", "developer"),
        ("engineer quality", "engineer"),
    ],
)
def test_words_are_found_as_people_write_them(index: search.Search, query: str, key: str) -> None:
    assert key in index.keys(query)


def test_every_word_must_occur(index: search.Search) -> None:
    assert index.keys("soudeur infirmière") == []
    assert index.keys("soudeur xqzv") == []


def test_the_title_counts_more_than_the_body(index: search.Search) -> None:
    assert index.keys("boulanger") == ["title", "body"]


def test_no_more_than_asked(index: search.Search) -> None:
    assert len(index.keys("boulanger", 1)) == 1


HOSTILE = [
    "",
    "   ",
    "\"'(){}[]^~*?:\\/",
    'title_fr:"x" OR *:*',
    "soudeur AND",
    "NOT",
    "soudeur NOT infirmière",
    "OR OR",
    "a IN [soudeur maçon]",
    "+-",
    "++ ##",
    "/.*/",
    "key:welder",
    "\x00",
    "<script>alert(1)</script>",
    "'; drop table ads; --",
    "a" * 5000,
    "soudeur " * 500,
    "مـــ\u202e",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_are_only_words(index: search.Search, query: str) -> None:
    found = index.keys(query)
    assert set(found) <= {key for key, _, _ in ADS}
    assert len(found) < len(ADS), "no query can ask for everything"


def test_a_sign_alone_is_no_word(index: search.Search) -> None:
    assert index.keys("soudeur + qualifié #") == ["welder"]
    assert index.keys("++") == []


def test_field_names_and_operators_are_no_commands(index: search.Search) -> None:
    assert index.keys("key:welder") == []
    assert index.keys("soudeur OR infirmière") == []


@given(st.text(max_size=60))
def test_any_query_is_answered(index: search.Search, query: str) -> None:
    assert set(index.keys(query)) <= {key for key, _, _ in ADS}


def test_ads_that_are_gone_are_found_no_more_and_new_ones_are(tmp_path: Path) -> None:
    path = tmp_path / search.NAME
    with search.updating(path) as add:
        add([{"key": "a", "title": "soudeur", "body": ""}])
    with search.updating(path, ["a"]) as add:
        add([{"key": "b", "title": "maçon", "body": ""}])
    found = search.Search(path)
    assert found.keys("soudeur") == []
    assert found.keys("macon") == ["b"]
    assert [p.name for p in tmp_path.iterdir()] == [search.NAME]
