"""Control data: what ran, what came of it, what was received, and what is released.

SQLite in WAL mode; many processes may read while one writes.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from marsad.base.records import Document

_SCHEMA = """
create table if not exists runs (
    id integer primary key, step text not null, subject text not null, started_at text not null,
    ended_at text, status text not null, message text not null default '',
    rows_in integer not null default 0, rows_out integer not null default 0,
    rejected integer not null default 0, detail text not null default '{}');
create table if not exists rejects (
    run_id integer not null, level text not null, rule text not null, file text not null,
    row integer, content text not null);
create table if not exists documents (
    sha256 text not null, source_id text not null, name text not null, size_bytes integer not null,
    received_at text not null, licence text not null, expires_on text,
    primary key (sha256, source_id));
create table if not exists releases (
    id text primary key, published_at text not null, reference_on text not null,
    tables text not null);
create table if not exists judgements (
    id integer primary key, scheme text not null, subject text not null, value text not null,
    previous text not null, score real, judge text not null, judged_at text not null,
    note text not null default '');
create table if not exists api_keys (
    sha256 text primary key, owner text not null, per_minute integer not null,
    made_at text not null, revoked_at text);
create table if not exists agreements (
    name text primary key, purpose text not null, until_on text not null, made_at text not null);
create table if not exists reports (
    id integer primary key, ad text not null, field text not null, said text not null,
    value text not null, note text not null, made_at text not null,
    status text not null default 'open', judge text not null default '', settled_at text);
create table if not exists alerts (
    token text primary key, channel text not null, address text not null, language text not null,
    kind text not null, about text not null, made_at text not null, confirmed_at text,
    since text not null, failures integer not null default 0);
create table if not exists users (
    name text primary key, role text not null, salt blob not null, hash blob not null,
    made_at text not null);
create table if not exists sessions (
    sha256 text primary key, name text not null, until_at text not null);
create table if not exists audit (
    id integer primary key, at text not null, who text not null, action text not null,
    subject text not null);
