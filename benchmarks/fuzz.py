"""Every dialect under damage: the samples of the sources of ads and courses, each damaged N times.

    PYTHONPATH=src .venv/bin/python benchmarks/fuzz.py [N [SOURCE/FILE ...]]

Right is a file that is read or refused in a sentence, in less than `LIMIT` seconds, and of which every
row is a record or set aside. What is wrong is printed with the number of the case; the seed is fixed.
"""

from __future__ import annotations

import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import msgspec
from benchmarks.truth.damaged import damage, uncaught

from marsad.base.errors import MarsadError
from marsad.collect.adapters import feed, table
from marsad.collect.context import Context, Payload
from marsad.collect.detect import detect
from marsad.collect.register import Source, collector, sources

LIMIT = 10.0
"""CPU seconds of a case after which it hangs."""
_DETECTED = 0.2  # share of cases that are also recognised by what they hold


class _HangError(Exception):
    """A case went on for longer than `LIMIT`."""


def dialects() -> dict[str, tuple[Source, Path]]:
    """«source/sample» -> the source and the file, of ads and courses that come as files."""
    return {
        f"{spec.id}/{path.name}": (spec, path)
        for spec in sources()
        if spec.kind in ("ads", "courses") and not spec.embedded
        for path in sorted((spec.folder / "sample").glob("*"))
        if path.is_file()
    }


def _rows_in(spec: Source, payload: Payload) -> int | None:
    """The rows of a file, those that cannot be read too; None for pages and documents."""
    reader = {"feed": feed.rows, "table": table.rows}.get(spec.adapter)
    if reader is None:
        return None
    ctx = Context(spec, (payload,))
    return sum(1 for _ in reader(ctx, payload)) + ctx.rejected


def _stop(_: int, __: FrameType | None) -> None:
    raise _HangError


def outcome(spec: Source, name: str, data: bytes, *, recognised: bool = False) -> str:
    """«read», «refused», or what is wrong: the error that nobody caught, rows lost, a hang."""
    payload = Payload(name, data)
    signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    try:
        if recognised:
            spec = detect(spec.kind, Path(name), data)
        ctx = Context(spec, (payload,))
        read = list(collector(spec)(ctx))
        msgspec.json.encode(read)
        rows = _rows_in(spec, payload)
    except MarsadError:
        return "refused"
    except _HangError:
        return f"hangs: more than {LIMIT:.0f} s"
    except Exception as error:  # noqa: BLE001 - what is measured
        return uncaught(error)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    if rows is not None and rows != len(read) + ctx.rejected:
        return f"rows lost: {rows} in, {len(read)} records, {ctx.rejected} set aside"
    return "read"


def run(name: str, number: int) -> tuple[Counter[str], float, float]:
    """(outcomes, CPU seconds, the slowest case) of one dialect, damaged `number` times."""
    spec, path = dialects()[name]
    data, dice = path.read_bytes(), random.Random(name)
    counts: Counter[str] = Counter()
    started, slowest = time.process_time(), 0.0
    for place in range(number):
        damaged, recognised = damage(data, dice), dice.random() < _DETECTED
        before = time.process_time()
        result = outcome(spec, path.name, damaged, recognised=recognised)
        slowest = max(slowest, time.process_time() - before)
        counts[result] += 1
        if result not in ("read", "refused"):
            print(f"  {name} case {place}: {result}", file=sys.stderr, flush=True)
    return counts, time.process_time() - started, slowest


def main(number: int, names: list[str]) -> int:
    """Print a line for each dialect; exit code 1 where anything is wrong."""
    print(
        f"{'dialect':50} {'cases':>8} {'read':>8} {'refused':>8} {'wrong':>6} {'CPU s':>7} slowest s"
    )
    wrong = cases = 0
    for name in names or dialects():
        counts, seconds, slowest = run(name, number)
        bad = number - counts["read"] - counts["refused"]
        wrong, cases = wrong + bad, cases + number
        print(
            f"{name:50} {number:8,} {counts['read']:8,} {counts['refused']:8,} {bad:6,} {seconds:7.1f} {slowest:.2f}",
            flush=True,
        )
    print(f"{cases:,} damaged files of {len(names or dialects())} dialects: {wrong} wrong")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 10_000, sys.argv[2:]))
