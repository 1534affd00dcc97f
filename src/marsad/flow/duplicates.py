"""Duplicates of new and changed ads, looked up in the blocks and links that are kept.

What a set of ads has for links and clusters depends on that set alone, not on the order in which it came:
blocks propose neighbours, and an ad that enters or leaves is told only to its own blocks
(`enrich.duplicates.blocks`). So one new ad costs the reading of its blocks, and the same ads taken all at
once give the same tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from marsad.base.records import Row
from marsad.enrich.duplicates import blocks
from marsad.enrich.duplicates.blocks import MEMBERS, NAMED, Proposals
from marsad.enrich.duplicates.candidates import Ints
from marsad.enrich.duplicates.comparators import Folded
from marsad.enrich.duplicates.linking import Link, by_pair, clusters, judged_pairs
from marsad.lake.queries import keyed, newest
from marsad.lake.store import Lake
from marsad.lake.tables import table

LINK = ("realm", "ad_a", "ad_b", "band", "score", "reason", "kind")
Pair = tuple[str, str]


@dataclass(frozen=True)
class Changed:
    """Ads of one realm whose duplicates are looked for anew: their new form (None for those that are
    gone), and the blocks in which they stood."""

    realm: str
    ads: Mapping[str, Folded | None]
    before: Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Relinked:
    """What came of it: rows for the logs of blocks and links, the blocks of each ad now, and the links
    that are new or gone."""

    blocks: pa.Table
    links: list[Row]
    of_ad: Mapping[str, list[int]]
    changed: Mapping[Pair, Link | None]


Fold = Callable[[Collection[str]], Mapping[str, Folded]]
"""The forms of ads by their keys, as the lake holds them."""


def _texts(values: Iterable[str]) -> pa.Array:
    return pa.array(sorted(set(values)), pa.string())


def _ordered(*columns: pa.ChunkedArray) -> pa.Array:
    """Every value of some columns, once and in order."""
    every = pc.unique(pa.chunked_array([chunk for c in columns for chunk in c.chunks], pa.string()))
    return every.take(pc.sort_indices(every))


def _marked(ads: Iterable[str], keys: pa.Array) -> NDArray[np.bool_]:
    """Which of `keys` are among some ads."""
    marked: NDArray[np.bool_] = pc.is_in(keys, _texts(ads)).to_numpy(zero_copy_only=False)
    return marked


def _named(pairs: Ints, keys: pa.Array) -> set[Pair]:
    """Pairs of ads by their keys."""
    first, second = (keys.take(pa.array(end)).to_pylist() for end in pairs.T)
    return set(zip(first, second))


def _split(members: pa.Table, ads: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Which members are of some ads, and which of others."""
    of = pc.is_in(members["ad_key"], ads)
    return of, pc.invert(of)


