"""The sources of a day in the life (`day.py`): boards on loopback whose servers follow a script drawn by chance,
with the log of what they showed."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec

from marsad.collect.fetch.plan import Fetch, Paging
from marsad.collect.register import Source, source

TRADES = "Comptable Chauffeur Infirmier Soudeur Vendeur Cuisinier Secrétaire Maçon".split()
TOWNS = "Rabat Casablanca Fès Tanger Agadir Oujda".split()
TOKEN = re.compile(r"zq(\d+)v(\d+)")
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
