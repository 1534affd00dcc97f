"""The feed of changes: which ads appeared, changed or closed since the release before.

As in the change feed of JobTech (Sweden), whoever follows it holds the same ads as we do: `new` and
`changed` say to fetch an ad, `closed` to drop it: it is no longer published, or its state is closed
(see `products.windows`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping

from marsad.base.records import Row
from marsad.products.windows import CLOSED

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


def _open(ads: Iterable[Row]) -> dict[str, str]:
    """ad_key -> content of the ads that are not known to be closed."""
    return {ad["ad_key"]: content(ad) for ad in ads if ad["state"] != CLOSED}


def changes(
    before: Iterable[Row], ads: Iterable[Row], release: str, made_at: dt.datetime
) -> Iterator[Row]:
    """The changes that a release brings, numbered after those `before` (rows of out_changes).

    Closed ads come first, then new and changed ones by key, the release itself last.
    """
    seq, published = 0, {}  # type: tuple[int, dict[str, str]]
    for row in sorted(before, key=lambda row: row["seq"]):
        seq = row["seq"]
        if row["kind"] == "closed":
            published.pop(row["subject"], None)
        elif row["kind"] != "release":
            published[row["subject"]] = row["content"]
    now = _open(ads)
    entries = [("closed", key, "") for key in sorted(published.keys() - now.keys())]
    entries += [
        ("changed" if key in published else "new", key, fingerprint)
        for key, fingerprint in sorted(now.items())
        if published.get(key) != fingerprint
    ]
    for number, (kind, subject, fingerprint) in enumerate(
        [*entries, ("release", release, "")], seq + 1
    ):
        yield {
            "release": release,
            "seq": number,
            "changed_at": made_at,
            "kind": kind,
            "subject": subject,
            "content": fingerprint,
        }
