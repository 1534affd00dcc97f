"""The intake: what a source gives, sealed as received, read, accounted for and held to what is asked of it.

Ads are added when the whole payload is read and as expected; a page that cannot be read is set aside alone.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from marsad.base.errors import InputError
from marsad.base.records import JobAd, Record
from marsad.collect.context import Context, Payload
from marsad.collect.register import Source, collector
from marsad.enrich import posts, privacy
from marsad.flow.arrivals import Arrivals, Arrived
from marsad.flow.sealing import seal, without_persons
from marsad.lake.control import Control, Run
from marsad.lake.store import Lake
from marsad.lake.vault import Vault


def day_seen(value: object) -> dt.date | None:
    """The day on which a file was handed over, where an option gives one; InputError for one that
    cannot be: after today, or more than ten years ago."""
    if not isinstance(value, dt.date):
        return None
    today = dt.date.today()
    if not today.replace(year=today.year - 10, day=1) <= value <= today:
        raise InputError(f"--seen-on {value}: a file is seen today or within the last ten years")
    return value


def expect(spec: Source, run: Run, first: str, *, given: bool) -> None:
    """Hold a run to the counts its source declares: too few block it, too many warn. `first` is the
    rule by which the first row was set aside, else the first warning, '' for none."""
    least, most = spec.expected.minimum, spec.expected.maximum
    if run.rows_out == 0 or (not given and run.rows_out < least):
        raise InputError(
            f"source {spec.id} gave {run.rows_out} records ({run.rejected} rejected{first and ': '}"
            f"{without_persons(first)}), fewer than the {max(least, 1)} it must; what it gave before"
            " stays"
        )
    if most is not None and run.rows_out > most:
        run.status, run.message = (
            "warning",
            f"{run.rows_out} records, more than the {most} expected",
        )


class Intake:
    """Takes payloads in: into the vault, the ledger and, of ads, the lake."""

    def __init__(self, lake: Lake, vault: Vault, control: Control) -> None:
        self.lake, self._vault, self.control = lake, vault, control

    def seal(self, spec: Source, payloads: Sequence[Payload]) -> str:
        """Seal payloads and enter them; their joint name, for the rows that they give."""
        seal(self._vault, self.control, spec, payloads)
        return "+".join(sorted(payload.sha256[:16] for payload in payloads)) or "package"

    def account(self, spec: Source, context: Context, run: Run, *, given: bool) -> None:
        """Enter what was set aside, and hold the run to what its source declares."""
        self.issues(context, run)
        run.rejected = context.rejected
        run.rows_in = run.rows_out + run.rejected
        worst_first = sorted(context.issues, key=lambda issue: issue.level != "rejected")
        first = next((issue.rule for issue in worst_first), "")
        expect(spec, run, first, given=given)

    def issues(self, context: Context, run: Run) -> None:
        """Enter what a reader warned of and set aside. The row as received stays in the sealed payload:
        the ledger never expires."""
        for issue in context.issues:
            rule, file = without_persons(issue.rule), without_persons(issue.file)
            content = privacy.scrub_row(issue.content)
            self.control.keep_issue(run, issue.level, rule, file, issue.row, content)

    def ads(self, arrivals: Arrivals, context: Context, run: Run, *, given: bool) -> Arrived:
        """Read the ads of payloads portion by portion and account for them; they are not yet added.
        InputError: fewer than the source must give."""
        spec = context.spec
        arrived = arrivals.read(counted(spec, collector(spec)(context), run), run.seen_on)
        self.account(spec, context, run, given=given)
        messages = [run.posts] if run.posts else []
        messages += [f"{arrived.removed} personal data removed"] if arrived.removed else []
        if arrived.undated:
            messages.append(
                f"{arrived.undated:,} ads bear no date and count in no period: say with --seen-on on which"
                " day the file shows them"
            )
        if arrived.early:
            messages.append(
                f"{arrived.early:,} ads were seen before the day on which they say they were posted: is"
                " the day of the file right?"
            )
        run.message = "; ".join(messages) or run.message
        return arrived


def counted(spec: Source, records: Iterable[Record], run: Run) -> Iterator[JobAd]:
    """The ads among records, counted in a run; of posts those that offer work, job by job."""
    ads = (record for record in records if isinstance(record, JobAd))
    kinds: Counter[str] = Counter()
    for ad in posts.offered(ads, kinds) if spec.posts else ads:
        run.rows_out += 1
        yield ad
    if kinds:
        run.posts = ", ".join(f"{n:,} {_KINDS[kind]}" for kind, n in sorted(kinds.items()))


_KINDS = {
    posts.OFFERS: "posts offer work",
    posts.SEEKS: "look for it and are not kept",
    posts.NEITHER: "do neither",
}
