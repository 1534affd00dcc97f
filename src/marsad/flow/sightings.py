"""Sightings of polls: many payloads added in one commit, and only what this day has not told yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from marsad.flow.arrivals import Arrivals, Arrived, _numbered
from marsad.flow.stream import MOST, PORTION
from marsad.lake.tables import table

PayloadOf = Callable[[tuple[str, str]], str]
"""(board, ad_id) -> the name of the payload in which an ad came."""


@dataclass(frozen=True, slots=True)
class Added:
    """Sightings that were added, and among their ads those never seen before, and with other words."""

    sightings: int = 0
    new: int = 0
    changed: int = 0


class Sightings(Arrivals):
    """Reads what polls of a source give into the lake."""

    def add(self, arrived: Arrived, payload_of: PayloadOf, *, whole: bool = False) -> Added:
        """Add the sightings that this day has not told yet, or with `whole` all of them."""
        if self._held:
            self._keep_contents()
        rows = arrived.sightings
        known = self._known(rows["ad_key"])
        keys = {key for key, _, _ in known}
        words = {(key, content) for key, content, _ in known}
        columns = (rows[n].to_pylist() for n in ("ad_key", "content", "seen_last_on"))
        sighted = list(zip(*columns))
        new = {key for key, _, _ in sighted if key not in keys}
        changed = {k for k, content, _ in sighted if k in keys and (k, content) not in words}
        if not whole:
            rows = rows.filter(pa.array([s not in known for s in sighted], pa.bool_()))
        return Added(self._append(rows, payload_of), len(new), len(changed))

    def _append(self, rows: pa.Table, payload_of: PayloadOf) -> int:
        ads = zip(rows["board"].to_pylist(), rows["ad_id"].to_pylist())
        names = pa.array([payload_of(ad) for ad in ads], pa.string())
        parts = [_numbered(rows.filter(pc.equal(names, n)), n.as_py()) for n in names.unique()]
        if not parts:
            return 0
        rows = pa.concat_tables(parts)
        begun = self._lake.mark("raw_sightings", PORTION)
        arrival = begun + 1 + np.arange(rows.num_rows) // MOST
        rows = rows.append_column("reading", pa.array(np.full(rows.num_rows, begun + 1)))
        rows = rows.append_column("arrival", pa.array(arrival))
        self._lake.append("raw_sightings", rows, {PORTION: int(arrival[-1])})
        return int(rows.num_rows)

    def _known(self, keys: pa.ChunkedArray) -> set[tuple[str, str, dt.date | None]]:
        """What was seen of ads: key, name of the content, last day."""
        query = (
            "select distinct ad_key, content, seen_last_on from raw_sightings"  # noqa: S608 - names of ours
            f" where source_id = '{self._source}' and ad_key in (select ad_key from asked)"
        )
        schema = table("raw_sightings").schema
        schema = pa.schema([schema.field(n) for n in ("ad_key", "content", "seen_last_on")])
        given = {"asked": pa.table({"ad_key": keys.unique()})}
        rows = self._lake.table(query, ("raw_sightings",), schema, given)
        return set(zip(*(rows[name].to_pylist() for name in schema.names)))

    def absent(self, arrived: Arrived, payloads: Sequence[str]) -> int:
        """How many ads of earlier payloads are not among those that arrived."""
        query = (
            "select distinct ad_key from raw_sightings"  # noqa: S608 - names of ours
            f" where source_id = '{self._source}' and payload in (select payload from asked)"
        )
        given = {"asked": pa.table({"payload": pa.array(payloads, pa.string())})}
        schema = pa.schema([("ad_key", pa.string())])
        before = self._lake.table(query, ("raw_sightings",), schema, given)["ad_key"]
        return len(set(before.to_pylist()) - set(arrived.sightings["ad_key"].to_pylist()))

    def ended(self, payloads: Sequence[str], day: dt.date) -> int:
        """Shim."""
        end = getattr(super(), "ended", None)
        return int(end(payloads, day)) if end else 0
