"""What ran and what came of it, what was received, and what is released."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec
from sqlalchemy import delete, func, select, update

from marsad.base.errors import MarsadError
from marsad.base.records import Document, Row
from marsad.lake.control.database import instant, now, storable
from marsad.lake.control.leases import WRITER, Lease, Leases, Waiting, silent
from marsad.lake.control.processes import is_gone, is_here, this_process
from marsad.lake.control.schema import approvals, documents, leases, rejects, releases, runs


@dataclass
class Run:
    """One run of a step on a subject, filled in while it runs."""

    id: int
    files: str = ""
    payload: str = ""
    seen_on: dt.date | None = None
    rows_in: int = 0
    rows_out: int = 0
    rejected: int = 0
    status: str = "ok"
    message: str = ""
    posts: str = ""
    """What posts were, in words."""


ENDED = "the process ended without a word"
"""The message of a run whose process was killed."""


class Runs(Leases):
    """The ledger of runs, received payloads and releases, and who writes the lake."""

    _writer: tuple[int, Lease] | None = None  # the thread of this process that writes

    @contextmanager
    def writing(
        self, wait_seconds: float = 0, task: str = "", waiting: Waiting = silent
    ) -> Iterator[None]:
        """Be the one who writes the lake.

        Waits up to `wait_seconds` for another, then PlaceError in one sentence that names who writes.
        Runs of processes that are gone are settled first.
        """
        thread = threading.get_ident()
        held = self.lease(
            WRITER, task=task, wait_seconds=wait_seconds, waiting=waiting, reclaim=True
        )
        with held as lease:
            self._writer = thread, lease
            try:
                self.settle_runs()
                yield
            finally:
                self._writer = None

    def writes(self) -> bool:
        """Whether this thread is the one who writes the lake; PlaceError when it was, and could not
        renew its lease."""
        writer = self._writer
        if writer is None or writer[0] != threading.get_ident():
            return False
        writer[1].check()
        return True

    def left_running(self) -> list[Row]:
        """The runs that are under way by the ledger, and that nobody works on any more."""
        holders = {row["holder"] for row in self.leases()}
        return [
            row
            for row in self._rows(select(runs).where(runs.c.status == "running"))
            if not is_here(row["holder"])
            and (is_gone(row["holder"]) or row["holder"] not in holders)
        ]

    def settle_runs(self) -> int:
        """Enter as failed the runs that nobody works on any more; how many.

        A run goes on when its process runs on this machine, or holds a lease: of another machine
        nothing else is known.
        """
        gone = [row["id"] for row in self.left_running()]
        failed = {"status": "failed", "message": ENDED, "ended_at": now()}
        return self._execute(
            update(runs).where(runs.c.id.in_(gone), runs.c.status == "running").values(**failed)
        )

    @contextmanager
    def run(self, step: str, subject: str, kept_words: Callable[[str], str] = str) -> Iterator[Run]:
        """Record a run: its end, or its failure with the reason, which is raised again.

        `kept_words` gives what is kept, and raised again, of the words of a failure of ours.
        """
        number = self._insert(
            runs,
            step=step,
            subject=subject,
            started_at=now(),
            status="running",
            holder=this_process(),
        )
        run = Run(number)
        try:
            yield run
        except BaseException as error:
            run.status = "failed"
            run.message = kept_words(str(error)) or type(error).__name__
            if isinstance(error, MarsadError):
                error.args = (run.message,)
            raise
        finally:
            self._execute(
                update(runs).where(runs.c.id == number),
                storable(
                    {
                        "ended_at": now(),
                        "status": run.status,
                        "message": run.message,
                        "rows_in": run.rows_in,
                        "rows_out": run.rows_out,
                        "rejected": run.rejected,
                    }
                ),
            )

    def keep_issue(
        self, run: Run, level: str, rule: str, file: str, row: int | None, content: str
    ) -> None:
        """Keep a warning, or a rejected row whole, under its run."""
        self._insert(
            rejects, run_id=run.id, level=level, rule=rule, file=file, row=row, content=content
        )

    def issues(self, run_id: int) -> list[Row]:
        """The warnings and rejected rows of a run."""
        return self._rows(select(rejects).where(rejects.c.run_id == run_id))

    def runs(self, step: str = "", limit: int = 100) -> list[Row]:
        """The latest runs, newest first."""
        query = select(runs).order_by(runs.c.id.desc()).limit(limit)
        return self._rows(query.where(runs.c.step == step) if step else query)

    def last_run(self, step: str, subject: str) -> Row | None:
        """The newest ended run of a step on a subject."""
        return self._first(
            select(runs)
            .where(runs.c.step == step, runs.c.subject == subject, runs.c.status != "running")
            .order_by(runs.c.id.desc())
            .limit(1)
        )

    def keep_documents(self, entries: Sequence[Document]) -> None:
        """Enter received payloads together; the same bytes from the same source are entered once."""
        statement = self._insert_of(documents).on_conflict_do_nothing(documents.primary_key)
        if entries:
            with self._transaction() as connection:
                rows = [storable(msgspec.to_builtins(entry)) for entry in entries]
                connection.execute(statement, rows)

    def documents(self, *, expired_on: dt.date | None = None) -> list[Row]:
        """Payloads received; with a day, only those whose retention ended before it."""
        query = select(documents).order_by(documents.c.received_at)
        if expired_on:
            query = query.where(documents.c.expires_on < expired_on.isoformat())
        return self._rows(query)

    def forget_document(self, sha256: str, source_id: str) -> None:
        """Take a payload out of the list of those received."""
        self._execute(
            delete(documents).where(
                documents.c.sha256 == sha256, documents.c.source_id == source_id
            )
        )

    def publish(
        self,
        identifier: str,
        reference_on: dt.date,
        tables: Mapping[str, int | str],
        *,
        approvals: int = 0,
        embargo_until: str = "",
    ) -> None:
        """Release tables together: one row that names their versions, and the code that made it; how many
        persons must approve, and the moment before which it is not served.

        PlaceError when this process was to write the lake and another has taken over: nothing is
        released then.
        """
        values = {
            "id": identifier,
            "published_at": now(),
            "reference_on": reference_on.isoformat(),
            "tables": json.dumps(dict(tables)),
            "approvals": approvals,
            "embargo_until": embargo_until,
        }
        statement = self._insert_of(releases).values(**values)
        with self._transaction() as connection:
            connection.execute(statement.on_conflict_do_update(releases.primary_key, set_=values))
            if self._writer:  # asked after the first write, so that nobody can take it meanwhile
                lease = self._writer[1]
                row = select(leases.c.token).where(leases.c.name == WRITER).with_for_update()
                if connection.execute(row).scalar() != lease.token:
                    lease.end = 0.0
                lease.check()

    def enter_release(self, identifier: str) -> None:
        """Enter a release whose folder is there and whose row was lost: published when its name says
        so, from versions of tables that are not known any more."""
        moment = dt.datetime.strptime(identifier, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=dt.UTC)
        self._put(
            releases,
            id=identifier,
            published_at=instant(moment),
            reference_on=moment.date().isoformat(),
            tables="{}",
        )

    def served_releases(self, at: str = "") -> list[Row]:
        """The releases that may be served at a moment (now), newest first: approved of by as many persons as
        they need, and after their embargo."""
        at = at or now()
        counts = select(func.count()).where(
            approvals.c.kind == "release", approvals.c.subject == releases.c.id
        )
        query = select(releases).where(
            releases.c.embargo_until <= at, releases.c.approvals <= counts.scalar_subquery()
        )
        return self._rows(query.order_by(releases.c.published_at.desc(), releases.c.id.desc()))

    def releases(self) -> list[Row]:
        """Every release, newest first, its `tables` as name -> version."""
        rows = self._rows(
            select(releases).order_by(releases.c.published_at.desc(), releases.c.id.desc())
        )
        return [{**row, "tables": json.loads(row["tables"])} for row in rows]
