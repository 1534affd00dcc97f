"""What a source is handed while it reads: payloads, today's date, and a place for issues.

A source opens no file and no socket itself, so the same code runs on a live fetch, on a file given
by hand and on its saved sample.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from marsad.base.errors import InputError
from marsad.base.records import Row

if TYPE_CHECKING:
    from marsad.collect.register import Source


@dataclass(frozen=True, slots=True)
class Payload:
    """Bytes as received, with the name of the file or address they came from."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def text(self) -> str:
        """The payload as text: UTF-8, else Windows-1252, which never fails silently on bytes."""
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self.data.decode("cp1252", errors="replace")


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a reader met: a `warning`, or a row it `rejected` (kept whole in `content`)."""

    level: str
    rule: str
    file: str = ""
    row: int | None = None
    content: str = ""


@dataclass
class Context:
    """The hands of one run of one source."""

    spec: Source
    payloads: tuple[Payload, ...] = ()
    today: dt.date = field(default_factory=dt.date.today)
    options: Row = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    _warned: set[str] = field(default_factory=set)

    def warn(self, rule: str, *, file: str = "", row: int | None = None) -> None:
        """Record a warning, once for each rule and file."""
        if (key := f"{file}|{rule}") not in self._warned:
            self._warned.add(key)
            self.issues.append(Issue("warning", rule, file, row))

    def reject(self, error: InputError, content: object) -> None:
        """Set one row aside, whole, with the rule it broke."""
        row = msgspec.json.encode(content, enc_hook=str).decode()
        self.issues.append(Issue("rejected", error.rule, error.file, error.row, row))

    def account(self, fields: set[str], *, file: str) -> None:
        """Check that every field met is one the declaration reads or names as ignored.

        InputError lists the unknown and the missing ones (unknown only warn where the source
        declares `unknown_fields: warn`).
        """
        spec = self.spec
        unknown = sorted(fields - set(spec.columns) - set(spec.ignore))
        lacking = sorted(set(spec.columns) - fields - set(spec.optional))
        if lacking or (unknown and spec.unknown_fields == "stop"):
            faults = [f"unknown fields {', '.join(unknown)}"] if unknown else []
            faults += [f"missing fields {', '.join(lacking)}"] if lacking else []
            raise InputError(f"source {spec.id}: " + "; ".join(faults), file=file)
        for name in unknown:
            self.warn(f"field {name!r} is not read", file=file)

    def lookup(self, table: str, value: str, *, file: str = "", row: int | None = None) -> str:
        """The agreed code of a source's own word; InputError when the declaration has none."""
        try:
            return self.spec.lookups[table][value]
        except KeyError:
            raise InputError(f"unknown {table} {value!r}", file=file, row=row) from None
