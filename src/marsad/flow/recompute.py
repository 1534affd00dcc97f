"""Any published number, computed again from its pinned inputs, with the chain of what it rests on.

A release names the versions of the tables that it was made from. `recompute` takes the version of a
number that was known at a time, reads those tables as they were at the release that entered it,
computes the indicator anew, passes it through the gate with what had been published before, and
compares the two numbers, their bounds and their status.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.errors import InputError, NotFoundError
from marsad.base.records import Row
from marsad.flow.release import CODE, code_hash
from marsad.lake.control import Control
from marsad.lake.queries import bases
from marsad.lake.store import Lake, Version
from marsad.lake.tables import tables
from marsad.products.declare import DIMENSIONS, indicator, indicators
from marsad.products.run import publishable
from marsad.publish.read.cube import SERIES

COMPARED = ("value", "lower", "upper", "n", "unit", "obs_status", "conf_status", "reliability")
MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the chain: what was taken or done, and the hash that pins it."""

    name: str
    what: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A published version of a number and what came of computing it again."""

    key: str
    published: Row
    again: Row | None
    steps: tuple[Step, ...]

    @property
    def equal(self) -> bool:
        """Whether every compared field is equal, figures to the last bit."""
        return self.again is not None and all(
            self.published[name] == self.again[name] for name in COMPARED
        )


def key_of(row: Mapping[str, object]) -> str:
    """The key of a number: FREQ.AREA.INDICATOR.SURVEY....ADJUSTMENT/PERIOD, as in SDMX."""
    return ".".join(str(row[name]) for name in SERIES) + f"/{row['period']}"


def find(lake: Lake, key: str, as_of: dt.datetime | None = None) -> list[Row]:
    """The versions of numbers that a key names, as known at a time (now without one).

    A part left empty takes every code. InputError when the key has not the right parts.
    """
    series, _, period = key.partition("/")
    parts = series.split(".")
    if len(parts) != len(SERIES) or not parts[2]:
        raise InputError(
            f"{key!r} is not the key of a number: {'.'.join(SERIES)}/period, at least with its"
            " indicator, for instance A.MA.unemployment_rate.ENE._T.Y_GE15._T._T._T._T.N/2024"
        )
    versions = lake.read("out_history", partition=indicator(parts[2]).id)
    for name, code in (*zip(SERIES, parts), ("period", period)):
        if code:
            versions = versions.filter(pc.equal(versions[name], code))
    moment = as_of or dt.datetime.now(dt.UTC)
    known = pc.and_(
        pc.less_equal(versions["valid_from"], moment),
        pc.or_kleene(pc.is_null(versions["valid_to"]), pc.greater(versions["valid_to"], moment)),
    )
    rows: list[Row] = versions.filter(known).to_pylist()
    return rows


def version_named(lake: Lake, key: str, as_of: dt.datetime | None = None) -> Row:
    """The only version that a key names; NotFoundError for none, InputError naming some of many."""
    versions = find(lake, key, as_of)
    if not versions:
        when = f" as known on {as_of:%Y-%m-%d %H:%M}" if as_of else ""
        raise NotFoundError(f"No published number has the key {key!r}{when}.")
    if len(versions) > 1:
        named = "\n  ".join(key_of(row) for row in versions[:MOST_NAMED])
        raise InputError(f"{key!r} names {len(versions)} numbers, among them\n  {named}")
    return versions[0]


def sampled(lake: Lake, each: int) -> dict[str, list[Row]]:
    """Versions of numbers chosen by chance (always the same), `each` of every indicator."""
    chance, rows_by_indicator = np.random.default_rng(4), {}
    for one_of in indicators():
        history = lake.read("out_history", partition=one_of.id)
        rows = np.sort(chance.permutation(history.num_rows)[:each])
        rows_by_indicator[one_of.id] = history.take(pa.array(rows)).to_pylist()
    return rows_by_indicator


def table_hash(table: pa.Table) -> str:
    """The SHA-256 of a table's rows, whatever their order."""
    names = sorted(table.column_names)
    lines = sorted(map(repr, zip(*(table[name].to_pylist() for name in names))))
    digest = hashlib.sha256("\x1f".join(names).encode())
    for line in lines:
        digest.update(line.encode())
    return digest.hexdigest()