class Relinker:
    """Finds what changes among the links of a realm when some of its ads change."""

    def __init__(self, lake: Lake, fold: Fold, revision: int) -> None:
        self._lake, self._fold, self._revision = lake, fold, revision

    def __call__(self, changed: Changed) -> Relinked:
        """The changes; nothing is written."""
        before, after, changed = self._members(changed)
        keys = _ordered(before["ad_key"], after["ad_key"])
        mine = _marked(changed.ads, keys)
        own_ads = _texts(changed.ads)
        gone, standing = (before.filter(of) for of in _split(before, own_ads))
        fresh = after.filter(pc.is_in(after["ad_key"], own_ads))
        gone, standing, fresh = blocks.near((gone, standing, fresh), keys, mine)
        old = blocks.proposed(pa.concat_tables([gone, standing]), keys)
        new = blocks.proposed(pa.concat_tables([standing, fresh]), keys)
        own = new.code[mine[new.pairs(new.code)].any(axis=1)]
        moved = np.setxor1d(old.code, new.code, assume_unique=True)
        moved = moved[~mine[new.pairs(moved)].any(axis=1)]
        ends = _named(new.pairs(moved), keys)
        present = self._present(changed, {key for pair in ends for key in pair})
        doubtful = {p for p in ends if p in present} | self._added(new, moved, keys)
        links = self._judged(changed, new, own, doubtful, after)
        left = {p for p in present if set(p) & changed.ads.keys() or p in doubtful} - links.keys()
        differing: dict[Pair, Link | None] = {
            pair: link for pair, link in links.items() if present.get(pair) != link
        } | dict.fromkeys(left)
        of_ad: dict[str, list[int]] = {key: [] for key in changed.ads}
        fresh = after.filter(pc.is_in(after["ad_key"], own_ads))
        for key, block in zip(fresh["ad_key"].to_pylist(), fresh["block"].to_pylist()):
            of_ad[key].append(block)
        return Relinked(
            self._block_rows(before, after),
            [self._link_row(changed.realm, pair, link) for pair, link in differing.items()],
            {key: sorted(of) for key, of in of_ad.items()},
            differing,
        )

    def _members(self, changed: Changed) -> tuple[pa.Table, pa.Table, Changed]:
        """The members of the blocks that change, before and after, and the ads that change: also those
        whose board gives another one the same identifier, for that bears on all their blocks."""
        while True:
            present = [ad for ad in changed.ads.values() if ad is not None]
            fresh = blocks.blocks(present, changed.realm)
            touched = {b for of in changed.before.values() for b in of}
            touched.update(fresh["block"].to_pylist())
            before = self._of_blocks(touched)
            gone = pc.is_in(before["ad_key"], _texts(changed.ads))
            after = pa.concat_tables([before.filter(pc.invert(gone)), fresh])
            named = pa.concat_tables(
                [t.filter(pc.equal(t["kind"], NAMED)) for t in (before, after)]
            )
            stirred = set(named["ad_key"].to_pylist()) - changed.ads.keys()
            if not stirred:
                return before, after, changed
            forms = self._fold(stirred)
            own = blocks.blocks(list(forms.values()), changed.realm)
            standing: dict[str, list[int]] = {key: [] for key in forms}
            for key, block in zip(own["ad_key"].to_pylist(), own["block"].to_pylist()):
                standing[key].append(block)
            changed = Changed(
                changed.realm, {**changed.ads, **forms}, {**changed.before, **standing}
            )

    def _of_blocks(self, touched: Collection[int]) -> pa.Table:
        given = {"touched": pa.table({"block": pa.array(sorted(touched), pa.int64())})}
        log = newest("core_block_log", "block in (select block from touched)")
        query = f"select {', '.join(MEMBERS.names)} from {log} held"  # noqa: S608 - names of ours
        return self._lake.table(query, ("core_block_log",), MEMBERS, given)

    def _present(self, changed: Changed, more: Collection[str]) -> dict[Pair, Link]:
        """The links that stand on the ads that change, and on others that may be told apart now."""
        return links_of(self._lake, {*changed.ads, *more})

    @staticmethod
    def _added(new: Proposals, moved: Ints, keys: pa.Array) -> set[Pair]:
        """Pairs of ads that did not change, and that a block proposes only now."""
        added = np.intersect1d(moved, new.code, assume_unique=True)
        return _named(new.pairs(added), keys)

    def _judged(
        self, changed: Changed, new: Proposals, own: Ints, doubtful: set[Pair], after: pa.Table
    ) -> dict[Pair, Link]:
        """The links among the pairs that have an end that changed (codes `own`), and those doubtful."""
        numbers, bits = by_pair(own)
        ends = new.pairs(numbers)
        met = np.unique(ends.ravel())
        own_keys = new.keys.take(pa.array(met)).to_pylist()
        names = {*own_keys, *(key for pair in doubtful for key in pair)}
        forms = {k: ad for k, ad in changed.ads.items() if ad is not None and k in names}
        forms |= self._fold(names - changed.ads.keys())
        more, translated = self._of_doubtful(doubtful, forms, changed.realm, after)
        translated.update(new.keys.take(pa.array(new.translated)).to_pylist())
        ads = [forms[key] for key in sorted(forms)]
        place = {ad.key: i for i, ad in enumerate(ads)}
        places = np.zeros(len(new.keys), np.int64)
        places[met] = [place[key] for key in own_keys]
        others = np.array([[place[a], place[b]] for a, b in more], np.int64).reshape(-1, 2)
        pairs = np.concatenate([places[ends], others])
        bits = np.concatenate([bits, np.array(list(more.values()), np.int64)])
        marked = np.array([ad.key in translated for ad in ads], np.bool_)
        chosen = pairs[blocks.worth_judging(ads, pairs, bits, marked)]
        return {(link.ad_a, link.ad_b): link for link in judged_pairs(ads, chosen)}

    def _of_doubtful(
        self, doubtful: set[Pair], forms: Mapping[str, Folded], realm: str, after: pa.Table
    ) -> tuple[dict[Pair, int], set[str]]:
        """By which kinds of blocks (bits) each doubtful pair is proposed, and the ads known to be
        translated: every block that they share is read, those that did not change too."""
        if not doubtful:
            return {}, set()
        shared = self._shared(doubtful, forms, realm)
        untouched = shared - set(after["block"].to_pylist())
        members = pa.concat_tables([after.filter(pc.is_in(after["block"], pa.array(sorted(shared), pa.int64()))), self._of_blocks(untouched)])  # fmt: skip
        keys = _ordered(members["ad_key"])
        [members] = blocks.near(
            [members], keys, _marked({k for pair in doubtful for k in pair}, keys)
        )
        every = blocks.proposed(members, keys)
        numbers, bits = by_pair(every.code)
        first, second = (keys.take(pa.array(end)).to_pylist() for end in every.pairs(numbers).T)
        kinds = {
            pair: of for pair, of in zip(zip(first, second), bits.tolist()) if pair in doubtful
        }
        return kinds, set(keys.take(pa.array(every.translated)).to_pylist())

    @staticmethod
    def _shared(doubtful: set[Pair], forms: Mapping[str, Folded], realm: str) -> set[int]:
        """The blocks that the ads of each pair share, and those of their identifiers."""
        ends = sorted({key for pair in doubtful for key in pair})
        own = blocks.blocks([forms[key] for key in ends], realm)
        of_ad: dict[str, set[int]] = {key: set() for key in ends}
        shared = set(own.filter(pc.equal(own["kind"], NAMED))["block"].to_pylist())
        for key, block in zip(own["ad_key"].to_pylist(), own["block"].to_pylist()):
            of_ad[key].add(block)
        for a, b in doubtful:
            shared |= of_ad[a] & of_ad[b]
        return shared

    def _block_rows(self, before: pa.Table, after: pa.Table) -> pa.Table:
        """Rows of the log: members that came (or whose place changed), and those that left."""
        names = MEMBERS.names
        came = after.join(before, names, join_type="left anti").select(names)
        left = before.join(after, ["realm", "block", "ad_key"], join_type="left anti").select(names)
        rows = [
            part.append_column("revision", pa.array([self._revision] * part.num_rows, pa.int64()))
            .append_column("gone", pa.array([gone] * part.num_rows, pa.bool_()))
            for part, gone in ((came, False), (left, True))
        ]  # fmt: skip
        schema = table("core_block_log").schema
        return pa.concat_tables(rows).select(schema.names).cast(schema)

    def _link_row(self, realm: str, pair: Pair, link: Link | None) -> Row:
        shown = link or Link(*pair, "related", 0.0, "", "")
        return {
            "realm": realm,
            **{name: getattr(shown, name) for name in LINK[1:]},
            "revision": self._revision,
            "gone": link is None,
        }


