"""Faults: kills over every kind of step, planted damage and what the doctor says, backup and restore.

    .venv/bin/python benchmarks/faults.py [KILLS] [--only kills|damage|restore]

A process does one kind of thing and is killed at a moment drawn by chance. After each kill the next one who
writes must go on without a hand: nothing damaged, no run left, no half-made release, edition or backup, the
audit trail one chain, no alert whose message can never come. Prints tables; ends with 1 where a figure that
should be 0 is not. This process opens nothing of an installation: it forks.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.damage import FAULTS
from sqlalchemy import text

from marsad.backoffice.accounts import People
from marsad.backoffice.alerts import Alerts
from marsad.backoffice.sinks import FileSink
from marsad.base.errors import MarsadError
from marsad.base.settings import Settings
from marsad.collect.register import source
from marsad.enrich import batch
from marsad.flow.erasure import erase
from marsad.flow.steps import Flow
from marsad.lake.backup import backup, restore, verify
from marsad.lake.checkup import examine
from marsad.lake.control import Control
from marsad.lake.control import migrations as steps
from marsad.lake.control.database import engine
from marsad.lake.edition import editions
from marsad.lake.folders import damage
from marsad.lake.secret import secret
from marsad.publish.read.reader import AdQuery, DataQuery, Reader

NAMES = "title_clean company_clean location_clean description_clean source link".split()
PASSWORD, KEY = "a long password", bytes(range(32))
TOWNS = ("Fès", "Oujda", "Safi", "Agadir", "Tanger", "Rabat")


def _file(folder: Path, number: int) -> Path:
    path = folder / f"ads-{number}.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(NAMES)
        for place, town in enumerate(TOWNS):
            link = f"{number}-{place}"
            writer.writerow(
                [
                    "Boulanger",
                    f"Four {number} de {town}",
                    town,
                    "Pétrir la pâte la nuit.",
                    "Rekrute",
                    link,
                ]
            )
    return path


def _flow(home: Path) -> Flow:
    return Flow(Settings(home=home, workers=1, sample=False))


def _ingest(home: Path, number: int) -> None:
    _flow(home).ingest(source("morocco_boards"), [_file(home.parent, number)])


def _accounts(home: Path, number: int) -> None:
    people = People(Control(home / "control.db"))
    people.add(f"name{number}", "analyst", PASSWORD, "chance")
    people.sign_out(people.sign_in(f"name{number}", PASSWORD, "192.0.2.1"))
    people.remove(f"name{number}", "chance")


def _alerts(home: Path, number: int) -> None:
    alerts = Alerts(Control(home / "control.db"), FileSink(home / "outbox"))
    alerts.ask("email", f"a{number}@exemple.ma", "fr", "search", {"q": "pain"}, "http://127.0.0.1")


def _backup(home: Path, _: int) -> None:
    with _flow(home).control.writing(30):
        backup(home, home.parent / "backups", "kills", key=KEY)


def _migration(home: Path, number: int) -> None:
    old = home.parent / f"old-{number}.db"
    every = steps.migrations()
    steps.migrations = lambda: {n: every[n] for n in sorted(every)[:4]}  # type: ignore[assignment]
    with engine(old).begin() as connection:
        steps.migrate(connection)
        connection.execute(
            text("insert into audit (at, who, action, subject) values ('2026', 'a', 'b', 'c')")
        )
    steps.migrations = lambda: every  # type: ignore[assignment]
    control = Control(old)
    if control.broken_audit() is not None or len(control.audit()) != 1:
        raise SystemExit("a row was lost")


def _erase(home: Path, _: int) -> None:
    flow = _flow(home)
    keys = flow.lake.read("core_ads", columns=["ad_key"])["ad_key"].to_pylist()
    if len(keys) > 12:
        erase(flow, "ad", [max(keys)], "chance", "chance")


STEPS: dict[str, Callable[[Path, int], object]] = {
    "ingest": _ingest,
    "enrich": lambda home, _: _flow(home).enrich(),
    "edition": lambda home, _: _flow(home).follow(),
    "release": lambda home, _: _flow(home).release(),
    "upkeep": lambda home, _: _flow(home).keep(),
    "accounts": _accounts,
    "alerts": _alerts,
    "backup": _backup,
    "migration": _migration,
    "erase": _erase,
}


def forked(work: Callable[[], object], seconds: float | None = None) -> int | None:
    """Do something in a process of its own, killed after so many seconds; its exit code, None when it was
    killed."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        code = 1
        try:
            work()
            code = 0
        except MarsadError as error:
            print(f"  {error}", file=sys.stderr, flush=True)
        finally:
            os._exit(code)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def _check(home: Path, kind: str, number: int) -> None:
    """What must hold after a kill, once the next one has written; raises what does not."""
    control = Control(home / "control.db")
    flow = _flow(home)
    with flow.writing(), control.run("check", "kills"):
        pass
    wrong = [
        f"{f.part}: {f.damage}"
        for f in examine(Settings(home=home))
        if not f.part.startswith("message")
    ]
    if kind == "backup" and (home.parent / "backups" / "snapshots").exists():
        verify(home.parent / "backups", KEY)
    if kind == "alerts":
        _alerts(home, number)  # asked for again
        rows = [row for row in control.alerts() if row["address"] == f"a{number}@exemple.ma"]
        told = [
            p for p in (home / "outbox").glob("*.eml") if rows[0]["token"] in p.read_text("utf-8")
        ]
        wrong += [] if len(rows) == 1 and told else ["an alert cannot be confirmed"]
    if kind == "migration" and (home.parent / f"old-{number}.db").exists():
        old = Control(home.parent / f"old-{number}.db")
        wrong += [] if old.broken_audit() is None else ["a migration was left half done"]
    if (served := flow.current()) is None or damage(served):
        wrong.append("no whole release is served")
    if wrong:
        raise MarsadError("; ".join(wrong))


