"""Sightings of polls: many payloads added in one commit, and only what this day has not told yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from marsad.flow.arrivals import DAYS, SIGHTED, Arrivals, Arrived, numbered
from marsad.flow.lives import keys_of
from marsad.lake.queries import keyed
from marsad.lake.tables import table

PayloadOf = Callable[[tuple[str, str]], str]
"""(board, ad_id) -> the name of the payload in which an ad came."""


class Novelty(NamedTuple):
    """Among ads that arrived: how many were never seen before, and how many have other words now."""

    new: int
    changed: int


class Sightings(Arrivals):
    """Reads what polls of a source give into the lake."""

    def novelty(self, arrived: Arrived) -> Novelty:
        """What is new among ads that arrived; asked before they are added."""
        query = (
            "select distinct ad_key, content from raw_sightings"  # noqa: S608 - names of ours
            f" where source_id = '{self._source}' and content <> ''"
            " and ad_key in (select ad_key from asked)"
        )
        ads = arrived.sightings
        schema = pa.schema([table("raw_sightings").schema.field(n) for n in ("ad_key", "content")])
        rows = self._lake.table(query, ("raw_sightings",), schema, keyed(ads["ad_key"].to_pylist()))
        known = dict[str, set[str]]()
        for key, content in zip(rows["ad_key"].to_pylist(), rows["content"].to_pylist()):
            known.setdefault(key, set()).add(content)
        shown = set(zip(ads["ad_key"].to_pylist(), ads["content"].to_pylist()))
        new = {key for key, _ in shown if key not in known}
        return Novelty(
            len(new), len({k for k, words in shown if k in known and words not in known[k]})
        )

    def missing(self, arrived: Arrived, payload: str, day: dt.date) -> pa.Table:
        """Rows that tell of the end of the ads of the source that stand and are not among those that arrived,
        of a payload that shows all that its source had open that day."""
        query = f"""select ad_key from core_ad_log where source_id = '{self._source}' and ended_on is null
          and last_seen_on <= cast('{day}' as date) and ad_key not in (select ad_key from shown)"""  # noqa: S608
        shown = {"shown": arrived.sightings.select(["ad_key"])}
        keys = keys_of(self._lake, query, ("core_ad_log",), shown)
        return self._ends(keys, f"{payload}#ended", day)

    def add_whole(self, arrived: Arrived, payload: str, ends: pa.Table | None) -> int:
        """Add the sightings of one payload that this day has not told yet, and rows of ends; how many. Its
        name bears the number of its poll, so that none can be known already."""
        if self._held:
            self._keep_contents()
        rows = self._untold(numbered(arrived.sightings, payload))
        return self._add(rows if ends is None else pa.concat_tables([rows, ends]))

    def add(self, arrived: Arrived, payload_of: PayloadOf) -> int:
        """Add the sightings of several payloads that this day has not told yet; how many."""
        if self._held:
            self._keep_contents()
        rows = arrived.sightings
        ads = zip(rows["board"].to_pylist(), rows["ad_id"].to_pylist())
        names = pa.array([payload_of(ad) for ad in ads], pa.string())
        parts = [numbered(rows.filter(pc.equal(names, n)), n.as_py()) for n in names.unique()]
        return self._add(self._untold(pa.concat_tables(parts))) if parts else 0

    def _untold(self, rows: pa.Table) -> pa.Table:
        """Of the sightings of a payload those that differ from what their ads' sightings of these days tell, or
        come after the board said that the ad is gone."""
        first = pc.min(rows["seen_last_on"]).as_py()
        if first is None:
            return rows
        names = ["ad_key", "content", "url", *DAYS, "deadline_on"]
        query = f"""select {", ".join(names)} from (select *, max(case when ended_on is not null then arrival end)
          over (partition by ad_key) as gone from raw_sightings where source_id = '{self._source}'
          and coalesce(ended_on, seen_last_on) >= cast('{first}' as date)
          and ad_key in (select ad_key from asked)) x where ended_on is null and arrival > coalesce(gone, 0)"""  # noqa: S608
        schema = pa.schema([SIGHTED.field(n) for n in names])
        given = keyed(rows["ad_key"].to_pylist())
        held = self._lake.table(query, ("raw_sightings",), schema, given)
        known = set(zip(*(held[n].to_pylist() for n in names)))
        cells = zip(*(rows[n].to_pylist() for n in names))
        return rows.filter(pa.array([row not in known for row in cells], pa.bool_()))
