"""Kills over the steps of the stream: what is lost, doubled, torn or left running.

    .venv/bin/python benchmarks/kills.py [KILLS]

A process takes one payload after another, from the file to the edition, and is killed at a moment drawn by
chance, from its first second to its last; the next one goes on. After each kill the edition that is served must be whole. At the end every
payload is taken once more to its end, and the tables, the feed and the ledger are held against those of an
installation that nobody killed. Prints one row a figure; ends with 1 where one is not 0.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path
from tempfile import mkdtemp

from scale import COLUMNS, ads

from marsad.base.settings import Settings
from marsad.collect.register import source
from marsad.enrich import batch
from marsad.flow.steps import Flow
from marsad.lake import edition
from marsad.lake.folders import damage
from marsad.products.changes import Entry, followed

ADS, SEED = 8, 7
"""Ads of a payload; of chance."""
TABLES = ("core_ads", "core_ad_skills", "core_ad_links", "raw_ads")


def payloads(folder: Path, count: int) -> list[Path]:
    """Files of a few ads each, every fifth ad a repost."""
    rows, paths = ads(count * ADS), []
    for number in range(count):
        path = folder / f"part-{number:04}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(row for _, row in zip(range(ADS), rows))
        paths.append(path)
    return paths


def take(home: Path, path: Path) -> None:
    """One payload, from the file to the edition."""
    flow = Flow(Settings(home=home, sample=False))
    flow.ingest(source("job_feed"), [path])
    flow.follow()


def killed(home: Path, path: Path, seconds: float) -> bool:
    """Take a payload in a process that is killed after so many seconds; whether it was under way."""
    child = os.fork()
    if not child:
        take(home, path)
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def in_process(work: str, home: Path, *paths: Path) -> None:
    """Work in a process of its own: this one, which forks, opens nothing."""
    child = os.fork()
    if not child:
        {"release": lambda: Flow(Settings(home=home, sample=False)).run(("enrich", "release")),
         "take": lambda: [take(home, path) for path in paths]}[work]()  # fmt: skip
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit(f"{work} failed")


def differences(home: Path, whole: Path) -> dict[str, int]:
    """What stands in one installation and not in the other, and what was left behind."""
    one, other = (Flow(Settings(home=folder, sample=False)) for folder in (home, whole))
    counts: dict[str, int] = {}
    for name in TABLES:
        rows, expected = (
            list(map(repr, flow.lake.read(name).to_pylist())) for flow in (one, other)
        )
        counts[f"{name}: rows lost"] = len(set(expected) - set(rows))
        counts[f"{name}: rows that should not be"] = len(set(rows) - set(expected))
        counts[f"{name}: rows doubled"] = len(rows) - len(set(rows))
    newest = edition.newest(home)
    feed = one.lake.read("out_changes").sort_by("seq")
    held = followed(map(Entry, *(feed[name].to_pylist() for name in Entry._fields)))
    counts["feed: ads that a follower holds otherwise"] = len(
        dict(edition.standing(newest)).items() ^ held.items() if newest else held
    )
    counts["feed: numbers doubled"] = feed.num_rows - len(set(feed["seq"].to_pylist()))
    runs = one.control.runs()
    counts["ledger: rows left running"] = sum(run["status"] == "running" for run in runs)
    editions = {folder.name for folder in edition.editions(home)}
    counts["folders half made"] = sum(
        path.name not in editions for path in (home / edition.FOLDER).iterdir() if path.is_dir()
    )
    return counts


def main(count: int) -> int:
    """Kill so many times, and say what came of it."""
    folder, chance = Path(mkdtemp(prefix="kills-")), random.Random(SEED)
    home, whole = folder / "home", folder / "whole"
    try:
        paths = payloads(folder, max(4, count // 4))
        for root in (home, whole):
            in_process("take", root, paths[0])
            in_process("release", root)
        batch.warm()
        began = time.perf_counter()
        in_process("take", whole, paths[1])
        longest = 1.1 * (time.perf_counter() - began)
        cut = torn = 0
        for number in range(count):
            path = paths[1 + number % (len(paths) - 1)]
            cut += killed(home, path, chance.uniform(0.02, longest))
            newest = edition.newest(home)
            torn += newest is None or bool(damage(newest))
        in_process("take", home, *paths)
        in_process("take", whole, *paths)
        print(f"{count} kills, {cut} of them while a step was under way")
        counts = {"editions torn": torn, **differences(home, whole)}
        for name, value in counts.items():
            print(f"{value:6}  {name}")
        return int(any(counts.values()))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
