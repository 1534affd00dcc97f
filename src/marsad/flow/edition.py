"""Editions: what the portal and the API show of the ads follows the stream, without a release.

An edition is made of what changed in the log of ads since the one before it. Whoever follows the feed of
changes holds the same ads as we do: an edition enters there what came, changed or closed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.areas import COUNTRY
from marsad.base.build import hash_of
from marsad.flow import sample
from marsad.flow.coding import portions
from marsad.flow.stream import LAST, REVISION
from marsad.lake import edition, mart_tables
from marsad.lake.edition import About, Writer
from marsad.lake.queries import keyed
from marsad.lake.store import Lake
from marsad.lake.tables import table
from marsad.products.changes import Entry, content, entries, followed
from marsad.products.tabular import OPEN

FOLD_LEAST, FOLD_SHARE = 5_000, 0.1
"""An overlay of more ads than these, and than this share of the base, is folded into a new base."""
_NAMES = [n for n in mart_tables.schema("ads").names if n != "state"]
_ROWS = pa.schema(
    [
        *(f for f in mart_tables.schema("ads") if f.name != "state"),
        pa.field("source_id", pa.string()),
        pa.field("ended_on", pa.date32()),
        pa.field("content", pa.string()),
    ]
)
"""Columns of table ad_rows: those of `ads` but its state, the source, the day on which its board said that it
is gone, and the fingerprint of what is published of the ad."""
_COPIES = pa.schema(
    [
        *(f for f in mart_tables.schema("ad_copies") if f.name != "state"),
        pa.field("source_id", pa.string()),
        pa.field("deadline_on", pa.date32()),
        pa.field("ended_on", pa.date32()),
    ]
)
_READ = pa.schema([*_ROWS, pa.field("body", pa.string())])
_SKILLS = mart_tables.schema("ad_skills")
_CHANGES = mart_tables.schema("changes")
_BOARDS = pa.schema(
    [
        ("source_id", pa.string()),
        ("board", pa.string()),
        ("read_to", pa.date32()),
        ("read_before", pa.date32()),
        ("synthetic", pa.bool_()),
    ]
)
_KEYS = pa.schema([("ad_key", pa.string())])


@cache
def code() -> str:
    """The hash of what makes a row of an ad: declarations of tables and fields, and this module."""
    root = Path(__file__).resolve().parents[1]
    folders = (root / "lake" / "tables", root / "enrich" / "fields")
    return hash_of(folders, frozenset({".yml"}), frozenset({"card.yml"}))[:16]


def _row_query(real: bool) -> str:
    made = {
        "text": "case when publishes_text then text else '' end",
        "major": "left(isco08, 1)",
        "realm": "case when synthetic then 'synthetic' else 'real' end",
        "content": "''",
        "body": "concat(company, chr(10), text)",
    }
    columns = ", ".join(f"{made[n]} as {n}" if n in made else n for n in _READ.names)
    return (
        f"select {columns} from core_ads where confidentiality = '{OPEN}' and is_canonical"  # noqa: S608
        f" and country = '{COUNTRY}'{' and not synthetic' if real else ''}"
    )


_COPY_QUERY = (
    "select a.cluster as ad_key, a.ad_key as copy_key, a.board as board, a.url as url, a.last_seen_on as last_seen_on,"  # noqa: S608
    " a.source_id as source_id, a.deadline_on as deadline_on, a.ended_on as ended_on from core_ad_log a"
    f" where not a.is_canonical and a.confidentiality = '{OPEN}'"
)


def _finished(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Rows with the fingerprint of what is published of each."""
    every = rows.select(_NAMES).to_pylist()
    prints = [content({**row, "body": body}) for row, body in zip(every, rows["body"].to_pylist())]
    place = rows.schema.get_field_index("content")
    return rows.set_column(place, _READ.field("content"), pa.array(prints, pa.string()))


