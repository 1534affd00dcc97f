"""Alerts from asking to leaving, their messages, and answers as short as a text message."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner

from marsad.backoffice.alerts import MOST_FAILURES, Alerts
from marsad.backoffice.sinks import FileSink, NetSink
from marsad.base.errors import InputError, NotFoundError, PlaceError, RefusedError
from marsad.cli.main import main
from marsad.collect.fetch.client import post
from marsad.flow.steps import Flow
from marsad.lake.control import Control
from marsad.publish.feeds.news import news
from marsad.publish.feeds.sms import MOST, reply
from marsad.publish.read.reader import AdQuery, Reader

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
BASE = "https://marsad.example"


@pytest.fixture(scope="module")
def reader(embedded: Flow) -> Reader:
    folder = embedded.current()
    assert folder is not None
    return Reader(folder)


def _mails(folder: Path) -> list[email.message.Message]:
    files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in files]


def _old(control: Control, token: str) -> None:
    control.mark_alert(token, LONG_AGO.isoformat(), 0)


def test_a_mail_alert_is_confirmed_told_once_and_left_with_one_click(
    reader: Reader, control: Control, tmp_path: Path
) -> None:
    outbox = tmp_path / "outbox"
    alerts = Alerts(control, FileSink(outbox))
    alerts.ask("email", "amal@example.org", "fr", "search", {"q": "soudeur"}, BASE)
    token = control.alerts()[0]["token"]
    assert f"{BASE}/fr/alerts/{token}" in _mails(outbox)[0].get_content()  # type: ignore[attr-defined]
    _old(control, token)
    assert alerts.send(reader, BASE).sent == 0  # not confirmed
    alerts.confirm(token)
    assert alerts.send(reader, BASE).sent == 1
    mail = _mails(outbox)[-1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"{BASE}/fr/ads/" in mail.get_content()  # type: ignore[attr-defined]
    assert alerts.send(reader, BASE) == (0, 1, 0, 0)  # nothing new
    alerts.forget(token)
    assert control.alerts() == []
    with pytest.raises(NotFoundError):
        alerts.known(token)


def test_what_cannot_be_followed_or_reached_is_refused(control: Control, tmp_path: Path) -> None:
    alerts = Alerts(control, FileSink(tmp_path))
    for channel, address in (
        ("email", "a@b\nBcc: c@d.ma"), ("email", "nobody"), ("webhook", "ftp://x.ma/y"), ("pigeon", "x"),
    ):  # fmt: skip
        with pytest.raises(InputError):
            alerts.ask(channel, address, "fr", "search", {"q": "x"}, BASE)
    assert control.alerts() == []


def test_an_alert_nobody_confirms_is_forgotten(
    reader: Reader, control: Control, tmp_path: Path
) -> None:
    alerts = Alerts(control, FileSink(tmp_path))
    alerts.ask("email", "amal@example.org", "ar", "area", {"about": "MA-06"}, BASE)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=3)
    assert alerts.send(reader, BASE, later).forgotten == 1
    assert control.alerts() == []


class _Hook(BaseHTTPRequestHandler):
    received: list[dict[str, object]] = []  # noqa: RUF012
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).received.append(json.loads(body))
        self.send_response(type(self).status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _Hook.received, _Hook.status = [], 200
    yield f"http://127.0.0.1:{server.server_address[1]}/in"
    server.shutdown()


def test_a_web_hook_is_told_and_given_up_after_failing(
    reader: Reader, control: Control, tmp_path: Path, hook: str
) -> None:
    alerts = Alerts(
        control, NetSink("127.0.0.1", 1, FileSink(tmp_path), partial(post, private=True))
    )
    about = {"about": "unemployment_rate"}
    alerts.ask("webhook", hook, "en", "indicator", about, BASE)
    token = control.alerts()[0]["token"]
    assert _Hook.received[0]["type"] == "confirm"
    alerts.confirm(token)
    _old(control, token)
    assert alerts.send(reader, BASE).sent == 1
    assert _Hook.received[1]["type"] == "news"
    assert "Unemployment" in json.dumps(_Hook.received[1]["items"])
    _Hook.status = 500
    for _ in range(MOST_FAILURES):
        if control.alerts():
            control.mark_alert(token, LONG_AGO.isoformat(), control.alerts()[0]["failures"])
        done = alerts.send(reader, BASE)
    assert done.forgotten == 1
    assert control.alerts() == []


def test_a_hook_never_reaches_into_our_own_network(hook: str) -> None:
    with pytest.raises(RefusedError):
        post(hook, b"{}", {})
    with pytest.raises(RefusedError):
        post("file:///etc/passwd", b"{}", {})
    with pytest.raises(PlaceError):
        post("http://127.0.0.1:1/", b"{}", {}, private=True)
    assert _Hook.received == []


def test_news_are_what_came_since(reader: Reader) -> None:
    now = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    for kind, about in (("search", {"q": "لحام"}), ("indicator", {"about": "unemployment_rate"}),
                        ("area", {"about": "MA-06"})):  # fmt: skip
        assert news(reader, kind, about, "ar", LONG_AGO), kind
        assert news(reader, kind, about, "ar", now) == []
    with pytest.raises(InputError):
        news(reader, "search", {"q": " "}, "ar", LONG_AGO)


def test_a_figure_published_before_we_had_it_is_still_new(reader: Reader) -> None:
    # What counts is when it entered a release: the figures here were published long before theirs.
    entered = reader.release().published_at - dt.timedelta(hours=1)
    fresh = reader.profiles.fresh_values(["unemployment_rate"], "MA", entered, 5)
    assert fresh
    assert all(at > entered for _, at in fresh)
    assert any(value.valid_from < entered for value, _ in fresh)
    assert news(reader, "indicator", {"about": "unemployment_rate"}, "fr", entered)


def test_every_new_ad_can_be_told_whatever_its_rank(reader: Reader) -> None:
    fresh = reader.profiles.fresh_ads(LONG_AGO)
    every = reader.search_ads(AdQuery("comptable", size=1)).total
    among = reader.search_ads(AdQuery("comptable", size=1, among=tuple(fresh)))
    assert 0 < among.total <= every
    assert reader.search_ads(AdQuery("comptable", among=())).total == 0
    assert {i.id for i in news(reader, "search", {"q": "comptable"}, "fr", LONG_AGO)} == {
        f"ad:{ad.key}" for ad in reader.search_ads(AdQuery("comptable", among=tuple(fresh))).ads
    }


@pytest.mark.parametrize(
    ("words", "holds"),
    [("soudeur casa", "Soudeurs"), ("taza", "Taza"), ("chomage", "Maroc"), ("xqzw", "Pas de"),
     ("البطالة", "المغرب"), ("ممرضة فاس", "مفتوح"), ("الدار البيضاء", "البيضاء")],
)  # fmt: skip
def test_a_short_answer_fits_its_message(reader: Reader, words: str, holds: str) -> None:
    message = reply(reader, words)
    assert holds in message
    arabic = any("\u0600" <= c <= "\u06ff" for c in message)
    assert len(message) <= MOST["ar" if arabic else "fr"]
    if not arabic:
        message.encode("latin-1")


def test_messages_in_a_folder_are_answered(
    embedded: Flow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARSAD_HOME", str(embedded.settings.home))
    inbox, outbox = tmp_path / "in", embedded.settings.home / "outbox"
    inbox.mkdir()
    (inbox / "1.txt").write_text("+212600000000\nchomage fes\n", "utf-8")
    before = set(outbox.glob("*.txt"))
    done = CliRunner().invoke(main, ["sms", str(inbox)])
    assert done.output == "1 answered.\n"
    (new,) = set(outbox.glob("*.txt")) - before
    assert new.read_text("utf-8").startswith("+212600000000\n")
    assert list(inbox.iterdir()) == []


def test_the_pages_and_the_feed(embedded: Flow, live_site: str) -> None:
    page = httpx2.get(f"{live_site}/fr/alerts?kind=search&q=soudeur").text
    assert "/fr/feed?kind=search&amp;q=soudeur" in page
    sent = {"kind": "search", "q": "soudeur", "channel": "email", "address": "amal@example.org"}
    assert "Consultez votre messagerie" in httpx2.post(f"{live_site}/fr/alerts", data=sent).text
    token = embedded.control.alerts()[-1]["token"]
    address = f"{live_site}/fr/alerts/{token}"
    assert "soudeur" in httpx2.get(address).text
    assert "en vigueur" in httpx2.post(address, data={"do": "confirm"}).text
    gone = httpx2.post(f"{address}?leave=1", data={"List-Unsubscribe": "One-Click"})
    assert gone.status_code == 200
    assert httpx2.get(address).status_code == 404
    feed = httpx2.get(f"{live_site}/ar/feed?kind=indicator&about=unemployment_rate")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert feed.text.count("<entry>") >= 1
    assert httpx2.get(f"{live_site}/ar/feed?kind=area&about=MA-99").status_code == 404


def test_the_light_page_is_light(live_site: str) -> None:
    for path in ("/ar/light", "/fr/light?q=soudeur", "/ar/light?q=%D9%84%D8%AD%D8%A7%D9%85"):
        answer = httpx2.get(live_site + path, headers={"Accept-Encoding": "identity"})
        assert answer.status_code == 200
        assert len(answer.content) < 10_000
        assert "stylesheet" not in answer.text
        assert "<script" not in answer.text


class _Broken(FileSink):
    """A sink that no message leaves."""

    def _drop(self, ending: str, data: bytes) -> None:
        raise PlaceError("the line is cut")


def test_an_alert_whose_message_never_left_is_sent_it_when_asked_for_again(
    control: Control, tmp_path: Path
) -> None:
    ask = ("email", "amal@example.org", "fr", "search", {"q": "soudeur"}, BASE)
    with pytest.raises(PlaceError, match="the line is cut"):
        Alerts(control, _Broken(tmp_path)).ask(*ask)
    for _ in range(3):
        Alerts(control, FileSink(tmp_path / "outbox")).ask(*ask)
    (mail,) = _mails(tmp_path / "outbox")
    (row,) = control.alerts()
    assert row["token"] in str(mail)


def test_two_who_send_alerts_at_once_tell_nobody_twice(
    reader: Reader, control: Control, control_place: Path | str, tmp_path: Path
) -> None:
    sink = FileSink(tmp_path / "outbox")
    Alerts(control, sink).ask("email", "amal@example.org", "fr", "search", {"q": "soudeur"}, BASE)
    (row,) = control.alerts()
    control.confirm_alert(row["token"])
    _old(control, row["token"])
    other = Control(control_place)
    with (
        other.lease("alerts", task="marsad alerts send"),
        pytest.raises(PlaceError, match="is held"),
    ):
        Alerts(control, sink).send(reader, BASE)
    assert len(_mails(sink.folder)) == 1
    assert Alerts(control, sink).send(reader, BASE).sent == 1
    assert Alerts(other, sink).send(reader, BASE).sent == 0
    other.close()
