"""Words of an ad that exclude people: conditions of sex, age, looks, handicap, origin or family, money
asked, and pay below the legal minimum.

The same rules as the flags of the integrity of ads (`enrich/conditions.py`), each told once with the
words it rests on, for whoever reads an ad before it is published.
"""

from __future__ import annotations

from marsad.base.areas import COUNTRY
from marsad.enrich.fields import AdWords, coders
from marsad.enrich.fields.salary.classify import salary_in
from marsad.enrich.integrity import Facts, flags

CONDITIONS = (
    "gender_condition", "age_condition", "appearance_condition", "disability_condition", "origin_condition",
    "marital_condition", "fee_asked", "below_minimum_wage",
)  # fmt: skip
_NEEDED = ("contract", "working_time", "salary")


def excluding(title: str, text: str) -> list[tuple[str, str]]:
    """(flag of `integrity_flag`, words of the ad in comparison form), in the order of the rules."""
    ad = AdWords(title, text, country=COUNTRY)
    for name, classify in coders():
        if name in _NEEDED:
            ad.columns.update({column: cells[0] for column, cells in classify([ad]).items()})
    facts = Facts(
        title=title,
        text=text,
        contract=ad.code("contract"),
        working_time=ad.code("working_time"),
        salary=salary_in(ad.columns),
    )
    return [(flag.flag, flag.evidence) for flag in flags(facts) if flag.flag in CONDITIONS]