class Editor:
    """Makes editions of one installation."""

    def __init__(self, home: Path, lake: Lake) -> None:
        self._home, self._lake = home, lake

    def publish(
        self, now: dt.datetime, releases: Sequence[str] = (), *, anew: bool = False
    ) -> Path:
        """Make the edition of this moment and enter in the feed what it changes, and every one of the
        `releases` that the feed has not told. Where nothing has changed the edition before stays.

        `anew` makes it of all that the lake holds: after records were taken out of it.
        """
        newest = edition.newest(self._home)
        if newest:  # a clock that was set back makes no edition older than the one before
            now = max(now, edition.about(newest).made_at + dt.timedelta(microseconds=1))
        before = None if anew else newest
        known = edition.about(before) if before else None
        self._feed_until(edition.about(newest).last_change if newest else None)
        stands = (
            known
            and known.code == code()
            and known.revision <= self._lake.mark(LAST, REVISION)
            and (known.real or not sample.beside_real(self._lake))
        )
        if before and known and stands:
            return self._next(before, known, now, releases)
        return self._anew(now, releases, newest)

    # all ads --------------------------------------------------------------------------------------

    def _anew(self, now: dt.datetime, releases: Sequence[str], newest: Path | None) -> Path:
        real, revision = sample.beside_real(self._lake), self._lake.mark(LAST, REVISION)
        writer = Writer(self._home, _identifier(now))
        feed = self._lake.read("out_changes")
        ads = self._write_base(writer, real, feed)
        boards = self._boards()
        reference = _reference(boards, real, now)
        writer.overlay(_overlay(boards, reference, reference), None)
        # Not of the feed alone where an edition stands: the feed does not go back for ever.
        was = edition.standing(newest) if newest else _followed(feed)
        differences = self._differences(was, writer.standing())
        entered = feed.filter(pc.equal(feed["kind"], "release"))["subject"].to_pylist()
        made = About(
            writer.folder.name, now, reference, revision, 0, max(entered, default=""), real, code(), ads, 0
        )  # fmt: skip
        last = edition.about(newest).last_change if newest else _last(feed)
        return self._publish(writer, made, last, differences, releases, now)

    def _write_base(self, writer: Writer, real: bool, feed: pa.Table) -> int:
        """Write every ad into the base and the index, batch by batch; how many."""
        read = self._lake.batches(_row_query(real), ("core_ads",), _READ)
        finished = self._lake.engine.map_batches(_finished, portions(read), _READ)
        skills = f"select {', '.join(_SKILLS.names)} from core_ad_skills"  # noqa: S608 - names of ours
        ads = 0
        with writer.indexing() as add:

            def rows() -> Iterator[pa.RecordBatch]:
                nonlocal ads
                for part in finished:
                    ads += part.num_rows
                    add(_searched(part))
                    yield part.select(_ROWS.names)

            writer.base(
                {"ad_rows": _ROWS, "ad_copies": _COPIES, "ad_skills": _SKILLS, "changes": _CHANGES},
                {
                    "ad_rows": rows(),
                    "ad_copies": self._lake.batches(_COPY_QUERY, ("core_ad_log",), _COPIES),
                    "ad_skills": self._lake.batches(skills, ("core_ad_skills",), _SKILLS),
                    "changes": iter(feed.select(_CHANGES.names).to_batches()),
                },
            )
        return ads

    # what changed ---------------------------------------------------------------------------------

    def _next(self, before: Path, known: About, now: dt.datetime, releases: Sequence[str]) -> Path:
        revision = self._lake.mark(LAST, REVISION)
        keys = self._touched(known.revision) if revision != known.revision else []
        boards = self._boards(known.revision, before)
        reference = _reference(boards, known.real, now)
        untold = [release for release in releases if release > known.release]
        if not keys and not untold and reference == known.reference_on:
            return before
        writer = Writer(self._home, _identifier(now))
        changed = known.overlay_ads + len(keys)
        fold = changed > max(FOLD_LEAST, FOLD_SHARE * known.base_ads)
        if fold:
            writer.folded(before)
        else:
            writer.shared(before)
        rows = self._rows(keys, known.real)
        overlay = _overlay(boards, reference, known.reference_on, keys)
        overlay |= {
            "ad_rows": rows.select(_ROWS.names),
            "ad_copies": self._copies(keys, before),
            "ad_skills": self._skills(keys),
        }
        writer.overlay(overlay, None if fold else before)
        with writer.indexing(keys) as add:
            add(_searched(rows))
        turned = writer.turned(keys)
        was = edition.standing(before, turned)
        differences = self._differences(was, writer.standing(turned))
        made = msgspec.structs.replace(
            known, id=writer.folder.name, made_at=now, reference_on=reference, revision=revision,
            base_ads=known.base_ads + known.overlay_ads if fold else known.base_ads,
            overlay_ads=len(keys) if fold else changed,
        )  # fmt: skip
        return self._publish(writer, made, known.last_change, differences, untold, now)

    def _touched(self, since: int) -> list[str]:
        """The ads whose row in the log is younger, and the canonical ads of their clusters, now and
        before."""
        query = f"""with young as (select distinct ad_key from core_ad_log_rows where revision > {since}),
          every as (select ad_key, cluster, revision, gone from core_ad_log_rows
            where ad_key in (select ad_key from young)),
          ranked as (select ad_key, cluster, row_number() over
            (partition by ad_key, revision > {since} order by revision desc) as nth from every)
          select cluster as ad_key from ranked where nth = 1 union select ad_key from young"""  # noqa: S608
        rows = self._lake.table(query, ("core_ad_log",), _KEYS)
        return sorted(rows["ad_key"].to_pylist())

    def _rows(self, keys: Sequence[str], real: bool) -> pa.Table:
        """What is published of some ads, of those that are."""
        rows = self._lake.batches(
            _row_query(real), ("core_ads",), _READ, keyed(keys), only=_OF_ASKED
        )
        parts = self._lake.engine.map_batches(_finished, portions(rows), _READ)
        return pa.Table.from_batches(parts, _READ)

    def _copies(self, keys: Sequence[str], before: Path) -> pa.Table:
        """The copies of some openings: those that the edition before has of them, and those among `keys`, in
        which is every ad whose row is younger."""
        young = self._lake.table(
            _COPY_QUERY, ("core_ad_log",), _COPIES, keyed(keys), only=_OF_ASKED
        )
        return pa.concat_tables(
            [edition.copies(before, keys).select(_COPIES.names).cast(_COPIES), young]
        )

    def _skills(self, keys: Sequence[str]) -> pa.Table:
        query = f"select {', '.join(_SKILLS.names)} from core_ad_skills"  # noqa: S608 - names of ours
        return self._lake.table(query, ("core_ad_skills",), _SKILLS, keyed(keys), only=_OF_ASKED)

    def _boards(self, since: int = -1, before: Path | None = None) -> pa.Table:
        """The last day on which each board was read, by its open ads: of the edition before, moved on by
        the rows of the log that are younger."""
        held = edition.boards(before) if before else _BOARDS.empty_table()
        given = {"held": held}
        query = f"""select source_id, board, max(read_to) as read_to, max(read_before) as read_before,
          bool_and(synthetic) as synthetic
          from (select source_id, board, read_to, read_to as read_before, synthetic from held union all
            select source_id, board, last_seen_on as read_to, cast(null as date) as read_before, synthetic
            from core_ad_log_rows where confidentiality = '{OPEN}' and not gone
            and last_seen_on is not null and revision > {since}) x group by source_id, board"""  # noqa: S608
        return self._lake.table(query, ("core_ad_log",), _BOARDS, given)

    # the feed -------------------------------------------------------------------------------------

    def _differences(self, before: Mapping[str, str], now: Mapping[str, str]) -> list[Entry]:
        """What changed between two editions; an opening whose canonical ad is another one now is not new."""
        gone = sorted(before.keys() - now.keys())
        schema = pa.schema([("ad_key", pa.string()), ("cluster", pa.string())])
        query = "select ad_key, cluster from core_ad_log where not is_canonical"
        rows = self._lake.table(query, ("core_ad_log",), schema, keyed(gone), only=_OF_ASKED)
        return entries(
            before, now, dict(zip(rows["ad_key"].to_pylist(), rows["cluster"].to_pylist()))
        )

    def _feed_until(self, last: int | None) -> None:
        """Take out of the feed what an edition entered that never came to stand."""
        if last is not None:
            self._lake.remove("out_changes", f"seq > {last}")

    def _publish(
        self,
        writer: Writer,
        made: About,
        last: int,
        differences: list[Entry],
        releases: Sequence[str],
        now: dt.datetime,
    ) -> Path:
        """Number the changes, enter them in the feed and in the edition, and let it appear."""
        entered = [release for release in sorted(releases) if release > made.release]
        differences = differences + [Entry("release", release, "") for release in entered]
        rows = [
            {
                "release": made.id,
                "seq": seq,
                "changed_at": now,
                "kind": entry.kind,
                "subject": entry.subject,
                "content": entry.content,
            }
            for seq, entry in enumerate(differences, last + 1)
        ]
        feed = table("out_changes").arrow(rows)
        writer.enter(feed.select(_CHANGES.names))
        self._lake.append("out_changes", feed)
        made = msgspec.structs.replace(
            made, last_change=last + len(rows), release=max([made.release, *entered])
        )
        return writer.publish(made)


