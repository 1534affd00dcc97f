"""People on duty: accounts, sessions, and the trail of what they did.

Passwords are kept as Argon2id hashes (RFC 9106; OWASP's 19 MiB, two passes), older ones of scrypt are renewed
at the next sign-in; sessions as SHA-256 of their tokens. A second factor is a one-time code (RFC 6238).

Who tries in vain waits: longer each time, by name at one address, and at one address by all names. The right
password from elsewhere works meanwhile: nobody can keep another person out.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import re
import secrets
import time
from contextlib import AbstractContextManager
from urllib.parse import quote

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from marsad.backoffice.ports import ROLES, Person
from marsad.base.errors import InputError, NotFoundError, RefusedError
from marsad.base.records import Row
from marsad.base.refusals import refused
from marsad.lake.control import Control

LEAST_PASSWORD, HOURS = 12, 10
TRIES, TRIES_OF_ALL = 5, 20
"""Tries in vain before one waits: by a name at one address, and by all names at one address."""
_FIRST_WAIT, _LONGEST_WAIT = 15, 900
_STEP, _DIGITS = 30, 6
_NAME = re.compile(r"[\w.-]{2,40}")
_ARGON = b"$argon2id$"


def _hash(password: str) -> bytes:
    kdf = Argon2id(
        salt=secrets.token_bytes(16), length=32, iterations=2, lanes=1, memory_cost=19_456
    )
    return kdf.derive_phc_encoded(password.encode()).encode()


def _is(password: str, row: Row) -> bool:
    """Whether a password is that of an account."""
    if not row["hash"].startswith(_ARGON):
        old = hashlib.scrypt(password.encode(), salt=row["salt"], n=2**14, r=8, p=1)
        return hmac.compare_digest(old, row["hash"])
    try:
        Argon2id.verify_phc_encoded(password.encode(), row["hash"].decode())
    except InvalidKey:
        return False
    return True


_NOBODY: Row = {"hash": _hash(secrets.token_hex(16)), "salt": b"", "totp": None}
"""Whose password takes as long to compare, and is nobody's."""


def _new(password: str) -> bytes:
    """The hash of a new password; InputError for a short one."""
    if len(password) < LEAST_PASSWORD:
        raise InputError(refused("password_length", limit=str(LEAST_PASSWORD)))
    return _hash(password)


def _token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class People:
    """The people of one installation."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def sign_in(self, name: str, password: str, address: str = "", code: str = "") -> str:
        """As `ports.People.sign_in`; a wrong name takes as long as a wrong password."""
        now = dt.datetime.now(dt.UTC)
        here = {_token(f"{name}\x1f{address}"): TRIES}
        if address:
            here[_token(f"\x1f{address}")] = TRIES_OF_ALL
        self._wait(here, now)
        accounts = self._control.users(name) if name else []
        row = accounts[0] if accounts else _NOBODY
        right = _is(password, row)
        if not (right and accounts and self._has_code(name, row["totp"], code)):
            self._count(here, now)
            self._control.note(
                "", "refused", name if accounts else ""
            )  # a password typed as name stays out
            raise RefusedError(refused("sign_in_wrong"))
        if not row["hash"].startswith(_ARGON):
            self._control.keep_hash(name, _hash(password))
        for subject in here:
            self._control.forget_tries(subject)
        token = secrets.token_urlsafe(32)
        until = (now + dt.timedelta(hours=HOURS)).isoformat()
        self._control.keep_session(_token(token), name, until)
        self._control.note(name, "signed in", name)
        return token

    def _wait(self, subjects: dict[str, int], now: dt.datetime) -> None:
        """RefusedError, with the time to come again, for who tried too often."""
        for subject in subjects:
            row = self._control.tries(subject)
            until = dt.datetime.fromisoformat(row["until_at"]) if row else now
            if until > now:
                seconds = str(round((until - now).total_seconds()) + 1)
                raise RefusedError(refused("sign_in_wait", seconds=seconds))

    def _count(self, subjects: dict[str, int], now: dt.datetime) -> None:
        """Count a try in vain: from a number on, each doubles the time to wait."""
        for subject, free in subjects.items():
            row = self._control.tries(subject)
            failures = (row["failures"] if row else 0) + 1
            wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(failures - free, 10))
            until = now + dt.timedelta(seconds=wait if failures >= free else 0)
            self._control.keep_tries(subject, failures, until.isoformat())

    def _has_code(self, name: str, secret: bytes | None, code: str) -> bool:
        """Whether a code is that of this moment, one before or after, and none that was used; of who has no
        second factor none is needed."""
        if not secret:
            return True
        step = int(time.time()) // _STEP
        totp, typed = _totp(secret), code.replace(" ", "").encode()
        for near in (step, step - 1, step + 1):
            if hmac.compare_digest(totp.generate(near * _STEP), typed):
                return self._control.use_totp(name, near)
        return False

    def second_factor(self, name: str, by: str, *, off: bool = False) -> str:
        """Give someone a second factor, or take it away: the address by which an application takes it up, '' when
        it is taken away. NotFoundError for nobody of that name."""
        secret = None if off else secrets.token_bytes(20)
        if not self._control.change_totp(name, secret):
            raise NotFoundError(refused("no_account", name=name))
        self._control.end_sessions(name)
        self._control.note(
            by, "took the second factor away" if off else "gave a second factor", name
        )
        if secret is None:
            return ""
        text = base64.b32encode(secret).decode().rstrip("=")
        return f"otpauth://totp/Marsad:{quote(name)}?secret={text}&issuer=Marsad"

    def approve(self, kind: str, subject: str, name: str, password: str, code: str = "") -> int:
        """Approve of a release or of the right to collect a source, under one's own name; how many persons do
        by now. RefusedError for a wrong password, or a role that may not."""
        person = self.who(token := self.sign_in(name, password, code=code))
        self.sign_out(token)
        if person is None or not person.may({"release": "release", "source": "sources"}[kind]):
            raise RefusedError(f"The role of {name} does not approve of {kind}s.")
        return self._control.approve(kind, subject, name)

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
        if not self._control.keep_user(name, role, b"", _new(password)):
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
        if not self._control.change_password(name, b"", _new(password)):
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


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, _DIGITS, SHA1(), _STEP)  # noqa: S303 - what applications for codes know
