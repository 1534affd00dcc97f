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
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.errors import InputError, NotFoundError
from marsad.base.records import Course, Document, JobAd, Observation, Record, Row
from marsad.base.settings import Settings
from marsad.collect.context import Context, read_payload
from marsad.collect.register import Source, collector, sources
from marsad.enrich import batch, coherence, privacy, taxonomy_lexicon
from marsad.enrich.duplicates import linking
from marsad.flow import reference, review, sample, taxonomies
from marsad.flow.reference import grouped
from marsad.flow.release import publish
from marsad.lake import mart, search
from marsad.lake.control import Run, open_control
from marsad.lake.folders import damage
from marsad.lake.store import Lake
from marsad.lake.tables import table
from marsad.lake.vault import Vault
from marsad.lake.writing import writing
from marsad.products.boards import last_alarms
from marsad.products.declare import indicators
from marsad.products.run import in_order, publishable

Progress = Callable[[str, float], None]
"""Told what is being done and the share of all steps that is done, 0 to 1."""
_AD_DAYS = ("posted_on", "seen_first_on", "seen_last_on")
STEPS = ("collect", "enrich", "release")


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
        self.lake = Lake(home / "lake")
        self.vault = Vault(home / "vault")
        self.control = open_control(self.settings)
        self.writing = partial(writing, self.control, self.lake.root)

    # collect ------------------------------------------------------------------------------------

    def read(
        self, spec: Source, files: Sequence[Path] = (), **options: object
    ) -> tuple[Context, list[Record]]:
        """What a source yields from these files, with the issues met; nothing is stored."""
        if files and not spec.reads_files:
            raise InputError(
                f"source {spec.id} reads no file: its data come with the package",
                file=str(files[0]),
            )
        payloads = tuple(map(read_payload, files))
        context = Context(spec, payloads, options=options)
        return context, list(collector(spec)(context))

    def ingest(self, spec: Source, files: Sequence[Path] = (), **options: object) -> Run:
        """Read a source and store its records beside those it gave before.

        The same file again replaces what it gave; a newer value of the same key replaces the older
        one, which stays readable as an earlier version of the table. InputError or CoherenceError
        stops before anything is stored.
        """
        with self.writing(), self.control.run("collect", spec.id, _without_persons) as run:
            run.files = ", ".join(_without_persons(path.name) for path in files)
            run.seen_on = _day(options.get("seen_on"))
            run.payload = self._keep(spec, files) + (f"@{run.seen_on}" if run.seen_on else "")
            context, records = self.read(spec, files, **options)
            for issue in context.issues:
                # The row as received stays in the sealed payload; the ledger never expires.
                rule, file = _without_persons(issue.rule), _without_persons(issue.file)
                content = privacy.scrub_row(issue.content)
                self.control.keep_issue(run, issue.level, rule, file, issue.row, content)
            run.rejected = context.rejected
            run.rows_in, run.rows_out = len(records) + run.rejected, len(records)
            first = next((i.rule for i in context.issues if i.level == "rejected"), "")
            _expect(spec, run, first, given=bool(files))
            if spec.kind == "ads":
                self._store_ads(spec, [r for r in records if isinstance(r, JobAd)], run)
            elif spec.kind == "courses":
                self._store_courses(spec, [r for r in records if isinstance(r, Course)], run)
            else:
                values = [r for r in records if isinstance(r, Observation)]
                self._store_observations(spec, values, run)
        return run

    def _keep(self, spec: Source, files: Sequence[Path]) -> str:
        """Seal the payloads; their joint name, for the rows that they give."""
        names = []
        now = dt.datetime.now(dt.UTC)
        days = spec.right.retention_days
        for path in files:
            payload = read_payload(path)
            names.append(payload.sha256[:16])
            self.vault.keep(payload.sha256, payload.data)
            self.control.keep_document(
                Document(
                    source_id=spec.id,
                    sha256=payload.sha256,
                    name=_without_persons(payload.name),
                    size_bytes=len(payload.data),
                    received_at=now,
                    licence=spec.licence,
                    expires_on=now.date() + dt.timedelta(days) if days else None,
                )
            )
        return "+".join(sorted(names)) or "package"

    def _store_observations(
        self, spec: Source, observations: Sequence[Observation], run: Run
    ) -> None:
        for finding in coherence.check(observations, file=run.files or spec.id):
            self.control.keep_issue(
                run, "warning", f"{finding.rule}: {finding.words}", "", None, ""
            )
        self._join("core_observations", spec.id, [msgspec.structs.asdict(o) for o in observations])

    def _store_ads(self, spec: Source, ads: Sequence[JobAd], run: Run) -> None:
        raw = [msgspec.structs.asdict(ad) for ad in ads]
        for row in raw:
            if run.seen_on and not (row["seen_first_on"] or row["seen_last_on"]):
                row["seen_first_on"] = row["seen_last_on"] = run.seen_on
        parts = batch.in_pool(batch.cleaned_ads, raw, self.settings.workers)
        rows = [row for part in parts for row in part]
        seen: Counter[tuple[str, str]] = Counter()
        for row in rows:
            seen[row["board"], row["ad_id"]] += 1
            row["sighting"] = seen[row["board"], row["ad_id"]]
            row["payload"] = run.payload
        others = self.lake.read("raw_ads", partition=spec.id)
        others = others.filter(pc.not_equal(others["payload"], run.payload))
        self.lake.replace(
            "raw_ads", spec.id, pa.concat_tables([others, table("raw_ads").arrow(rows)])
        )
        removed = sum(row["removed_count"] for row in rows)
        undated = sum(not any(row[day] for day in _AD_DAYS) for row in rows)
        messages = [f"{removed} personal data removed"] if removed else []
        if undated:
            messages.append(
                f"{undated:,} ads bear no date and count in no period: say with --seen-on on which day"
                " the file shows them"
            )
        run.message = "; ".join(messages)

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
        """Code every raw ad, then link duplicates within each realm; what people judged wins."""
        with self.writing(), self.control.run("enrich", "ads") as run:
            raw = self.lake.read("raw_ads")
            run.rows_in = raw.num_rows
            coded: list[Row] = []
            for spec in sources():
                if spec.kind == "ads":
                    coded += self._code(spec, raw.filter(pc.equal(raw["source_id"], spec.id)))
            run.rows_out = len(coded)
            self._warn_of_unknown_countries(run, coded)
            if judged := review.apply(self.control, coded):
                run.message = f"{judged} codes judged by people"
            # What a register knows must neither fold an ad of a board nor be folded into one.
            realms = grouped(coded, _realm)
            for realm in ("real", "synthetic", "register"):
                self._link(realm, realms.get(realm, []))
            by_source = grouped(coded, lambda row: row["source_id"])
            for identifier, rows in by_source.items():
                self.lake.replace("core_ads", identifier, rows)
        return run

    def _code(self, spec: Source, raw: pa.Table) -> list[Row]:
        own = {"publishes_text": spec.publishes_text, "confidentiality": spec.confidentiality}
        began = batch.board_days(raw)
        rows = [{**row, **own, "board_read_on": began.get(row["board"])} for row in raw.to_pylist()]
        groups = list(grouped(rows, lambda row: (row["board"], row["ad_id"])).values())
        labels = taxonomies.write_lexicon(self.lake, self.settings.home)
        work = partial(taxonomy_lexicon.code_ads, labels) if labels else batch.code_ads
        coded: list[Row] = []
        skills: list[Row] = []
        for part in batch.in_pool(work, groups, self.settings.workers):
            coded += [row for row, _ in part]
            skills += [skill for _, named in part for skill in named]
            self._say(
                f"{spec.id}: {len(coded):,} of {len(groups):,} ads coded",
                0.7 * len(coded) / len(groups),
            )
        self.lake.replace("core_ad_skills", spec.id, skills)
        return coded

    def _warn_of_unknown_countries(self, run: Run, ads: Sequence[Row]) -> None:
        """Enter how many ads of each source name no country: no indicator counts them."""
        unknown = Counter(ad["source_id"] for ad in ads if not ad["country"])
        for source_id, n in sorted(unknown.items()):
            words = f"{n} ads of source {source_id} name no country that is known: not counted"
            self.control.keep_issue(run, "warning", words, "", None, "")

    def _link(self, realm: str, ads: list[Row]) -> None:
        """Find duplicates among ads and write each ad's cluster into its row."""
        ads.sort(
            key=lambda row: (row["posted_on"] or dt.date.max, -len(row["text"]), row["ad_key"])
        )
        workers = self.settings.workers
        parts = batch.in_pool(linking.folded_ads, ads, workers)
        edges = linking.links([ad for part in parts for ad in part])
        cluster = linking.clusters(
            [ad["ad_key"] for ad in ads], edges, review.judged_pairs(self.control)
        )
        for ad in ads:
            ad["cluster"] = cluster[ad["ad_key"]]
            ad["is_canonical"] = ad["cluster"] == ad["ad_key"]
        links = [
            {
                "realm": realm,
                "ad_a": k.ad_a,
                "ad_b": k.ad_b,
                "band": k.band,
                "score": k.score,
                "reason": k.reason,
                "kind": k.kind,
            }
            for k in edges
        ]
        self.lake.replace("core_ad_links", realm, links)
        self._say(f"{realm}: {len(links):,} links among {len(ads):,} ads", 0.8)

    # release ------------------------------------------------------------------------------------

    def release(self) -> str:
        """Compute every indicator through the gate and publish all tables together; the id."""
        with self.writing(), self.control.run("release", "all") as run:
            if not self.settings.sample:
                sample.remove(self.lake)
            if "" in self.lake.read("core_ads")["confidentiality"].unique().to_pylist():
                self.enrich()  # coded before sources said what may leave
            reference.write(self.lake)
            reference.fix_models(self.lake, str(dt.date.today().year))
            real = sample.beside_real(self.lake)
            read = cache(self.lake.read)  # several indicators read the same tables
            for i, indicator in enumerate(in_order(indicators())):
                leader, lake = indicator.disclosure.follows, self.lake
                history = lake.read("out_history", partition=indicator.id)
                followed = lake.read("out_values", partition=leader) if leader else None
                values = publishable(indicator, read, history, followed)
                if real:  # synthetic figures stand in no list of real ones
                    values = values.filter(pc.invert(values["synthetic"]))
                self.lake.replace("out_values", indicator.id, values)
                run.rows_out += values.num_rows
                self._say(f"{indicator.id}: {values.num_rows:,} values", i / len(indicators()))
            for alarm in last_alarms({"core_ads": read("core_ads")}):
                words = f"source alarm: {alarm.source} {alarm.kind} in {alarm.period}"
                words += f", {alarm.seen:.0f} ads where {alarm.expected:.0f} were expected"
                self.control.keep_issue(run, "warning", words, "", None, "")
            for scheme, cases in review.queue(self.lake, self.control).items():
                self.lake.replace("out_review", scheme, cases[: review.RELEASED])
            identifier = publish(self.lake, self.control, self.settings.home / "releases")
            run.message = identifier
        return identifier

    # all ----------------------------------------------------------------------------------------

    def run(self, steps: Sequence[str] = STEPS) -> None:
        """The named steps in order: collect (the sources that come with the package), enrich,
        release."""
        if unknown := [step for step in steps if step not in STEPS]:
            raise NotFoundError(f"There is no step {unknown[0]!r}. Steps: {', '.join(STEPS)}.")
        steps = [step for step in STEPS if step in steps]  # whatever the order they are named in
        for i, step in enumerate(steps):
            self._from, self._span = i / len(steps), 1 / len(steps)
            {"collect": self._collect_embedded, "enrich": self.enrich, "release": self.release}[
                step
            ]()
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
        """Destroy sealed payloads whose retention has ended; how many."""
        expired = self.control.documents(expired_on=dt.date.today())
        for document in expired:
            self.vault.forget(document["sha256"])
            self.control.forget_document(document["sha256"], document["source_id"])
        return len(expired)

    def releases(self) -> list[Path]:
        """The folders of the releases that this version of Marsad can read, newest first, whole or not."""
        root = self.settings.home / "releases"
        named = [root / str(release["id"]) for release in self.control.releases()]
        return [folder for folder in named if (folder / mart.NAME).exists()]

    def current(self) -> Path | None:
        """The folder of the newest release whose files are whole; None before the first."""
        whole = (f for f in self.releases() if (f / search.NAME).exists() and not damage(f))
        return next(whole, None)


