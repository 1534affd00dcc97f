"""What ran and what came of it, what was received, and what is released."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec
from sqlalchemy import delete, select, update

from marsad.base.errors import MarsadError
from marsad.base.records import Document, Row
from marsad.lake.control.database import Database, now
from marsad.lake.control.schema import documents, rejects, releases, runs


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


class Runs(Database):
    """The ledger of runs, received payloads and releases."""

    @contextmanager
    def run(self, step: str, subject: str, kept_words: Callable[[str], str] = str) -> Iterator[Run]:
        """Record a run: its end, or its failure with the reason, which is raised again.

        `kept_words` gives what is kept, and raised again, of the words of a failure of ours.
        """
        number = self._insert(runs, step=step, subject=subject, started_at=now(), status="running")
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
                {
                    "ended_at": now(),
                    "status": run.status,
                    "message": run.message,
                    "rows_in": run.rows_in,
                    "rows_out": run.rows_out,
                    "rejected": run.rejected,
                },
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

    def keep_document(self, document: Document) -> None:
        """Enter a received payload; the same bytes from the same source are entered once."""
        self._put(documents, replace=False, **msgspec.to_builtins(document))

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
        self, identifier: str, reference_on: dt.date, tables: Mapping[str, int | str]
    ) -> None:
        """Release tables together: one row that names their versions, and the code that made it."""
        self._put(
            releases,
            id=identifier,
            published_at=now(),
            reference_on=reference_on.isoformat(),
            tables=json.dumps(dict(tables)),
        )

    def releases(self) -> list[Row]:
        """Every release, newest first, its `tables` as name -> version."""
        rows = self._rows(
            select(releases).order_by(releases.c.published_at.desc(), releases.c.id.desc())
        )
        return [{**row, "tables": json.loads(row["tables"])} for row in rows]
