"""What people judged of codes and pairs, and what visitors reported."""

from __future__ import annotations

from sqlalchemy import func, select, update

from marsad.base.records import Row
from marsad.lake.control.database import Database, now
from marsad.lake.control.schema import judgements, reports


class Judgements(Database):
    """Judgements and reports."""

    def keep_judgement(
        self,
        scheme: str,
        subject: str,
        value: str,
        *,
        previous: str,
        score: float | None,
        judge: str,
        note: str = "",
        words: str = "",
    ) -> int:
        """Keep what a person judged of a subject, with what stood there before, and a hash of the words that
        were judged; its number."""
        return self._insert(
            judgements,
            scheme=scheme,
            subject=subject,
            value=value,
            previous=previous,
            score=score,
            judge=judge,
            judged_at=now(),
            note=note,
            words=words,
        )

    def judgements(self, scheme: str, subject: str = "") -> list[Row]:
        """The judgement in force of every subject (or of one): the last one made of it."""
        newest = (
            select(func.max(judgements.c.id))
            .where(judgements.c.scheme == scheme)
            .group_by(judgements.c.subject)
        )
        if subject:
            newest = newest.where(judgements.c.subject == subject)
        return self._rows(
            select(judgements).where(judgements.c.id.in_(newest)).order_by(judgements.c.id)
        )

    def keep_report(self, ad: str, field: str, shown: str, value: str, note: str) -> int:
        """Keep what a visitor says is wrong with an ad, and what the ad showed; its number."""
        return self._insert(
            reports, ad=ad, field=field, shown=shown, value=value, note=note, made_at=now()
        )

    def reports(self, status: str = "open", ad: str = "") -> list[Row]:
        """Reports by status (every one for an empty text) and ad, oldest first."""
        query = select(reports).order_by(reports.c.id)
        if status:
            query = query.where(reports.c.status == status)
        return self._rows(query.where(reports.c.ad == ad) if ad else query)

    def settle_report(self, number: int, status: str, judge: str) -> Row | None:
        """Settle an open report; it as it is then, or None when no open one has this number."""
        return self._first(
            update(reports)
            .where(reports.c.id == number, reports.c.status == "open")
            .values(status=status, judge=judge, settled_at=now())
            .returning(reports)
        )
