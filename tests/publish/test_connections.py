"""Who holds a connection without getting on is cut off, and others are served meanwhile."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from marsad.publish.http.connections import Patience, TimedConnection
from served import serve

MUCH = 30_000_000
GIVE_UP = 60


class Hasty(TimedConnection):
    """A connection with little patience, so that the test is short."""

    patience = Patience(head=0.6, progress=0.8, least_rate=1_000, connections=12, look=0.05)


async def _length(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    routes = [
        Route("/", lambda _request: PlainTextResponse("here")),
        Route("/much", lambda _request: PlainTextResponse("x" * MUCH)),
        Route("/length", _length, methods=["POST"]),
    ]
    yield from serve(Starlette(routes=routes), Hasty)


@pytest.fixture
def line(address: str) -> Iterator[socket.socket]:
    with closing(_line(address)) as opened:
        yield opened


def _line(address: str) -> socket.socket:
    where = urlsplit(address)
    assert where.hostname
    assert where.port
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    opened.settimeout(GIVE_UP)
    opened.connect((where.hostname, where.port))
    return opened


def _cut_off(line: socket.socket) -> bool:
    """Whether the other side ends the line, with or without a word, before we give up."""
    try:
        while line.recv(65_536):
            pass
    except ConnectionError:
        return True
    return True


def _served(address: str) -> bool:
    return httpx2.get(address).text == "here"


def test_nothing_sent_is_cut_off(line: socket.socket, address: str) -> None:
    assert _served(address)
    assert _cut_off(line)


@pytest.mark.parametrize("before", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"])
def test_a_head_in_drops_is_cut_off(line: socket.socket, address: str, before: bytes) -> None:
    """The first one, and one after an answer on the same line."""
    line.sendall(before)
    try:
        for _ in range(GIVE_UP * 20):
            line.sendall(b"G" if not before else b"X")
            assert _served(address)
            time.sleep(0.05)
    except ConnectionError:
        return
    pytest.fail("it was never cut off")


def test_a_half_sent_body_is_cut_off(line: socket.socket, address: str) -> None:
    line.sendall(b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nhalf")
    assert _served(address)
    assert _cut_off(line)


def test_a_body_that_goes_on_slowly_is_waited_for(line: socket.socket) -> None:
    head = b"POST /length HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 20000\r\n\r\n"
    line.sendall(head)
    for _ in range(20):
        line.sendall(b"x" * 1_000)
        time.sleep(0.1)
    assert line.recv(65_536).endswith(b"20000")


def test_an_answer_that_is_never_read_is_cut_off(line: socket.socket, address: str) -> None:
    line.sendall(b"GET /much HTTP/1.1\r\nHost: x\r\n\r\n")
    time.sleep(3 * Hasty.patience.progress)
    assert _served(address)
    got = 0
    try:
        while part := line.recv(1_000_000):
            got += len(part)
    except ConnectionError:
        pass
    assert got < MUCH


def test_an_answer_that_is_read_slowly_comes_whole(line: socket.socket) -> None:
    line.sendall(b"GET /much HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    got = 0
    while part := line.recv(400_000):
        got += len(part)
        time.sleep(0.002)
    assert got > MUCH


def test_who_waits_longest_makes_room(address: str) -> None:
    lines = [_line(address) for _ in range(3 * Hasty.patience.connections)]
    assert _served(address)
    assert all(map(_cut_off, lines))
    for line in lines:
        line.close()


def test_lines_are_kept_for_the_next_question(address: str) -> None:
    with httpx2.Client(base_url=address) as client:
        assert {client.get("/").text for _ in range(20)} == {"here"}
        assert client.post("/length", content=b"x" * 200_000).text == "200000"
