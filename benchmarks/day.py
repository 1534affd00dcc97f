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
import json
import random
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import mkdtemp

import msgspec

from marsad.base.settings import Settings
from marsad.collect import register
from marsad.collect.fetch.plan import Fetch, Paging
from marsad.collect.register import Source, source
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
TRADES = "Comptable Chauffeur Infirmier Soudeur Vendeur Cuisinier Secrétaire Maçon".split()
TOWNS = "Rabat Casablanca Fès Tanger Agadir Oujda".split()
_TOKEN = re.compile(r"zq(\d+)v(\d+)")
WHOLE = ("", "slow", "renumbered")
"""Troubles under which a board shows all of its ads."""
State = dict[str, str]
"""What a board shows: number of an ad -> the token of its words."""
TROUBLES = {
    "leaves": (0.4, 1.0), "robots": (0.0, 1.0), "forbids": (0.4, 1.0), "half": (0.35, 0.6),
    "html": (0.35, 0.6), "empty": (0.35, 0.6), "torn": (0.35, 0.6), "slow": (0.0, 1.0),
    "renumbered": (0.5, 0.5), "early": (0.06, 0.45), "pages gone": (0.35, 0.6),
    "sitemap html": (0.35, 0.6), "second page html": (0.35, 0.6), "sitemap half": (0.35, 0.6),
    "pages html": (0.35, 0.6),
}  # fmt: skip
"""A trouble -> the shares of the run between which it lasts."""


