"""What is asked of the intake of a source: the day of its file, and as many records as it declares."""

from __future__ import annotations

import datetime as dt

from marsad.base.errors import InputError
from marsad.collect.register import Source
from marsad.enrich import privacy
from marsad.lake.control import Run


def without_persons(words: str) -> str:
    """Words for the ledger: decoded, without personal data."""
    return privacy.scrub(words)[0]


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
    rule by which the first row was set aside, '' for none."""
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
