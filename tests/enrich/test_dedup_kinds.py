"""Kinds of duplicates, and what people judged: their word wins, even through a third ad."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.enrich.duplicates.linking import Folded, Link, clusters, folded, judge, links

TEXT = (
    "Au sein de notre atelier de Fès vous assurez le montage des armoires électriques, la lecture "
    "des schémas, le contrôle avant livraison et le suivi des retouches demandées par le client. "
    "Vous travaillez en équipe avec le bureau d’études et rendez compte au chef d’atelier. "
    "Une expérience de deux ans dans le câblage industriel est demandée, débutants formés sur place."
)
REWORDED = TEXT.replace("vous assurez", "vous prendrez en charge").replace(
    "rendez compte au", "êtes rattaché au"
)
DAY = dt.date(2026, 5, 4)
LATER = DAY + dt.timedelta(days=30)


def _ad(key: str, **other: Any) -> dict[str, Any]:
    return {
        "ad_key": key,
        "board": "a",
        "ad_id": key,
        "title": "Câbleur d’armoires électriques",
        "company": "Atelier Essai",
        "text": TEXT,
        "province": "MA-03-231",
        "place_text": "Fès",
        "posted_on": DAY,
        "deadline_on": None,
        "isco08": "7412",
        **other,
    }


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ({}, "full"),
        ({"board": "b"}, "full"),
        ({"board": "b", "text": REWORDED}, "semantic"),
        ({"text": REWORDED, "posted_on": LATER}, "temporal"),
        ({"board": "b", "text": TEXT[: len(TEXT) // 2]}, "partial"),
        ({"ad_id": "one"}, "full"),  # the board's own identifier, same title
        ({"ad_id": "one", "title": "كهربائي صناعي"}, "semantic"),  # its translation
    ],
)
def test_each_kind_of_duplicate_is_named(other: dict[str, Any], kind: str) -> None:
    [link] = links([folded(_ad("one")), folded(_ad("two", **other))])
    assert link.kind == kind
    assert link.band in ("certain", "probable")


def test_related_ads_are_no_duplicates_and_have_no_kind() -> None:
    one = folded(_ad("one", title="Chargé de portefeuille Tiznit", company=""))
    two = folded(_ad("two", title="Chargé de portefeuille Guelmim", company="", board="b"))
    link = judge(one, two)
    assert link is not None
    assert (link.band, link.kind) == ("related", "")


FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "board": st.sampled_from("ab"),
        "ad_id": st.sampled_from(["one", "seven"]),
        "text": st.sampled_from([TEXT, REWORDED, TEXT[:170], "Poste à pourvoir"]),
        "company": st.sampled_from(["", "Atelier Essai", "Autre Maison"]),
        "title": st.sampled_from(["Câbleur", "Câbleur d’armoires électriques", "Directeur"]),
        "posted_on": st.sampled_from([None, DAY, LATER, dt.date(2027, 5, 4)]),
        "province": st.sampled_from(["", "MA-03-231", "MA-01-511"]),
    },
)


@given(FIELDS, FIELDS)
def test_two_ads_are_judged_alike_in_either_order(one: dict[str, Any], two: dict[str, Any]) -> None:
    a, b = folded(_ad("one", **one)), folded(_ad("two", **two))
    there, back = judge(a, b), judge(b, a)
    assert (there is None) == (back is None)
    if there is None or back is None:
        return
    assert (there.band, there.kind) == (back.band, back.kind)
    assert there.score == pytest.approx(back.score, abs=0.01)
    assert there.reason
    assert 0 < there.score <= 1
    assert (there.kind == "") == (there.band == "related")
    assert there.kind in ("", "full", "semantic", "temporal", "partial")


def _link(a: str, b: str, score: float = 0.9, band: str = "certain") -> Link:
    return Link(a, b, band, score, "")


def test_a_person_s_different_parts_what_is_computed_the_same() -> None:
    of = clusters("ab", [_link("a", "b", 1.0)], [("a", "b", False)])
    assert of == {"a": "a", "b": "b"}


def test_different_wins_even_through_a_third_ad() -> None:
    links = [_link("a", "b", 0.99), _link("b", "c", 0.9)]
    assert len(set(clusters("abc", links).values())) == 1
    of = clusters("abc", links, [("a", "c", False)])
    assert of["a"] == of["b"], "the better link stands"
    assert of["c"] != of["a"]


def test_the_best_link_is_taken_first_where_only_one_can_be() -> None:
    links = [_link("a", "b", 0.8), _link("b", "c", 0.95)]
    of = clusters("abc", links, [("a", "c", False)])
    assert of["b"] == of["c"]
    assert of["a"] != of["b"]


def test_a_person_s_same_joins_what_nothing_computed_links() -> None:
    assert clusters("ab", [], [("b", "a", True)]) == {"a": "a", "b": "a"}
    related = [_link("a", "b", 0.5, "related")]
    assert clusters("ab", related, [("a", "b", True)]) == {"a": "a", "b": "a"}


def test_a_person_s_same_goes_before_a_better_link() -> None:
    of = clusters("abc", [_link("b", "c", 1.0)], [("a", "b", True), ("a", "c", False)])
    assert of["a"] == of["b"]
    assert of["c"] == "c"


def test_judgements_on_ads_that_are_gone_say_nothing() -> None:
    judged = [("a", "gone", False), ("gone", "b", True), ("gone", "gone too", False)]
    assert clusters("ab", [_link("a", "b")], judged) == {"a": "a", "b": "a"}


KEYS = "abcdefg"
KEY = st.sampled_from(KEYS)
LINK = st.builds(
    _link,
    KEY,
    KEY,
    st.sampled_from([0.6, 0.7, 0.8, 1.0]),
    st.sampled_from(["certain", "probable", "related"]),
)


@given(st.lists(LINK, max_size=20), st.lists(st.tuples(KEY, KEY), max_size=6))
def test_ads_held_apart_are_never_in_one_cluster(
    links: list[Link], held: list[tuple[str, str]]
) -> None:
    apart = [(a, b, False) for a, b in held if a != b]
    of = clusters(KEYS, links, apart)
    assert all(of[a] != of[b] for a, b, _ in apart)
    free = clusters(KEYS, links)
    assert all(free[key] == free[of[key]] for key in KEYS), "holding apart joins nothing"
    assert clusters(KEYS, links[::-1], apart[::-1]) == of, "the order of either does not matter"


@given(st.lists(LINK, max_size=20), st.lists(st.tuples(KEY, KEY), max_size=6))
def test_ads_judged_the_same_are_in_one_cluster(
    links: list[Link], same: list[tuple[str, str]]
) -> None:
    of = clusters(KEYS, links, [(a, b, True) for a, b in same])
    assert all(of[a] == of[b] for a, b in same)
    assert all(of[of[key]] == of[key] for key in KEYS)


def _notice(key: str, title: str, company: str) -> Folded:
    return folded(
        {
            "ad_key": key, "board": "public", "ad_id": key, "title": title, "text": "",
            "company": company, "province": "", "place_text": "", "posted_on": None,
            "deadline_on": dt.date(2026, 8, 3), "isco08": "",
        }
    )  # fmt: skip


def test_a_notice_and_its_translation_are_one_by_meaning() -> None:
    french = _notice("a", "Ingénieur en génie civil", "Ministère de la Santé")
    arabic = _notice("b", "مهندس في الهندسة المدنية", "وزارة الصحة")
    other = _notice("c", "طبيب بيطري", "وزارة الداخلية عمالة تطوان")
    link = judge(french, arabic)
    assert link is not None
    assert (link.band, link.kind) == ("probable", "semantic")
    assert "near in meaning" in link.reason
    assert judge(french, other) is None


def test_a_template_for_two_openings_is_related_only() -> None:
    """A portfolio in Tiznit and one in Guelmim, told in the same words."""
    words = " ".join(f"mot{i}" for i in range(60))
    one, two = (
        folded(
            {
                "ad_key": place, "board": place, "ad_id": place, "text": words,
                "title": f"Chargé de portefeuille {place}", "company": "Essai", "province": "",
                "place_text": "", "posted_on": None, "isco08": "3312",
            }
        )
        for place in ("Tiznit", "Guelmim")
    )  # fmt: skip
    link = judge(one, two)
    assert link is not None
    assert (link.band, link.kind) == ("related", "")
