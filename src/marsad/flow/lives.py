"""What the sightings of ads say of each: its newest words, its days, whether its board said that it is gone.

Of a payload that was read more than once the last reading holds; one that was taken back has a last
reading without an ad in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pyarrow as pa

from marsad.base.records import Row
from marsad.lake.queries import keyed
from marsad.lake.store import Lake
from marsad.lake.tables import table

DAYS = ("posted_on", "due_on", "first_seen_on", "last_seen_on", "ended_on")
COLUMNS = (
    "ad_key",
    "source_id",
    "board",
    "ad_id",
    "content",
    "synthetic",
    *DAYS,
    "sightings",
    "url",
)
_LIVES = """
with mine as (select * from raw_sightings where ad_key in (select ad_key from asked)),
standing as (select source_id, payload, max(reading) as reading from raw_sightings
  where payload in (select payload from mine) group by source_id, payload),
every as (select mine.* from mine join standing on mine.source_id = standing.source_id
  and mine.payload = standing.payload and mine.reading = standing.reading),
held as (select *, row_number() over (partition by ad_key order by
  coalesce(seen_last_on, seen_first_on, posted_on) desc nulls last, reading desc, sighting desc) as nth
  from every where ended_on is null),
ends as (select ad_key, max(ended_on) as ended_on from every where ended_on is not null group by ad_key),
latest as (select every.ad_key as ad_key, max(every.arrival) as arrival from every join ends
  on every.ad_key = ends.ad_key and every.ended_on = ends.ended_on group by every.ad_key),
began as (select source_id, board, min(least(seen_first_on, seen_last_on)) as day
  from raw_sightings where board in (select board from mine) group by source_id, board),
lives as (select ad_key, max(case when nth = 1 then content end) as content,
  max(case when nth = 1 then url end) as url, min(posted_on) as posted, max(deadline_on) as due_on,
  min(least(seen_first_on, seen_last_on)) as first_seen_on,
  max(greatest(seen_first_on, seen_last_on)) as last_seen_on, count(*) as sightings,
  max(source_id) as source_id, max(board) as board, max(ad_id) as ad_id,
  bool_or(synthetic) as synthetic from held group by ad_key),
after as (select held.ad_key as ad_key, max(held.arrival) as arrival from held join ends
  on held.ad_key = ends.ad_key and held.seen_last_on = ends.ended_on group by held.ad_key)
select l.*, coalesce(posted, case when began.day < first_seen_on then first_seen_on end) as posted_on,
  case when last_seen_on > ended_on or after.arrival > latest.arrival then null else ended_on end as ended_on
  from lives l left join began on l.source_id = began.source_id and l.board = began.board
  left join ends on l.ad_key = ends.ad_key left join latest on l.ad_key = latest.ad_key
  left join after on l.ad_key = after.ad_key"""
_PORTIONS = """
with fresh as (select * from raw_sightings where arrival between {first} and {last}),
days as (select source_id, board,
  min(case when arrival < {first} then least(seen_first_on, seen_last_on) end) as before,
  min(case when arrival >= {first} then least(seen_first_on, seen_last_on) end) as now
  from raw_sightings where arrival <= {last}
  and board in (select board from fresh) group by source_id, board)
select ad_key from fresh where ad_key <> ''
union select a.ad_key from raw_sightings a join (select distinct source_id, payload, reading from fresh) f
  on a.source_id = f.source_id and a.payload = f.payload and a.reading < f.reading where a.ad_key <> ''
union select a.ad_key from raw_sightings a join days d
  on a.source_id = d.source_id and a.board = d.board where d.now < d.before and a.posted_on is null"""


def lives_of(lake: Lake, keys: Collection[str]) -> dict[str, Row]:
    """What all sightings say of each ad, as COLUMNS. An ad that does not say when it was posted appeared
    when it was first seen, if its board had been read before that; what a board shows when it is read for
    the first time may be of any age. It has ended where its board said so and did not show it after that."""
    declared = table("core_ad_log")
    schema = pa.schema([declared.schema.field(n) for n in declared.columns if n in COLUMNS])
    rows = lake.table(_LIVES, ("raw_sightings",), schema, keyed(keys))
    return {row["ad_key"]: row for row in rows.to_pylist()}


def portions_after(lake: Lake, last: int, most: int) -> int:
    """The last of the portions after one that can be taken together: of `most` sightings, one at least."""
    query = (
        f"select arrival, count(*) as n from raw_sightings where arrival > {last} group by arrival"  # noqa: S608
    )
    schema = pa.schema([("arrival", pa.int64()), ("n", pa.int64())])
    rows = lake.table(query, ("raw_sightings",), schema).sort_by("arrival")
    fitting = np.cumsum(rows["n"].to_numpy()) <= most
    return int(rows["arrival"][max(int(fitting.sum()), 1) - 1].as_py())


def of_portions(lake: Lake, first: int, last: int) -> set[str]:
    """The ads that portions bear on: those in them; those that an earlier reading of their payloads gave;
    and, where they tell of an earlier day on which a board was read, those that do not say when they were
    posted."""
    return keys_of(lake, _PORTIONS.format(first=first, last=last), ("raw_sightings",))


def known(lake: Lake, keys: Collection[str]) -> set[str]:
    """Of some ads those that were ever seen."""
    query = "select distinct ad_key from raw_sightings where ad_key in (select ad_key from asked)"
    return keys_of(lake, query, ("raw_sightings",), keyed(keys))


def keys_of(
    lake: Lake, query: str, of: Sequence[str], given: Mapping[str, pa.Table] | None = None
) -> set[str]:
    """The ads that a query names."""
    rows = lake.table(query, of, pa.schema([("ad_key", pa.string())]), given)
    return set(rows["ad_key"].to_pylist())
