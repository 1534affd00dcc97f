"""A wrong file is taken back: what it gave leaves the ads, the words of others stay as they are."""

from __future__ import annotations

import pyarrow as pa

from marsad.base.errors import InputError, NotFoundError
from marsad.base.records import Row
from marsad.collect.register import source
from marsad.flow.arrivals import Arrivals
from marsad.flow.sealing import without_persons
from marsad.flow.steps import Flow

_LEAST = 8
"""Letters of a SHA-256 by which a payload may be named."""


def payloads(flow: Flow) -> list[Row]:
    """What was received, newest first: rows of the register of documents."""
    return sorted(flow.control.documents(), key=lambda row: str(row["received_at"]), reverse=True)


def withdraw(flow: Flow, sha256: str, reason: str) -> int:
    """Take back the sightings that a payload gave, on whichever days; how many. It stays sealed until it
    expires, and given again it counts again.

    InputError: less than eight letters, no reason, or a payload that gave no ads (a table's values are put
    right by the right table). NotFoundError: no payload of that name was received."""
    name = sha256.strip().lower()
    if len(name) < _LEAST:
        raise InputError(f"a payload is named by at least {_LEAST} letters of its SHA-256")
    if not reason.strip():
        raise InputError("a payload is taken back for a reason: say it with --reason")
    received = [row for row in payloads(flow) if str(row["sha256"]).startswith(name)]
    if not received:
        raise NotFoundError(f"No payload {name!r} was received: `marsad payloads` lists them.")
    taken = 0
    for row in received:
        spec = source(str(row["source_id"]))
        if spec.kind != "ads":
            raise InputError(
                f"{row['name']} gave {spec.kind}: what it says wrong is put right by ingesting the right file"
            )
        with flow.writing(), flow.control.run("withdraw", spec.id) as run:
            arrivals = Arrivals(flow.lake, spec.id)
            for part in _given(flow, spec.id, str(row["sha256"])[:16]):
                run.rows_out += arrivals.withdraw(part)
            run.files = without_persons(str(row["name"]))
            run.message = f"{row['name']} taken back: {without_persons(reason.strip())}"
            taken += run.rows_out
    return taken


def _given(flow: Flow, source_id: str, start: str) -> list[str]:
    """The names under which a payload stands among the sightings: with each day, and with files beside it."""
    query = f"""select distinct payload from raw_sightings where source_id = '{source_id}'
      and payload like '%{start}%' order by payload"""  # noqa: S608 - hexadecimal digits
    schema = pa.schema([("payload", pa.string())])
    named: list[str] = flow.lake.table(query, ("raw_sightings",), schema)["payload"].to_pylist()
    return named
