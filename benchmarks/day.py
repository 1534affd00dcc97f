"""A day in the life: what the observatory knew, from moment to moment, beside what its sources showed.

    .venv/bin/python benchmarks/day.py HOME [--small] [--seconds N]

HOME is a released installation (it is copied). 40 sources on loopback (6 with --small): feeds, interfaces of
numbered pages, and boards with a sitemap. Their servers follow a script drawn by chance: ads appear, get other
words, and close; one board leaves, one forbids by robots.txt and one by 403, others send HTML, an empty list, a
torn file, or a part of their ads, answer 404 to every page, are slow, or give all their ads new numbers.
`Fetcher` and `Watch` follow them by their own rhythm (seconds stand for minutes). At two thirds of the run eight
days pass. After each taking in, what is known of every ad is compared with what its server showed in the polls
that could be known by then: its own log is the truth. Prints one row a figure: what, right, of, the longest delay
in seconds from the answer that showed it; ends with 1 where one is wrong.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import shutil
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from tempfile import mkdtemp

from day_boards import TOKEN, TROUBLES, Board, State, boards, serving

from marsad.base.settings import Settings
from marsad.collect import register
from marsad.flow import rights, stream
from marsad.flow.fetching import Fetcher
from marsad.flow.steps import Flow
from marsad.flow.watch import Watch
from marsad.lake import edition
from marsad.lake.edition import attached, files_of
from marsad.lake.vault import Vault

SEED, STEP, LATE, READING = 3, 0.5, 60.0, 10.0
"""The seed of the script; seconds between two of its steps; the longest until a change is known, and until a poll
has read what follows its first answer."""


@dataclass
class Record:
    """What the observatory knew at a moment: of each source, ad -> token of its words, and the ads that ended."""

    begun: float
    at: float
    open: dict[str, State]
    ended: dict[str, set[str]]


def known(flow: Flow, begun: float) -> Record:
    """What the lake knows now, after a taking in that began then."""
    words = {
        row["content"]: row["raw_title"]
        for row in flow.lake.read("raw_contents", columns=["content", "raw_title"]).to_pylist()
    }
    newest = dict[str, dict[str, object]]()
    for row in flow.lake.read("core_ad_log").to_pylist():
        before = newest.get(row["ad_key"])
        if before is None or row["revision"] > before["revision"]:  # type: ignore[operator]
            newest[row["ad_key"]] = row
    record = Record(begun, time.monotonic(), {}, {})
    for row in newest.values():
        name = str(row["source_id"])
        if row["ended_on"]:
            record.ended.setdefault(name, set()).add(str(row["ad_id"]))
        elif match := TOKEN.search(words[row["content"]]):
            record.open.setdefault(name, {})[str(row["ad_id"])] = match.group()
    return record


# the run ------------------------------------------------------------------------------------------


@dataclass
class Day:
    """A run: the boards, the clock, and what was recorded."""

    flow: Flow
    boards: list[Board]
    seconds: float
    records: list[Record] = field(default_factory=list)
    switch: float = 0.0
    begun: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    def today(self) -> dt.date:
        """The day of the simulation: eight days pass at two thirds."""
        passed = time.monotonic() >= self.switch
        return dt.date.today() - dt.timedelta(0 if passed else 8)

    def script(self, servers: dict[str, ThreadingHTTPServer], begun: float) -> None:
        """What happens on the boards, until the time is over; then they stand still for a while."""
        chance = random.Random(SEED)
        while (share := (time.monotonic() - begun) / self.seconds) < 1:
            for board in self.boards:
                first, last = TROUBLES.get(board.trouble, (2.0, 2.0))
                on = first <= share < last or (board.trouble == "leaves" and share >= first)
                if board.trouble == "renumbered" and share >= first and not board.on:
                    board.renumber()
                    on = True
                elif on and not board.on and board.trouble == "leaves":
                    servers[board.name].shutdown()
                    servers[board.name].server_close()
                board.on = on or (board.trouble == "renumbered" and board.on)
                if not board.on or board.trouble in ("slow", "renumbered"):
                    board.step(chance)
            time.sleep(STEP)
        time.sleep(max(5.0, 1.5 * max(board.every for board in self.boards)))
        self.over.set()

    def run(self) -> None:
        """Follow the boards until the script is over, and record what is known after each taking in."""
        with ExitStack() as stack:
            servers = {b.name: stack.enter_context(serving(b)) for b in self.boards}
            for board in self.boards:
                for _ in range(12 + len(board.name) + self.boards.index(board) % 10):
                    board.add()
            specs = [board.spec() for board in self.boards]
            every = (*register.sources(), *specs)
            for module in (register, rights, stream):
                module.sources = lambda: every  # type: ignore[attr-defined]
            self.begun = begun = time.monotonic()
            self.switch = begun + self.seconds * 2 / 3
            vault = Vault(self.flow.settings.home / "vault")
            fetcher = Fetcher(self.flow.control, vault, specs, self.over, self.today)
            threads = [
                threading.Thread(target=fetcher.run),
                threading.Thread(target=self.script, args=(servers, begun)),
            ]
            for thread in threads:
                thread.start()
            watch = Watch(self.flow, specs, self.today)
            while True:
                over, moment = self.over.is_set(), time.monotonic()
                if watch.take_in():
                    self.records.append(known(self.flow, moment))
                elif over:
                    break
                time.sleep(0.05)
            for thread in threads:
                thread.join()


# what is right ------------------------------------------------------------------------------------


class Table:
    """The rows of the answer: what, right, of, the longest delay."""

    def __init__(self) -> None:
        self.rows = dict[str, list[float]]()
        self.faults = list[str]()

    def count(self, what: str, right: bool, fault: str, delay: float = 0.0) -> None:
        row = self.rows.setdefault(what, [0, 0, 0.0])
        row[0], row[1], row[2] = row[0] + right, row[1] + 1, max(row[2], delay)
        if not right:
            self.faults.append(f"{what}: {fault}")

    def show(self) -> int:
        print(f"{'what':58} {'right':>8} {'of':>8} {'longest':>8}")
        for what, (right, of, delay) in self.rows.items():
            print(f"{what:58} {right:8,.0f} {of:8,.0f} {delay:8.1f}")
        shown = dict[str, int]()
        for fault in self.faults:
            what = fault.partition(":")[0]
            shown[what] = shown.get(what, 0) + 1
            if shown[what] <= 8:
                print("  ", fault)
        return int(bool(self.faults))


def judge_moments(day: Day, board: Board, table: Table) -> None:
    """Every ad at every record beside what the polls showed that could be known by then."""
    for record in day.records:
        settled = [i for i, (at, _) in enumerate(board.served) if at <= record.begun - READING]
        may = [s for at, s in board.served[settled[-1] if settled else 0 :] if at <= record.at]
        held, ended = record.open.get(board.name, {}), record.ended.get(board.name, set())
        may = may if settled else [{}, *may]
        for key in set().union(held, ended, *may):
            shown = {state.get(key, "") for state in may}
            if shown == {""} and not board.complete:
                continue  # what a source that is not complete shows no more, may be open
            words = held.get(key, "")
            what = "ads held for closed" if key in ended else "ads at each moment"
            table.count(
                what,
                words in shown,
                f"{board.name} {board.trouble} {key} {words} {shown}"
                f" {record.begun - day.begun:.1f} {record.at - day.begun:.1f}"
                f" {[round(at - day.begun, 1) for at, _ in board.served]}",
            )


def judge_events(day: Day, board: Board, table: Table) -> None:
    """How long it took from the first answer that showed it until it was known."""
    before: State = {}
    for number, (at, state) in enumerate(board.served):
        for key in before.keys() | state.keys():
            old, new = before.get(key, ""), state.get(key, "")
            if old == new or (not new and not board.complete):
                continue
            what = "changed" if old and new else "new" if new else "closed"
            until = next((t for t, s in board.served[number:] if s.get(key, "") != new), 1e18)
            moments = (
                r.at for r in day.records
                if r.at >= at and r.open.get(board.name, {}).get(key, "") == new
            )  # fmt: skip
            moment = next(moments, 1e18)
            if moment > until:
                continue  # another thing had happened to it before
            fault = f"{board.name} {board.trouble} {key} {old}->{new}"
            table.count(f"{what} ads known", moment - at < LATE, fault, moment - at)
        before = state


def judge_days(day: Day, board: Board, table: Table) -> None:
    """First and last day of each ad, and what is published of its state at the end."""
    flow, today = day.flow, dt.date.today()
    newest = edition.newest(flow.settings.home)
    assert newest
    query = f"select ad_key, state from ads where board = '{board.name}'"
    states = published(newest, query)
    last_state = board.served[-1][1] if board.served else {}
    rows = dict[str, dict[str, object]]()
    for row in flow.lake.read("core_ad_log", partition=board.name).to_pylist():
        if row["ad_key"] not in rows or row["revision"] > rows[row["ad_key"]]["revision"]:
            rows[row["ad_key"]] = row
    for row in rows.values():
        key = str(row["ad_id"])
        times = [at for at, state in board.served if key in state]
        if not times or any(abs(at - day.switch) < 10 for at in (times[0], times[-1])):
            continue
        days = [today - dt.timedelta(0 if at > day.switch else 8) for at in (times[0], times[-1])]
        right = [row["first_seen_on"], row["last_seen_on"]] == days
        table.count("first and last day of each ad", right, f"{board.name} {board.trouble} {row}")
        if row["ad_key"] in states:
            gone = board.trouble in ("leaves", "forbids")
            expected = "open" if key in last_state else "closed"
            if gone:
                expected = "unknown" if key in last_state else "closed"
            state = states[row["ad_key"]]
            if board.complete and board.trouble != "renumbered":
                fault = f"{board.name} {board.trouble} {key} {state}, not {expected}"
                table.count("state that is published at the end", state == expected, fault)


def published(folder: Path, query: str) -> dict[str, str]:
    """Two columns of an edition."""
    import duckdb

    with duckdb.connect() as db:
        for name, path in files_of(folder).items():
            db.execute(f"attach '{path}' as {name} (read_only)")
        for statement in attached():
            db.execute(statement)
        return dict(db.sql(query).fetchall())


def judge_source(day: Day, board: Board, table: Table) -> None:
    """Whether it is suspended, and whether an alarm was raised where one was due, and there alone."""
    control, trouble = day.flow.control, board.trouble
    polls = control.polls(board.name, 10_000)
    state = rights.standing(board.spec(), control.collection().get(board.name), dt.date.today())
    refuses = trouble in ("robots", "forbids")
    table.count(
        "sources suspended, and no other", (state.state == "suspended") == refuses,
        f"{board.name} {trouble} {state}",
    )  # fmt: skip
    if refuses:
        paths = [path for _, path in board.asked if path != "/robots.txt"]
        begun = [at for at, _ in board.asked]
        last = [p for p in polls if p["how"] == "refused"]
        right = len(last) == 1 and (trouble != "robots" or not paths) and bool(begun)
        table.count("asked once more, then never", right, f"{board.name} {trouble} {len(last)}")
    falls = ("half", "early", "sitemap html", "sitemap half", "pages gone")
    alarms = [poll for poll in polls if poll["alarm"]]
    right = bool(alarms) == (trouble in falls)
    table.count(
        "alarms where counts fell, and no other", right,
        f"{board.name} {board.form} {trouble} {[p['alarm'] for p in alarms]} of {len(polls)}",
    )  # fmt: skip
    if trouble in ("html", "torn", "empty", "second page html", "leaves", "pages gone"):
        failed = [poll for poll in polls if poll["how"] == "failed" or poll["note"]]
        table.count("polls that failed are said to", bool(failed), f"{board.name} {trouble}")


def judge_feed(day: Day, table: Table) -> None:
    """Whoever follows the feed of changes holds the ads that are published; none came back by itself."""
    newest = edition.newest(day.flow.settings.home)
    assert newest
    held = dict[str, str]()
    for row in day.flow.lake.read("out_changes").sort_by("seq").to_pylist():
        subject, kind = row["subject"], row["kind"]
        if kind == "release":
            continue
        table.count("steps of the feed", (subject in held) == (kind != "new"), f"{kind} {subject}")
        held.pop(subject, None) if kind == "closed" else held.update({subject: row["content"]})
    right = held == edition.standing(newest)
    table.count("the feed, followed, gives what is published", right, "differs")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--seconds", type=float, default=0.0)
    given = parser.parse_args()
    home = Path(mkdtemp(prefix="marsad-day-")) / "home"
    shutil.copytree(given.home, home)
    flow = Flow(Settings(home=home, workers=1))
    day = Day(flow, boards(small=given.small), given.seconds or (30 if given.small else 280))
    begun = time.process_time()
    day.run()
    table = Table()
    for board in day.boards:
        judge_moments(day, board, table)
        judge_events(day, board, table)
        judge_days(day, board, table)
        judge_source(day, board, table)
    judge_feed(day, table)
    polls = sum(len(flow.control.polls(board.name, 10_000)) for board in day.boards)
    print(f"{len(day.boards)} sources, {polls:,} polls, {len(day.records)} moments,"
          f" {time.process_time() - begun:.0f} s of the processor")  # fmt: skip
    shutil.rmtree(home.parent)
    return table.show()


if __name__ == "__main__":
    raise SystemExit(main())
