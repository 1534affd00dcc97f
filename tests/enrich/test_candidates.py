"""Candidates for duplicates: near texts meet, in a number of pairs that grows as that of the ads."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.enrich import candidates, dedup
from marsad.enrich.dedup import Link, clusters, folded, judge

TEXT = (
    "vous assurez la tenue de la comptabilite generale la preparation des bilans et la relation avec "
    "les auditeurs vous rendez compte au directeur financier et encadrez deux aides comptables une "
    "experience de trois ans en cabinet est demandee ainsi que la maitrise du logiciel de gestion"
)
OTHER = (
    "notre restaurant cherche une personne pour le service en salle le soir et le week end accueil des "
    "clients prise de commande encaissement bonne presentation et sourire debutants acceptes repas"
)


def test_equal_texts_have_equal_sketches_and_short_ones_none() -> None:
    found = candidates.sketches([TEXT, TEXT, OTHER, "two words"])
    assert np.array_equal(found[0], found[1])
    assert not np.array_equal(found[0], found[2])
    assert (found[3] == candidates.EMPTY).all()


def test_near_texts_meet_and_strangers_do_not() -> None:
    near = TEXT.replace("trois ans", "quatre ans")
    found = candidates.sketches([TEXT, near, OTHER])
    pairs = candidates.by_text(found, np.zeros(3, np.int64)).tolist()
    assert pairs == [[0, 1]]
    assert candidates.alike(found, np.array([[0, 1], [0, 2]]))[0] > 0.6
    assert candidates.alike(found, np.array([[0, 2]]))[0] < 0.1


@pytest.mark.parametrize("copies", [50, 500])
def test_a_template_used_n_times_gives_pairs_in_proportion(copies: int) -> None:
    found = candidates.sketches([TEXT] * copies)
    pairs = candidates.by_text(found, np.arange(copies))
    assert copies - 1 <= len(pairs) <= candidates.NEIGHBOURS * copies


@given(st.lists(st.integers(0, 4), max_size=40), st.integers(1, 5))
def test_neighbours_share_their_key_and_are_no_more_than_asked(keys: list[int], most: int) -> None:
    pairs = candidates.by_key(keys, np.arange(len(keys)), most)
    assert len(pairs) <= most * len(keys)
    for one, two in pairs.tolist():
        assert one < two
        assert keys[one] == keys[two]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_each_pair_is_given_once(rows: list[tuple[int, int]]) -> None:
    given_pairs = np.array([sorted(r) for r in rows], np.int64).reshape(-1, 2)
    found = candidates.distinct([given_pairs, given_pairs]).tolist()
    assert sorted(map(tuple, found)) == sorted({tuple(p) for p in given_pairs.tolist()})


def _ad(key: str, **other: Any) -> dedup.Folded:
    return folded(
        {
            "ad_key": key, "board": key, "ad_id": key, "title": "Comptable confirmé", "text": TEXT,
            "company": "Atelier Essai", "province": "MA-06-141", "place_text": "Casablanca",
            "posted_on": dt.date(2026, 5, 4), "deadline_on": None, "isco08": "2411", **other,
        }
    )  # fmt: skip


REWORDED = " ".join(reversed([TEXT[i : i + 60] for i in range(0, len(TEXT), 60)]))


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        ("full", {"posted_on": dt.date(2026, 5, 20)}),
        ("semantic", {"text": REWORDED}),
        ("temporal", {"text": REWORDED, "posted_on": dt.date(2026, 5, 20)}),
        ("partial", {"text": TEXT[:150], "title": "Comptable"}),
    ],
)
def test_kinds_of_duplicates(kind: str, other: dict[str, Any]) -> None:
    link = judge(_ad("a"), _ad("b", **other))
    assert link is not None
    assert link.kind == kind
    assert link.band in ("certain", "probable")


def test_a_template_for_two_openings_is_related_only() -> None:
    one = _ad("a", title="Chargé de portefeuille Tiznit")
    two = _ad("b", title="Chargé de portefeuille Guelmim")
    link = judge(one, two)
    assert link is not None
    assert (link.band, link.kind) == ("related", "")


def test_a_notice_and_its_translation_are_one_by_meaning() -> None:
    public = {
        "board": "public",
        "text": "",
        "province": "",
        "place_text": "",
        "deadline_on": dt.date(2026, 8, 3),
    }
    french = _ad("a", title="Ingénieur en génie civil", company="Ministère de la Santé", **public)
    arabic = _ad("b", title="مهندس في الهندسة المدنية", company="وزارة الصحة", **public)
    other = _ad("c", title="طبيب بيطري", company="وزارة الداخلية عمالة تطوان", **public)
    found = judge(french, arabic)
    assert found is not None
    assert (found.band, found.kind) == ("probable", "semantic")
    assert "near in meaning" in found.reason
    assert judge(french, other) is None


def test_what_a_person_holds_apart_is_not_joined_through_a_third() -> None:
    keys = ["a", "b", "c"]
    links = [Link("a", "b", "certain", 1.0, ""), Link("b", "c", "probable", 0.8, "")]
    assert len(set(clusters(keys, links).values())) == 1
    held = clusters(keys, links, [("a", "c", False)])
    assert held["a"] != held["c"]
    assert held["a"] == held["b"], "the surer link stands"


def test_what_a_person_joins_is_joined_without_any_link() -> None:
    assert len(set(clusters(["a", "b"], [], [("a", "b", True)]).values())) == 1
    assert len(set(clusters(["a", "b"], [], [("a", "gone", True)]).values())) == 2
