"""What runs over batches of ads in every engine: coding, and how batches are cut."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa

from marsad.collect.register import Source
from marsad.enrich import batch
from marsad.lake.tables import table

REALMS = ("real", "synthetic", "register")


def realm_of(ad: Mapping[str, object]) -> str:
    """The ads among which duplicates of an ad are looked for: what a register knows must neither fold an
    ad of a board nor be folded into one."""
    if ad["confidentiality"] != "open":
        return "register"
    return "synthetic" if ad["synthetic"] else "real"


def basis_of(version: str, sources: Iterable[Source]) -> int:
    """What every ad is read under beside its words, as a number: the version of enrich, what the register
    lets leave, and the columns that are written of it."""
    rights = sorted((s.id, s.confidentiality, s.publishes_text) for s in sources)
    return int.from_bytes(
        hashlib.sha256(
            repr((version, rights, sorted(table("core_ad_log").columns))).encode()
        ).digest()[:7]
    )


def code_words(rows: pa.RecordBatch, labels: str) -> pa.RecordBatch:
    """Rows of core_contents for rows of raw_contents."""
    coded = batch.code_contents(rows.to_pylist(), labels)
    return pa.RecordBatch.from_pylist(coded, schema=table("core_contents").schema)


DAYS = pa.schema(
    table("core_ad_log").schema.field(name)
    for name in ("ad_key", "word_flags", "word_flags_evidence", *batch.DAY_COLUMNS)
)


def read_days(rows: pa.RecordBatch) -> pa.RecordBatch:
    """The columns that rest on days for ads with their words."""
    every = rows.to_pylist()
    read = [
        {**columns, "ad_key": row["ad_key"]} for row, columns in zip(every, batch.code_days(every))
    ]
    return pa.RecordBatch.from_pylist(read, schema=DAYS)


def portions(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of at most BATCH."""
    for rows in batches:
        for start in range(0, rows.num_rows, batch.BATCH):
            yield rows.slice(start, batch.BATCH)
