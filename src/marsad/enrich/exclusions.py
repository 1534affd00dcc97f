"""Words of an ad that exclude people: conditions of sex, age, looks or family, and money asked.

The same rules as the flags of the integrity of ads (`enrich/conditions.py`), each told once with the
words it rests on, for whoever reads an ad before it is published.
"""

from __future__ import annotations

from marsad.enrich.integrity import Facts, flags

CONDITIONS = (
    "gender_condition", "age_condition", "appearance_condition", "marital_condition", "fee_asked",
)  # fmt: skip


def excluding(title: str, text: str) -> list[tuple[str, str]]:
    """(flag of `integrity_flag`, words of the ad in comparison form), in the order of the rules."""
    raised = flags(Facts(title=title, text=text))
    return [(flag.flag, flag.evidence) for flag in raised if flag.flag in CONDITIONS]
