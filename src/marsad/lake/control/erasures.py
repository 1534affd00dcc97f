"""Who was erased, by the law's right to it: kept so that nothing of them comes back with a file or a backup.

Of an ad its key is kept, which is a hash; of an address a hash.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence

from sqlalchemy import delete, select, update

from marsad.base.records import Row
from marsad.lake.control.database import Database, instant, now
from marsad.lake.control.schema import (
    alerts,
    erasures,
    judgements,
    rejects,
    reports,
    runs,
    sessions,
)

AD, ADDRESS = "ad", "address"


def hash_of_address(address: str) -> str:
    """What is kept of an address of mail, a telephone or a web hook that was erased."""
    return hashlib.sha256(address.strip().casefold().encode()).hexdigest()


class Erasures(Database):
    """The erasures of an installation."""

    def erasures(self) -> list[Row]:
        """Every erasure: kind, value, reason, at, who."""
        return self._rows(select(erasures).order_by(erasures.c.id))

    def erased_ads(self) -> set[str]:
        """The keys of ads that may not come back."""
        return {row["value"] for row in self.erasures() if row["kind"] == AD}

    def enter_erasures(self, rows: Sequence[Row]) -> None:
        """Enter erasures that are not entered yet: kind, value, reason, who, and `at` where it was before."""
        entered = {(row["kind"], row["value"]) for row in self.erasures()}
        for row in rows:
            if (row["kind"], row["value"]) not in entered:
                self._insert(erasures, **{"at": now(), **row})
                entered.add((row["kind"], row["value"]))

    def forget_ads(self, keys: Collection[str]) -> None:
        """Take ads out of what people wrote: reports and judgements."""
        self._execute(delete(reports).where(reports.c.ad.in_(keys)))
        for key in keys:
            mine = judgements.c.subject.contains(key, autoescape=True)
            self._execute(delete(judgements).where(mine))

    def forget_words(self, words: Collection[str]) -> int:
        """Take rows that were set aside and bear one of these words out of the ledger; how many."""
        return sum(
            self._execute(delete(rejects).where(rejects.c.content.contains(w, autoescape=True)))
            for w in words
            if w
        )

    def forget_address(self, hashed: str) -> int:
        """Delete the alerts of an address by its hash; how many."""
        mine = [
            row["token"]
            for row in self._rows(select(alerts.c.token, alerts.c.address))
            if hash_of_address(row["address"]) == hashed
        ]
        return self._execute(delete(alerts).where(alerts.c.token.in_(mine))) if mine else 0

    def forget_old(self, now: dt.datetime) -> None:
        """Forget what is kept for a time only: sessions that are over, alerts that nobody confirmed within two
        days, and after ninety days the content of rows that were set aside (their rule stays)."""
        self._execute(delete(sessions).where(sessions.c.until_at < instant(now)))
        unconfirmed = alerts.c.confirmed_at.is_(None)
        edge = instant(now - dt.timedelta(days=2))
        self._execute(delete(alerts).where(unconfirmed, alerts.c.made_at < edge))
        old = select(runs.c.id).where(runs.c.started_at < instant(now - dt.timedelta(days=90)))
        self._execute(update(rejects).where(rejects.c.run_id.in_(old)).values(content=""))

    def written_of(self, words: str) -> list[Row]:
        """What people wrote, and what was set aside, that bears some words: table and content."""
        columns = (
            ("alerts", alerts.c.address), ("reports", reports.c.note),
            ("judgements", judgements.c.note), ("rejects", rejects.c.content),
        )  # fmt: skip
        return [
            {"place": place, "content": row["content"]}
            for place, column in columns
            for row in self._rows(
                select(column.label("content")).where(column.contains(words, autoescape=True))
            )
        ]
