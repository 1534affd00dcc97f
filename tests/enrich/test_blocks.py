"""Blocks: ads meet by what they share, and a template costs what its texts cost."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.enrich.duplicates.blocks import (
    DUE,
    MEMBERS,
    NAMED,
    NEIGHBOURS,
    SHARED,
    TEXT,
    blocks,
    counting,
    near,
    proposed,
)
from marsad.enrich.duplicates.comparators import Folded, folded

TEXT_OF = (
    "vous assurez la vente en magasin l accueil des clients la tenue de la caisse le rangement "
    "des rayons et l inventaire du stock avec le responsable du magasin chaque fin de semaine"
)


def ad(key: str, text: str = TEXT_OF, day: int = 1, **other: object) -> Folded:
    row = {
        "ad_key": key, "board": "b", "ad_id": key, "title": f"vendeur {key}", "company": "", "text": text,
        "province": "", "place_text": "", "posted_on": dt.date(2026, 5, day), "deadline_on": None,
        "isco08": "",
    }  # fmt: skip
    return folded({**row, **other})


def pairs_of(ads: list[Folded], *kinds: int) -> list[tuple[str, str]]:
    keys = pa.array(sorted({a.key for a in ads}), pa.string())
    found = proposed(blocks(ads, "real"), keys)
    code = counting(found.code)
    chosen = code[np.isin((code >> SHARED) & 7, kinds)] if kinds else code
    return sorted({tuple(keys.take(pa.array(p)).to_pylist()) for p in found.pairs(chosen)})


def test_near_texts_meet_and_other_texts_do_not() -> None:
    near = TEXT_OF.replace("chaque fin", "a la fin")
    other = (
        "ingenieur de travaux de genie civil sur un chantier de barrage il etablit les plannings"
    )
    assert pairs_of([ad("a"), ad("b", other), ad("c", near)], TEXT) == [("a", "c")]


@pytest.mark.parametrize("n", [10, 300, 2_000])
def test_a_template_repeated_costs_what_its_texts_cost(n: int) -> None:
    """A block of n texts has n² / 2 pairs; only near neighbours are paired."""
    pairs = pairs_of([ad(f"{i:05}") for i in range(n)], TEXT)
    most = int(NEIGHBOURS[TEXT])
    assert n - 1 <= len(pairs) <= most * n
    assert max(int(b) - int(a) for a, b in pairs) <= most, "neighbours in order, not by chance"


def test_realms_never_meet() -> None:
    real, generated = blocks([ad("a")], "real"), blocks([ad("a")], "synthetic")
    assert not set(real["block"].to_pylist()) & set(generated["block"].to_pylist())


def test_a_translation_is_known_by_the_identifier_of_its_board() -> None:
    arabic = "بائع في المتجر استقبال الزبناء وترتيب الرفوف"
    ads = [ad("a", ad_id="7"), ad("b", arabic, title="بائع", ad_id="7"), ad("c")]
    keys = pa.array(["a", "b", "c"])
    assert proposed(blocks(ads, "real"), keys).translated.tolist() == [0, 1]
    assert pairs_of(ads, NAMED) == [("a", "b")]


def test_a_last_day_to_apply_brings_two_scripts_together_only() -> None:
    day = dt.date(2026, 6, 1)
    arabic = ad("c", "اعلان عن وظيفة", title="بائع", deadline_on=day)
    ads = [ad("a", deadline_on=day), ad("b", "autre texte", deadline_on=day), arabic]
    assert pairs_of(ads, DUE) == [("a", "c"), ("b", "c")]


members = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 9), st.sampled_from("abcdefgh")),
    max_size=25,
    unique_by=lambda m: (m[0], m[3]),
)


def _members(drawn: list[tuple[int, int, int, str]]) -> tuple[list[dict[str, object]], pa.Array]:
    """Rows of MEMBERS, of one kind in each block, and the ads in order."""
    kind = {block: of for block, of, _, _ in drawn}
    rows: list[dict[str, object]] = [
        {"realm": "real", "block": b, "kind": kind[b], "rank": r, "arabic": False, "ad_key": k}
        for b, _, r, k in drawn
    ]
    return rows, pa.array(sorted({k for *_, k in drawn}), pa.string())


@given(members)
def test_neighbours_share_a_block_and_none_is_left_out(
    drawn: list[tuple[int, int, int, str]],
) -> None:
    kind = {block: of for block, of, _, _ in drawn}
    rows, keys = _members(drawn)
    found = proposed(pa.Table.from_pylist(rows, MEMBERS), keys)
    expected = set()
    for block, of in kind.items():
        inside = sorted((r, k) for b, _, r, k in drawn if b == block)
        for i, (_, one) in enumerate(inside):
            for _, two in inside[i + 1 : i + 1 + int(NEIGHBOURS[of])]:
                expected.add((*sorted((one, two)), of))
    got = Counter(
        (*keys.take(pa.array(pair)).to_pylist(), int(code >> SHARED & 7))
        for pair, code in zip(found.pairs(found.code), found.code)
    )
    assert got == Counter(expected)


@given(
    members, st.frozensets(st.sampled_from("abcdefgh")), st.frozensets(st.sampled_from("abcdefgh"))
)
def test_near_ads_that_change_nothing_is_lost(
    drawn: list[tuple[int, int, int, str]], gone: frozenset[str], come: frozenset[str]
) -> None:
    """Ads that leave and come: the pairs that differ are the same by whole blocks and by what is near."""
    rows, keys = _members(drawn)
    moving = (gone | come) - (gone & come)
    marked = np.array([k in moving for k in keys.to_pylist()], np.bool_)
    left, here, new = (
        pa.Table.from_pylist([row for row in rows if row["ad_key"] in of], MEMBERS)
        for of in (gone - come, {*"abcdefgh"} - moving, come - gone)
    )

    def differing(left: pa.Table, here: pa.Table, new: pa.Table) -> set[int]:
        before = set(proposed(pa.concat_tables([left, here]), keys).code.tolist())
        after = set(proposed(pa.concat_tables([here, new]), keys).code.tolist())
        return {code >> SHARED for code in before ^ after}

    assert differing(*near([left, here, new], keys, marked)) == differing(left, here, new)
