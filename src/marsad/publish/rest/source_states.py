"""Whether each source of the register is fetched now: it does not wait for a release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from fastapi import Request, Response
from msgspec import Struct

from marsad.base.codes import codelist
from marsad.base.labels import Text
from marsad.publish.read.model import SourceState
from marsad.publish.read.reader import Reader
from marsad.publish.rest.common import Handlers

States = Callable[[], tuple[SourceState, ...]]


class SourceStateBody(Struct, frozen=True):
    """Whether a source is fetched now: codes of the lists `source_state` and `source_reason` with their
    words, what its host answered where that is why, the day on which a person last read its robots.txt and
    terms, and the last look and the next, in UTC."""

    id: str
    state: str
    state_name: Text
    reason: str
    reason_name: Text | None
    note: str
    since: str
    checked_on: dt.date | None
    last_look: dt.datetime | None
    next_look: dt.datetime | None


class SourceStates(Struct, frozen=True):
    """Whether each source of the register is fetched now."""

    states: tuple[SourceStateBody, ...]


def _body(row: SourceState) -> SourceStateBody:
    return SourceStateBody(
        row.id, row.state, codelist("source_state")[row.state], row.reason,
        codelist("source_reason").get(row.reason), row.note if row.reason in ("robots", "host") else "",
        row.since, row.checked_on, row.last_look, row.next_look,
    )  # fmt: skip


class Standing(Handlers):
    """Whether sources are fetched now."""

    def __init__(self, reader: Callable[[], Reader], states: States) -> None:
        super().__init__(reader)
        self._states = states

    def states(self, request: Request) -> Response:
        """Whether each source is fetched now: a refusal suspends it by itself. Held by no cache."""
        return self.respond(
            request, lambda _: SourceStates(tuple(map(_body, self._states()))), cacheable=False
        )