def version_of(name: str, versions: Mapping[str, Version]) -> Version | None:
    """The version of a table or view in a release that names some `versions`: its own, or of a view those of
    the stored tables that it rests on, as other views name them; None where one is not named."""
    if name in versions or not tables()[name].view:
        return versions.get(name)
    numbers: dict[str, str] = {}
    for view, version in versions.items():
        if isinstance(version, str) and view in tables():
            numbers.update(zip(bases(view), version.split(".")))
    stored = [numbers.get(base) for base in bases(name)]
    return None if None in stored else ".".join(filter(None, stored))


class Recomputer:
    """Recomputes numbers of one installation; what it read for one number serves the next."""

    def __init__(self, lake: Lake, control: Control) -> None:
        self._lake = lake
        self._releases = control.releases()  # newest first
        self._documents = control.documents()
        self._again: dict[tuple[str, str], tuple[pa.Table, tuple[Step, ...]]] = {}

    def __call__(self, row: Row) -> Recomputed:
        """Compute one published version (a row of out_history) again."""
        made = (row["release"], row["indicator"])
        if made not in self._again:
            self._again[made] = self._compute(*made)
        table, steps = self._again[made]
        for name in (*DIMENSIONS, "period", "vintage"):
            table = table.filter(pc.equal(table[name], row[name]))
        again = table.to_pylist()
        figure = "suppressed" if row["value"] is None else f"{row['value']!r} {row['unit']}"
        last = Step("number", figure, hashlib.sha256(figure.encode()).hexdigest())
        return Recomputed(key_of(row), row, again[0] if again else None, (*steps, last))

    def _compute(self, release: str, name: str) -> tuple[pa.Table, tuple[Step, ...]]:
        """The values of an indicator as the release made them, and the steps to them."""
        known = [r["id"] for r in self._releases]
        if release not in known:
            raise NotFoundError(f"The ledger holds no release {release!r}.")
        place = known.index(release)
        versions = self._releases[place]["tables"]
        before = self._releases[place + 1]["tables"] if place + 1 < len(self._releases) else {}
        declared = indicator(name)
        pinned = {name: version_of(name, versions) for name in sorted(declared.inputs)}
        if lacking := [name for name, version in pinned.items() if version is None]:
            raise NotFoundError(f"Release {release} names no version of {', '.join(lacking)}.")
        read = {name: self._lake.read(name, version=pinned[name]) for name in pinned}
        history = (
            self._lake.read("out_history", version=before["out_history"], partition=name)
            if before
            else None
        )
        leader = declared.disclosure.follows
        followed = (
            self._lake.read("out_values", version=versions["out_values"], partition=leader)
            if leader
            else None
        )
        values = publishable(declared, read.__getitem__, history, followed)
        return values, tuple(self._steps(release, {**versions, **pinned}, read, values))

    def _steps(
        self,
        release: str,
        versions: Mapping[str, object],
        read: Mapping[str, pa.Table],
        values: pa.Table,
    ) -> Iterator[Step]:
        sources: set[str] = set()
        for table in read.values():
            if "source_id" in table.column_names:
                sources.update(table["source_id"].unique().to_pylist())
        for document in self._documents:
            if document["source_id"] in sources:
                what = (
                    f"{document['name']} of {document['source_id']}, {document['received_at'][:10]}"
                )
                yield Step("payload", what, document["sha256"])
        for name, table in read.items():
            what = f"{name}, version {versions[name]}, {table.num_rows:,} rows"
            yield Step("table", what, table_hash(table))
        made, now = str(versions.get(CODE, "")), code_hash()
        same = "unchanged since" if made == now else f"now {now[:12]}, so figures may differ"
        yield Step("code", f"of release {release}, {same}", made)
        yield Step("values", f"{values.num_rows:,} values after the gate", table_hash(values))
