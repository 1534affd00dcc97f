"""Sites on loopback for tests of the fetcher: what they answer is set by path, what was asked is kept."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec

from marsad.collect.fetch.plan import Agreement, Fetch
from marsad.collect.register import Source, source
from marsad.flow.fetching import Fetcher
from marsad.flow.steps import Flow
from marsad.flow.watch import Watch
from marsad.lake.vault import Vault

Answer = tuple[int, dict[str, str], bytes]
DAY = dt.date(2026, 11, 30)


@dataclass
class Asked:
    """One request as the server saw it."""

    at: float
    path: str
    headers: Mapping[str, str]
    status: int = 0


@dataclass
class Site:
    """A server: path -> an answer, or a function of the handler that gives one (None: it answered)."""

    pages: dict[str, Answer | Callable[[BaseHTTPRequestHandler], Answer | None]] = field(
        default_factory=dict
    )
    log: list[Asked] = field(default_factory=list)
    address: str = ""

    def put(self, path: str, body: bytes | str, status: int = 200, **headers: str) -> None:
        """Answer a path with a body; underscores in names of headers are hyphens."""
        data = body.encode() if isinstance(body, str) else body
        self.pages[path] = status, {k.replace("_", "-"): v for k, v in headers.items()}, data

    def ads(self, path: str, ads: list[dict[str, str]], **headers: str) -> None:
        """Answer a path with a JSON feed of ads."""
        self.put(path, json.dumps(ads), content_type="application/json", **headers)

    def paths(self) -> list[str]:
        """The paths that were asked for, without robots.txt."""
        return [asked.path for asked in self.log if asked.path != "/robots.txt"]


def ad(number: int, title: str = "Comptable", **more: str) -> dict[str, str]:
    """One ad of a feed."""
    return {
        "id": f"ad-{number}", "title": f"{title} {number}", "company": "Atlas SA", "city": "Rabat",
        "description": f"Nous recrutons {title} numéro {number} à Rabat, contrat CDI.", "country": "MA",
        "date_posted": "2026-11-20", **more,
    }  # fmt: skip


def page(number: int, title: str = "Comptable") -> str:
    """The page of an ad, with its schema.org block."""
    block = {
        "@context": "https://schema.org", "@type": "JobPosting", "title": f"{title} {number}",
        "identifier": f"p{number}",
        "description": f"Poste de {title} numéro {number} à Rabat.", "datePosted": "2026-11-20",
        "hiringOrganization": {"@type": "Organization", "name": "Atlas SA"},
        "jobLocation": {"@type": "Place", "address": {"addressLocality": "Rabat", "addressCountry": "MA"}},
    }  # fmt: skip
    words = json.dumps(block)
    return f'<html><body><script type="application/ld+json">{words}</script></body></html>'


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve a site on loopback until the caller ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = Asked(time.monotonic(), self.path, dict(self.headers.items()))
            site.log.append(asked)
            answer = site.pages.get(self.path, (404, {}, b""))
            if callable(answer):
                made = answer(self)
                if made is None:
                    return
                answer = made
            status, headers, body = answer
            tag = headers.get("ETag")
            if tag and self.headers.get("If-None-Match") == tag:
                status, body = 304, b""
            asked.status = status
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that goes away is part of some tests."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def fetched(
    form: str, plan: Fetch, *, name: str = "", agreement: Agreement | None = None
) -> Source:
    """A source of the package, as one that is fetched by a plan."""
    spec = source(form)
    right = msgspec.structs.replace(
        spec.right,
        agreement=agreement,
        checked_on=DAY,
        declaration="D-1",
        contact="test@exemple.ma",
    )
    return msgspec.structs.replace(spec, id=name or spec.id, fetch=plan, right=right)


def poll(flow: Flow, *specs: Source, day: dt.date = DAY) -> None:
    """One poll of each source, taken in."""
    stop = threading.Event()
    fetcher = Fetcher(flow.control, Vault(flow.settings.home / "vault"), specs, stop, lambda: day)
    fetcher.run(once=True)
    watch = Watch(flow, specs, lambda: day)
    while watch.take_in():
        pass


def last(flow: Flow, spec: Source) -> dict[str, object]:
    return flow.control.polls(spec.id, 1)[0]


def feed(site: Site, **more: object) -> Source:
    more = {"every": "60s", "delay": 0.0, "loopback": True, **more}
    return fetched("job_feed", Fetch(starts=(f"{site.address}/jobs.json",), **more))  # type: ignore[arg-type]


def board(site: Site, numbers: list[int], **more: object) -> Source:
    """A board with a page for each ad, behind an index of sitemaps."""
    base = site.address
    site.put(
        "/sitemap.xml",
        f"<sitemapindex><sitemap><loc>{base}/jobs.xml</loc></sitemap></sitemapindex>",
    )
    names = (
        f"<url><loc>{base}/jobs/{n}</loc><lastmod>2026-11-{n % 28 + 1:02}</lastmod></url>"
        for n in numbers
    )
    site.put("/jobs.xml", f"<urlset>{''.join(names)}<url><loc>{base}/about</loc></url></urlset>")
    for n in numbers:
        site.put(f"/jobs/{n}", page(n))
    more = {"every": "60s", "delay": 0.0, "loopback": True, "links": r"/jobs/\d+$", **more}
    plan = Fetch(starts=(f"{base}/sitemap.xml",), discover="pages", **more)  # type: ignore[arg-type]
    return fetched("jobposting_pages", plan)
