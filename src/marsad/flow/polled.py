"""What a poll read, taken in: new sightings, ads that are gone, and whether its counts are usual.

A poll of pages is taken in by portions while it goes on, each page with its own name; what holds all of its
ads in a few payloads (`feed`, `api`) is taken in as a whole. The same content seen again tells once a day
that it is still there. A poll whose counts are not usual ends no ad: it is no fall of the market.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from marsad.base.errors import InputError, NotFoundError
from marsad.base.records import JobAd, Record, Row
from marsad.collect.context import Context, Payload
from marsad.collect.register import Source, collector
from marsad.flow.intake import Intake, counted
from marsad.flow.sealing import without_persons
from marsad.flow.sightings import Sightings
from marsad.lake.control import Run
from marsad.lake.control.frontier import LEFT, SEEN
from marsad.lake.vault import Vault

PORTION = 400
"""Pages that are taken in together."""
LEAST_POLLS, MOST_POLLS = 5, 20
"""Polls from which what is usual is known, and of which it is known."""
LEAST_FALL = 3
"""Ads by which a count may differ from any other."""
_SET_ASIDE = "rows were set aside, so no ad is taken for ended (marsad runs N tells which)"
ACCEPTED_AFTER = dt.timedelta(days=3)
"""How long counts must stay unusual until they are taken for what they are."""


class Polled:
    """Takes in what polls of sources read, as the one who writes the lake."""

    def __init__(
        self, intake: Intake, vault: Vault, ingest: Callable[..., Run], day: dt.date
    ) -> None:
        """`ingest` takes in what is no ad, as `flow.steps.Flow.ingest`; `day` is today."""
        self._intake, self._vault, self._ingest, self._day = intake, vault, ingest, day
        self._lake, self._control = intake.lake, intake.control

    def take(self, spec: Source, poll: Row) -> bool:
        """Take in what waits of a poll, and end it when all is; whether ads have changed."""
        assert spec.fetch is not None
        if spec.by_pages:
            rows = self._control.waiting(spec.id, PORTION)
            changed = bool(rows) and self._take_pages(spec, poll, rows)
            if len(rows) == PORTION or not poll["read_at"]:
                return changed
            return self._end_pages(spec, poll) or changed
        return bool(poll["read_at"]) and self._take_whole(spec, poll)

    # pages --------------------------------------------------------------------------------------

    def _take_pages(self, spec: Source, poll: Row, rows: Sequence[Row]) -> bool:
        """Take in pages, each under its own name; whether they changed anything."""
        names = {row["address"]: f"{row['sha256'][:16]}@{self._day}" for row in rows}
        of_ad = dict[tuple[str, str], str]()
        with self._control.run("collect", spec.id, without_persons) as run:
            run.files, run.seen_on = f"{len(rows)} pages", self._day
            sightings = Sightings(self._lake, spec.id, self._control.erased_ads())
            ads = counted(spec, self._read_pages(spec, rows, names, of_ad, run), run)
            arrived = sightings.read(ads, self._day)
            novelty = sightings.novelty(arrived)
            added = sightings.add(arrived, of_ad.__getitem__)
            run.rows_in = run.rows_out + run.rejected
            run.message = f"{len(rows)} pages, {added} sightings"
        self._control.taken_in(spec.id, self._day, names)
        self._control.count_poll(
            poll["id"], added=novelty.new, changed=novelty.changed, set_aside=run.rejected
        )
        return added > 0

    def _read_pages(
        self, spec: Source, rows: Sequence[Row], names: dict[str, str],
        of_ad: dict[tuple[str, str], str], run: Run,
    ) -> Iterator[Record]:  # fmt: skip
        """The records of pages; a page that cannot be read is set aside alone, and gets no name."""
        for row in rows:
            address = row["address"]
            context = self._context(spec, ())
            try:
                context = self._context(spec, (self._payload(row),))
                ads = 0
                for record in collector(spec)(context):
                    if isinstance(record, JobAd):
                        of_ad[record.board, record.ad_id] = names[address]
                        ads += 1
                    yield record
                if not ads and not context.rejected:
                    raise InputError("there is no ad in this page")
            except (InputError, NotFoundError) as error:
                error = error if isinstance(error, InputError) else InputError(str(error))
                context.reject(error, {"page": address})
                names[address] = ""
            run.rejected += context.rejected
            self._intake.issues(context, run)

    def _end_pages(self, spec: Source, poll: Row) -> bool:
        """End a poll of pages, and the ads of those that are gone, where its counts are usual."""
        records = self._control.pages_there(spec.id, poll["id"])
        gone = self._control.waiting(spec.id, 1_000_000, LEFT)
        alarm = self._alarm(spec, records, poll) if poll["how"] == "complete" else ""
        alarm = alarm or self._outage(spec, len(gone), poll)
        closed = 0
        if gone and not alarm:
            sightings = Sightings(self._lake, spec.id, self._control.erased_ads())
            names = {row["payload"].partition("@")[0] for row in gone}
            closed = sightings.ended(names, self._day)
            self._control.ended(spec.id, [row["address"] for row in gone])
        self._control.count_poll(poll["id"], records=records, closed=closed)
        self._end(spec, poll, alarm=alarm)
        return closed > 0

    # feeds and interfaces -----------------------------------------------------------------------

    def _take_whole(self, spec: Source, poll: Row) -> bool:
        """Take in all that a poll of a feed or an interface read, and end it; whether ads have changed."""
        rows = [row for row in self._control.pages(spec.id, poll["id"]) if row["sha256"]]
        if not any(row["state"] == SEEN for row in rows):  # nothing that this day does not know
            self._take_same(spec, poll, rows)
            return False
        payloads = tuple(self._payload(row) for row in rows)
        addresses = {row["address"]: row["sha256"][:16] for row in rows}
        try:
            changed = self._take_payloads(spec, poll, payloads)
        except InputError as error:
            self.drop(spec, poll, without_persons(str(error)))
            changed, addresses = False, dict.fromkeys(addresses, "")
        self._control.taken_in(spec.id, self._day, addresses)
        return changed

    def _take_same(self, spec: Source, poll: Row, rows: Sequence[Row]) -> None:
        """End a poll that read what this day has read before: it is as usual, or as unusual, as it was then."""
        if any(row["payload"] != row["sha256"][:16] for row in rows):
            self.drop(spec, poll, "the same as before, which could not be read")
            return
        polls = self._control.polls(spec.id, MOST_POLLS)
        before = next((row for row in polls if row["how"] == "complete"), None)
        alarm = ""
        if before and poll["how"] == "complete":
            self._control.count_poll(poll["id"], records=before["records"])
            alarm = self._alarm(spec, before["records"], poll) if spec.kind == "ads" else ""
        self._end(spec, poll, alarm=alarm)

    def _take_payloads(self, spec: Source, poll: Row, payloads: tuple[Payload, ...]) -> bool:
        """Take payloads in together; of a source whose polls are complete, ads that stand and are not among
        theirs are ended."""
        assert spec.fetch is not None
        if spec.kind != "ads":
            self._take_tables(spec, poll, payloads)
            return False
        sightings = Sightings(self._lake, spec.id, self._control.erased_ads())
        with self._control.run("collect", spec.id, without_persons) as run:
            run.files, run.seen_on = ", ".join(without_persons(p.name) for p in payloads), self._day
            run.payload = f"{self._intake.seal(spec, payloads)}@{self._day}.{poll['id']}"
            arrived = self._intake.ads(
                sightings, self._context(spec, payloads), run, given=False
            )  # fmt: skip
            records = len(arrived.sightings["ad_key"].unique())  # a row that stands twice is one ad
            alarm = self._alarm(spec, records, poll)
            novelty = sightings.novelty(arrived)
            if alarm:
                run.status = "warning"
                run.message = "; ".join(filter(None, (f"alarm: {alarm}", run.message)))
            # What was set aside may be an ad that stands, or all that followed where an answer was cut off.
            read_whole = poll["how"] == "complete" and not run.rejected
            whole = spec.fetch.complete and read_whole and not alarm
            ends = sightings.missing(arrived, run.payload, self._day) if whole else None
            added = sightings.add_whole(arrived, run.payload, ends)
        closed = 0 if ends is None else ends.num_rows
        self._control.count_poll(
            poll["id"], records=records, added=novelty.new, changed=novelty.changed, closed=closed,
            set_aside=run.rejected,
        )  # fmt: skip
        held_back = spec.fetch.complete and run.rejected and not alarm
        self._end(spec, poll, alarm=alarm, note=_SET_ASIDE if held_back else "")
        return added > 0

    def _take_tables(self, spec: Source, poll: Row, payloads: tuple[Payload, ...]) -> None:
        """Take in what is no ad: trainings together, statistics file by file, so that one which cannot be
        read or contradicts itself keeps no other out. InputError when none can be taken in."""
        parts = [(p,) for p in payloads] if spec.kind == "observations" else [payloads]
        records, aside, refused = 0, 0, list[InputError]()
        for part in parts:
            try:
                done = self._ingest(spec, part, seen_on=self._day)
            except InputError as error:
                refused.append(error)
            else:
                records, aside = records + done.rows_out, aside + done.rejected
        if len(refused) == len(parts):
            raise refused[0]
        self._control.count_poll(poll["id"], records=records, set_aside=aside + len(refused))
        note = f"{len(refused)} of {len(parts)} files refused: {refused[0]}" if refused else ""
        self._end(spec, poll, note=without_persons(note))

    # what both have in common -------------------------------------------------------------------

    def _context(self, spec: Source, payloads: tuple[Payload, ...]) -> Context:
        return Context(spec, payloads, today=self._day, options={"seen_on": self._day})

    def _payload(self, row: Row) -> Payload:
        """The sealed payload of an address; NotFoundError when it expired."""
        return Payload(row["address"], self._vault.open(row["sha256"]))

    def drop(self, spec: Source, poll: Row, note: str) -> None:
        """End a poll whose payloads cannot be taken in: what waits of it waits no more."""
        self._control.drop_poll(poll["id"], spec.id, note)
        self._end(spec, poll, note=note)

    def _end(self, spec: Source, poll: Row, *, alarm: str = "", note: str = "") -> None:
        """End a poll; the payloads of a source that keeps none are destroyed."""
        if spec.right.retention_days == 0:
            for row in self._control.pages(spec.id, poll["id"]):
                self._vault.forget(row["sha256"])
        self._control.end_poll(poll["id"], alarm=alarm, note=note)

    def _outage(self, spec: Source, gone: int, poll: Row) -> str:
        """What is unusual about the number of pages that are gone at once, '' where nothing is: a host that
        is out of order may say so of every page."""
        held = self._control.pages_held(spec.id)
        earlier = self._control.polls(spec.id, MOST_POLLS)
        lasting = _lasting(earlier, dt.datetime.fromisoformat(poll["started_at"]))
        if gone <= max(held / 2, LEAST_FALL) or lasting:
            return ""
        return f"{gone:,} of {held:,} pages gone at once"

    def _alarm(self, spec: Source, records: int, poll: Row) -> str:
        """What is unusual about the number of ads of a poll, '' where nothing is."""
        earlier = self._control.polls(spec.id, MOST_POLLS)
        return unusual(records, earlier, dt.datetime.fromisoformat(poll["started_at"]))


def _lasting(earlier: Sequence[Row], now: dt.datetime) -> list[Row]:
    """The newest polls, all with an alarm, where that has lasted for so long that it is taken for what is."""
    streak = list(takewhile(lambda row: row["alarm"], earlier))
    lasts = streak and now - dt.datetime.fromisoformat(streak[-1]["started_at"]) > ACCEPTED_AFTER
    return streak if lasts else []


def unusual(records: int, earlier: Sequence[Row], now: dt.datetime) -> str:
    """What is unusual about a number of ads after earlier polls (newest first), '' where nothing is: it is
    off by half of the median, and by more than four times what polls differ. A number that has been
    unusual for days is taken for what the source shows. After few polls only a fall by half is unusual."""
    earlier = _lasting(earlier, now) or [row for row in earlier if not row["alarm"]]
    counts = [int(row["records"]) for row in earlier if row["how"] == "complete"]
    if not records and any(counts):
        return "no ads, where there were some"
    if len(counts) < LEAST_POLLS:
        most = max(counts, default=0)
        fell = most - records >= most / 2 and most - records > LEAST_FALL
        return f"{records:,} ads after {most:,}" if fell else ""
    usual = statistics.median(counts)
    spread = 1.5 * statistics.median(abs(n - usual) for n in counts)
    off = abs(records - usual)
    if off < usual / 2 or off <= max(4 * spread, LEAST_FALL):
        return ""
    return f"{records:,} ads where {usual:,.0f} are usual"
