"""What strangers send is read within bounds, and others are served meanwhile."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
import uvicorn
from benchmarks.bombs import bombs
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from marsad.backoffice.sinks import FileSink
from marsad.base.apart import BUSY, TOO_COSTLY, Bounds, Places, apart
from marsad.base.errors import InputError
from marsad.base.pdf import read_pdf
from marsad.base.settings import Settings, read_settings
from marsad.cli.assemble import desk_of
from marsad.cli.serve import Current
from marsad.cli.serve import serve as run_server
from marsad.flow.steps import Flow
from marsad.products.matching.document import CvError, read
from marsad.publish.http.connections import Patience, TimedConnection
from marsad.publish.http.limits import caller_of
from marsad.web.app import create_app
from served import serve

CV = Path(__file__).parent / "fixtures" / "cv" / "typst.pdf"
REFUSED = {
    "ar": ("يتطلب", "أكثر"), "fr": ("demande plus", "contient plus", "dépasse"),
    "en": ("takes more", "holds more", "unpacks to more"),
}  # fmt: skip


def _endless(data: bytes) -> int:
    while data:
        pass
    return 0


def _greedy(data: bytes) -> int:
    return len(bytearray(2_000_000_000)) + len(data)


def _crash(data: bytes) -> None:
    import os

    os.abort()


def _writes(data: bytes) -> None:
    Path("written").write_bytes(data)


@pytest.mark.parametrize("reader", [_endless, _greedy, _crash, _writes])
def test_a_reader_that_takes_too_much_ends_alone(
    reader: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = str(Path(__file__).parent)
    monkeypatch.setattr("marsad.base.apart._ROOT", f"{root}:{Path(__file__).parents[1]}:{_src()}")
    reader.__module__ = "test_bounds"  # type: ignore[attr-defined]
    with pytest.raises(InputError, match=TOO_COSTLY):
        apart(reader, b"x", Bounds(cpu_seconds=3, seconds=60, memory=1_500_000_000))  # type: ignore[arg-type]
    assert not Path("written").exists() or not Path("written").read_bytes()
    Path("written").unlink(missing_ok=True)


def _src() -> str:
    import marsad

    return str(Path(marsad.__file__).parents[1])


def test_what_a_reader_says_comes_through() -> None:
    assert len(apart(read_pdf, CV.read_bytes(), most_pages=1, most_letters=500)) > 100
    with pytest.raises(InputError, match="damaged"):
        apart(read_pdf, b"%PDF-1.7 nothing", most_pages=1, most_letters=500)


def test_who_comes_when_all_places_are_taken_is_told_so() -> None:
    places = Places(at_once=1, waiting=0)
    with places.take(), pytest.raises(InputError, match=BUSY), places.take():
        pass
    with places.take():
        pass


@pytest.mark.parametrize("name", bombs())
def test_every_bomb_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(CvError) as refused:
        read(bombs()[name])
    assert refused.value.code in ("too_long", "too_costly", "unpacks")


@pytest.fixture(scope="module")
def site(small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("bounds") / "home"
    shutil.copytree(small_home, home)
    flow = Flow(Settings(home=home, workers=1))
    desk = desk_of(flow.control, FileSink(home / "outbox"), lambda: flow.lake, home)
    yield from serve(create_app(Current(flow.releases), desk=desk))


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_bomb_is_refused_in_the_language_of_its_sender(site: str, language: str) -> None:
    for name in ("PDF, 30 pages sharing 1,000,000 words", "DOCX, a million nested paragraphs"):
        answer = httpx2.post(f"{site}/{language}/match", files={"cv": ("cv.pdf", bombs()[name])})
        assert answer.status_code == 200
        assert any(words in answer.text for words in REFUSED[language]), name


def test_others_are_served_while_bombs_are_read(site: str) -> None:
    bomb = bombs()["PDF, 30 pages sharing 1,000,000 words"]
    send = lambda _: httpx2.post(f"{site}/fr/match", files={"cv": ("cv.pdf", bomb)})  # noqa: E731
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(send, n) for n in range(8)]
        served = 0
        while not all(answer.done() for answer in sent):
            assert httpx2.get(f"{site}/healthz").status_code == 200
            served += 1
            time.sleep(0.05)
    assert served
    answers = [answer.result() for answer in sent]
    assert {answer.status_code for answer in answers} == {200}
    assert any("Plusieurs fichiers" in answer.text for answer in answers)


@pytest.mark.parametrize(
    ("proxies", "peer", "caller"),
    [
        ("", "127.0.0.1", "127.0.0.1"), ("", "10.0.0.9", "10.0.0.9"),
        ("127.0.0.1", "127.0.0.1", "203.0.113.5"), ("10.0.0.0/8", "10.0.0.9", "203.0.113.5"),
        ("10.0.0.0/8", "192.0.2.1", "192.0.2.1"),
    ],
)  # fmt: skip
def test_who_a_visitor_is_is_believed_of_named_proxies_alone(
    proxies: str, peer: str, caller: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    configs: list[uvicorn.Config] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, _sockets: configs.append(self.config))
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")  # of the server alone: ours counts

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(caller_of(scope))(scope, receive, send)

    run_server(app, read_settings({"MARSAD_PROXIES": proxies}))  # type: ignore[arg-type]
    configs[0].load()
    client = TestClient(configs[0].loaded_app, client=(peer, 1))
    assert client.get("/", headers={"X-Forwarded-For": "203.0.113.5"}).text == caller


def test_one_address_has_so_many_connections() -> None:
    class Few(TimedConnection):
        patience = Patience(of_one=3)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("here")(scope, receive, send)

    for address in serve(app, Few):
        parts = urlsplit(address)
        lines = [
            socket.create_connection((parts.hostname or "", parts.port or 0)) for _ in range(3)
        ]
        time.sleep(0.3)  # until the server has taken them
        with pytest.raises(httpx2.HTTPError):
            httpx2.get(address)
        lines[0].close()
        for _ in range(100):
            try:
                assert httpx2.get(address).text == "here"
                break
            except httpx2.HTTPError:
                time.sleep(0.1)
        else:
            raise AssertionError("a connection that ended still counts")
        for line in lines:
            line.close()
