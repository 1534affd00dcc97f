"""Flags of an ad: what in it a reader should look at twice, by the rules of `marsad.enrich.integrity`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from marsad.enrich.fields import AdWords, Columns
from marsad.enrich.fields.salary.classify import salary_in
from marsad.enrich.integrity import Facts, flags, in_columns

_OF_FARMS = ("6", "92", "8341")
_OF_HOMES = frozenset({"9111", "5152", "5162", "5311", "5322"})


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
        other_minimum=_other_minimum(ad),
    )


def _other_minimum(ad: AdWords) -> bool:
    """Whether the minimum wage outside agriculture (SMIG) is not the one of the ad: on farms the law has another
    (SMAG), in homes too (law 19-12). Neither is known here well enough to compare pay with it."""
    occupation = ad.code("isco08")
    return (
        ad.code("work_kind") == "domestic"
        or ad.code("isic").startswith("A")
        or occupation.startswith(_OF_FARMS)
        or occupation in _OF_HOMES
    )


def classify(ads: Sequence[AdWords]) -> Columns:
    """The flags of a batch of ads, each with the words it rests on; `stale` follows from its days
    (`integrity.stale`)."""
    every = [in_columns(flags(_facts(ad))) for ad in ads]
    return {"flags": [codes for codes, _ in every], "flags_evidence": [words for _, words in every]}
