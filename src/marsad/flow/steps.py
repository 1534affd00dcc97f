"""The flow: the one place where rooms are joined. Read top to bottom, it is what Marsad does.

    collect    read a source, keep its payload, account for every field
    protect    take personal data out (ads), check that tables hold together (statistics)
    store      raw and core tables, one partition a source, every version kept
    enrich     code ads and courses, link duplicates
    release    compute indicators through the disclosure gate, build the serving mart

Every step is entered in the ledger with what went in, what came out and what was set aside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.errors import InputError, NotFoundError
from marsad.base.records import Course, Observation, Record, Row
from marsad.base.settings import Settings
from marsad.collect.context import Context, Payload, read_payload
from marsad.collect.register import Source, collector, sources
from marsad.enrich import batch, coherence
from marsad.flow import reference, review, sample, taxonomies
from marsad.flow.arrivals import Arrivals, behind, bring_forward
from marsad.flow.edition import Editor
from marsad.flow.intake import Intake, day_seen
from marsad.flow.registers import hold_together, shown_by
from marsad.flow.release import CODE, basis, code_hash, publish, unchanged
from marsad.flow.sealing import without_persons
from marsad.flow.stream import Stream
from marsad.flow.upkeep import Kept, keep
from marsad.lake import edition, releases
from marsad.lake.control import Run, open_control
from marsad.lake.engines import Engine
from marsad.lake.engines.embedded import Embedded
from marsad.lake.store import Lake
from marsad.lake.tables import table
from marsad.lake.vault import Vault
from marsad.lake.writing import writing
from marsad.products.boards import last_alarms
from marsad.products.declare import Indicator, indicators
from marsad.products.run import in_order, publishable

Progress = Callable[[str, float], None]
"""Told what is being done and the share of all steps that is done, 0 to 1."""
STREAM = (
    "raw_sightings",
    "raw_contents",
    "core_contents",
    "core_ad_log",
    "core_block_log",
    "core_link_log",
    "out_changes",
)
"""The tables to which every new ad adds."""
UPKEEP_EACH = dt.timedelta(days=1)
POLLS_KEPT_DAYS = 400
"""How long it is known what the polls of sources gave."""
STEPS = ("collect", "enrich", "edition", "release", "upkeep")


def _silent(_: str, __: float) -> None:
    """Progress told to nobody."""


@dataclass
class Flow:
    """One installation's rooms, joined."""

    settings: Settings
    progress: Progress = _silent

    def __post_init__(self) -> None:
        home = self.settings.home
        self._from, self._span = 0.0, 1.0
        self.lake = Lake(home / "lake", _engine(self.settings))
        self.vault = Vault(home / "vault")
        self.control = open_control(self.settings)
        self.intake = Intake(self.lake, self.vault, self.control)
        self.writing = partial(writing, self.control, self.lake.root)

    # collect ------------------------------------------------------------------------------------

    def read(
        self, spec: Source, files: Sequence[Path] = (), **options: object
    ) -> tuple[Context, list[Record]]:
        """What a source yields from these files, with the issues met; nothing is stored."""
        context = self._context(spec, files, **options)
        return context, list(collector(spec)(context))

    @staticmethod
    def _context(spec: Source, files: Sequence[Path | Payload] = (), **options: object) -> Context:
        payloads = tuple(f if isinstance(f, Payload) else read_payload(f) for f in files)
        if payloads and not spec.reads_files:
            raise InputError(
                f"source {spec.id} reads no file: its data come with the package",
                file=payloads[0].name,
            )
        return Context(spec, payloads, options=options)

    def ingest(self, spec: Source, files: Sequence[Path | Payload] = (), **options: object) -> Run:
        """Read a source, from files or payloads, and store its records beside those it gave before.

        The same file again replaces what it gave; a newer value of the same key replaces the older
        one, which stays readable as an earlier version of the table. InputError or CoherenceError
        stops before anything is stored.
        """
        with self.writing(), self.control.run("collect", spec.id, without_persons) as run:
            run.files = ", ".join(without_persons(f.name) for f in files)
            run.seen_on = day_seen(options.get("seen_on"))
            context = self._context(spec, files, **options)
            run.payload = self.intake.seal(spec, context.payloads)
            run.payload += f"@{run.seen_on}" if run.seen_on else ""
            if spec.kind == "ads":
                arrivals = Arrivals(self.lake, spec.id, self.control.erased_ads())
                arrived = self.intake.ads(arrivals, context, run, given=bool(files))
                arrivals.commit(arrived, run.payload)
                return run
            records = list(collector(spec)(context))
            run.rows_out = len(records)
            self.intake.account(spec, context, run, given=bool(files))
            if spec.kind == "courses":
                self._store_courses(spec, [r for r in records if isinstance(r, Course)], run)
            else:
                values = [r for r in records if isinstance(r, Observation)]
                shown_by(values, run.files)
                hold_together(self.lake, spec, values, run.files)
                self._store_observations(spec, values, run)
        return run

    def _store_observations(
        self, spec: Source, observations: Sequence[Observation], run: Run
    ) -> None:
        for finding in coherence.check(observations, file=run.files or spec.id):
            self.control.keep_issue(
                run, "warning", f"{finding.rule}: {finding.words}", "", None, ""
            )
        self._join("core_observations", spec.id, [msgspec.structs.asdict(o) for o in observations])

    def _store_courses(self, spec: Source, courses: Sequence[Course], run: Run) -> None:
        unique = {course.course_id: course for course in courses}
        if len(unique) < len(courses):
            run.message = f"{len(courses) - len(unique)} rows repeat another course"
        rows = [batch.code_course(msgspec.structs.asdict(course)) for course in unique.values()]
        self._join("core_courses", spec.id, rows)

    def _join(self, name: str, partition: str, rows: list[Row]) -> None:
        """Put rows into a partition: they replace those of the same key, the others stay."""
        key = table(name).key
        new = {tuple(row[k] for k in key) for row in rows}
        kept = self.lake.read(name, partition=partition)
        if kept.num_rows:
            keys = zip(*(kept[k].to_pylist() for k in key))
            kept = kept.filter(pa.array([k not in new for k in keys]))
        self.lake.replace(name, partition, pa.concat_tables([kept, table(name).arrow(rows)]))

    # enrich -------------------------------------------------------------------------------------

    def enrich(self) -> Run:
        """Take what is new among sightings and judgements; what an earlier version coded is coded anew."""
        with self.writing(), self.control.run("enrich", "ads") as run:
            if behind(self.lake):
                bring_forward(self.lake)
            labels = taxonomies.write_lexicon(self.lake, self.settings.home)
            stream = Stream(self.lake, self.control, labels, lambda words: self._say(words, 0.5))
            run.rows_in = stream.advance()
            messages = [f"{stream.judged} codes judged by people"] if stream.judged else []
            if again := stream.backfill():
                messages.append(f"{again:,} ads read again under this version")
            run.message = "; ".join(messages)
            run.rows_out = run.rows_in + again
            for source_id, n in sorted(stream.without_country.items()):
                words = f"{n} ads of source {source_id} name no country that is known: not counted"
                self.control.keep_issue(run, "warning", words, "", None, "")
        return run

    # release ------------------------------------------------------------------------------------

    def release(self) -> str:
        """Compute every indicator through the gate and publish all tables together; the id. The edition of
        the ads comes with it."""
        if behind(self.lake):
            self.enrich()
        with self.writing(), self.control.run("release", "all") as run:
            removed = sample.remove(self.lake) if not self.settings.sample else 0
            made_of = basis(self.lake, self.control, sample_shown=self.settings.sample)
            releases = self.settings.home / "releases"
            before = next(iter(self.control.releases()), None)
            same = unchanged(releases, before["id"], made_of) if before else None
            if not same:
                self._compute(run, before["tables"] if before else {})
            run.message = publish(self.lake, self.control, self.settings, made_of, same)
            self._edit(anew=removed > 0)
        return run.message

    def _compute(self, run: Run, before: Mapping[str, object]) -> None:
        """Compute what has changed since the release `before`, and what stands beside it."""
        reference.write(self.lake)
        reference.fix_models(self.lake, str(dt.date.today().year))
        real = sample.beside_real(self.lake)
        read = cache(self.lake.read)  # several indicators read the same tables
        for i, indicator in enumerate(in_order(indicators())):
            leader, lake = indicator.disclosure.follows, self.lake
            if self._stands(indicator, before, real=real):
                continue
            history = lake.read("out_history", partition=indicator.id)
            followed = lake.read("out_values", partition=leader) if leader else None
            values = publishable(indicator, read, history, followed)
            if real:  # synthetic figures stand in no list of real ones
                values = values.filter(pc.invert(values["synthetic"]))
            lake.replace("out_values", indicator.id, values)
            run.rows_out += values.num_rows
            self._say(f"{indicator.id}: {values.num_rows:,} values", i / len(indicators()))
        for alarm in last_alarms(read("core_ad_board_months")):
            words = f"source alarm: {alarm.source} {alarm.kind} in {alarm.period}"
            words += f", {alarm.seen:.0f} ads where {alarm.expected:.0f} were expected"
            self.control.keep_issue(run, "warning", words, "", None, "")
        for scheme, cases in review.queue(self.lake, self.control).items():
            self.lake.replace("out_review", scheme, cases[: review.RELEASED])

    def _stands(self, indicator: Indicator, before: Mapping[str, object], *, real: bool) -> bool:
        """Whether the values of an indicator are those that the same code made of the same tables, and of
        the same realm."""
        if indicator.disclosure.follows or before.get(CODE) != code_hash():
            return False
        values = partial(self.lake.read, "out_values", partition=indicator.id)
        if real and pc.any(values(columns=["synthetic"])["synthetic"]).as_py():
            return False
        inputs = ("core_courses", *indicator.inputs)  # the first tells whether the sample is shown
        return all(before.get(name) == self.lake.version(name) for name in inputs)

    def follow(self) -> Path | None:
        """Let what is served follow the stream: new ads coded, and shown in an edition; its folder. None
        before the first release, which comes with its edition. The first real ad is shown with a new release:
        the figures beside it must be real too. Once a day upkeep is done."""
        self.enrich()
        if not self.control.releases():
            return None
        shown = edition.newest(self.settings.home)
        if shown and not edition.about(shown).real and sample.beside_real(self.lake):
            self.release()
        else:
            self.edit()
        self._keep_daily()
        return edition.newest(self.settings.home)

    def edit(self) -> Path:
        """Publish the edition of this moment: the ads as the stream has them; its folder."""
        with self.writing(), self.control.run("edition", "ads") as run:
            folder = self._edit()
            run.message = folder.name
        return folder

    def keep(self, now: dt.datetime | None = None) -> Kept:
        """Join small files, and remove what nothing needs any more, and what may not be kept longer."""
        now = now or dt.datetime.now(dt.UTC)
        with self.writing(), self.control.run("upkeep", "all") as run:
            done = keep(self.settings.home, self.lake, self.control, now)
            self.control.forget_polls(POLLS_KEPT_DAYS)
            expired = self._forget_expired(now.date())
            self.control.forget_old(now)
            run.message = (
                f"{done.joined} files joined, {done.removed} removed, {done.releases} releases gone,"
                f" {expired} payloads whose retention ended"
            )
        return done

    def _keep_daily(self) -> None:
        """Join small files of the stream; all of the upkeep where the last was a day ago."""
        last = self.control.last_run("upkeep", "all")
        now = dt.datetime.now(dt.UTC)
        if last is None or now - dt.datetime.fromisoformat(last["ended_at"]) >= UPKEEP_EACH:
            self.keep()
            return
        with self.writing():
            for name in STREAM:
                self.lake.join(name)

    def _edit(self, *, anew: bool = False) -> Path:
        released = [str(row["id"]) for row in self.control.releases()]
        editor = Editor(self.settings.home, self.lake)
        return editor.publish(dt.datetime.now(dt.UTC), released, anew=anew)

    # all ----------------------------------------------------------------------------------------

    def run(self, steps: Sequence[str] = ("collect", "enrich", "release")) -> None:
        """The named steps in order: collect (the sources that come with the package), enrich, edition,
        release (with its edition), upkeep."""
        if unknown := [step for step in steps if step not in STEPS]:
            raise NotFoundError(f"There is no step {unknown[0]!r}. Steps: {', '.join(STEPS)}.")
        steps = [step for step in STEPS if step in steps]  # whatever the order they are named in
        for i, step in enumerate(steps):
            self._from, self._span = i / len(steps), 1 / len(steps)
            work: dict[str, Callable[[], object]] = {
                "collect": self._collect_embedded,
                "enrich": self.enrich,
                "edition": self.edit,
                "release": self.release,
                "upkeep": self.keep,
            }
            work[step]()
        self.progress("done", 1.0)

    def _collect_embedded(self) -> None:
        embedded = [
            s for s in sources() if s.embedded and (self.settings.sample or not s.synthetic)
        ]
        for i, spec in enumerate(embedded):
            self._say(f"{spec.id}: reading", i / len(embedded))
            self.ingest(spec)

    def _say(self, words: str, share: float) -> None:
        """Tell the progress within the step under way."""
        self.progress(words, self._from + self._span * share)

    def forget(self) -> int:
        """Destroy sealed payloads whose retention has ended, and those of which no entry says until when they
        may be kept (a control database was lost); how many."""
        unknown = self.vault.names() - {row["sha256"] for row in self.control.documents()}
        for sha256 in unknown:
            self.vault.forget(sha256)
        return self._forget_expired(dt.date.today()) + len(unknown)

    def _forget_expired(self, today: dt.date) -> int:
        """Destroy sealed payloads whose retention has ended; how many."""
        expired = self.control.documents(expired_on=today)
        for document in expired:
            self.vault.forget(document["sha256"])
            self.control.forget_document(document["sha256"], document["source_id"])
        return len(expired)

    def leave_out(self, keys: Collection[str]) -> None:
        """Let ads of which no sighting is held any more leave the coded ads, and what is shown."""
        labels = taxonomies.write_lexicon(self.lake, self.settings.home)
        Stream(self.lake, self.control, labels).retake(keys)
        if self.control.releases():
            self._edit(anew=True)

    def releases(self) -> list[Path]:
        """As `lake.releases.releases`."""
        return releases.releases(self.settings.home, self.control)

    def editions(self) -> list[Path]:
        """The folders of the editions of the ads, newest first, whole or not."""
        return edition.editions(self.settings.home)

    def current(self) -> Path | None:
        """As `lake.releases.current`."""
        return releases.current(self.settings.home, self.control)


def _engine(settings: Settings) -> Engine:
    """The engine that the settings name; PlaceError when it cannot be reached."""
    if settings.engine == "embedded":
        return Embedded(settings.workers, batch.warm)
    from marsad.lake.engines.spark import Spark  # an extra

    return Spark(settings.engine, settings.home)