create index if not exists judgements_subject on judgements (scheme, subject);
"""


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


class Control:
    """The ledger of one installation."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma journal_mode=wal")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def run(self, step: str, subject: str) -> Iterator[Run]:
        """Record a run: its end, or its failure with the reason, which is raised again."""
        made = self._db.execute(
            "insert into runs (step, subject, started_at, status) values (?, ?, ?, 'running')",
            (step, subject, _now()),
        )
        run = Run(int(made.lastrowid or 0))
        try:
            yield run
        except BaseException as error:
            run.status, run.message = "failed", str(error) or type(error).__name__
            raise
        finally:
            self._db.execute(
                "update runs set ended_at=?, status=?, message=?, rows_in=?, rows_out=?, rejected=?"
                " where id=?",
                (_now(), run.status, run.message, run.rows_in, run.rows_out, run.rejected, run.id),
            )

    def keep_issue(
        self, run: Run, level: str, rule: str, file: str, row: int | None, content: str
    ) -> None:
        """Keep a warning, or a rejected row whole, under its run."""
        self._db.execute(
            "insert into rejects values (?, ?, ?, ?, ?, ?)",
            (run.id, level, rule, file, row, content),
        )

    def issues(self, run_id: int) -> list[dict[str, Any]]:
        found = self._db.execute("select * from rejects where run_id=?", (run_id,))
        return [dict(row) for row in found]

    def runs(self, step: str = "", limit: int = 100) -> list[dict[str, Any]]:
        """The latest runs, newest first."""
        found = self._db.execute(
            "select * from runs where ? in ('', step) order by id desc limit ?", (step, limit)
        )
        return [dict(row) for row in found]

    def last_run(self, step: str, subject: str) -> dict[str, Any] | None:
        """The newest ended run of a step on a subject."""
        found = self._db.execute(
            "select * from runs where step=? and subject=? and status<>'running'"
            " order by id desc limit 1",
            (step, subject),
        ).fetchone()
        return dict(found) if found else None

    def keep_document(self, document: Document) -> None:
        """Enter a received payload; the same bytes from the same source are entered once."""
        self._db.execute(
            "insert or ignore into documents values (:sha256, :source_id, :name, :size_bytes,"
            " :received_at, :licence, :expires_on)",
            msgspec.to_builtins(document),
        )

    def documents(self, *, expired_on: dt.date | None = None) -> list[dict[str, Any]]:
        """Payloads received; with a day, only those whose retention ended before it."""
        day = expired_on.isoformat() if expired_on else None
        found = self._db.execute(
            "select * from documents where ? is null or expires_on < ? order by received_at",
            (day, day),
        )
        return [dict(row) for row in found]

    def forget_document(self, sha256: str, source_id: str) -> None:
        self._db.execute(
            "delete from documents where sha256=? and source_id=?", (sha256, source_id)
        )

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
    ) -> int:
        """Keep what a person judged of a subject, with what stood there before; its number."""
        made = self._db.execute(
            "insert into judgements (scheme, subject, value, previous, score, judge, judged_at, note)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (scheme, subject, value, previous, score, judge, _now(), note),
        )
        return int(made.lastrowid or 0)

    def judgements(self, scheme: str, subject: str = "") -> list[dict[str, Any]]:
        """The judgement in force of every subject (or of one): the last one made of it."""
        found = self._db.execute(
            "select * from judgements where id in (select max(id) from judgements where scheme=?"
            " and ? in ('', subject) group by subject) order by id",
            (scheme, subject),
        )
        return [dict(row) for row in found]

    def keep_report(self, ad: str, field: str, said: str, value: str, note: str) -> int:
        """Keep what a visitor says is wrong with an ad; its number."""
        made = self._db.execute(
            "insert into reports (ad, field, said, value, note, made_at) values (?, ?, ?, ?, ?, ?)",
            (ad, field, said, value, note, _now()),
        )
        return int(made.lastrowid or 0)

    def reports(self, status: str = "open", ad: str = "") -> list[dict[str, Any]]:
        """Reports by status (every one for an empty text) and ad, oldest first."""
        found = self._db.execute(
            "select * from reports where ? in ('', status) and ? in ('', ad) order by id",
            (status, ad),
        )
        return [dict(row) for row in found]

    def settle_report(self, number: int, status: str, judge: str) -> dict[str, Any] | None:
        """Settle an open report; it as it was, or None when no open one has this number."""
        row = self._db.execute(
            "update reports set status=?, judge=?, settled_at=? where id=? and status='open'"
            " returning *",
            (status, judge, _now(), number),
        ).fetchone()
        return dict(row) if row else None

    def keep_alert(
        self, token: str, channel: str, address: str, language: str, kind: str, about: str
    ) -> None:
        """Keep an alert that waits to be confirmed."""
        now = _now()
        self._db.execute(
            "insert into alerts values (?, ?, ?, ?, ?, ?, ?, null, ?, 0)",
            (token, channel, address, language, kind, about, now, now),
        )

    def alerts(self, token: str = "", *, confirmed: bool = False) -> list[dict[str, Any]]:
        """Alerts by token (every one for an empty text); only those in force if `confirmed`."""
        found = self._db.execute(
            "select * from alerts where ? in ('', token) and (not ? or confirmed_at is not null)"
            " order by made_at",
            (token, confirmed),
        )
        return [dict(row) for row in found]

    def confirm_alert(self, token: str) -> bool:
        """Put an alert in force; whether there is one of that token."""
        done = self._db.execute(
            "update alerts set confirmed_at=coalesce(confirmed_at, ?) where token=?",
            (_now(), token),
        )
        return done.rowcount > 0

    def mark_alert(self, token: str, since: str, failures: int) -> None:
        """Remember up to when an alert was told, and how often in a row it failed."""
        self._db.execute(
            "update alerts set since=?, failures=? where token=?", (since, failures, token)
        )

    def forget_alert(self, token: str) -> bool:
        """Delete an alert with its address; whether there was one."""
        return self._db.execute("delete from alerts where token=?", (token,)).rowcount > 0

    def forget_unconfirmed(self, before: str) -> int:
        """Delete the alerts that nobody confirmed; how many."""
        done = self._db.execute(
            "delete from alerts where confirmed_at is null and made_at < ?", (before,)
        )
        return done.rowcount

    def rows(self, sql: str, given: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a statement with named parameters, for the ledgers built on this one."""
        return [dict(row) for row in self._db.execute(sql, given or {})]

    def note(self, who: str, action: str, subject: str) -> None:
        """Enter in the audit trail who did what to what; nothing is ever taken out of it."""
        made = (_now(), who, action, subject)
        self._db.execute("insert into audit (at, who, action, subject) values (?, ?, ?, ?)", made)

    def audit(self, limit: int = 200) -> list[dict[str, Any]]:
        """The newest entries of the audit trail."""
        return self.rows("select * from audit order by id desc limit :n", {"n": limit})

    def keep_key(self, sha256: str, owner: str, per_minute: int) -> None:
        """Enter an API key by its hash."""
        made = (sha256, owner, per_minute, _now())
        self._db.execute("insert into api_keys values (?, ?, ?, ?, null)", made)

    def api_keys(self) -> list[dict[str, Any]]:
        """Every API key, newest first."""
        found = self._db.execute("select * from api_keys order by made_at desc")
        return [dict(row) for row in found]

    def key_limit(self, sha256: str) -> int | None:
        """Questions a minute of a key in force; None for another."""
        found = self._db.execute(
            "select per_minute from api_keys where sha256=? and revoked_at is null", (sha256,)
        ).fetchone()
        return int(found[0]) if found else None

    def revoke_key(self, start: str) -> int:
        """Revoke the keys whose hash starts so; how many."""
        done = self._db.execute(
            "update api_keys set revoked_at=? where revoked_at is null and substr(sha256, 1, ?)=?",
            (_now(), len(start), start),
        )
        return done.rowcount

    def keep_agreement(self, name: str, purpose: str, until: dt.date) -> None:
        """Enter an agreement with a researcher, or its new purpose and end."""
        made = (name, purpose, until.isoformat(), _now())
        self._db.execute("insert or replace into agreements values (?, ?, ?, ?)", made)

    def agreements(self) -> list[dict[str, Any]]:
        """Every agreement with researchers, by name."""
        found = self._db.execute("select * from agreements order by name")
        return [dict(row) for row in found]

    def publish(
        self, identifier: str, reference_on: dt.date, tables: Mapping[str, int | str]
    ) -> None:
        """Release tables together: one row that names their versions, and the code that made it."""
        self._db.execute(
            "insert or replace into releases values (?, ?, ?, ?)",
            (identifier, _now(), reference_on.isoformat(), json.dumps(dict(tables))),
        )

    def releases(self) -> list[dict[str, Any]]:
        """Every release, newest first, its `tables` as name -> version."""
        found = self._db.execute("select * from releases order by published_at desc, id desc")
        return [{**dict(row), "tables": json.loads(row["tables"])} for row in found]


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
