"""Tables of senders taken from the inbox: signed, checked, kept, and left aside with the reason otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from marsad.base.errors import InputError, MarsadError, PlaceError
from marsad.collect.register import Source, sources
from marsad.flow.registers import ADAPTER
from marsad.flow.steps import Flow
from marsad.lake.inbox import Inbox


@dataclass(frozen=True)
class Received:
    """What came of a file: cells stored, rows set aside, or why all of it was refused."""

    source: str
    file: str
    stored: int = 0
    rejected: int = 0
    refused: str = ""


def senders() -> list[Source]:
    """The sources whose tables come in the exchange format."""
    return [spec for spec in sources() if spec.adapter == ADAPTER]


def receive(flow: Flow) -> Iterator[Received]:
    """Take in every file that waits with its signature, sender by sender; one that is refused is set aside and
    does not keep the others. PlaceError: the key of a sender whose files wait is not here."""
    inbox = Inbox(flow.settings.home)
    for spec in senders():
        for path in inbox.ready(spec.id):
            try:
                inbox.verify(spec.id, path)
                run = flow.ingest(spec, [path])
            except PlaceError:  # nothing is wrong with the file
                raise
            except MarsadError as error:
                reason = error.rule if isinstance(error, InputError) else str(error)
                inbox.refuse(path, reason)
                yield Received(spec.id, path.name, refused=reason)
            else:
                inbox.taken(path)
                yield Received(spec.id, path.name, run.rows_out, run.rejected)