def links_of(lake: Lake, keys: Collection[str]) -> dict[Pair, Link]:
    """The links that stand on some ads, by their ends."""
    if not keys:
        return {}
    log = newest(
        "core_link_log",
        "ad_a in (select ad_key from asked) or ad_b in (select ad_key from asked)",
    )
    schema = pa.schema([table("core_link_log").schema.field(name) for name in LINK[1:]])
    query = f"select {', '.join(LINK[1:])} from {log} held"  # noqa: S608 - names of ours
    rows = lake.table(query, ("core_link_log",), schema, keyed(keys))
    return {(row["ad_a"], row["ad_b"]): Link(**row) for row in rows.to_pylist()}


Standing = tuple[dt.date | None, int]
"""Day of posting and letters of text of an ad: of duplicates the first posted is canonical, then the one
that says most."""


def component(
    lake: Lake,
    seeds: Collection[str],
    changed: Mapping[Pair, Link | None],
    judged: Iterable[tuple[str, str, bool]],
) -> tuple[set[str], list[Link]]:
    """The ads that links or people's answers join with some, and the links among them."""
    together: dict[str, set[str]] = {}
    for a, b, same in judged:
        if same:
            together.setdefault(a, set()).add(b)
            together.setdefault(b, set()).add(a)
    by_ad: dict[str, list[Link]] = {}
    for pair, link in changed.items():
        for key in pair if link else ():
            by_ad.setdefault(key, []).append(link)  # type: ignore[arg-type]
    members, edges, frontier = set(seeds), {}, set(seeds)  # type: tuple[set[str], dict[Pair, Link], set[str]]
    while frontier:
        held = {p: k for p, k in links_of(lake, frontier).items() if p not in changed}
        held |= {(k.ad_a, k.ad_b): k for key in frontier for k in by_ad.get(key, ())}
        joining = {pair: link for pair, link in held.items() if link.band != "related"}
        edges |= joining
        reached = {key for pair in joining for key in pair}
        reached |= {other for key in frontier for other in together.get(key, ())}
        frontier = reached - members
        members |= frontier
    return members, list(edges.values())


def cluster_of(
    standing: Mapping[str, Standing], edges: Sequence[Link], judged: Iterable[tuple[str, str, bool]]
) -> dict[str, str]:
    """Ad -> the canonical ad of its cluster."""
    order = sorted(
        standing, key=lambda key: (standing[key][0] or dt.date.max, -standing[key][1], key)
    )
    return clusters(order, edges, judged)
