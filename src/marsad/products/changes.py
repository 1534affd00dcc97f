"""The feed of changes: which ads appeared, changed or closed since the release before.

As in the change feed of JobTech (Sweden), whoever follows it holds the same ads as we do: `new` and
`changed` say to fetch an ad, `closed` to drop it. An ad is closed when it is no longer published,
or was last seen more than `UNSEEN` before the last day on which any ad of its realm was.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping

from marsad.base.records import Row

UNSEEN = dt.timedelta(days=7)
NOT_CONTENT = frozenset({"last_seen_on", "copies"})
"""What changes every day without the ad being another one."""


def content(ad: Mapping[str, object]) -> str:
    """The SHA-256 of what is published of an ad."""
    fields = sorted((k, repr(v)) for k, v in ad.items() if k not in NOT_CONTENT)
    return hashlib.sha256(repr(fields).encode()).hexdigest()


def _open(ads: Iterable[Row]) -> dict[str, str]:
    """ad_key -> content of the ads that are open."""
    every = list(ads)
    last: dict[bool, dt.date] = {}
    for ad in every:
        day = ad["last_seen_on"]
        if day is not None:
            last[ad["synthetic"]] = max(day, last.get(ad["synthetic"], day))
    return {
        ad["ad_key"]: content(ad)
        for ad in every
        if ad["last_seen_on"] is None or ad["last_seen_on"] >= last[ad["synthetic"]] - UNSEEN
    }


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
