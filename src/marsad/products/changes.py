"""The feed of changes: which ads appeared, changed or closed since the edition before.

As in the change feed of JobTech (Sweden), whoever follows it holds the same ads as we do: `new` and
`changed` say to fetch an ad, `closed` to drop it: it is no longer published, or its state is closed
(see `products.windows`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

NOT_CONTENT = frozenset({"last_seen_on", "copies", "state"})
"""What changes every day without the ad being another one."""
_SCORED = (
    "isco08", "region", "province", "commune", "contract", "working_time", "remote", "diploma", "isic",
    "work_kind", "language", "experience", "salary", "flags",
)  # fmt: skip
FIRST_COLUMNS = frozenset(
    {
        "ad_key", "title", "company", "place_text", "text", "body", "board", "url", "posted_on",
        "deadline_on", "esco", "synthetic", "realm", "major", "positions", "isced_level",
        "experience_years", "salary_min", "salary_max", "salary_currency", "salary_period",
        "salary_basis", "salary_month_min_mad", "salary_month_max_mad",
        *(f"{name}{part}" for name in _SCORED for part in ("", "_score", "_evidence")),
    }
)  # fmt: skip
"""The columns of the first edition, which count in `content` even where they are empty: so an ad that
was published then has the content that it had. This list never grows."""


def content(ad: Mapping[str, object]) -> str:
    """The SHA-256 of what is published of an ad. A column younger than FIRST_COLUMNS counts only where
    it says something, so that a new field does not make another ad of every ad that lacks it."""
    fields = sorted(
        (name, repr(cell))
        for name, cell in ad.items()
        if name not in NOT_CONTENT and (name in FIRST_COLUMNS or cell not in (None, ""))
    )
    return hashlib.sha256(repr(fields).encode()).hexdigest()


class Entry(NamedTuple):
    """One change: `new`, `changed` or `closed` of an ad, with what is published of it now, or `release`."""

    kind: str
    subject: str
    content: str


def entries(
    before: Mapping[str, str],
    now: Mapping[str, str],
    openings: Mapping[str, str] = MappingProxyType({}),
) -> list[Entry]:
    """The changes between what was published and what is (ad -> fingerprint): closed ads first, then new
    and changed ones by key. `openings` names for ads that are published no more the opening into which they were
    folded: it is not `new` under its other key."""
    closed = [Entry("closed", key, "") for key in sorted(before.keys() - now.keys())]
    known = before.keys() | {opening for key, opening in openings.items() if key in before}
    return closed + [
        Entry("changed" if key in known else "new", key, fingerprint)
        for key, fingerprint in sorted(now.items())
        if before.get(key) != fingerprint
    ]


def followed(changes: Iterable[Entry]) -> dict[str, str]:
    """What whoever follows the feed holds after these changes, in their order: ad -> fingerprint."""
    held: dict[str, str] = {}
    for kind, subject, fingerprint in changes:
        if kind == "closed":
            held.pop(subject, None)
        elif kind != "release":
            held[subject] = fingerprint
    return held
