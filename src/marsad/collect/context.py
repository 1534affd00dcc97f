"""What a source is handed while it reads: payloads, today's date, and a place for issues.

A source opens no file and no socket itself, so the same code runs on a live fetch, on a file given
by hand and on its saved sample.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from marsad.base.encoding import decode, without_controls
from marsad.base.errors import InputError
from marsad.base.records import Row
from marsad.collect.names import plan

if TYPE_CHECKING:
    from marsad.collect.register import Source


MOST_BYTES = 200_000_000
"""Bytes of the largest file that is read."""
MOST_ISSUES = 500
"""Warnings, and rows set aside, that are recorded one by one in a run; the rest are counted."""
MOST_RULE = 400
"""Letters of a rule that are recorded."""
MOST_LETTERS = 20_000
"""Letters of a row set aside that are kept with it; the payload holds the whole."""


@dataclass(frozen=True, slots=True)
class Payload:
    """Bytes as received, with the name of the file or address they came from."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def text(self) -> str:
        """The payload as text (`base/encoding.py: decode`)."""
        return decode(self.data).text


def read_payload(path: Path) -> Payload:
    """A file as a payload. InputError: it cannot be read, or is larger than `MOST_BYTES`."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"larger than {MOST_BYTES:,} bytes: give it in parts", file=str(path))
        return Payload(path.name, path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", file=str(path)) from None


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a reader met: a `warning`, a row it `rejected` (kept in `content`), or a `note` of
    how many more there were."""

    level: str
    rule: str
    file: str = ""
    row: int | None = None
    content: str = ""


@dataclass(slots=True)
class Repeated:
    """A warning already given: its place among the issues, the last row it was for, and how many."""

    place: int | None
    last: int | None
    rows: int = 1


@dataclass
class Context:
    """The hands of one run of one source; `dialects` are the forms that its files were in,
    `fields` what each of their fields is read as («not read», «not known»)."""

    spec: Source
    payloads: tuple[Payload, ...] = ()
    today: dt.date = field(default_factory=dt.date.today)
    options: Row = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    rejected: int = 0
    dialects: set[str] = field(default_factory=set)
    fields: dict[str, str] = field(default_factory=dict)
    _warned: dict[str, Repeated] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)
    _more: dict[str, int] = field(default_factory=dict)

    @property
    def seen_on(self) -> dt.date:
        """The day on which the payload was seen: the one that was given, else today."""
        day = self.options.get("seen_on")
        return day if isinstance(day, dt.date) else self.today

    def warn(self, rule: str, *, file: str = "", row: int | None = None) -> None:
        """Record a warning, once for each rule and file, with the number of rows that it is of; after
        `MOST_ISSUES` they are counted."""
        key, place = f"{file}|{rule}", len(self.issues)
        if key not in self._warned:
            recorded = self._counts["warning"] < MOST_ISSUES
            self._warned[key] = Repeated(place if recorded else None, row)
            self._record(Issue("warning", rule, file, row))
            return
        before = self._warned[key]
        if row is None or before.place is None or row == before.last:
            return
        before.last, before.rows = row, before.rows + 1
        first = self.issues[before.place]
        counted = f"{rule[:MOST_RULE]} ({before.rows:,} rows, the first is row {first.row})"
        self.issues[before.place] = replace(first, rule=counted)

    def reject(self, error: InputError, content: object) -> None:
        """Set one row aside, whole, with the rule it broke; after `MOST_ISSUES` they are counted."""
        self.rejected += 1
        try:
            row = without_controls(json.dumps(content, ensure_ascii=False, default=str))
        except (ValueError, RecursionError):  # deeper, or a number longer, than can be written
            row = json.dumps("this row cannot be written")
        if len(row) > MOST_LETTERS:
            row = json.dumps(row[:MOST_LETTERS], ensure_ascii=False)
        self._record(Issue("rejected", error.rule, error.file, error.row, row))

    def _record(self, issue: Issue) -> None:
        """Record an issue, or count it in the one that says how many more there were."""
        self._counts[issue.level] += 1
        if (more := self._counts[issue.level] - MOST_ISSUES) <= 0:
            rule = issue.rule[:MOST_RULE]
            self.issues.append(Issue(issue.level, rule, issue.file, issue.row, issue.content))
            return
        place = self._more.setdefault(issue.level, len(self.issues))
        self.issues[place : place + 1] = [Issue("note", f"{more:,} more {issue.level}", issue.file)]

    def text(self, payload: Payload, *, mend: bool = False) -> str:
        """The text of a payload; what was guessed of its encoding is a warning. `mend` as `decode`."""
        decoded = decode(payload.data, mend=mend)
        if decoded.warning:
            self.warn(decoded.warning, file=payload.name)
        return decoded.text

    def account(self, fields: set[str], *, file: str) -> None:
        """Check that every field met is one the declaration reads or names as ignored.

        InputError lists the unknown and the missing ones (unknown only warn where the source
        declares `unknown_fields: warn`).
        """
        spec = self.spec
        made = plan(spec, sorted(fields))
        self.dialects |= {made.dialect} - {""}
        unknown = sorted(made.unknown)
        for name in sorted(fields):
            other = "not known" if name in made.unknown else "not read"
            self.fields[name] = made.columns.get(name, other)
        lacking = sorted(spec.needed - fields)
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
