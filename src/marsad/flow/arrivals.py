"""Arrivals: the ads of a payload, cleaned, added to what was seen before, in numbered portions.

The words of an ad are kept once, however often it is seen. The sightings of a payload are added in one
commit, or none is; the same payload read again with the same result adds nothing, and with another one
its new reading holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.records import JobAd, Row
from marsad.enrich import batch
from marsad.flow.lives import keys_of
from marsad.flow.stream import MOST, PORTION
from marsad.lake.queries import keyed
from marsad.lake.rows import same_rows
from marsad.lake.store import Lake
from marsad.lake.tables import table

DAYS = ("posted_on", "seen_first_on", "seen_last_on")
_RAW = pa.schema(
    [
        *(table("raw_ads").schema.field(name) for name in JobAd.__struct_fields__),
    ]
)
_CLEANED = pa.schema(
    [
        *_RAW,
        pa.field("removed_count", pa.int64()),
        pa.field("cleaned_by", pa.string()),
        pa.field("ad_key", pa.string()),
        pa.field("content", pa.string()),
    ]
)
SIGHTED = pa.schema(f for f in table("raw_sightings").schema if f.name in _CLEANED.names)
_ROWS = pa.schema(f for f in table("raw_sightings").schema if f.name not in ("reading", "arrival"))


def _clean(rows: pa.RecordBatch) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(batch.cleaned_ads(rows.to_pylist()), schema=_CLEANED)


@dataclass
class Arrived:
    """What a payload gave: its sightings, and how many personal data were removed from its ads."""

    sightings: pa.Table
    removed: int
    undated: int
    early: int
    """Ads that are said to have been seen before the day on which they say they were posted."""


class Arrivals:
    """Reads the ads of a source into the lake."""

    def __init__(self, lake: Lake, source_id: str, erased: Collection[str] = ()) -> None:
        """`erased` are keys of ads that may not come back."""
        self._lake, self._source = lake, source_id
        self._erased = pa.array(sorted(erased), pa.string())
        self._held: list[pa.RecordBatch] = []

    def read(self, ads: Iterable[JobAd], seen_on: object) -> Arrived:
        """Clean the ads; of a large payload the words are kept already. Those without a day of their own
        were seen on `seen_on`."""
        parts, removed, undated, early, rows = [], 0, 0, 0, 0
        for cleaned in self._lake.engine.map_batches(_clean, self._batches(ads, seen_on), _CLEANED):
            if len(self._erased):
                cleaned = cleaned.filter(pc.invert(pc.is_in(cleaned["ad_key"], self._erased)))
            removed += pc.sum(cleaned["removed_count"]).as_py() or 0
            dated = np.zeros(cleaned.num_rows, np.bool_)
            for name in DAYS:
                dated |= ~cleaned[name].is_null().to_numpy(zero_copy_only=False)
            undated += int((~dated).sum())
            early += pc.sum(pc.less(cleaned["seen_last_on"], cleaned["posted_on"])).as_py() or 0
            parts.append(cleaned.select(SIGHTED.names))
            self._held.append(cleaned.select(table("raw_contents").schema.names))
            rows += cleaned.num_rows
            if rows >= MOST:
                self._keep_contents()
                rows = 0
        return Arrived(
            pa.Table.from_batches(parts).cast(SIGHTED) if parts else SIGHTED.empty_table(),
            removed,
            undated,
            early,
        )

    def _batches(self, ads: Iterable[JobAd], seen_on: object) -> Iterator[pa.RecordBatch]:
        every = iter(ads)
        while some := list(islice(every, batch.BATCH)):
            rows = [msgspec.structs.asdict(ad) for ad in some]
            for row in rows:
                if seen_on and not (row["seen_first_on"] or row["seen_last_on"]):
                    row["seen_first_on"] = row["seen_last_on"] = seen_on
            yield pa.RecordBatch.from_pylist(rows, schema=_RAW)

    def _keep_contents(self) -> None:
        """Add the words that are not kept yet."""
        schema = table("raw_contents").schema
        rows = pa.Table.from_batches(self._held, self._held[0].schema).cast(schema)
        self._held = []
        first = pc.index_in(rows["content"].unique(), rows["content"])
        once = rows.take(first)
        query = (
            f"select content from raw_contents where source_id = '{self._source}'"  # noqa: S608 - a name of ours
            " and content in (select content from asked)"
        )
        given = {"asked": once.select(["content"])}
        kept = self._lake.table(
            query, ("raw_contents",), pa.schema([("content", pa.string())]), given
        )
        known = pc.is_in(once["content"], kept["content"].combine_chunks())
        self._lake.append("raw_contents", once.filter(pc.invert(known)))

    def commit(self, arrived: Arrived, payload: str) -> int:
        """Add the sightings of a payload; how many were added (none where they are known already)."""
        if self._held:
            self._keep_contents()
        rows = numbered(arrived.sightings, payload)
        standing = self._standing(payload)
        if standing.num_rows and same_rows(standing, rows, ("ad_key", "sighting")):
            rows = rows.slice(0, 0)
        parts = [rows]
        undated, _, day = payload.partition("@")
        if day and rows.num_rows and self._standing(undated).num_rows:
            parts.append(self._empty(undated))  # the same file, given before without its day
        return self._add(pa.concat_tables(parts))

    def _add(self, rows: pa.Table) -> int:
        """Add rows in new portions; how many."""
        begun, n = self._lake.mark("raw_sightings", PORTION), int(rows.num_rows)
        if n:
            arrival = begun + 1 + np.arange(n) // MOST
            rows = rows.append_column("reading", pa.array(np.full(n, begun + 1)))
            rows = rows.append_column("arrival", pa.array(arrival))
            self._lake.append("raw_sightings", rows, {PORTION: int(arrival[-1])})
        return n

    def ended(self, payloads: Collection[str], day: dt.date) -> int:
        """Every ad whose newest sighting came in one of these payloads (named without their day) is gone:
        its board said so on this day, by its page that is no more. How many."""
        query = f"""select ad_key from (select ad_key, payload, row_number() over (partition by ad_key
          order by coalesce(ended_on, seen_last_on, seen_first_on, posted_on) desc nulls last, arrival desc) as nth
          from raw_sightings where source_id = '{self._source}' and ad_key in (select ad_key from raw_sightings
          where source_id = '{self._source}' and split_part(payload, '@', 1) in (select payload from named))) x
          where nth = 1 and split_part(payload, '@', 1) in (select payload from named)"""  # noqa: S608
        given = {"named": pa.table({"payload": pa.array(sorted(payloads), pa.string())})}
        keys = keys_of(self._lake, query, ("raw_sightings",), given)
        number = self._lake.mark(
            "raw_sightings", PORTION
        )  # two such calls of a day are two payloads
        return self._add(self._ends(keys, f"ended.{number}@{day}", day))

    def withdraw(self, payload: str) -> int:
        """Take back all that a payload gave, by a last reading of it without an ad; how many sightings it was,
        none where it is not known."""
        standing = self._standing(payload)
        if standing.num_rows:
            self._add(self._empty(payload))
        return int(standing.num_rows)

    def _ends(self, keys: Collection[str], payload: str, day: dt.date) -> pa.Table:
        """Rows that tell of the end of ads on a day."""
        if not keys:
            return self._rows_of(payload, [])
        names = ("board", "ad_id", "ad_key", "synthetic")
        query = f"""select distinct {", ".join(names)} from raw_sightings
          where source_id = '{self._source}' and ad_key in (select ad_key from asked)"""  # noqa: S608
        schema = pa.schema([SIGHTED.field(n) for n in names])
        rows = self._lake.table(query, ("raw_sightings",), schema, keyed(keys)).to_pylist()
        return self._rows_of(payload, [{**row, "ended_on": day} for row in rows])

    def _empty(self, payload: str) -> pa.Table:
        """The row of a reading that gave no ad."""
        return self._rows_of(payload, [{}])

    def _rows_of(self, payload: str, rows: Sequence[Row]) -> pa.Table:
        """Rows of a payload that are no sightings."""
        blank = {"source_id": self._source, "payload": payload, "sighting": 1, "synthetic": False}
        texts = dict.fromkeys(("board", "ad_id", "ad_key", "content", "url"), "")
        return pa.Table.from_pylist([{**texts, **blank, **row} for row in rows], schema=_ROWS)

    def _standing(self, payload: str) -> pa.Table:
        """The sightings of a payload, as it was last read."""
        query = f"""select {", ".join(_ROWS.names)} from (select *, max(reading) over () as newest
          from raw_sightings where source_id = '{self._source}' and payload in (select payload from asked)) x
          where reading = newest and ad_key <> ''"""  # noqa: S608 - names of ours
        given = {"asked": pa.table({"payload": [payload]})}
        return self._lake.table(query, ("raw_sightings",), _ROWS, given)


def numbered(sightings: pa.Table, payload: str) -> pa.Table:
    """Sightings with their payload, those of one ad numbered from 1."""
    keys = sightings["ad_key"].combine_chunks().dictionary_encode()
    codes = keys.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    order = np.argsort(codes, kind="stable")
    starts = np.r_[True, codes[order][1:] != codes[order][:-1]] if len(order) else np.zeros(0, bool)
    places = np.arange(len(order))
    number = np.empty(len(order), np.int64)
    number[order] = places - np.maximum.accumulate(np.where(starts, places, 0)) + 1
    every = sightings.append_column("sighting", pa.array(number))
    every = every.append_column("payload", pa.array([payload] * every.num_rows, pa.string()))
    every = every.append_column("ended_on", pa.nulls(every.num_rows, pa.date32()))
    return every.select(_ROWS.names).cast(_ROWS)


def behind(lake: Lake) -> bool:
    """Whether a lake was written before there was a stream, and its sightings are not in it yet."""
    return lake.number("raw_ads") >= 0 and not lake.mark("raw_sightings", PORTION)


def bring_forward(lake: Lake) -> int:
    """Take the sightings of a lake that was written before there was a stream (table raw_ads was kept
    then) into the stream, payload by payload; how many."""
    taken = 0
    rows = lake.read("raw_ads", version=lake.number("raw_ads"))
    for source_id in rows["source_id"].unique().to_pylist():
        own = rows.filter(pc.equal(rows["source_id"], source_id))
        for payload in own["payload"].unique().to_pylist():
            arrivals = Arrivals(lake, source_id)
            part = own.filter(pc.equal(own["payload"], payload)).sort_by("sighting")
            ads = (JobAd(**{n: row[n] for n in _RAW.names}) for row in part.to_pylist())
            taken += arrivals.commit(arrivals.read(ads, None), payload)
    return taken
