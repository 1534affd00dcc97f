"""Language of an ad and of its segments, as `marsad.enrich.language` reads them."""

from __future__ import annotations

from collections.abc import Sequence

from marsad.enrich import language
from marsad.enrich.fields import AdWords, Columns, coded


def classify(ads: Sequence[AdWords]) -> Columns:
    """`language.of_ad` for a batch of ads; no code where nothing in an ad tells its language."""
    every = [language.of_ad(ad.title, ad.text) for ad in ads]
    return {
        **coded("language", (c if c.code != "und" else None for c, _ in every)),
        "segments": [" ".join(segments) for _, segments in every],
    }
