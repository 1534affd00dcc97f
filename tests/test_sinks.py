"""Messages leave by a real mail server and a real web address, on loopback."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from marsad.backoffice.sinks import FileSink, NetSink, sink_of
from marsad.base.errors import PlaceError, RefusedError
from marsad.base.settings import Settings
from marsad.collect.fetch.client import post


class Kept:
    """What a mail server received."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


def free() -> int:
    """A port that nobody uses; the server's own way of taking any (0) cannot tell when it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def plain() -> Iterator[Controller]:
    server = Controller(Kept(), hostname="127.0.0.1", port=free())
    server.start()
    yield server
    server.stop()


def test_mail_leaves_by_the_server_of_the_installation(
    plain: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARSAD_SMTP", f"127.0.0.1:{plain.port}")
    monkeypatch.setenv("MARSAD_MAIL_FROM", "مرصد <marsad@example.org>")
    sink = sink_of(Settings(home=tmp_path), post)
    sink.mail(
        "amal@example.org",
        "إعلانات جديدة",
        "خمسة إعلانات\n",
        {"List-Unsubscribe": "<https://m.test/x>"},
    )
    got = plain.handler.mails[0]
    assert (got["To"], got["Subject"]) == ("amal@example.org", "إعلانات جديدة")
    assert got["List-Unsubscribe"] == "<https://m.test/x>"
    assert got.get_content().splitlines() == ["خمسة إعلانات"]
    sink.short("+212600000000", "13,0 %")
    assert [path.suffix for path in (tmp_path / "outbox").iterdir()] == [".txt"]


def test_a_password_never_leaves_in_clear_nor_to_a_stranger(
    plain: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an account, a server without STARTTLS or with an unknown certificate gets nothing."""
    sink = NetSink(
        "127.0.0.1", plain.port, FileSink(tmp_path), post, user="marsad", password="secret"
    )
    assert "secret" not in repr(sink)
    with pytest.raises(PlaceError, match="STARTTLS"):
        sink.mail("a@example.org", "s", "t", {})
    received: list[bytes] = []

    def check(
        _server: object, _session: object, _envelope: object, _how: str, data: Any
    ) -> AuthResult:
        received.append(data.password)
        return AuthResult(success=data.password == b"secret")

    authority, context = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = Controller(Kept(), hostname="127.0.0.1", port=free(), tls_context=context, require_starttls=True,
                        authenticator=check, auth_required=True)  # fmt: skip
    server.start()
    secured = NetSink(
        "127.0.0.1", server.port, FileSink(tmp_path), post, user="marsad", password="secret"
    )
    with pytest.raises(PlaceError, match="certificate"):
        secured.mail("a@example.org", "s", "t", {})
    assert received == []
    known = ssl.create_default_context()
    authority.configure_trust(known)
    monkeypatch.setattr("marsad.backoffice.sinks.ssl.create_default_context", lambda: known)
    secured.mail("a@example.org", "s", "t", {})
    assert len(server.handler.mails) == 1
    with pytest.raises(PlaceError, match="refuses"):
        NetSink(
            "127.0.0.1", server.port, FileSink(tmp_path), post, user="marsad", password="x"
        ).mail("a@b.org", "s", "t", {})
    server.stop()
    with pytest.raises(PlaceError, match="refuses"):
        secured.mail("a@example.org", "s", "t", {})


def test_a_hook_is_reached_at_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is looked up once: one that changes between check and connection leads nowhere else."""
    hosts: list[str] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hosts.append(self.headers["Host"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    Thread(target=server.serve_forever, daemon=True).start()
    port, real, looked_up = server.server_address[1], socket.getaddrinfo, []

    def lookup(name: str, *given: Any, **named: Any) -> Any:
        if name != "hook.test":
            return real(name, *given, **named)
        looked_up.append(name)
        answer = "127.0.0.1" if len(looked_up) == 1 else "203.0.113.9"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port))]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert post(f"http://hook.test:{port}/in?a=1", b"{}", {}, private=True) == 204
    assert hosts == [f"hook.test:{port}"]
    assert looked_up == ["hook.test"]
    looked_up.clear()
    with pytest.raises(RefusedError, match="private"):
        post(f"http://hook.test:{port}/in", b"{}", {})
    server.shutdown()
