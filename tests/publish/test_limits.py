"""Fair limits and keys: published, counted, refused with the time to come again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from marsad.backoffice import api_keys
from marsad.cli.main import main
from marsad.lake.control import Control
from marsad.publish.http import limits
from marsad.publish.http.limits import Limiter, Limits, caller_of, form_of
from served import serve


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx2.Client]:
    monkeypatch.setattr(limits, "ANONYMOUS", 60)
    monkeypatch.setattr(limits, "BURST", 3)
    handler = lambda _request: PlainTextResponse("ok")  # noqa: E731
    app = Starlette(routes=[Route("/api/x", handler), Route("/fr/", handler)])
    known = {"good": 600, "slow": 5}
    for address in serve(Limits(app, known.get, Limiter(clock))):  # type: ignore[arg-type]
        with httpx2.Client(base_url=address) as client:
            yield client


def test_a_caller_above_its_limit_is_told_when_to_come_again(
    site: httpx2.Client, clock: Clock
) -> None:
    answers = [site.get("/api/x") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert [a.headers["RateLimit-Remaining"] for a in answers] == ["2", "1", "0", "0"]
    assert {a.headers["RateLimit-Limit"] for a in answers} == {"3"}
    assert [a.headers["RateLimit-Reset"] for a in answers] == ["1", "2", "3", "3"]
    assert answers[3].headers["Retry-After"] == "1"
    assert answers[3].headers["content-type"] == "application/problem+json"
    clock.now = 1.0
    assert site.get("/api/x").status_code == 200


def test_pages_have_a_bucket_of_their_own_and_what_is_static_none(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ANONYMOUS", 60)
    monkeypatch.setattr(limits, "BURST", 3)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("ok")(scope, receive, send)

    site = TestClient(Limits(app, lambda _key: None, Limiter(clock)), client=("198.51.100.7", 1))
    assert [site.get("/fr/").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = site.get("/fr/")
    assert "Réessayez dans 1 secondes" in refused.text
    assert refused.headers["Retry-After"] == "1"
    assert site.get("/api/x").status_code == 200
    assert {site.get("/static/x").status_code for _ in range(9)} == {200}


def test_a_key_gets_what_it_says_and_no_burst_above_it(site: httpx2.Client, clock: Clock) -> None:
    asks = lambda n: [site.get("/api/x", headers={"X-API-Key": "slow"}) for _ in range(n)]  # noqa: E731
    assert [a.status_code for a in asks(40)] == [200] * 5 + [429] * 35
    clock.now = 12.0
    assert [a.status_code for a in asks(2)] == [200, 429]
    clock.now = 10_000.0
    assert [a.status_code for a in asks(40)].count(200) == 5


def test_a_long_answer_costs_more_than_one_question(clock: Clock) -> None:
    limiter = Limiter(clock)

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        clock.now += 6.0
        await PlainTextResponse("ok")(scope, receive, send)

    # Sixty a minute, all at once: each answer of six seconds costs sixteen, and six come back meanwhile.
    client = TestClient(Limits(slow, lambda _key: 60, limiter, clock))
    status = [client.get("/api/x", headers={"X-API-Key": "k"}).status_code for _ in range(12)]
    assert status[:5] == [200] * 5
    assert 429 in status[5:8]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/fr/admin/login", "/admin/login"), ("/ar/alerts", "/alerts"), ("/zgh/match", "/match"),
        ("/fr/match/employer", "/match"), ("/en/ads/a-b/report", "/report"), ("/fr/alerts/token", ""),
        ("/fr/admin/reports", ""),
    ],
)  # fmt: skip
def test_each_form_has_its_limit(path: str, form: str) -> None:
    assert form_of(path) == form


def test_one_address_cannot_send_forms_without_end(clock: Clock) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("ok")(scope, receive, send)

    limits_of = Limits(app, lambda _key: None, Limiter(clock))
    client, other = TestClient(limits_of), TestClient(limits_of, client=("198.51.100.7", 1))
    for path, most in (("/fr/alerts", 10), ("/fr/ads/x/report", 20), ("/fr/admin/login", 20)):
        status = [client.post(path).status_code for _ in range(most + 5)]
        assert status == [200] * most + [429] * 5, path
        assert other.post(path).status_code == 200
    clock.now = 4_000.0
    assert [client.post("/fr/alerts").status_code for _ in range(12)].count(200) == 10


@pytest.mark.parametrize(
    ("address", "caller"),
    [
        ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"), ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"), ("testclient", "testclient"),
    ],
)  # fmt: skip
def test_a_house_is_one_caller(address: str, caller: str) -> None:
    assert caller_of({"client": (address, 1)}) == caller


def test_a_key_has_a_bucket_of_its_own(site: httpx2.Client) -> None:
    for _ in range(4):
        site.get("/api/x")
    for headers in ({"X-API-Key": "good"}, {"Authorization": "Bearer good"}):
        answer = site.get("/api/x", headers=headers)
        assert (answer.status_code, answer.headers["RateLimit-Limit"]) == (200, "600")
        assert answer.headers["RateLimit-Policy"] == "600;w=60"


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ar", "مفتاح غير معروف أو ملغى"),
        ("fr-MA,fr;q=0.9", "Clé inconnue ou révoquée"),
        ("de", "This key is unknown or revoked"),
    ],
)
def test_an_unknown_key_is_refused_in_the_callers_language(
    site: httpx2.Client, language: str, title: str
) -> None:
    headers = {"X-API-Key": "stolen", "Accept-Language": language}
    answer = site.get("/api/x", headers=headers)
    assert answer.status_code == 401
    body = answer.json()
    assert (body["title"], body["status"]) == (title, 401)
    assert set(body["titles"]) == {"ar", "fr", "en"}


def test_a_key_is_made_known_and_revoked(tmp_path: Path, database: str) -> None:
    run = CliRunner(env={"MARSAD_HOME": str(tmp_path), "MARSAD_DATABASE": database})
    key = run.invoke(main, ["keys", "add", "ONMT", "--per-minute", "9000"]).output.strip()
    control = Control(database or tmp_path / "control.db")
    assert api_keys.limit_of(control, key) == 9000
    assert key not in str(control.api_keys())
    listed = run.invoke(main, ["keys", "list"]).output
    assert "ONMT" in listed
    start = control.api_keys()[0]["sha256"][:12]
    assert run.invoke(main, ["keys", "revoke", start.upper()]).exit_code == 0
    assert api_keys.limit_of(control, key) is None
    assert run.invoke(main, ["keys", "revoke", start]).exit_code == 1
    assert run.invoke(main, ["keys", "revoke", "ab"]).exit_code == 2


def test_errors_of_the_api_are_problem_details(live_site: str) -> None:
    for path, status in (
        ("/api/v1/indicators/wages", 404),
        ("/api/v1/indicators/unemployment_rate/data?limit=x", 422),
        ("/api/v1/indicators/unemployment_rate/data?colour=red", 400),
        ("/api/v1/nothing", 404),
    ):
        answer = httpx2.get(live_site + path, headers={"Accept-Language": "ar"})
        assert (answer.status_code, answer.json()["status"]) == (status, status), path
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["title"] == answer.json()["titles"]["ar"]
        assert answer.json()["detail"]