def _without_persons(words: str) -> str:
    """Words for the ledger: decoded, without personal data."""
    return privacy.scrub(words)[0]


def _realm(ad: Row) -> str:
    """The ads among which duplicates of an ad are looked for."""
    if ad["confidentiality"] != "open":
        return "register"
    return "synthetic" if ad["synthetic"] else "real"


def _day(value: object) -> dt.date | None:
    """The day on which a file was handed over, where an option gives one; InputError for one that
    cannot be: after today, or more than ten years ago."""
    if not isinstance(value, dt.date):
        return None
    today = dt.date.today()
    if not today.replace(year=today.year - 10, day=1) <= value <= today:
        raise InputError(f"--seen-on {value}: a file is seen today or within the last ten years")
    return value


def _expect(spec: Source, run: Run, first: str, *, given: bool) -> None:
    """Hold a run to the counts its source declares: too few block it, too many warn. `first` is the
    rule by which the first row was set aside, '' for none."""
    least, most = spec.expected.minimum, spec.expected.maximum
    if run.rows_out == 0 or (not given and run.rows_out < least):
        raise InputError(
            f"source {spec.id} gave {run.rows_out} records ({run.rejected} rejected{first and ': '}"
            f"{_without_persons(first)}), fewer than the {max(least, 1)} it must; what it gave before"
            " stays"
        )
    if most is not None and run.rows_out > most:
        run.status, run.message = (
            "warning",
            f"{run.rows_out} records, more than the {most} expected",
        )
