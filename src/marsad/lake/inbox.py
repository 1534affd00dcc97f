"""The inbox: tables that senders of an agreement hand over, until they are taken in.

`inbox/<source>/NAME.csv` waits for `NAME.csv.sig` beside it: its signature in the form of OpenSSH
(`ssh-keygen -Y sign`), by a key that `senders/<source>` names (an allowed_signers file; see
ssh-keygen(1), ALLOWED SIGNERS). Files come by the server's own SFTP, by hand, or to a signed address
that holds until a day. What is refused is kept aside with the reason.
"""

from __future__ import annotations

import datetime as dt
import hmac
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from marsad.base.errors import InputError, NotFoundError, PlaceError, RefusedError
from marsad.lake import secret

FOLDER, SENDERS, REFUSED = "inbox", "senders", "refused"
NAMESPACE = "marsad"
SIGNATURE = ".sig"
MOST_BYTES = 50_000_000
MOST_WAITING = 200
"""Files of one sender that may wait: more are refused until some are taken in."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.csv(\.sig)?")
_SOURCE = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True)
class Inbox:
    """The inbox of an installation."""

    home: Path

    def folder(self, source: str) -> Path:
        return self.home / FOLDER / source

    def ready(self, source: str) -> Iterator[Path]:
        """The files of a sender whose signature has come too, oldest first."""
        paths = [p for p in self.folder(source).glob("*.csv") if p.is_file() and not p.is_symlink()]
        for path in sorted(paths, key=lambda p: (p.stat().st_mtime, p.name)):
            if path.with_name(path.name + SIGNATURE).is_file():
                yield path

    def waiting(self, source: str) -> int:
        """How many files of a sender wait for their signature."""
        every = {p.name for p in self.folder(source).glob("*.csv*")}
        return sum(n.endswith(".csv") and f"{n}{SIGNATURE}" not in every for n in every)

    def verify(self, source: str, path: Path) -> None:
        """Check the signature of a file. RefusedError: it is not by a key of the sender, or of other bytes.
        PlaceError: no key of the sender is here, or OpenSSH is not installed."""
        allowed = self.home / SENDERS / source
        if not allowed.is_file():
            raise PlaceError(
                f"No key of the sender of {source} is here: put its allowed_signers at {allowed}."
            )
        program = shutil.which("ssh-keygen")
        if program is None:
            raise PlaceError(
                "Signatures are checked by ssh-keygen: install the package openssh-client."
            )
        command = [program, "-Y", "verify", "-f", str(allowed), "-I", source, "-n", NAMESPACE,
                   "-s", f"{path}{SIGNATURE}"]  # fmt: skip
        with path.open("rb") as data:
            done = subprocess.run(command, stdin=data, capture_output=True, text=True, timeout=60)  # noqa: S603
        if done.returncode:
            raise RefusedError(
                f"The signature of {path.name} is not by a key of the sender of {source}."
            )

    def taken(self, path: Path) -> None:
        """A file was taken in: it leaves the inbox (its payload is sealed)."""
        path.unlink(missing_ok=True)
        path.with_name(path.name + SIGNATURE).unlink(missing_ok=True)

    def refuse(self, path: Path, reason: str) -> None:
        """Set a file aside, with the reason beside it."""
        aside = path.parent / REFUSED
        aside.mkdir(mode=0o700, exist_ok=True)
        for each in (path, path.with_name(path.name + SIGNATURE)):
            if each.exists():
                each.replace(aside / each.name)
        (aside / f"{path.name}.txt").write_text(f"{reason}\n", "utf-8")

    # signed addresses ----------------------------------------------------------------------------

    def address(self, source: str, until: dt.date) -> str:
        """The path to which a sender may put files until a day, the last one included."""
        return f"/exchange/{source}/{until}/{self._mark(source, str(until))}"

    def _mark(self, source: str, until: str) -> str:
        return secret.keyed(secret.secret(self.home), "exchange", f"{source}\x1f{until}", 16).hex()

    def check(self, source: str, until: str, mark: str, today: dt.date) -> int:
        """The bytes that a file may have which comes to a signed address; NotFoundError: no such address, or its
        last day is over."""
        known = _SOURCE.fullmatch(source) and hmac.compare_digest(
            mark.encode(), self._mark(source, until).encode()
        )
        if not known or today > dt.date.fromisoformat(until):
            raise NotFoundError("There is no such address, or its last day is over.")
        return MOST_BYTES

    def put(self, source: str, name: str, parts: Iterable[bytes]) -> int:
        """Keep a file of a sender; its bytes. InputError: a name that is not NAME.csv or NAME.csv.sig, or too
        many that wait."""
        if not _NAME.fullmatch(name):
            raise InputError(
                "a file is named NAME.csv, its signature NAME.csv.sig: letters, digits, . _ -"
            )
        folder = self.folder(source)
        try:
            folder.mkdir(parents=True, mode=0o700, exist_ok=True)
            if sum(1 for _ in folder.glob("*.csv*")) >= MOST_WAITING:
                raise InputError(
                    f"{MOST_WAITING} files wait already: try again when they are taken in"
                )
            part = folder / f".{name}.part"
            with part.open("wb") as file:
                size = sum(map(file.write, parts))
            part.replace(folder / name)
        except OSError as error:
            raise PlaceError(f"The file cannot be kept: {error.strerror}.") from error
        return size
