"""The desk: what visitors may leave with the observatory, and what people on duty may decide.

The rooms read releases and never write. What is written (a report on an ad, an alert that someone
asks for, the work of administrators) goes through the objects named here, which the running
installation gives to the portal; without one, nothing can be left and pages say so. So do the
editions of the bulletin, which an installation keeps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from marsad.base.errors import PlaceError
from marsad.base.records import Row
from marsad.publish.read.model import SourceState

FIELDS = ("occupation", "language", "place", "contract", "pay", "skills", "duplicate", "closed", "fake",
          "excluding")  # fmt: skip
"""What of an ad can be reported as wrong."""


class Reports(Protocol):
    """What visitors say is wrong with an ad."""

    def keep(self, ad: str, field: str, shown: str, value: str, note: str) -> int:
        """Keep a report on a field of an ad: the value shown (`shown`) and what it should be
        (`value`, may be empty); its number. InputError for a field that is not of FIELDS, a code
        that does not exist, or when too many wait."""
        ...

    def open(self) -> list[Row]:
        """The reports that wait, oldest first: id, ad, field, said, value, note, made_at."""
        ...

    def settle(self, number: int, accept: bool, judge: str) -> None:
        """Accept or refuse a report. An accepted occupation or language becomes a judgement: gold,
        and in force from the next enrichment. NotFoundError when no open one has the number."""
        ...


@dataclass(frozen=True, slots=True)
class CaseAd:
    """An ad as a reviewer sees it: its words, what was decided and on what, other readings.

    `readings` are unit groups of ISCO-08 with their chance, best first; `links` the band, score and
    reason of each link to another ad; `judged` the judgements in force that touch it.
    """

    key: str
    title: str
    company: str
    place: str
    board: str
    text: str
    synthetic: bool
    isco08: str
    isco08_score: float | None
    isco08_evidence: str
    language: str
    readings: tuple[tuple[str, float], ...]
    links: tuple[Row, ...]
    judged: tuple[Row, ...]


class Reviews(Protocol):
    """Cases of coding and of duplicates, and what people judge of them."""

    def judged(self) -> set[tuple[str, str]]:
        """(scheme, subject) of everything that is judged."""
        ...

    def case(self, subject: str) -> tuple[CaseAd, ...]:
        """The ads of a case: one, or the two of a pair. NotFoundError when one is not there."""
        ...

    def judge(
        self,
        scheme: str,
        subject: str,
        value: str,
        *,
        judge: str,
        note: str = "",
        again: bool = False,
    ) -> int:
        """Keep a judgement, in force from the next enrichment; its number. InputError for a value
        that is not one of the scheme, or for what is judged already unless `again`."""
        ...


class Alerts(Protocol):
    """What people ask to be told of."""

    def ask(
        self,
        channel: str,
        address: str,
        language: str,
        kind: str,
        about: Mapping[str, str],
        base: str,
    ) -> None:
        """Keep an alert and send the message by which its owner confirms it; `base` is the address of
        this site. InputError for an address or a subject that cannot be."""
        ...

    def known(self, token: str) -> Row:
        """One alert; NotFoundError for an unknown token."""
        ...

    def confirm(self, token: str) -> None:
        """Put an alert in force; NotFoundError for an unknown token."""
        ...

    def forget(self, token: str) -> None:
        """Delete an alert and its address. Nothing is said of a token that is not known."""
        ...


RIGHTS = {
    "reader": {"see"},
    "counsellor": {"see"},
    "analyst": {"see", "review"},
    "source_keeper": {"see", "sources"},
    "publisher": {"see", "release"},
    "administrator": {"see", "review", "sources", "release", "accounts"},
}
"""Role -> what it may do: `see` the state of things, `review` reports and cases, approve rights to collect
(`sources`) and releases (`release`), say who has which account and read the audit trail (`accounts`)."""
ROLES = tuple(RIGHTS)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone on duty."""

    name: str
    role: str

    def may(self, right: str) -> bool:
        """Whether this person may do something of RIGHTS."""
        return right in RIGHTS[self.role]


class People(Protocol):
    """Who is on duty, and what they did."""

    def sign_in(self, name: str, password: str, address: str = "", code: str = "") -> str:
        """The token of a new session; `address` is where the visitor is, `code` the one-time code of who has a
        second factor. RefusedError for a wrong name, password or code, or after too many tries."""
        ...

    def who(self, token: str) -> Person | None:
        """The person of a session in force; None for any other token."""
        ...

    def sign_out(self, token: str) -> None:
        """End a session."""
        ...

    def everyone(self) -> list[Person]:
        """Everyone on duty, by name."""
        ...

    def add(self, name: str, role: str, password: str, by: str) -> None:
        """Put someone on duty. InputError for a name taken, an unknown role or a short password."""
        ...

    def change(self, name: str, role: str, by: str) -> None:
        """Give someone another role. InputError for an unknown role or the last administrator."""
        ...

    def remove(self, name: str, by: str) -> None:
        """Take someone off duty and end their sessions. InputError for the last administrator."""
        ...

    def note(self, who: str, action: str, subject: str) -> None:
        """Enter something in the audit trail."""
        ...

    def trail(self) -> list[Row]:
        """The newest entries of the audit trail: at, who, action, subject."""
        ...

    def runs(self) -> list[Row]:
        """The latest runs of the flow, newest first."""
        ...


class Editions(Protocol):
    """The quarterly editions of the bulletin."""

    def all(self) -> list[str]:
        """The quarters that have one (2026-Q3), newest first."""
        ...

    def file(self, edition: str, code: str, language: str) -> bytes:
        """The PDF of a place in a language; NotFoundError when there is none."""
        ...


class Deliveries(Protocol):
    """The inbox for tables that the senders of registers hand over."""

    def check(self, source: str, until: str, mark: str, today: dt.date) -> int:
        """The bytes that a file may have which comes to a signed address; NotFoundError when there is no such
        address, or its last day is over."""
        ...

    def put(self, source: str, name: str, parts: Iterable[bytes]) -> int:
        """Keep a file of a sender; its bytes. InputError: not NAME.csv or NAME.csv.sig, or too many wait."""
        ...


class Collection(Protocol):
    """How sources are fetched."""

    def states(self) -> tuple[SourceState, ...]:
        """Every source: whether it is fetched now, and what the last look at it gave."""
        ...


@dataclass(frozen=True)
class Desk:
    """The writing side of an installation."""

    reports: Reports
    alerts: Alerts
    people: People
    reviews: Reviews
    editions: Editions
    deliveries: Deliveries
    collection: Collection


class _Unwatched:
    """Of no source is anything known."""

    def states(self) -> tuple[SourceState, ...]:
        return ()


class _Nobody:
    """A desk without anyone: every method refuses."""

    def __getattr__(self, name: str) -> Callable[..., object]:
        def refuse(*_arguments: object, **_options: object) -> object:
            raise PlaceError("This installation takes nothing from visitors.")

        return refuse


NOBODY = Desk(_Nobody(), _Nobody(), _Nobody(), _Nobody(), _Nobody(), _Nobody(), _Unwatched())  # type: ignore[arg-type]
