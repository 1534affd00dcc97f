"""A wrong file is taken back: what it gave leaves the ads, the words of others stay as they are."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.errors import InputError, NotFoundError
from marsad.base.records import Row
from marsad.collect.register import source
from marsad.flow.arrivals import Arrivals
from marsad.flow.registers import ADAPTER
from marsad.flow.sealing import without_persons
from marsad.flow.steps import Flow

_LEAST = 8
"""Letters of a SHA-256 by which a payload may be named."""


def payloads(flow: Flow) -> list[Row]:
    """What was received, newest first: rows of the register of documents."""
    return sorted(flow.control.documents(), key=lambda row: str(row["received_at"]), reverse=True)


def withdraw(flow: Flow, sha256: str, reason: str) -> int:
    """Take back what a payload gave: the sightings of ads on whichever days, or the cells of a register's table;
    how many. The payload is destroyed; given again it counts again.

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
        if spec.kind != "ads" and spec.adapter != ADAPTER:
            raise InputError(
                f"{row['name']} gave {spec.kind}: what it says wrong is put right by ingesting the right file"
            )
        with flow.writing(), flow.control.run("withdraw", spec.id) as run:
            start = str(row["sha256"])
            if spec.kind == "ads":
                arrivals = Arrivals(flow.lake, spec.id)
                run.rows_out = sum(map(arrivals.withdraw, _given(flow, spec.id, start[:16])))
            else:
                run.rows_out = _cells_removed(flow, spec.id, start[:12])
            flow.vault.forget(start)
            flow.control.forget_document(start, spec.id)
            run.files = without_persons(str(row["name"]))
            run.message = f"{row['name']} taken back: {without_persons(reason.strip())}"
            taken += run.rows_out
    return taken


def _cells_removed(flow: Flow, source_id: str, start: str) -> int:
    rows = flow.lake.read("core_observations", partition=source_id)
    mine = pc.match_substring(rows["source"], f"sha256 {start}")
    kept = rows.filter(pc.invert(mine))
    flow.lake.replace("core_observations", source_id, kept)
    return int(rows.num_rows - kept.num_rows)


def _given(flow: Flow, source_id: str, start: str) -> list[str]:
    """The names under which a payload stands among the sightings: with each day, and with files beside it."""
    query = f"""select distinct payload from raw_sightings where source_id = '{source_id}'
      and payload like '%{start}%' order by payload"""  # noqa: S608 - hexadecimal digits
    schema = pa.schema([("payload", pa.string())])
    named: list[str] = flow.lake.table(query, ("raw_sightings",), schema)["payload"].to_pylist()
    return named
