"""Editions of the ads: what is served of them, from one second to the next.

An edition is a folder: `base` with all ads, as a DuckDB file that many editions share by a hard link;
`overlay`, the ads that differ since that base was made; a search index whose segments are shared in the
same way; and `edition.json`, which says what it is. Readers open a whole edition or the one before; an
edition is never changed once it stands.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pyarrow as pa

from marsad.base.errors import PlaceError
from marsad.base.readings import FRESH
from marsad.lake import mart, search
from marsad.lake.folders import damage, seal, share
from marsad.lake.mart_tables import schema

FOLDER, ABOUT = "editions", "edition.json"
BASE, OVERLAY = "base-2.duckdb", "overlay-2.duckdb"
"""The numbers change when older code could not read them: then an edition is made anew from the lake."""
KEPT = 3
"""Editions that stay: readers take up a new one within seconds."""
TABLES = ("ad_rows", "ad_copies", "ad_skills", "changes")
Batches = Iterator[pa.RecordBatch]


class About(msgspec.Struct, frozen=True):
    """What an edition is: its name, when and of which day it was made, the revision of the log of ads that
    it shows, the number of the last change, whether real ads are held (then no synthetic one is shown),
    the code that made it, and how many ads its base and its overlay hold."""

    id: str
    made_at: dt.datetime
    reference_on: dt.date
    revision: int
    last_change: int
    release: str
    real: bool
    code: str
    base_ads: int
    overlay_ads: int


def about(folder: Path) -> About:
    """What an edition is; PlaceError when that cannot be read."""
    try:
        return msgspec.json.decode((folder / ABOUT).read_bytes(), type=About)
    except (OSError, msgspec.DecodeError) as error:
        raise PlaceError(
            f"The edition {folder.name} cannot be read: {error}.", place=folder
        ) from error


def editions(home: Path) -> list[Path]:
    """The folders of the editions of an installation, newest first, whole or not."""
    root = home / FOLDER
    named = [f for f in root.iterdir() if (f / ABOUT).exists()] if root.is_dir() else []
    return sorted((f for f in named if f.suffix != ".part"), key=lambda f: f.name, reverse=True)


def newest(home: Path) -> Path | None:
    """The newest edition whose files are whole and that this version of Marsad can read; None: there is
    none."""
    return next((f for f in editions(home) if (f / BASE).exists() and not damage(f)), None)


def _rank(read_to: str, reference_on: str) -> str:
    """SQL for the state of an ad on the reference day (`products.windows.state` says the same), as its place
    in STATES."""
    return (
        f"case when a.ended_on is not null or a.deadline_on < {reference_on} then 0"
        f" when a.last_seen_on is null or {read_to} is null then 1"
        f" when a.last_seen_on < {read_to} - {FRESH} then 0"
        f" when a.last_seen_on >= {read_to} and {reference_on} - {read_to} <= {FRESH} then 2"
        " else 1 end"
    )


NOW, BEFORE = "b.read_to, m.reference_on", "b.read_before, m.reference_before"
_STATES = {place: _rank(*place.split(", ")) for place in (NOW, BEFORE)}


def _state(place: str) -> str:
    """SQL for the state of an opening: it is open as long as one of its ads is."""
    copies = "c.rank" if place == NOW else "c.rank_before"
    return (
        f"case greatest({_STATES[place]}, coalesce({copies}, 0))"
        " when 2 then 'open' when 1 then 'unknown' else 'closed' end"
    )


def _with_boards(name: str) -> str:
    return (
        f"(select * from base.{name} anti join overlay.replaced using (ad_key) union all by name"  # noqa: S608
        f" select * from overlay.{name}) a left join overlay.boards b on a.source_id = b.source_id"
        " and a.board = b.board cross join overlay.made m"
    )


_ROWS = (
    f"{_with_boards('ad_rows')} left join (select a.ad_key, max({_STATES[NOW]}) as rank,"  # noqa: S608
    f" max({_STATES[BEFORE]}) as rank_before, max(a.last_seen_on) as last_seen_on"
    f" from {_with_boards('ad_copies')} group by a.ad_key) c on a.ad_key = c.ad_key"
)


def attached() -> list[str]:
    """Statements that open an edition beside a release in a connection of DuckDB: `ads`, `ad_copies`,
    `ad_skills` and `changes` as views of its base and overlay."""
    made = {
        "state": _state(NOW),
        "last_seen_on": "greatest(a.last_seen_on, c.last_seen_on)",
    }
    columns = ", ".join(f"{made.get(n, f'a.{n}')} as {n}" for n in schema("ads").names)
    own = f"case {_STATES[NOW]} when 2 then 'open' when 1 then 'unknown' else 'closed' end"
    copies = ", ".join(
        f"{own if n == 'state' else f'a.{n}'} as {n}" for n in schema("ad_copies").names
    )
    skills = ", ".join(schema("ad_skills").names)
    changes = ", ".join(schema("changes").names)
    return [
        f"create or replace temp view ads as select {columns} from {_ROWS}",  # noqa: S608
        f"create or replace temp view ad_states as select a.ad_key, {own} as own_state,"  # noqa: S608
        f" a.last_seen_on as own_seen_on from {_with_boards('ad_rows')}",
        f"create or replace temp view ad_copies as select {copies} from {_with_boards('ad_copies')}",  # noqa: S608
        f"create or replace temp view ad_skills as select {skills} from base.ad_skills"  # noqa: S608
        f" anti join overlay.replaced using (ad_key) union all select {skills} from overlay.ad_skills",
        f"create or replace temp view changes as select {changes} from base.changes"  # noqa: S608
        f" union all select {changes} from overlay.changes",
    ]


def files_of(folder: Path) -> dict[str, Path]:
    """The files that `attached` reads, by the names under which they are opened."""
    return {"base": folder / BASE, "overlay": folder / OVERLAY}


def boards(folder: Path) -> pa.Table:
    """When each board was read last, as an edition knows it."""
    return _ask(folder, "select * from overlay.boards")


def copies(folder: Path, keys: Sequence[str]) -> pa.Table:
    """The copies of some openings as an edition knows them (rows of ad_copies), without those among `keys`."""
    query = (
        "select * from (select * from base.ad_copies anti join overlay.replaced using (ad_key) union all by name"
        " select * from overlay.ad_copies) where ad_key in (select ad_key from asked)"
        " and copy_key not in (select ad_key from asked)"
    )
    return _ask(folder, query, {"asked": pa.table({"ad_key": pa.array(keys, pa.string())})})


def standing(folder: Path, keys: Sequence[str] | None = None) -> dict[str, str]:
    """The ads of an edition that are not known to be closed, with the fingerprint of each; of `keys`, if
    they are given."""
    query = f"select a.ad_key, a.content from {_ROWS} where {_state(NOW)} <> 'closed'"  # noqa: S608
    given = {}
    if keys is not None:
        given["asked"] = pa.table({"ad_key": pa.array(keys, pa.string())})
        query += " and a.ad_key in (select ad_key from asked)"
    rows = _ask(folder, query, given)
    return dict(zip(rows["ad_key"].to_pylist(), rows["content"].to_pylist()))


def _ask(folder: Path, query: str, given: Mapping[str, pa.Table] | None = None) -> pa.Table:
    return mart.query_files(files_of(folder), query, given or {})


class Writer:
    """Makes the folder of a new edition; it appears whole, or not at all."""

    def __init__(self, home: Path, identifier: str) -> None:
        self.folder = home / FOLDER / identifier
        self._part = self.folder.with_name(f"{identifier}.part")
        self._before: Path | None = None
        shutil.rmtree(self._part, ignore_errors=True)
        try:
            self._part.mkdir(parents=True)
        except OSError as error:
            raise PlaceError(f"The edition cannot be written at {self.folder}: {error}.") from error

    def base(self, tables: Mapping[str, pa.Schema], rows: Mapping[str, Batches]) -> None:
        """Write the base from batches of ad_rows, ad_copies, ad_skills and changes."""
        mart.write(self._part / BASE, {
            name: pa.RecordBatchReader.from_batches(tables[name], rows[name]) for name in TABLES
        })  # fmt: skip

    def shared(self, before: Path) -> None:
        """Take the base and the index of the edition before: by links, no byte is copied."""
        self._before = before
        _link(before / BASE, self._part / BASE)
        index = self._part / search.NAME
        index.mkdir()
        for path in (before / search.NAME).iterdir():
            if path.suffix != ".lock":
                _link(path, index / path.name)

    def folded(self, before: Path) -> None:
        """Make a new base of the base and the overlay of the edition before, and take its index."""
        self.shared(before)
        (self._part / BASE).unlink()
        both = "select * from base.{0}{1} union all by name select * from overlay.{0} order by all"
        only = " anti join overlay.replaced using (ad_key)"
        mart.copied(self._part / BASE, files_of(before), {
            "ad_rows": both.format("ad_rows", only).replace("order by all", "order by ad_key"),
            "ad_copies": both.format("ad_copies", only).replace("order by all", "order by ad_key"),
            "ad_skills": both.format("ad_skills", only).replace("order by all", "order by ad_key"),
            "changes": both.format("changes", "").replace("order by all", "order by seq"),
        })  # fmt: skip

    def overlay(self, tables: Mapping[str, pa.Table], before: Path | None) -> None:
        """Write the overlay: of the edition `before` what is not replaced, then `tables`: ad_rows, ad_copies,
        ad_skills, changes, boards, made, and `replaced`, the keys of the ads that differ from the base."""
        mart.overlaid(self._part / OVERLAY, tables, before / OVERLAY if before else None)

    @contextmanager
    def indexing(
        self, gone: Sequence[str] = ()
    ) -> Iterator[Callable[[Iterable[Mapping[str, str]]], None]]:
        """Bring the search index forward: documents of these keys go, those of ads given come."""
        with search.updating(self._part / search.NAME, gone) as add:
            yield add

    def standing(self, keys: Sequence[str] | None = None) -> dict[str, str]:
        """As `standing`, of the edition that is being made."""
        return standing(self._part, keys)

    def turned(self, keys: Sequence[str]) -> list[str]:
        """These ads, and those whose state is another one since boards were read or a day has passed."""
        differs = f"{_state(NOW)} <> {_state(BEFORE)}"
        rows = _ask(self._part, f"select a.ad_key from {_ROWS} where {differs}")  # noqa: S608
        return sorted({*keys, *rows["ad_key"].to_pylist()})

    def enter(self, changes: pa.Table) -> None:
        """Enter changes in the edition."""
        mart.added(self._part / OVERLAY, "changes", changes)

    def publish(self, made: About) -> Path:
        """Seal the edition and let it appear; the oldest ones go."""
        (self._part / ABOUT).write_bytes(msgspec.json.encode(made))
        seal(self._part, self._before, edition=made.id)
        self._part.rename(self.folder)
        for old in editions(self.folder.parents[1])[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
        return self.folder


def _link(path: Path, target: Path) -> None:
    """A segment never changes, so it is shared; what tells of the segments is written anew, so copied."""
    if path.suffix == ".json":
        shutil.copyfile(path, target)
    else:
        share(path, target)