@dataclass
class Board:
    """One source: its server, what it shows, and the log of what it was asked and showed."""

    name: str
    form: str
    trouble: str
    complete: bool
    every: int
    state: State = field(default_factory=dict)
    shown: State = field(default_factory=dict)
    served: list[tuple[float, State]] = field(default_factory=list)
    asked: list[tuple[float, str]] = field(default_factory=list)
    changed: dict[str, int] = field(default_factory=dict)
    on: bool = False
    drawn: int = 0
    port: int = 0

    def spec(self) -> Source:
        """The source as it is declared."""
        base = f"http://127.0.0.1:{self.port}"
        plans = {
            "feed": {"starts": (f"{base}/jobs.json",)},
            "api": {
                "starts": (f"{base}/api",), "discover": "api",
                "paging": Paging(parameter="page", items="jobs"),
            },
            "pages": {
                "starts": (f"{base}/sitemap.xml",), "discover": "pages", "links": r"/jobs/[\w-]+$"
            },
        }  # fmt: skip
        refresh = "1s" if self.trouble == "pages gone" else f"{2 * self.every}s"
        plan = Fetch(
            **plans[self.form], every=f"{self.every}s", refresh=refresh, delay=0.0, loopback=True,
            complete=self.complete,
        )  # fmt: skip
        spec = source("jobposting_pages" if self.form == "pages" else "job_feed")
        day = dt.date.today()
        right = msgspec.structs.replace(
            spec.right, checked_on=day, declaration="D-1", contact="test@exemple.ma"
        )
        constants = {**spec.constants, "board": self.name}
        return msgspec.structs.replace(
            spec, id=self.name, fetch=plan, right=right, constants=constants
        )

    # the script ---------------------------------------------------------------------------------

    def add(self) -> None:
        """One ad more."""
        self.drawn += 1
        self.state = {**self.state, f"{self.name}-{self.drawn}": f"zq{self.drawn}v0"}

    def step(self, chance: random.Random) -> None:
        """Something happens to one ad, some three times between two polls; or nothing."""
        what = chance.random() * self.every / 5
        if what < 0.06:
            self.add()
        elif self.state and what < 0.16:
            key = chance.choice(list(self.state))
            if what < 0.11:
                number, _, version = self.state[key].partition("v")
                self.state = {**self.state, key: f"{number}v{int(version) + 1}"}
                self.changed[key] = int(time.time() * 1000)
            elif len(self.state) > 8:
                self.state = {k: v for k, v in self.state.items() if k != key}

    def renumber(self) -> None:
        """All ads under other numbers, with the words that they have."""
        self.state = {f"{key}n": words for key, words in self.state.items()}

    # what it answers ----------------------------------------------------------------------------

    def show(self, *, whole: bool = True) -> State:
        """What it shows from now on; entered in its log where an answer holds all of it."""
        self.shown = self.state
        if whole:
            self.served.append((time.monotonic(), self.shown))
        return self.shown

    def answer(self, path: str) -> tuple[int, bytes]:
        """Status and body at a path."""
        self.asked.append((time.monotonic(), path))
        trouble = self.trouble if self.on else ""
        if path == "/robots.txt":
            return 200, b"User-agent: *\nDisallow: /" if trouble == "robots" else b""
        if trouble == "forbids":
            return 403, b""
        if trouble == "slow" and not path.startswith("/jobs/"):
            time.sleep(1.5)
        if path == "/jobs.json":
            return 200, self.feed(trouble)
        if path.startswith("/api"):
            return 200, self.numbered(int(path.rpartition("=")[2]), trouble)
        if path == "/sitemap.xml":
            return self.sitemap(trouble)
        key = path.rpartition("/")[2]
        if trouble == "pages gone" or key not in self.shown:
            return 404, b""
        return 200, b"<html>En maintenance</html>" if trouble == "pages html" else self.page(key)

    def feed(self, trouble: str) -> bytes:
        ads = [self.ad(key) for key in self.show(whole=trouble in WHOLE)]
        if trouble == "html":
            return b"<!doctype html><html><body>Maintenance</body></html>"
        if trouble == "empty":
            return b"[]"
        body = json.dumps(ads[: len(ads) // 3] if trouble in ("half", "early") else ads).encode()
        return body[: len(body) // 2] if trouble == "torn" else body

    def numbered(self, number: int, trouble: str) -> bytes:
        if number == 1:
            self.show(whole=trouble in WHOLE)
        keys = [] if trouble == "empty" else list(self.shown)[10 * (number - 1) : 10 * number]
        if trouble == "second page html" and number == 2:
            return b"<html>Maintenance</html>"
        return json.dumps({"jobs": [self.ad(key) for key in keys]}).encode()

    def sitemap(self, trouble: str) -> tuple[int, bytes]:
        if trouble == "pages gone":
            return 500, b""
        keys = list(self.show(whole=trouble in WHOLE))
        if trouble == "sitemap html":
            return 200, b"<!doctype html><html><body><a href='/'>Maintenance</a></body></html>"
        keys = keys[: len(keys) // 3] if trouble == "sitemap half" else keys
        base = f"http://127.0.0.1:{self.port}"
        rows = (
            f"<url><loc>{base}/jobs/{key}</loc><lastmod>{self.changed.get(key, 0)}</lastmod></url>"
            for key in keys
        )
        return 200, f"<urlset>{''.join(rows)}</urlset>".encode()

    def ad(self, key: str) -> dict[str, str]:
        """An ad of a feed."""
        number = int(key.rpartition("-")[2].rstrip("n"))
        trade, town = TRADES[number % 8], TOWNS[(number + len(self.name)) % 6]
        chance = random.Random(f"{self.name} {number}")
        tasks = " ".join("".join(chance.choices("abdeilmnorstu", k=7)) for _ in range(30))
        return {
            "id": key, "title": f"{trade} {self.shown[key]}", "city": town, "country": "MA",
            "company": f"Ets {self.name} {number}", "description": f"{trade} à {town}: {tasks}.",
        }  # fmt: skip

    def page(self, key: str) -> bytes:
        """The page of an ad."""
        ad = self.ad(key)
        block = {
            "@context": "https://schema.org", "@type": "JobPosting", "title": ad["title"],
            "identifier": key, "description": ad["description"],
            "hiringOrganization": {"@type": "Organization", "name": ad["company"]},
            "jobLocation": {
                "@type": "Place", "address": {"addressLocality": ad["city"], "addressCountry": "MA"}
            },
        }  # fmt: skip
        words = json.dumps(block)
        return f'<html><script type="application/ld+json">{words}</script></html>'.encode()


@contextmanager
def serving(board: Board) -> Iterator[ThreadingHTTPServer]:
    """The server of a board, until the caller ends or the board leaves."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, body = board.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that goes away is no matter."""

    server = Server(("127.0.0.1", 0), Handler)
    board.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def boards(*, small: bool) -> list[Board]:
    """The sources: each trouble once, in a form that can have it, and others that have none."""
    of_feeds = [
        "leaves",
        "robots",
        "forbids",
        "half",
        "html",
        "empty",
        "torn",
        "slow",
        "renumbered",
    ]
    rows = [("feed", t, True) for t in (*of_feeds, "early")]
    rows += [("api", t, True) for t in ("empty", "second page html", "slow", "forbids")]
    rows += [("pages", t, True) for t in ("sitemap html", "sitemap half", "pages html", "leaves")]
    rows += [("pages", t, False) for t in ("pages gone", "forbids")]
    plain = 40 - len(rows)
    rows += [(("feed", "api", "pages")[n % 3], "", n % 5 < 4) for n in range(plain)]
    if small:
        rows = [
            ("feed", "", True), ("pages", "", True), ("pages", "pages gone", False),
            ("feed", "html", True), ("api", "empty", True), ("feed", "forbids", True),
        ]  # fmt: skip
    rhythms = (2, 3) if small else (25, 35, 45, 60)
    return [
        Board(f"b{n:02}", form, trouble, complete, rhythms[n % len(rhythms)])
        for n, (form, trouble, complete) in enumerate(rows)
    ]


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
        elif match := _TOKEN.search(words[row["content"]]):
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
