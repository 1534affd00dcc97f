"""The frontier: every address of every source that is fetched, and what is known of it.

An address is `due` (to be read), `seen` (read, or named by its list; its payload waits to be taken in),
`gone` (its ads wait to be ended), `done` (nothing waits), or `away` (its ads are ended). A kill between
two calls loses nothing: what was not entered is due again, what was not taken in still waits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    and_,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)

from marsad.base.polling import GONE, LATER, LIST, NEW, PAGE, SAME, Answer, Entry, Link
from marsad.base.records import Row
from marsad.lake.control.database import Database, instant, now, storable
from marsad.lake.control.schema import frontier, polls

DUE, SEEN, LEFT, DONE, AWAY = "due", "seen", "gone", "done", "away"
_LISTED_FACTOR = 7
"""A page whose list says when it changed is read again after so many times the usual period."""
_PORTION = 1_000


def _ago(seconds: float) -> str:
    return instant(dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds))


class SourceFrontier:
    """The addresses of one source in one poll (`base.polling.Frontier`). `day` is today; `holds` says
    whether the payload of a SHA-256 is kept: what is not kept is asked for without condition."""

    def __init__(
        self,
        database: Frontiers,
        source_id: str,
        poll: int,
        day: dt.date,
        refresh_seconds: float,
        holds: Callable[[str], bool],
    ) -> None:
        self._database, self._source, self._poll = database, source_id, poll
        self._day, self._refresh, self._holds = day.isoformat(), refresh_seconds, holds

    def due(self, most: int) -> list[Entry]:
        """As `base.polling.Frontier.due`."""
        query = (
            select(frontier)
            .where(
                frontier.c.source_id == self._source,
                frontier.c.state == DUE,
                frontier.c.due_at <= now(),
            )
            .order_by(frontier.c.kind, frontier.c.due_at)
            .limit(most)
        )
        return [self._entry(row) for row in self._database._rows(query)]

    def _entry(self, row: Row) -> Entry:
        plain = {name: row[name] for name in ("address", "kind", "tries")}
        if row["kind"] == PAGE and not (row["sha256"] and self._holds(row["sha256"])):
            return Entry(**plain)
        return Entry(**plain, etag=row["etag"], modified=row["modified"], sha256=row["sha256"])

    def wait(self) -> float | None:
        """As `base.polling.Frontier.wait`."""
        first = self._database._rows(
            select(func.min(frontier.c.due_at).label("at")).where(
                frontier.c.source_id == self._source, frontier.c.state == DUE
            )
        )[0]["at"]
        if not first:
            return None
        return max(
            0.0, (dt.datetime.fromisoformat(first) - dt.datetime.now(dt.UTC)).total_seconds()
        )

    def enter(self, answers: Sequence[Answer]) -> None:
        """As `base.polling.Frontier.enter`."""
        rows = [storable(self._values(answer)) for answer in answers]
        with self._database._transaction() as connection:
            connection.execute(_read(self._source, self._day), rows)
            for answer in answers:
                if answer.links:
                    self._database._add_links(
                        connection,
                        self._source,
                        self._poll,
                        answer.links,
                        answer.address,
                        self._refresh,
                    )
            again = [a.address for a in answers if a.outcome == SAME and not a.links]
            if again:  # a list that is as it was names what it named
                connection.execute(
                    update(frontier)
                    .where(
                        frontier.c.source_id == self._source,
                        frontier.c.via.in_(again),
                        frontier.c.state != AWAY,
                        frontier.c.poll < self._poll,
                    )
                    .values(poll=self._poll, state=_listed(frontier.c.lastmod, self._refresh))
                )

    @staticmethod
    def _values(answer: Answer) -> dict[str, object]:
        later = instant(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=answer.due_in))
        return {
            "at_address": answer.address, "outcome": answer.outcome, "due_at": later,
            "status": answer.status, "note": answer.note[:500], "etag": answer.etag,
            "modified": answer.modified, "sha256": answer.sha256, "read_at": now(),
        }  # fmt: skip


def _read(source_id: str, day: str) -> Update:
    """The statement that enters what came of one address."""
    c = frontier.c
    outcome: ColumnElement[str] = bindparam("outcome")
    is_read, is_page = or_(outcome == NEW, outcome == SAME), c.kind == PAGE
    known_today = and_(c.seen_on == day, c.sha256 == bindparam("sha256"))

    def kept(name: str) -> ColumnElement[str]:
        new: ColumnElement[str] = bindparam(name)
        return case((outcome == NEW, new), (and_(outcome == SAME, new != ""), new), else_=c[name])

    return (
        update(frontier)
        .where(c.source_id == source_id, c.address == bindparam("at_address"))
        .values(
            state=case(
                (outcome == LATER, DUE),
                (and_(is_read, is_page, ~known_today), SEEN),
                (and_(outcome == GONE, is_page, c.payload != ""), LEFT),
                else_=DONE,
            ),
            due_at=bindparam("due_at"),
            tries=case((outcome == LATER, c.tries + 1), else_=0),
            status=bindparam("status"),
            note=bindparam("note"),
            etag=kept("etag"),
            modified=kept("modified"),
            sha256=kept("sha256"),
            read_at=case((outcome == LATER, c.read_at), else_=bindparam("read_at")),
            lastmod_read=case((is_read, c.lastmod), else_=c.lastmod_read),
        )
    )


def _listed(lastmod: ColumnElement[str], refresh: float) -> ColumnElement[str]:
    """The state of an address that a list names for the first time in this poll."""
    c = frontier.c
    settled = and_(c.sha256 == "", c.status >= 400, c.status < 500, c.lastmod == lastmod)
    return case(
        (and_(c.kind == PAGE, settled, c.read_at >= _ago(refresh)), c.state),  # it said no lately
        (or_(c.kind == LIST, c.sha256 == ""), DUE),
        (c.state == SEEN, c.state),  # not taken in yet
        (c.state == LEFT, DUE),
        (and_(lastmod != "", lastmod != c.lastmod_read), DUE),
        (and_(lastmod != "", c.read_at >= _ago(_LISTED_FACTOR * refresh)), c.state),
        (c.read_at < _ago(refresh), DUE),
        else_=c.state,
    )


class Frontiers(Database):
    """The addresses of all sources."""

    def frontier(
        self, source_id: str, poll: int, day: dt.date, refresh: float, holds: Callable[[str], bool]
    ) -> SourceFrontier:
        """The addresses of a source, for one poll."""
        return SourceFrontier(self, source_id, poll, day, refresh, holds)

    def waiting(self, source_id: str, most: int, state: str = SEEN) -> list[Row]:
        """Addresses that were read (or are `gone`) and wait to be taken in."""
        c = frontier.c
        query = select(frontier).where(c.source_id == source_id, c.state == state)
        return self._rows(query.order_by(c.kind, c.due_at).limit(most))

    def pages(self, source_id: str, poll: int) -> list[Row]:
        """The payloads of a poll, in the order in which they were met."""
        c = frontier.c
        query = select(frontier).where(c.source_id == source_id, c.poll == poll, c.kind == PAGE)
        return self._rows(query.order_by(c.due_at, c.address))

    def pages_there(self, source_id: str, poll: int) -> int:
        """How many pages a poll met that are there, as far as it knows."""
        c = frontier.c
        query = select(func.count().label("n")).where(
            c.source_id == source_id, c.poll == poll, c.kind == PAGE, c.status.not_in([404, 410])
        )
        return int(self._rows(query)[0]["n"])

    def pages_held(self, source_id: str) -> int:
        """How many pages of a source have ads that were taken in and are not ended."""
        c = frontier.c
        query = select(func.count().label("n")).where(
            c.source_id == source_id, c.kind == PAGE, c.payload != ""
        )
        return int(self._rows(query)[0]["n"])

    def taken_in(self, source_id: str, day: dt.date, payloads: Mapping[str, str]) -> None:
        """Enter that payloads were taken in as seen on a day: address -> the name that they have there
        ('' for one that could not be read)."""
        values = [{"at_address": a, "as_payload": name} for a, name in payloads.items()]
        statement = (
            update(frontier)
            .where(frontier.c.source_id == source_id, frontier.c.address == bindparam("at_address"))
            .values(
                state=DONE,
                seen_on=day.isoformat(),
                payload=case(
                    (bindparam("as_payload") != "", bindparam("as_payload")),
                    else_=frontier.c.payload,
                ),
            )
        )
        if values:
            with self._transaction() as connection:
                connection.execute(statement, values)

    def ended(self, source_id: str, addresses: Sequence[str]) -> None:
        """Enter that the ads of addresses are ended: what is named again later is read anew."""
        statement = (
            update(frontier)
            .where(frontier.c.source_id == source_id, frontier.c.address == bindparam("at_address"))
            .values(state=AWAY, sha256="", payload="", etag="", modified="", seen_on="")
        )
        if addresses:
            with self._transaction() as connection:
                connection.execute(statement, [{"at_address": a} for a in addresses])

    def forget_pages(self, days: int) -> int:
        """Forget addresses whose ads ended so many days ago; how many."""
        old = and_(frontier.c.state == AWAY, frontier.c.read_at < _ago(days * 86_400.0))
        return self._execute(delete(frontier).where(old))

    def _begin(
        self, connection: Connection, source_id: str, poll: int, starts: Sequence[Link],
        refresh: float, *, again: bool,
    ) -> None:  # fmt: skip
        """Make the starts of a poll due, and with `again` the pages that were not read for a while."""
        c = frontier.c
        self._add_links(connection, source_id, poll, starts, "", refresh)
        connection.execute(
            update(frontier)
            .where(c.source_id == source_id, c.poll == poll)
            .values(state=DUE, due_at=now(), tries=0)
        )
        if again:
            newest = select(func.max(polls.c.id)).where(
                polls.c.source_id == source_id, polls.c.id < poll
            )
            dated = and_(
                c.lastmod != "", c.poll == newest.scalar_subquery()
            )  # its list speaks for it
            since = case((dated, _ago(_LISTED_FACTOR * refresh)), else_=_ago(refresh))
            stands = c.state.in_((DONE, LEFT))  # what is gone waits where so much cannot be
            old = and_(stands, c.kind == PAGE, c.payload != "", c.read_at < since)
            connection.execute(
                update(frontier)
                .where(c.source_id == source_id, old)
                .values(state=DUE, due_at=now())
            )

    def _add_links(
        self, connection: Connection, source_id: str, poll: int, links: Iterable[Link], via: str,
        refresh: float,
    ) -> None:  # fmt: skip
        """Enter the addresses that a list names; one met in this poll already stays as it is."""
        moment = now()
        rows = [
            storable(
                {
                    "source_id": source_id, "address": link.address, "kind": link.kind, "via": via,
                    "state": DUE, "due_at": moment, "poll": poll, "lastmod": link.lastmod[:100],
                }
            )
            for link in links
        ]  # fmt: skip
        statement = self._insert_of(frontier)
        new = statement.excluded
        statement = statement.on_conflict_do_update(
            frontier.primary_key,
            set_={
                "poll": poll, "via": new.via, "lastmod": new.lastmod, "due_at": new.due_at,
                "tries": 0, "state": _listed(new.lastmod, refresh),
            },
            where=frontier.c.poll < poll,
        )  # fmt: skip
        for first in range(0, len(rows), _PORTION):
            connection.execute(statement, rows[first : first + _PORTION])

    def _settle(
        self, connection: Connection, source_id: str, poll: int, day: dt.date, *, of_pages: bool,
        complete: bool,
    ) -> None:  # fmt: skip
        """When all is read: pages that are named and did not need to be read were seen today; of a
        `complete` poll those that are named no more are gone; pages of an interface that are no more are
        forgotten."""
        c = frontier.c
        mine = and_(c.source_id == source_id, c.kind == PAGE)
        unnamed = and_(mine, c.poll < poll)
        with_payload = and_(c.state == DONE, c.payload != "")
        if not of_pages:
            if complete:
                connection.execute(delete(frontier).where(unnamed))
            return
        today = and_(
            mine, c.poll == poll, with_payload, c.seen_on != day.isoformat(), c.status != 404
        )
        connection.execute(update(frontier).where(today).values(state=SEEN))
        if complete:
            connection.execute(update(frontier).where(unnamed, with_payload).values(state=LEFT))
