"""Blocks: ads that share something, and the neighbours in each block that are worth comparing.

Ads meet by what their texts share (bands of sketches, the whole text) and by cheap keys: the board's
identifier, the title with its place, the employer with its occupation, the last day to apply. In each
block only near neighbours are paired, in the order of their posting, so that a template used ten thousand
times costs what ten thousand texts cost. What a block proposes depends on its members alone: an ad that
enters or leaves changes the proposals of its own blocks and of no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from marsad.enrich.duplicates.candidates import (
    BUCKETS,
    EMPTY,
    MIX,
    PER_BAND,
    Ints,
    Sketches,
    alike,
    mark,
    sketches,
)
from marsad.enrich.duplicates.comparators import SHORT, Folded

TEXT, IDENTICAL, NAMED, TITLED, FIRM, DUE = range(6)
"""Kinds of blocks: a band of the sketch, the whole text, the board's identifier, title and place, employer
and occupation, board and last day to apply."""
NEIGHBOURS = np.array([4, 4, 8, 8, 8, 40], np.int64)
"""How far from each other ads of a block of each kind are paired."""
SHARED = 5
BANDS = 2
"""Bands of the sketch that two texts share at the least."""
LIKENESS = 0.2
"""The share of common sketch buckets from which two texts are compared."""
MEMBERS = pa.schema(
    [
        ("realm", pa.string()),
        ("block", pa.int64()),
        ("kind", pa.int64()),
        ("rank", pa.int64()),
        ("arabic", pa.bool_()),
        ("ad_key", pa.string()),
    ]
)
"""Columns of members of blocks."""


def _keys(ad: Folded, realm: str) -> Iterator[tuple[int, int]]:
    """(kind, mark) of the blocks of an ad but those of its sketch."""
    if len(ad.text) >= SHORT:
        yield IDENTICAL, mark(realm, "text", ad.text)
    yield NAMED, mark(realm, "id", ad.board, ad.ad_id)
    yield TITLED, mark(realm, "title", " ".join(sorted(ad.title.split())), ad.province)
    if ad.company and ad.isco08:
        yield FIRM, mark(realm, "firm", ad.company, ad.isco08)
    if ad.deadline_on:
        yield DUE, mark(realm, "due", ad.board, str(ad.deadline_on))


def blocks(ads: Sequence[Folded], realm: str) -> pa.Table:
    """The blocks of each ad of a realm, as rows of MEMBERS."""
    owner, kind, block = [], [], []  # type: tuple[list[int], list[int], list[int]]
    for i, ad in enumerate(ads):
        for of, key in _keys(ad, realm):
            owner.append(i)
            kind.append(of)
            block.append(key)
    rows, marks = _bands(sketches([ad.text for ad in ads]), mark(realm, "band"))
    owners = np.r_[np.array(owner, np.int64), rows]
    kinds = np.r_[np.array(kind, np.int64), np.full(len(rows), TEXT)]
    members = np.r_[np.array(block, np.uint64), marks].view(np.int64)
    ranks = np.array([ad.posted_on.toordinal() if ad.posted_on else 0 for ad in ads], np.int64)
    keys = pa.array([ad.key for ad in ads], pa.string())
    arabic = pa.array([ad.arabic for ad in ads], pa.bool_())
    return pa.table(
        [
            pa.array([realm], pa.string()).take(pa.array(np.zeros(len(owners), np.int64))),
            pa.array(members),
            pa.array(kinds),
            pa.array(ranks[owners]),
            arabic.take(pa.array(owners)),
            keys.take(pa.array(owners)),
        ],
        schema=MEMBERS,
    )


def _bands(sketched: Sketches, salt: int) -> tuple[Ints, NDArray[np.uint64]]:
    """(row, mark) of every band of every sketch that holds something."""
    rows, marks = [], []
    for band in range(BUCKETS // PER_BAND):
        a = sketched[:, band * PER_BAND].astype(np.uint64)
        b = sketched[:, band * PER_BAND + 1].astype(np.uint64)
        used = np.flatnonzero((a != EMPTY) & (b != EMPTY))
        value = ((a << np.uint64(32)) | b)[used] * MIX[0] + np.uint64(salt) + np.uint64(band)
        value = (value ^ (value >> np.uint64(29))) * MIX[1]
        rows.append(used)
        marks.append(value ^ (value >> np.uint64(32)))
    return np.concatenate(rows), np.concatenate(marks)


@dataclass(frozen=True)
class Proposals:
    """Pairs of ads that blocks propose: `code` holds pair, kind and in how many blocks of that kind they meet
    (`SHARED` bits), in order and each once;
    `translated` the ads of which their board has another in the other script, by the same identifier.

    Ads are numbered by their place in `keys`, which is in order."""

    keys: pa.Array
    code: Ints
    translated: Ints

    def pairs(self, code: Ints) -> Ints:
        """The numbers of the two ads of each code, lower first."""
        width = max(1, len(self.keys))
        pair = code >> (3 + SHARED)
        return np.column_stack([pair // width, pair % width])


def numbers(members: pa.Table, keys: pa.Array) -> Ints:
    """The place in `keys` of the ad of each member."""
    places: Ints = pc.index_in(members["ad_key"], keys).to_numpy().astype(np.int64)
    return places


def near(parts: Sequence[pa.Table], keys: pa.Array, marked: NDArray[np.bool_]) -> list[pa.Table]:
    """Of each part (rows of MEMBERS that stand beside each other) the members that are at most as far from a
    marked ad (by its number in `keys`) as neighbours are paired; each unbroken stretch of them is a block
    of its own. What `proposed` gives of pairs with a marked ad, or between whom one stands in only some of the parts,
    is the same as of the whole blocks, and a block of ten thousand ads costs what its changes cost."""
    whole = pa.concat_tables(parts)
    number = numbers(whole, keys)
    block, kind, rank = (whole[n].to_numpy().astype(np.int64) for n in ("block", "kind", "rank"))
    order = np.lexsort((number, rank, block))
    block, reach, mine = block[order], NEIGHBOURS[kind[order]], marked[number[order]]
    places = np.arange(len(order))
    kept = np.zeros(len(order), np.bool_)
    for way in (slice(None), slice(None, None, -1)):
        last = np.maximum.accumulate(np.where(mine[way], places, -1))
        at = np.maximum(last, 0)
        kept[way] |= (last >= 0) & (block[way][at] == block[way]) & (places - last <= reach[way])
    broken = np.r_[True, (block[1:] != block[:-1]) | ~kept[:-1]][: len(order)]
    stretch = np.empty(len(order), np.int64)
    stretch[order] = np.cumsum(broken)
    chosen = np.empty(len(order), np.bool_)
    chosen[order] = kept
    named = whole.set_column(whole.schema.get_field_index("block"), "block", pa.array(stretch))
    result, start = [], 0
    for part in parts:
        end = start + part.num_rows
        result.append(named.slice(start, part.num_rows).filter(pa.array(chosen[start:end])))
        start = end
    return result


def proposed(members: pa.Table, keys: pa.Array) -> Proposals:
    """What blocks with these members (rows of MEMBERS) propose; `keys` are their ads, in order."""
    number = numbers(members, keys)
    block, kind, rank = (members[n].to_numpy().astype(np.int64) for n in ("block", "kind", "rank"))
    arabic = members["arabic"].to_numpy()
    order = np.lexsort((number, rank, block))
    block, kind, number, arabic = block[order], kind[order], number[order], arabic[order]
    width = max(1, len(keys))
    codes, translated = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for step in range(1, min(int(NEIGHBOURS.max()), len(block) - 1) + 1):
        near = np.flatnonzero((block[step:] == block[:-step]) & (NEIGHBOURS[kind[step:]] >= step))
        if not len(near) and step > NEIGHBOURS[:DUE].max():
            break
        scripts = arabic[near] != arabic[near + step]
        a, b = number[near], number[near + step]
        named = (kind[near] == NAMED) & scripts
        translated += [a[named], b[named]]
        counted = (kind[near] != DUE) | scripts
        low, high = np.minimum(a, b)[counted], np.maximum(a, b)[counted]
        codes.append(((low * width + high) << 3) | kind[near][counted])
    every, count = np.unique(np.concatenate(codes), return_counts=True)
    return Proposals(keys, (every << SHARED) | count, np.unique(np.concatenate(translated)))


def counting(code: Ints) -> Ints:
    """The codes that count: two texts that share one band only of their sketches share a phrase of many."""
    kind, shared = (code >> SHARED) & 7, code & ((1 << SHARED) - 1)
    counted: Ints = code[(kind != TEXT) | (shared >= BANDS)]
    return counted


def worth_judging(
    ads: Sequence[Folded], pairs: Ints, kinds: Ints, translated: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which pairs (places in `ads`, rows of two) are worth judging, by the kinds of the blocks that
    propose them (bits): texts are alike, or a title or an employer brings them together and more speaks
    for it, or a last day to apply does where neither is known to be translated."""
    if not len(pairs):
        return np.zeros(0, np.bool_)
    likeness = alike(sketches([ad.text for ad in ads]), pairs)
    company = np.array([mark(ad.company) if ad.company else 0 for ad in ads], np.uint64)
    short = np.array([len(ad.text) < 2 * SHORT for ad in ads], np.bool_)
    arabic = np.array([ad.arabic for ad in ads], np.bool_)
    first, second = pairs[:, 0], pairs[:, 1]
    same = (company[first] == company[second]) & (company[first] != 0)
    apart = short[first] | short[second] | (arabic[first] != arabic[second])

    def by(*of: int) -> NDArray[np.bool_]:
        bits: NDArray[np.bool_] = (kinds & sum(1 << kind for kind in of)) != 0
        return bits

    worth: NDArray[np.bool_] = by(IDENTICAL, NAMED) | (by(TEXT) & (likeness >= LIKENESS))
    worth |= by(TITLED, FIRM) & ((likeness >= LIKENESS / 2) | (same & apart))
    return worth | (by(DUE) & ~translated[first] & ~translated[second])
