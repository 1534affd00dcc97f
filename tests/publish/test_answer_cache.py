"""Answers that are given again: the same bytes, never of another release, never a visitor's own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from marsad.lake.answer_store import AnswerStore
from marsad.publish.http import answer_cache
from marsad.publish.http.answer_cache import (
    SESSION,
    AnswerCache,
    Served,
    encoding_of,
    of_figures,
)
from marsad.web.middleware import Compression


class Site:
    """A small site over «releases», that counts how often it makes each page."""

    def __init__(self, store: AnswerStore | None = None) -> None:
        self.release, self.figures, self.made = "r1", "f1", 0
        self.lock = threading.Lock()
        routes = [
            Route(path, getattr(self, name))
            for path, name in (
                ("/fr/page", "page"), ("/ar/page", "page"), ("/api/v1/values", "values"),
                ("/fr/own", "own"), ("/fr/cookie", "cookie"), ("/fr/missing", "missing"),
                ("/fr/swapped", "swapped"), ("/fr/broken", "broken"), ("/fr/figures", "figure"),
            )
        ]  # fmt: skip
        cache = Middleware(AnswerCache, served=self.served, store=store)
        self.app = Starlette(routes=routes, middleware=[cache, Middleware(Compression)])

    def served(self) -> Served:
        return Served(self.figures, self.release)

    def _answer(self, text: str, status: int = 200, release: str = "", **headers: str) -> Response:
        with self.lock:
            self.made += 1
        tag = {"etag": f'W/"{release or self.release}-1"', "cache-control": "no-cache"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Response(text, status, {**tag, **named}, media_type="text/html")

    def page(self, request: Request) -> Response:
        release = self.release
        text = f"{release} {request.url.path}?{request.url.query} {request.url.netloc} " * 40
        return self._answer(text, release=release)

    def figure(self, request: Request) -> Response:
        of_figures(request)
        return self._answer(self.figures, release=self.figures)

    def values(self, request: Request) -> Response:
        headers = request.headers
        return self._answer(
            f"{self.release} {headers.get('accept')} {headers.get('accept-language')}"
        )

    def own(self, request: Request) -> Response:
        return self._answer(f"{request.cookies}", cache_control="no-store")

    def cookie(self, _request: Request) -> Response:
        return self._answer("yours", set_cookie="a=b")

    def missing(self, _request: Request) -> Response:
        return self._answer("missing", 404)

    def swapped(self, _request: Request) -> Response:
        answer = self._answer(f"made of {self.release}")
        self.release = "r2"  # a newer release is taken up while this is under way
        return answer

    def broken(self, _request: Request) -> Response:
        def parts() -> Iterator[str]:
            yield "half"
            raise RuntimeError

        return StreamingResponse(parts(), headers={"etag": '"x"'}, media_type="text/html")


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def client(site: Site) -> TestClient:
    return TestClient(site.app, raise_server_exceptions=False)


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity", "gzip;q=0.5, br;q=0"])
def test_an_answer_is_made_once_and_given_again_as_it_was(
    site: Site, client: TestClient, encoding: str
) -> None:
    first, again = (client.get("/fr/page", headers={"accept-encoding": encoding}) for _ in range(2))
    assert site.made == 1
    assert first.content == again.content
    assert first.headers.get("content-encoding") == again.headers.get("content-encoding")
    assert "accept-encoding" in again.headers.get("vary", "").lower()
    assert client.get("/fr/page", headers={"accept-encoding": "deflate"}).text == again.text


def test_languages_hosts_and_what_is_accepted_have_answers_of_their_own(
    site: Site, client: TestClient
) -> None:
    texts = {client.get(f"/{language}/page").text for language in ("fr", "ar", "fr", "ar")}
    assert len(texts) == site.made == 2
    assert "other.example" in client.get("/fr/page", headers={"host": "other.example"}).text
    asked = [{"accept": a, "accept-language": b} for a in ("x/1", "x/2") for b in ("fr", "ar")]
    for headers in asked * 2:
        told = client.get("/api/v1/values", headers=headers).text
        assert told == f"r1 {headers['accept']} {headers['accept-language']}"


def test_who_has_an_answer_is_told_that_it_stands(client: TestClient) -> None:
    tag = client.get("/fr/page").headers["etag"]
    for given in (tag, tag.removeprefix("W/"), f'"other", {tag}'):
        told = client.get("/fr/page", headers={"if-none-match": given})
        assert (told.status_code, told.content, told.headers["etag"]) == (304, b"", tag)
    other = client.get("/fr/page", headers={"if-none-match": '"other"'})
    assert other.status_code == 200
    assert other.content


def test_a_newer_release_is_never_answered_with_an_older_one(
    site: Site, client: TestClient
) -> None:
    assert "r1" in client.get("/fr/swapped").text
    assert client.get("/fr/swapped").text == "made of r2"


def test_an_edition_leaves_answers_of_figures_and_a_release_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_cache, "CHECK_SECONDS", -1.0)
    site = Site(AnswerStore(tmp_path, 1_000_000))
    client = TestClient(site.app)
    first = {path: client.get(path) for path in ("/fr/figures", "/fr/page")}
    site.release = "r2"
    made = site.made
    assert client.get("/fr/figures").headers["etag"] == first["/fr/figures"].headers["etag"]
    assert site.made == made
    assert client.get("/fr/page").headers["etag"] != first["/fr/page"].headers["etag"]
    assert TestClient(Site(AnswerStore(tmp_path, 1_000_000)).app).get("/fr/figures").text == "f1"
    site.figures = "f2"
    assert client.get("/fr/figures").text == "f2"


@pytest.mark.parametrize("path", ["/fr/own", "/fr/cookie", "/fr/missing", "/fr/broken"])
def test_what_is_a_visitors_own_or_no_whole_answer_is_made_anew(
    site: Site, client: TestClient, path: str
) -> None:
    made = []
    for _ in range(3):
        client.get(path)
        made.append(site.made)
    assert path == "/fr/broken" or made == [1, 2, 3]
    if path == "/fr/broken":
        assert client.get(path).headers.get("content-length") is None


def test_who_is_signed_in_neither_gets_nor_leaves_an_answer(site: Site, client: TestClient) -> None:
    signed = {"cookie": f"a=b; {SESSION}=secret"}
    client.get("/fr/page", headers=signed)
    client.get("/fr/page", headers=signed)
    assert site.made == 2
    client.get("/fr/page")
    client.get("/fr/page", headers=signed)
    assert site.made == 4


def test_made_up_questions_push_nothing_out(site: Site, tmp_path: Path) -> None:
    store = AnswerStore(tmp_path, 1_000_000)
    site = Site(store)
    client = TestClient(site.app)
    client.get("/fr/page")
    for n in range(300):
        client.get(f"/fr/page?made-up={n}")
    assert site.made == 301
    client.get("/fr/page")
    assert site.made == 301
    for _ in range(4):
        client.get("/fr/page?q=asked-often")
    assert site.made == 303


def test_processes_share_what_one_of_them_made(tmp_path: Path) -> None:
    one, two = (Site(AnswerStore(tmp_path, 1_000_000)) for _ in range(2))
    texts = {TestClient(site.app).get("/fr/page").content for site in (one, two)}
    assert len(texts) == 1
    assert (one.made, two.made) == (1, 0)


def test_swaps_under_load_give_whole_answers_of_one_release(tmp_path: Path) -> None:
    """Many threads read while releases are swapped: each answer is of the release that its tag names,
    and at the end of the newest."""
    site = Site(AnswerStore(tmp_path, 1_000_000))
    wrong: list[str] = []

    def read() -> None:
        with TestClient(site.app) as client:
            for n in range(60):
                answer = client.get(f"/fr/page?n={n % 3}" if n % 2 else "/fr/page")
                release = answer.headers["etag"].removeprefix('W/"').split("-")[0]
                words = set(answer.text.split()[::3])
                if words != {release}:
                    wrong.append(answer.text[:80])

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(2, 40):
        site.release = f"r{n}"
    for thread in threads:
        thread.join()
    assert not wrong
    assert "r39" in TestClient(site.app).get("/fr/page?last").text


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("br;q=0, *;q=0.1", "gzip"),
        ("identity", "identity"),
        ("", "identity"),
    ],
)
def test_the_encoding_is_that_of_compression(accepted: str, encoding: str) -> None:
    assert encoding_of(accepted) == encoding
    client = TestClient(Site().app)
    got = client.get("/fr/page", headers={"accept-encoding": accepted}).headers
    assert got.get("content-encoding", "identity") == encoding
