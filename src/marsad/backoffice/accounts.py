"""People on duty: accounts, sessions, and the trail of what they did.

Passwords are kept as scrypt hashes (RFC 7914, n=2^14, r=8, p=1), sessions as SHA-256 of their tokens.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
from contextlib import AbstractContextManager

from marsad.backoffice.ports import ROLES, Person
from marsad.base.errors import InputError, NotFoundError, RefusedError
from marsad.base.records import Row
from marsad.base.refusals import refused
from marsad.lake.control import Control

LEAST_PASSWORD, HOURS, TRIES, TRIES_MINUTES = 12, 10, 5, 15
_NAME = re.compile(r"[\w.-]{2,40}")


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def _salted(password: str) -> tuple[bytes, bytes]:
    """Salt and hash of a new password; InputError for a short one."""
    if len(password) < LEAST_PASSWORD:
        raise InputError(refused("password_length", limit=str(LEAST_PASSWORD)))
    salt = secrets.token_bytes(16)
    return salt, _hash(password, salt)


def _token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class People:
    """The people of one installation."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def sign_in(self, name: str, password: str) -> str:
        """As `publish.desk.People.sign_in`; a wrong name takes as long as a wrong password."""
        now = dt.datetime.now(dt.UTC)
        since = (now - dt.timedelta(minutes=TRIES_MINUTES)).isoformat()
        if self._control.refusals(name, since) >= TRIES:
            raise RefusedError(f"Too many tries: come back in {TRIES_MINUTES} minutes.")
        accounts = self._control.users(name) if name else []
        row = accounts[0] if accounts else {"salt": b"0" * 16, "hash": b""}
        if not hmac.compare_digest(_hash(password, row["salt"]), row["hash"]):
            self._control.note("", "refused", name)
            raise RefusedError("The name or the password is wrong.")
        token = secrets.token_urlsafe(32)
        until = (now + dt.timedelta(hours=HOURS)).isoformat()
        self._control.keep_session(_token(token), name, until)
        self._control.note(name, "signed in", name)
        return token

    def who(self, token: str) -> Person | None:
        """As `publish.desk.People.who`."""
        if not token:
            return None
        account = self._control.session_user(_token(token))
        return Person(**account) if account else None

    def sign_out(self, token: str) -> None:
        """As `publish.desk.People.sign_out`."""
        self._control.end_session(_token(token))

    def everyone(self) -> list[Person]:
        """As `publish.desk.People.everyone`."""
        return [Person(row["name"], row["role"]) for row in self._control.users()]

    def add(self, name: str, role: str, password: str, by: str) -> None:
        """As `publish.desk.People.add`."""
        if not _NAME.fullmatch(name):
            raise InputError(refused("account_name"))
        if role not in ROLES:
            raise InputError(refused("no_role", code=role, known=", ".join(ROLES)))
        salt, password_hash = _salted(password)
        if not self._control.keep_user(name, role, salt, password_hash):
            raise InputError(refused("account_there", name=name))
        self._control.note(by, f"added as {role}", name)

    def change(self, name: str, role: str, by: str) -> None:
        """As `publish.desk.People.change`."""
        if role not in ROLES:
            raise InputError(refused("no_role", code=role, known=", ".join(ROLES)))
        with self._one_by_one():
            if role != "administrator":
                self._not_the_last(name)
            if not self._control.change_role(name, role):
                raise NotFoundError(refused("no_account", name=name))
        self._control.note(by, f"made {role}", name)

    def renew(self, name: str, password: str, by: str) -> None:
        """Give someone a new password and end their sessions. InputError for a short password,
        NotFoundError for nobody of that name."""
        if not self._control.change_password(name, *_salted(password)):
            raise NotFoundError(refused("no_account", name=name))
        self._control.note(by, "gave a new password", name)

    def _one_by_one(self) -> AbstractContextManager[object]:
        """Two administrators who take each other off duty at once must not both succeed."""
        return self._control.lease("accounts", 10, wait_seconds=10)

    def _not_the_last(self, name: str) -> None:
        people = {one.name: one.role for one in self.everyone()}
        if name not in people:
            raise NotFoundError(refused("no_account", name=name))
        if people.pop(name) == "administrator" and "administrator" not in people.values():
            raise InputError(refused("last_administrator"))

    def remove(self, name: str, by: str) -> None:
        """As `publish.desk.People.remove`."""
        with self._one_by_one():
            self._not_the_last(name)
            self._control.forget_user(name)
        self._control.note(by, "removed", name)

    def note(self, who: str, action: str, subject: str) -> None:
        """As `publish.desk.People.note`."""
        self._control.note(who, action, subject)

    def trail(self) -> list[Row]:
        """As `publish.desk.People.trail`."""
        return self._control.audit()

    def runs(self) -> list[Row]:
        """As `publish.desk.People.runs`."""
        return self._control.runs(limit=20)
