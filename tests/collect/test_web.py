"""The one door to HTTP, against a server on loopback: robots, distance in time, sizes, refusals."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from marsad.base.errors import InputError, PlaceError, RefusedError
from marsad.collect.fetch import client
from marsad.collect.fetch.client import Door

PAGES = {
    "/robots.txt": (200, b"User-agent: *\nDisallow: /private\nCrawl-delay: 3\n"),
    "/feed.xml": (200, b"<rss><channel/></rss>"),
    "/busy": (503, b""),
    "/gone": (404, b""),
    "/large": (200, b"x" * 5000),
}


class _Site(BaseHTTPRequestHandler):
    requests: list[tuple[str, str]] = []  # noqa: RUF012 - shared by the handler's instances on purpose

    def do_GET(self) -> None:
        self.requests.append((self.path, self.headers["User-Agent"]))
        status, body = PAGES.get(self.path, (404, b""))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    _Site.requests.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_robots_is_read_first_once_and_obeyed(site: str) -> None:
    waits: list[float] = []
    door = Door(sleep=waits.append)
    assert door.fetch(f"{site}/feed.xml").data.startswith(b"<rss>")
    door.fetch(f"{site}/feed.xml")
    with pytest.raises(RefusedError, match="forbids /private/ads"):
        door.fetch(f"{site}/private/ads")
    door.close()
    paths = [path for path, _ in _Site.requests]
    assert paths == ["/robots.txt", "/feed.xml", "/feed.xml"]
    assert all("Marsad" in agent for _, agent in _Site.requests)
    assert len(waits) == 1
    assert 2.5 < waits[0] <= 3.0  # the delay that robots.txt asks for


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("/busy", PlaceError, "come back later"),
        ("/gone", InputError, "answered 404"),
        ("/large", InputError, "larger than"),
    ],
)
def test_refusals_are_told_apart(
    site: str, path: str, error: type[Exception], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "MOST_BYTES", 1000)
    door = Door(sleep=lambda _: None)
    with pytest.raises(error, match=words):
        door.fetch(site + path)
    door.close()


def test_other_addresses_are_not_opened() -> None:
    door = Door()
    for address in ("file:///etc/passwd", "ftp://127.0.0.1/x", "nonsense"):
        with pytest.raises(InputError, match="not an http address"):
            door.fetch(address)
    with pytest.raises(PlaceError, match="does not answer"):
        door.fetch("http://127.0.0.1:9/feed.xml")
    door.close()
