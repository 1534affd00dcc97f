"""HEAD and OPTIONS on the machine interfaces, and a site below a path or behind a proxy."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx2
import pytest

from marsad.base.build import served_code
from marsad.cli.serve import Current
from marsad.flow.steps import Flow
from marsad.publish.http import answer_cache, replies
from marsad.web.app import create_app
from served import serve

ADDRESSES = (
    "/api/v1/indicators",
    "/api/v1/indicators/unemployment_rate/data?area=MA",
    "/api/v1/ads?q=soudeur",
    "/api/openapi.json",
    "/sdmx/3.0/structure/dataflow",
    "/catalogue",
    "/catalogue.ttl",
    "/fr/releases.rss",
    "/fr/",
    "/robots.txt",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_has_the_head_of_get(live_site: str, address: str) -> None:
    head, get = httpx2.head(live_site + address), httpx2.get(live_site + address)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "etag"):
        assert head.headers.get(name) == get.headers.get(name)


def test_the_head_of_a_stream_ends(live_site: str) -> None:
    head = httpx2.head(f"{live_site}/api/v1/stream")
    assert head.headers["content-type"].startswith("text/event-stream")


@pytest.mark.parametrize(
    "address", [a for a in ADDRESSES if a.startswith(("/api", "/sdmx", "/cat"))]
)
def test_a_page_of_another_origin_may_ask_with_a_key(live_site: str, address: str) -> None:
    wanted = {
        "Origin": "https://other.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "x-api-key,if-none-match",
    }
    answer = httpx2.options(live_site + address, headers=wanted)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert {"x-api-key", "if-none-match", "authorization"} <= set(re.split(r",\s*", allowed))
    assert "RateLimit-Limit" not in answer.headers


def test_the_tag_changes_with_the_code(live_site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"{live_site}/api/v1/indicators"
    tag = httpx2.get(address).headers["etag"]
    assert httpx2.get(address, headers={"If-None-Match": tag}).status_code == 304
    for module in (replies, answer_cache):
        monkeypatch.setattr(module, "served_code", lambda: served_code() + "mended")
    assert httpx2.get(address, headers={"If-None-Match": tag}).status_code == 200


@pytest.fixture
def below(embedded: Flow, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("MARSAD_SITE", "https://host.example/observatoire")
    yield from serve(create_app(Current(embedded.releases)))


PAGES = (
    "/fr/",
    "/ar/indicators/unemployment_rate",
    "/fr/areas/MA-06",
    "/fr/ads",
    "/fr/data",
    "/en/match",
)


@pytest.mark.parametrize("passed_on", ["", "/observatoire"])
def test_below_a_path_every_address_is_below_it(below: str, passed_on: str) -> None:
    for page in PAGES:
        answer = httpx2.get(below + passed_on + page)
        assert answer.status_code == 200
        addresses = re.findall(
            r'(?:href|src|action|content)="(/[^"]*|https?://host[^"]*)"', answer.text
        )
        assert len(addresses) > 20
        outside = [a for a in addresses if "/observatoire/" not in a or a.count("observatoire") > 1]
        assert outside == []
    first = httpx2.get(below + passed_on + "/", follow_redirects=False)
    assert first.headers["location"].startswith("/observatoire/")
    style = re.search(r'href="(/observatoire/static/marsad[^"]*css)"', answer.text)
    assert style
    answer = httpx2.get(below + style[1].removeprefix("/observatoire"))
    assert answer.status_code == 200
    assert 'url("/static' not in answer.text.replace("'", '"')
    following = httpx2.get(f"{below}/api/v1/ads?size=2").headers["link"]
    assert "/observatoire/api/v1/ads" in following


def test_a_proxy_that_passes_no_host_on_does_not_close_the_forms(below: str) -> None:
    form = {"text": "comptable", "intent": "text"}
    ours = httpx2.post(f"{below}/fr/match", data=form, headers={"Origin": "https://host.example"})
    assert ours.status_code == 200
    foreign = httpx2.post(
        f"{below}/fr/match", data=form, headers={"Origin": "https://evil.example"}
    )
    assert foreign.status_code == 403


def test_what_an_address_takes_is_said(live_site: str) -> None:
    """Allow agrees between OPTIONS and a refusal; what is not there takes nothing."""
    for path, allowed in (
        ("/api/v1/indicators", "GET, HEAD, OPTIONS"),
        ("/api/v1/matching", "GET, HEAD, OPTIONS, POST"),
        ("/sdmx/2.1/dataflow", "GET, HEAD, OPTIONS"),
        ("/catalogue", "GET, HEAD, OPTIONS"),
    ):
        assert httpx2.options(live_site + path).headers["allow"] == allowed
        refused = httpx2.delete(live_site + path, headers={"Accept-Language": "fr"})
        assert (refused.status_code, refused.headers["allow"]) == (405, allowed)
        assert refused.json()["title"] == "Cette méthode n’existe pas ici"
    assert httpx2.options(f"{live_site}/api/v1/nothing").status_code == 404


@pytest.mark.parametrize("address", [*ADDRESSES[:3], "/sdmx/2.1/data/DF_NEW_ADS", "/fr/indicators"])
def test_each_coding_has_a_tag_of_its_own_and_304_the_headers_of_200(
    live_site: str, address: str
) -> None:
    tags = {}
    for coding in ("identity", "gzip", "br"):
        plain = {"Accept-Encoding": coding}
        answer = httpx2.get(live_site + address, headers=plain)
        tags[coding] = answer.headers["etag"]
        for _ in range(3):  # made anew, asked again, held
            same = httpx2.get(live_site + address, headers={**plain, "If-None-Match": tags[coding]})
            assert same.status_code == 304
            for name in ("etag", "cache-control", "vary"):
                assert same.headers.get(name) == answer.headers.get(name), name
    assert len(set(tags.values())) == 3
    other = {"Accept-Encoding": "br", "If-None-Match": tags["gzip"]}
    assert httpx2.get(live_site + address, headers=other).status_code == 200
