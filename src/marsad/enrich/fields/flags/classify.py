"""Flags of an ad: what in it a reader should look at twice, by the rules of `marsad.enrich.integrity`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from marsad.enrich.fields import AdWords, Columns
from marsad.enrich.fields.salary.classify import salary_in
from marsad.enrich.integrity import Facts, flags, in_columns


def _facts(ad: AdWords) -> Facts:
    deadline = ad.columns["deadline_on"]
    return Facts(
        title=ad.title,
        text=ad.text,
        company=ad.raw_company,
        contract=ad.code("contract"),
        working_time=ad.code("working_time"),
        salary=salary_in(ad.columns) if ad.country == "MA" else None,
        posted_on=ad.posted_on,
        deadline_on=deadline if isinstance(deadline, dt.date) else None,
    )


def classify(ads: Sequence[AdWords]) -> Columns:
    """The flags of a batch of ads, each with the words it rests on; `stale` follows from its days
    (`integrity.stale`)."""
    every = [in_columns(flags(_facts(ad))) for ad in ads]
    return {"flags": [codes for codes, _ in every], "flags_evidence": [words for _, words in every]}
