"""Identifiers of ads: one that a board gives several ads becomes one for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from marsad.base.records import JobAd, Record
from marsad.base.text import name_of
from marsad.collect.context import Context


def told_apart(ctx: Context, ads: Iterable[Record], *, file: str) -> Iterator[Record]:
    """The ads of one state of a board, where an identifier that stands for several ads, with a
    warning, becomes one for each."""
    every = [(ad, _words_of(ad) if isinstance(ad, JobAd) else "") for ad in ads]
    meanings: dict[tuple[str, str], set[str]] = defaultdict(set)
    for ad, words in every:
        if isinstance(ad, JobAd):
            meanings[ad.board, ad.ad_id].add(words)
    for ad, words in every:
        if isinstance(ad, JobAd) and (n := len(meanings[ad.board, ad.ad_id])) > 1:
            ctx.warn(f"identifier {ad.ad_id[:60]!r} stands for {n} ads", file=file)
            yield msgspec.structs.replace(ad, ad_id=f"{ad.ad_id}#{words}")
        else:
            yield ad


def _words_of(ad: JobAd) -> str:
    """A name for what an ad says."""
    words = (ad.raw_title, ad.raw_company, ad.raw_place, ad.url, ad.raw_text)
    return name_of("\x1f".join(words), 8)