def kills(home: Path, count: int) -> int:
    """Kill so many times over all kinds of steps; prints a row a kind, gives how many left something wrong."""
    chance, longest = random.Random(7), dict[str, float]()
    for number, (kind, step) in enumerate(STEPS.items()):
        began = time.perf_counter()
        if forked(lambda step=step, number=number: step(home, 10_000 + number)):  # type: ignore[misc]
            raise SystemExit(f"{kind} fails without a kill")
        longest[kind] = 1.1 * (time.perf_counter() - began)
    done, cut, wrong = Counter[str](), Counter[str](), Counter[str]()
    for number in range(count):
        kind = list(STEPS)[number % len(STEPS)]
        step = STEPS[kind]
        code = forked(lambda step=step, n=number: step(home, n), chance.uniform(0.0, longest[kind]))  # type: ignore[misc]
        done[kind] += 1
        cut[kind] += code is None
        if forked(lambda kind=kind, n=number: _check(home, kind, n)):  # type: ignore[misc]
            wrong[kind] += 1
            print(f"  kill {number}: {kind}", file=sys.stderr, flush=True)
    print(f"{'kills of':12} {'tried':>6} {'under way':>10} {'left wrong':>11}")
    for kind in STEPS:
        print(f"{kind:12} {done[kind]:6} {cut[kind]:10} {wrong[kind]:11}")
    forked(lambda: _doubled(home))
    return sum(wrong.values())


def _doubled(home: Path) -> None:
    """Print how many rows of each table stand twice."""
    lake = _flow(home).lake
    for name in ("raw_sightings", "core_ads", "out_changes"):
        rows = lake.read(name)
        keys = {"raw_sightings": ["payload", "ad_key", "sighting", "reading"], "core_ads": ["ad_key"],
                "out_changes": ["seq"]}[name]  # fmt: skip
        twice = rows.num_rows - rows.group_by(keys).aggregate([]).num_rows
        print(f"{name}: {rows.num_rows:,} rows, {twice} doubled")


def planted(home: Path) -> int:
    """Plant each fault in a copy, ask the doctor, let it mend; prints a row a fault, gives how many it missed."""
    missed = 0
    print(f"\n{'planted':28} {'named':>6} {'mended':>7}  what the doctor says can be done")
    for name in FAULTS:
        copy = home.parent / "planted"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(home, copy)
        copy.chmod(0o700)
        lines = home.parent / "said"
        forked(lambda name=name, copy=copy, lines=lines: _said(copy, name, lines))  # type: ignore[misc]
        named, mended, words = lines.read_text("utf-8").split("\t")
        missed += named != "yes"
        print(f"{name:28} {named:>6} {mended:>7}  {words[:110]}")
    print(f"{len(FAULTS)} planted, {missed} not named")
    return missed


