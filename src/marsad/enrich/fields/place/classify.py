"""Place of an ad, as `marsad.enrich.place` reads it: commune, province and region."""

from __future__ import annotations

from collections.abc import Sequence

from marsad.enrich import place
from marsad.enrich.fields import AdWords, Columns, coded


def classify(ads: Sequence[AdWords]) -> Columns:
    """`place.of_ad` for a batch of ads; nothing for an ad of another country."""
    places = [
        place.of_ad(ad.raw_place, ad.title, ad.text) if ad.country == "MA" else place.Place()
        for ad in ads
    ]
    return {
        **coded("region", (at.region for at in places)),
        **coded("province", (at.province for at in places)),
        **coded("commune", (at.commune for at in places)),
    }