_OF_ASKED = {"core_ad_log": "ad_key in (select ad_key from asked)"}


def _searched(rows: pa.RecordBatch | pa.Table) -> Iterator[Mapping[str, str]]:
    names = ("ad_key", "title", "body")
    for key, title, body in zip(*(rows[name].to_pylist() for name in names)):
        yield {"key": key, "title": title, "body": body}


def _identifier(now: dt.datetime) -> str:
    return now.strftime("%Y%m%dT%H%M%S%fZ")


def _reference(boards: pa.Table, real: bool, now: dt.datetime) -> dt.date:
    """The day on which it is told whether an ad is open: the sample tells of the day until which it was
    written, real ads of today."""
    days = boards.filter(boards["synthetic"])["read_to"].to_pylist()
    return now.date() if real else max(days, default=now.date())


def _overlay(
    boards: pa.Table, reference: dt.date, before: dt.date, replaced: Sequence[str] = ()
) -> dict[str, pa.Table]:
    days = {"reference_on": [reference], "reference_before": [before]}
    return {
        "ad_rows": _ROWS.empty_table(),
        "ad_copies": _COPIES.empty_table(),
        "ad_skills": _SKILLS.empty_table(),
        "changes": _CHANGES.empty_table(),
        "boards": boards,
        "made": pa.table({name: pa.array(day, pa.date32()) for name, day in days.items()}),
        "replaced": pa.table({"ad_key": pa.array(replaced, pa.string())}),
    }


def _last(feed: pa.Table) -> int:
    return pc.max(feed["seq"]).as_py() or 0


def _followed(feed: pa.Table) -> dict[str, str]:
    columns = (feed.sort_by("seq")[name].to_pylist() for name in Entry._fields)
    return followed(map(Entry, *columns))