def _said(home: Path, name: str, lines: Path) -> None:
    from click.testing import CliRunner

    from marsad.cli.main import main as command

    part, harm = FAULTS[name]
    lines.write_text("no\tno\ta traceback", "utf-8")
    harm(home)
    settings = Settings(home=home, workers=1)
    findings = [f for f in examine(settings) if f.part.startswith(part)]
    environment = {"MARSAD_HOME": str(home), "MARSAD_SAMPLE": "0"}
    mended = CliRunner().invoke(command, ["doctor", "--mend"], env=environment).exit_code == 0
    words = findings[0].remedy if findings else ""
    lines.write_text(f"{'yes' if findings else 'NO'}\t{'yes' if mended else '-'}\t{words}", "utf-8")


def restored(home: Path) -> int:
    """Back up, add, back up again, restore both moments on an empty home; prints what differs."""
    wrong = 0
    folder = home.parent / "restores"
    began = time.perf_counter()
    forked(lambda: backup(home, folder, "1", key=KEY))
    first = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    held = sum(p.stat().st_size for p in home.rglob("*") if p.is_file())
    print(f"\nbackup: {first:,} bytes of {held:,} in {time.perf_counter() - began:.1f} s")
    forked(lambda: (_ingest(home, 77), _flow(home).follow()))
    forked(lambda: backup(home, folder, "1", key=KEY))
    second = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) - first
    print(f"the next one, after six ads: {second:,} bytes more")
    wrong += bool(forked(lambda: verify(folder, KEY)))
    names = sorted(p.name for p in (folder / "snapshots").iterdir())
    for name in names:
        again = home.parent / f"again-{name}"
        wrong += bool(
            forked(lambda name=name, again=again: restore(folder, again, key=KEY, until=name))
        )  # type: ignore[misc]
        wrong += bool(forked(lambda again=again: _whole(again)))  # type: ignore[misc]
    latest = home.parent / f"again-{names[-1]}"
    answers = [home.parent / f"answers-{n}" for n in range(2)]
    for place, file in zip((home, latest), answers):
        forked(lambda place=place, file=file: file.write_text(_answers(place), "utf-8"))  # type: ignore[misc]
    same = answers[0].read_bytes() == answers[1].read_bytes()
    print(
        f"{len(names)} moments restored and whole; 300 questions answered {'the same' if same else 'OTHERWISE'}"
    )
    return wrong + (not same)


def _whole(home: Path) -> None:
    if findings := examine(Settings(home=home)):
        raise MarsadError(f"{findings[0].part}: {findings[0].damage}")


def _answers(home: Path) -> str:
    flow = _flow(home)
    reader = Reader(flow.releases()[0], editions(home)[0])
    lines = [repr(reader.search_ads(AdQuery(words, page=page))) for words in ("", "boulanger", "four", "Fès", "nuit")
             for page in range(1, 31)]  # fmt: skip
    names = [indicator.id for indicator in reader.indicators()]
    lines += [
        repr(reader.data(DataQuery(name, limit=limit)))
        for name in names
        for limit in (1, 5, 20, 100)
    ]
    return "\n".join(lines[:300])


def main() -> int:
    """The tables."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("kills", nargs="?", type=int, default=1_000)
    arguments.add_argument("--only", choices=("kills", "damage", "restore"), default="")
    given = arguments.parse_args()
    folder = Path(mkdtemp(prefix="faults-"))
    home, wrong = folder / "home", 0
    try:
        batch.warm()
        home.mkdir(mode=0o700)
        for work in (lambda: _ingest(home, 0), lambda: (_ingest(home, 1), _flow(home).enrich()),
                     lambda: _flow(home).release(), lambda: _flow(home).release(), lambda: secret(home)):  # fmt: skip
            if forked(work):
                raise SystemExit("the installation cannot be made")
        whole = folder / "whole"
        shutil.copytree(home, whole)
        if given.only in ("", "damage"):
            wrong += planted(home)
        if given.only in ("", "restore"):
            wrong += restored(home)
        if given.only in ("", "kills"):
            shutil.rmtree(home)
            shutil.copytree(whole, home)
            home.chmod(0o700)
            wrong += kills(home, given.kills)
        return int(bool(wrong))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
