"""Who may do what: accounts, sessions, API keys, agreements with researchers, and the audit trail."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update

from marsad.base.records import Row
from marsad.lake.control.chain import broken
from marsad.lake.control.database import instant, now
from marsad.lake.control.leases import Leases
from marsad.lake.control.schema import (
    agreements,
    api_keys,
    approvals,
    audit,
    sessions,
    tries,
    users,
)


class Access(Leases):
    """Accounts, sessions, keys and agreements."""

    def audit(self, limit: int = 200) -> list[Row]:
        """The newest entries of the audit trail."""
        return self._rows(select(audit).order_by(audit.c.id.desc()).limit(limit))

    def broken_audit(self) -> int | None:
        """The number of the first entry of the audit trail that was changed, put in, or comes after one that was
        taken out; None when all are as they were entered."""
        return broken(self._rows(select(audit).order_by(audit.c.id)))

    def tries(self, subject: str) -> Row | None:
        """How often in a row something was tried in vain (`failures`), and until when it waits (`until_at`)."""
        return self._first(select(tries).where(tries.c.subject == subject))

    def keep_tries(self, subject: str, failures: int, until: str) -> None:
        """Remember a try in vain; those that are over since a day are forgotten."""
        self._put(tries, subject=subject, failures=failures, until_at=until)
        day_ago = instant(dt.datetime.now(dt.UTC) - dt.timedelta(days=1))
        self._execute(delete(tries).where(tries.c.until_at < day_ago))

    def forget_tries(self, subject: str) -> None:
        """Forget what was tried in vain."""
        self._execute(delete(tries).where(tries.c.subject == subject))

    def keep_user(self, name: str, role: str, salt: bytes, password_hash: bytes) -> bool:
        """Enter an account, its password as a salted hash; whether the name was free."""
        values = {"name": name, "role": role, "salt": salt, "hash": password_hash, "made_at": now()}
        new = self._insert_of(users).values(**values).on_conflict_do_nothing(users.primary_key)
        return bool(self._rows(new.returning(users.c.name)))

    def users(self, name: str = "") -> list[Row]:
        """Accounts by name, or the one of that name."""
        query = select(users).order_by(users.c.name)
        return self._rows(query.where(users.c.name == name) if name else query)

    def change_role(self, name: str, role: str) -> bool:
        """Give an account another role; whether there is one of that name."""
        return self._execute(update(users).where(users.c.name == name).values(role=role)) > 0

    def change_totp(self, name: str, secret: bytes | None) -> bool:
        """Give an account a secret for one-time codes, or none; whether there is such an account."""
        values = {"totp": secret, "totp_step": 0}
        return self._execute(update(users).where(users.c.name == name).values(**values)) > 0

    def use_totp(self, name: str, step: int) -> bool:
        """Take the code of a time step as used; whether neither it nor a later one was before."""
        unused = update(users).where(users.c.name == name, users.c.totp_step < step)
        return self._execute(unused.values(totp_step=step)) > 0

    def keep_hash(self, name: str, password_hash: bytes) -> None:
        """Keep the same password of an account under another hash."""
        values = {"salt": b"", "hash": password_hash}
        self._execute(update(users).where(users.c.name == name).values(**values))

    def change_password(self, name: str, salt: bytes, password_hash: bytes) -> bool:
        """Give an account another password and end its sessions; whether there is one."""
        values = {"salt": salt, "hash": password_hash}
        changed = self._execute(update(users).where(users.c.name == name).values(**values)) > 0
        self.end_sessions(name)
        return changed

    def forget_user(self, name: str) -> None:
        """Delete an account and its sessions."""
        self.end_sessions(name)
        self._execute(delete(users).where(users.c.name == name))

    def keep_session(self, token_hash: str, name: str, until: str) -> None:
        """Enter a session by the hash of its token."""
        self._insert(sessions, sha256=token_hash, name=name, until_at=until)

    def session_user(self, token_hash: str) -> Row | None:
        """Name and role of the account whose session is in force; None for no such session."""
        return self._first(
            select(users.c.name, users.c.role)
            .join(sessions, sessions.c.name == users.c.name)
            .where(sessions.c.sha256 == token_hash, sessions.c.until_at > now())
        )

    def end_session(self, token_hash: str) -> None:
        """End one session."""
        self._execute(delete(sessions).where(sessions.c.sha256 == token_hash))

    def end_sessions(self, name: str) -> None:
        """End every session of an account."""
        self._execute(delete(sessions).where(sessions.c.name == name))

    def keep_key(self, sha256: str, owner: str, per_minute: int, scopes: str = "") -> None:
        """Enter an API key by its hash, with what it is for ('': everything)."""
        self._insert(
            api_keys,
            sha256=sha256,
            owner=owner,
            per_minute=per_minute,
            made_at=now(),
            scopes=scopes,
        )

    def api_keys(self) -> list[Row]:
        """Every API key, newest first."""
        return self._rows(select(api_keys).order_by(api_keys.c.made_at.desc()))

    def key_limit(self, sha256: str) -> int | None:
        """Questions a minute of a key in force; None for another."""
        key = self._first(
            select(api_keys.c.per_minute).where(
                api_keys.c.sha256 == sha256, api_keys.c.revoked_at.is_(None)
            )
        )
        return int(key["per_minute"]) if key else None

    def key_scopes(self, sha256: str) -> tuple[str, ...]:
        """What a key is for; nothing: everything."""
        key = self._first(select(api_keys.c.scopes).where(api_keys.c.sha256 == sha256))
        return tuple(key["scopes"].split()) if key else ()

    def revoke_key(self, start: str) -> int:
        """Revoke the keys whose hash starts so; how many."""
        return self._execute(
            update(api_keys)
            .where(
                api_keys.c.revoked_at.is_(None),
                api_keys.c.sha256.startswith(start.lower(), autoescape=True),
            )
            .values(revoked_at=now())
        )

    def approve(self, kind: str, subject: str, name: str) -> int:
        """Enter that a person approves of something; how many persons do by now."""
        self._put(approvals, replace=False, kind=kind, subject=subject, name=name, at=now())
        self.note(name, f"approved {kind}", subject)
        return len(self.approved(kind, subject))

    def approved(self, kind: str, subject: str) -> list[str]:
        """Who approves of something, by name."""
        query = select(approvals.c.name).where(
            approvals.c.kind == kind, approvals.c.subject == subject
        )
        return [row["name"] for row in self._rows(query.order_by(approvals.c.name))]

    def keep_agreement(self, name: str, purpose: str, until: dt.date) -> None:
        """Enter an agreement with a researcher, or its new purpose and end."""
        self._put(agreements, name=name, purpose=purpose, until_on=until.isoformat(), made_at=now())

    def agreements(self) -> list[Row]:
        """Every agreement with researchers, by name."""
        return self._rows(select(agreements).order_by(agreements.c.name))
