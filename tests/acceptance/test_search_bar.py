"""The bar on search: the right occupation among the first three, for words as people type them."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.base.declare import load_yaml
from marsad.flow.steps import Flow
from marsad.publish.read.reader import AdQuery, Reader
from marsad.publish.read.search import Hit

QUERIES = load_yaml(Path(__file__).with_name("search_queries.yml"))
BAR = 0.95


@pytest.fixture(scope="module")
def reader(embedded: Flow) -> Reader:
    folder = embedded.current()
    assert folder is not None
    return Reader(folder)


def _things(reader: Reader, words: str) -> dict[str, list[Hit]]:
    return reader.finder.answers(reader.finder.question(words))


def test_the_right_occupation_is_among_the_first_three(reader: Reader) -> None:
    missed = []
    count = 0
    for language, rows in QUERIES.items():
        for query, expected, *_ in rows:
            count += 1
            found = [h.code for h in _things(reader, query)["occupations"][:3]]
            if not set(found) & set(expected.split()):
                missed.append((language, query, expected, found))
    assert count >= 150
    assert len(missed) <= (1 - BAR) * count, missed


@pytest.mark.parametrize("query", ["soudeur", "لحام", "welder", "سودور", "soudr"])
def test_words_in_one_language_find_ads_in_the_others(reader: Reader, query: str) -> None:
    found = reader.search_ads(AdQuery(query))
    assert {"fr", "ar"} <= set(found.facets["language"])
    coded = [ad for ad in found.ads if (job := ad.codes["occupation"]) and job.code == "7212"]
    assert len(coded) >= len(found.ads) / 2


def test_a_place_in_the_words_is_a_place(reader: Reader) -> None:
    for query in ("soudeur casa", "لحام الدار البيضاء", "welder in casablanca"):
        meaning = reader.finder.question(query)
        assert meaning.area.startswith("MA-06-141"), query
        assert "7212" in meaning.groups
        for ad in reader.search_ads(AdQuery(query)).ads:
            assert ad.codes["region"].code == "MA-06"
    assert reader.finder.question("tanger").area.startswith("MA-01-511")
    every = reader.search_ads(AdQuery("tanger"))
    assert every.total > 0
    assert {at.code for ad in every.ads if (at := ad.codes["province"])} == {"MA-01-511"}


def test_every_kind_of_thing_is_found(reader: Reader) -> None:
    def things(words: str) -> dict[str, list[Hit]]:
        return _things(reader, words)

    assert things("chomage")["indicators"][0].code == "unemployment_rate"
    assert things("البطالة")["indicators"][0].code == "unemployment_rate"
    assert things("chomage")["occupations"] == []
    assert things("Fes")["areas"][0].code.startswith("MA-03-231")
    assert things("excel")["skills"]
    assert things("comptabilité")["trainings"]
    assert all(hits == [] for hits in things("xqzw").values())


def test_a_misspelt_name_of_a_place_or_skill_is_forgiven(reader: Reader) -> None:
    assert _things(reader, "Ouarzazat")["areas"][0].code.startswith("MA-08-401")
    assert _things(reader, "soudrue")["skills"]


@pytest.mark.parametrize(
    ("query", "group"),
    [("je cherche un poste de soudeur à Fès", "7212"), ("أبحث عن عمل حارس", "5414"), ("looking for a job as a welder", "7212"),
     ("bghit nkhdem chifor f casa", "8322"), ("inspecteur du travail", "3257"), ("مفتش الشغل", "3257")],
)  # fmt: skip
def test_words_that_only_ask_for_work_do_not_hide_it(
    reader: Reader, query: str, group: str
) -> None:
    meant = reader.finder.question(query)
    assert meant.occupations[0].code == group
    assert group in meant.groups


@pytest.mark.parametrize("query", ["je cherche un emploi", "bghit nkhdem", "أبحث عن عمل"])
def test_asking_for_work_alone_names_no_occupation(reader: Reader, query: str) -> None:
    assert _things(reader, query)["occupations"] == []
