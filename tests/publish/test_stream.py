"""The live feed over a real server: pages by cursor, server-sent events, RSS."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import httpx2
import pytest


def _events(site: str, wanted: int, **headers: str) -> list[dict[str, Any]]:
    """The first events of the stream, as a browser reads them."""
    events: list[dict[str, Any]] = []
    given: dict[str, Any] = {}
    with httpx2.stream("GET", f"{site}/api/v1/stream?after=0", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if line:
                given[name] = value
            elif "data" in given:
                events.append({**given, "data": json.loads(given["data"])})
                given = {}
                if len(events) == wanted:
                    return events
    return events


def test_the_stream_gives_ads_in_order_and_goes_on_where_it_stopped(live_site: str) -> None:
    first = _events(live_site, 3)
    assert [int(event["id"]) for event in first] == [1, 2, 3]
    assert {event["event"] for event in first} == {"new"}
    assert first[0]["data"]["ad"]["key"] == first[0]["data"]["subject"]
    again = _events(live_site, 2, **{"Last-Event-ID": first[1]["id"]})
    assert again[0]["data"]["subject"] == first[2]["data"]["subject"]


def test_the_feed_is_read_to_its_end_by_cursor(live_site: str) -> None:
    cursor, seen = 0, []
    while True:
        body = httpx2.get(f"{live_site}/api/v1/changes?after={cursor}&limit=500").json()
        if not body["changes"]:
            break
        seen += [change["seq"] for change in body["changes"]]
        cursor = body["cursor"]
        assert f"after={cursor}" in body["next"]
    assert seen == list(range(1, body["last"] + 1))
    only = httpx2.get(f"{live_site}/api/v1/changes?kinds=release").json()["changes"]
    assert [change["kind"] for change in only] == ["release"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/api/v1/changes?kinds=gossip", {}),
        ("/api/v1/stream", {"Last-Event-ID": "x1"}),
        ("/api/v1/stream?kinds=gossip", {}),
    ],
)
def test_bad_questions_are_refused(live_site: str, path: str, headers: dict[str, str]) -> None:
    answer = httpx2.get(live_site + path, headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_releases_as_rss(live_site: str, language: str) -> None:
    answer = httpx2.get(f"{live_site}/{language}/releases.rss")
    assert answer.headers["content-type"].startswith("application/rss+xml")
    channel = ElementTree.fromstring(answer.content).find("channel")
    assert channel is not None
    assert channel.findtext("language") == language
    assert len(channel.findall("item")) == 1
