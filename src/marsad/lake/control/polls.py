"""Polls of sources, and whether a source may be asked at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, func, select, update

from marsad.base.polling import Link
from marsad.base.records import Row
from marsad.lake.control.database import instant, now
from marsad.lake.control.frontier import DONE, LEFT, SEEN, Frontiers
from marsad.lake.control.schema import approvals, collection, frontier, polls

ACTIVE, SUSPENDED = "active", "suspended"


class Polls(Frontiers):
    """Polls, and the state of sources that are fetched."""

    def begin_poll(
        self, source_id: str, starts: Sequence[Link], refresh: float, *, again: bool
    ) -> Row:
        """The poll of a source that is under way, or a new one with these starts; `again` asks for pages
        anew that were not read for `refresh` seconds. The caller holds the source's lease."""
        under_way = self.poll_under_way(source_id)
        if under_way:
            return under_way
        with self._transaction() as connection:
            values = {"source_id": source_id, "started_at": now()}
            key = connection.execute(polls.insert(), values).inserted_primary_key
            number = int(key[0]) if key else 0
            self._begin(connection, source_id, number, starts, refresh, again=again)
            row = connection.execute(select(polls).where(polls.c.id == number)).mappings().one()
        return dict(row)

    def poll_under_way(self, source_id: str) -> Row | None:
        """The poll of a source that has not ended, where there is one."""
        return self._first(
            select(polls)
            .where(polls.c.source_id == source_id, polls.c.ended_at.is_(None))
            .order_by(polls.c.id.desc())
        )

    def poll_read(
        self, number: int, source_id: str, day: dt.date, *, how: str, note: str, requests: int,
        size: int, of_pages: bool, complete: bool,
    ) -> None:  # fmt: skip
        """Enter that a poll has read what it reads, and how that ended; `complete` where it shows every ad
        that is open."""
        with self._transaction() as connection:
            if how == "complete":
                self._settle(
                    connection, source_id, number, day, of_pages=of_pages, complete=complete
                )
            connection.execute(
                update(polls)
                .where(polls.c.id == number)
                .values(
                    read_at=now(), how=how, note=note[:500], requests=polls.c.requests + requests,
                    bytes=polls.c.bytes + size,
                )
            )  # fmt: skip

    def count_poll(self, number: int, **counts: int) -> None:
        """Add to the counts of a poll: records, added, changed, closed, set_aside, requests, bytes."""
        added = {name: polls.c[name] + count for name, count in counts.items()}
        self._execute(update(polls).where(polls.c.id == number).values(**added))

    def end_poll(self, number: int, *, note: str = "", alarm: str = "") -> None:
        """Enter that what a poll read is taken in."""
        values = {"ended_at": now(), "alarm": alarm}
        if note:
            values["note"] = note[:500]
        self._execute(update(polls).where(polls.c.id == number).values(**values))

    def drop_poll(self, number: int, source_id: str, note: str) -> None:
        """End a poll whose payloads cannot be taken in: what waits of it waits no more."""
        waits = frontier.c.state.in_([SEEN, LEFT])
        with self._transaction() as connection:
            connection.execute(
                update(frontier)
                .where(frontier.c.source_id == source_id, waits)
                .values(state=DONE, note=note[:500])
            )
            connection.execute(
                update(polls)
                .where(polls.c.id == number)
                .values(ended_at=now(), how="failed", note=note[:500])
            )

    def forget_polls(self, days: int) -> int:
        """Forget polls that ended so many days ago, and the addresses that were gone by then; how many."""
        before = instant(dt.datetime.now(dt.UTC) - dt.timedelta(days))
        return self.forget_pages(days) + self._execute(
            delete(polls).where(polls.c.ended_at < before)
        )

    def polls(self, source_id: str, limit: int = 20) -> list[Row]:
        """The latest polls of a source that ended, newest first."""
        return self._rows(
            select(polls)
            .where(polls.c.source_id == source_id, polls.c.ended_at.is_not(None))
            .order_by(polls.c.id.desc())
            .limit(limit)
        )

    # the state of sources -----------------------------------------------------------------------

    def collection(self) -> dict[str, Row]:
        """The state of every source of which one is kept, by its id; `approved` is by how many persons its
        check is approved of."""
        of = (approvals.c.kind == "source", approvals.c.subject == collection.c.source_id)
        approved = select(func.count()).where(*of).scalar_subquery().label("approved")
        return {row["source_id"]: row for row in self._rows(select(collection, approved))}

    def next_poll(self, source_id: str, at: dt.datetime) -> None:
        """Enter when a source is to be polled next."""
        values = {"source_id": source_id, "since": now(), "next_at": instant(at)}
        statement = self._insert_of(collection).values(**values)
        self._execute(
            statement.on_conflict_do_update(
                collection.primary_key, set_={"next_at": values["next_at"]}
            )
        )

    def suspend(self, source_id: str, reason: str, note: str, judge: str = "") -> None:
        """Suspend a source: it is asked no more until a person resumes it."""
        self._state(source_id, SUSPENDED, reason, note, judge)

    def resume(self, source_id: str, note: str, judge: str) -> None:
        """Let a source be asked again, and enter who decided so and why in the audit trail."""
        self._state(source_id, ACTIVE, "person", note, judge)
        self._execute(
            update(collection).where(collection.c.source_id == source_id).values(next_at="")
        )
        self.note(judge, "resume source", f"{source_id}: {note}")

    def checked(
        self, source_id: str, day: dt.date, contact: str, judge: str, *, needs: int = 0
    ) -> None:
        """Enter that a person read the robots.txt and the terms of a source on a day, and the address that
        is named to its host ('' for the one of its declaration); in the audit trail, too. `needs` persons
        must approve of it anew."""
        values = {
            "source_id": source_id, "since": now(), "checked_on": day.isoformat(),
            "checked_by": judge, "contact": contact, "approvals": needs,
        }  # fmt: skip
        statement = self._insert_of(collection).values(**values)
        del values["since"]
        self._execute(statement.on_conflict_do_update(collection.primary_key, set_=values))
        subject = " ".join(filter(None, (f"{source_id}: {day}", contact)))
        self._execute(
            delete(approvals).where(approvals.c.kind == "source", approvals.c.subject == source_id)
        )
        self.note(judge, "checked source", subject)

    def _state(self, source_id: str, state: str, reason: str, note: str, judge: str) -> None:
        values = {
            "source_id": source_id, "state": state, "reason": reason, "note": note[:500],
            "since": now(), "judge": judge,
        }  # fmt: skip
        statement = self._insert_of(collection).values(**values)
        self._execute(statement.on_conflict_do_update(collection.primary_key, set_=values))
