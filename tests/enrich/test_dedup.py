"""Duplicates: one opening seen several times is one; alike words of different openings are not."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.enrich.duplicates.linking import Link, clusters, folded, links

TEXT = (
    "Au sein de notre atelier de Fès vous assurez le montage des armoires électriques, la lecture "
    "des schémas, le contrôle avant livraison et le suivi des retouches demandées par le client. "
    "Vous travaillez en équipe avec le bureau d’études et rendez compte au chef d’atelier. "
    "Une expérience de deux ans dans le câblage industriel est demandée, débutants formés sur place."
)
OTHER = (
    "Notre agence de voyages ouvre un comptoir: accueil des clients, vente de billets, préparation "
    "des dossiers de visa et tenue de la caisse. Anglais courant, espagnol apprécié. Travail du "
    "lundi au samedi, formation assurée par l’agence pendant le premier mois, prime sur les ventes."
)
REWORDED = TEXT.replace("vous assurez", "vous prendrez en charge").replace(
    "rendez compte au", "êtes rattaché au"
)


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
        "posted_on": dt.date(2026, 5, 4),
        "isco08": "7412",
        **other,
    }


def _links(*ads: dict[str, Any]) -> list[Link]:
    return links([folded(ad) for ad in ads])


def _joined(*ads: dict[str, Any]) -> bool:
    keys = [ad["ad_key"] for ad in ads]
    return len(set(clusters(keys, _links(*ads)).values())) == 1


@pytest.mark.parametrize(
    "again",
    [
        {"board": "b"},  # the same ad on another board
        {"board": "b", "text": REWORDED},
        {"board": "b", "title": "Câbleur armoires électriques (H/F)"},
        {"board": "b", "company": ""},  # the other board hides the employer
        {"board": "b", "company": "ATELIER ESSAI SARL"},
        {"board": "b", "text": TEXT[: len(TEXT) // 2]},  # a copy that was cut
        {"board": "b", "province": "", "place_text": ""},
        {"board": "b", "posted_on": None},
        {"posted_on": dt.date(2026, 6, 8)},  # posted again a month later
        {"board": "b", "text": f"<b>{TEXT.upper()}</b>"},
    ],
)
def test_one_opening_seen_twice_is_joined(again: dict[str, Any]) -> None:
    assert _joined(_ad("one"), _ad("two", **again))


@pytest.mark.parametrize(
    "other",
    [
        {"company": "Entreprise Autre"},
        {"province": "MA-01-511", "place_text": "Tanger"},
        {"province": "", "place_text": "Lille"},
        {"title": "Agent de comptoir", "text": OTHER, "isco08": "4221"},
        {"posted_on": dt.date(2027, 5, 4)},  # a year later it is another opening
        {"title": "Directeur d’usine", "isco08": "1321"},
    ],
)
def test_different_openings_are_not_joined(other: dict[str, Any]) -> None:
    assert not _joined(_ad("one"), _ad("two", board="b", **other))


def test_the_board_s_own_identifier_is_certain() -> None:
    one, two = _ad("one", ad_id="77"), _ad("two", ad_id="77", title="Autre", text=OTHER)
    links = _links(one, two)
    assert [(k.band, k.score) for k in links] == [("certain", 1.0)]
    assert "identifier" in links[0].reason


def test_the_same_identifier_on_two_boards_says_nothing() -> None:
    assert not _joined(
        _ad("one", ad_id="77"),
        _ad("two", ad_id="77", board="b", title="Agent", text=OTHER, company="X"),
    )


def test_short_ads_need_employer_place_and_title() -> None:
    short = {"text": "Poste à pourvoir"}
    assert _joined(_ad("one", **short), _ad("two", board="b", **short))
    assert not _joined(_ad("one", **short), _ad("two", **short)), "one board may seek two people"
    assert not _joined(_ad("one", **short, company=""), _ad("two", board="b", **short, company=""))


def test_links_give_their_reason_and_order() -> None:
    links = _links(_ad("zz"), _ad("aa", board="b"))
    assert [(k.ad_a, k.ad_b) for k in links] == [("aa", "zz")]
    assert "text 100 % alike" in links[0].reason
    assert "same place" in links[0].reason
    assert 0 < links[0].score <= 1


def test_related_ads_are_told_but_not_joined() -> None:
    keys = ["a", "b"]
    assert clusters(keys, [Link("a", "b", "related", 0.7, "")]) == {"a": "a", "b": "b"}


def test_many_openings_of_one_template_stay_apart() -> None:
    """A board's template makes texts alike: employer and place keep the openings apart."""
    ads = [
        _ad(f"k{i}", board="b", company=f"{name} SA", posted_on=dt.date(2026, 5, 1 + i))
        for i, name in enumerate(["Zenata", "Bouregreg", "Moulouya", "Tensift", "Draa", "Ziz"])
    ]
    assert len(set(clusters([a["ad_key"] for a in ads], _links(*ads)).values())) == len(ads)


PAIR = st.tuples(st.integers(0, 9), st.integers(0, 9))
BANDS = st.sampled_from(["certain", "probable", "related"])


@given(st.lists(st.tuples(PAIR, BANDS), max_size=25), st.permutations(range(10)))
def test_clusters_are_the_connected_ads(
    edges: list[tuple[tuple[int, int], str]], order: list[int]
) -> None:
    keys = [str(i) for i in order]
    links = [Link(str(a), str(b), band, 1.0, "") for (a, b), band in edges]
    of = clusters(keys, links)
    assert set(of) == set(keys)
    assert all(of[of[key]] == of[key] for key in keys), "a canonical ad is its own"
    for link in links:
        if link.band != "related":
            assert of[link.ad_a] == of[link.ad_b]
    assert all(keys.index(of[key]) <= keys.index(key) for key in keys), "the first is canonical"
    assert clusters(keys, list(reversed(links))) == of, "the order of links does not matter"
    joins = len(keys) - len(Counter(of.values()))
    assert joins <= sum(link.band != "related" and link.ad_a != link.ad_b for link in links)


@pytest.mark.parametrize(
    ("again", "joined"),
    [
        ({"board": "b", "posted_on": dt.date(2026, 5, 7)}, True),
        ({"board": "b", "title": "Câbleur d’armoires électriques H/F - Fès"}, True),
        ({"posted_on": dt.date(2026, 5, 20)}, False),  # a board's next one may be another opening
        ({}, False),  # two of one day on one board are two openings
        ({"board": "b", "title": "Câbleur d’armoires électriques senior"}, False),
        ({"board": "b", "province": "MA-01-511", "place_text": "Tanger"}, False),
        ({"board": "b", "company": ""}, False),
        ({"board": "b", "posted_on": dt.date(2026, 8, 20)}, False),
    ],
)
def test_ads_without_text_are_joined_by_title_employer_town_and_days(
    again: dict[str, Any], joined: bool
) -> None:
    assert _joined(_ad("one", text=""), _ad("two", text="", **again)) == joined
