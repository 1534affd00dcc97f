"""Where messages leave: mail, web hooks and short messages, each behind one interface.

The embedded default drops every message as a file into `outbox`, from where a gateway (a mail server,
a modem, an operator's interface) takes it; nothing is sent anywhere by itself. With MARSAD_SMTP set to
a host and port, mail leaves by that server: as it is (a relay on this machine), or with
MARSAD_SMTP_USER and MARSAD_SMTP_PASSWORD by STARTTLS (RFC 3207) only, its certificate checked.
"""

from __future__ import annotations

import json
import os
import secrets
import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import localtime, make_msgid, parseaddr
from pathlib import Path
from typing import Protocol

from marsad.base.errors import PlaceError
from marsad.base.settings import Settings

SENDER = "Marsad <marsad@localhost>"
Post = Callable[[str, bytes, Mapping[str, str]], int]
"""Sends a body with headers to a web address; the status of the answer. Given by who has the network."""


class Sink(Protocol):
    """Takes messages away. PlaceError or RefusedError when one could not be taken."""

    def mail(self, to: str, subject: str, text: str, headers: Mapping[str, str]) -> None:
        """A mail in plain text."""
        ...

    def hook(self, address: str, body: bytes) -> None:
        """JSON for a web address."""
        ...

    def short(self, to: str, text: str) -> None:
        """A short message for a telephone."""
        ...


def message(to: str, subject: str, text: str, headers: Mapping[str, str]) -> EmailMessage:
    """A mail with its day and its own name (RFC 5322, 3.6); ValueError for a header with a line end."""
    made = EmailMessage()
    made["From"] = os.environ.get("MARSAD_MAIL_FROM", SENDER)
    made["To"], made["Subject"] = to, subject
    for name, value in headers.items():
        made[name] = value
    made["Date"], made["Message-ID"] = localtime(), make_msgid(domain=_domain(made["From"]))
    made.set_content(text)
    return made


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


@dataclass(frozen=True)
class FileSink:
    """Drops each message as a file: `.eml`, `.json` or `.txt`."""

    folder: Path

    def _drop(self, ending: str, data: bytes) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = self.folder / f"{secrets.token_hex(12)}.part"
            part.touch(mode=0o600)
            part.write_bytes(data)
            part.rename(part.with_suffix(ending))
        except OSError as error:
            raise PlaceError(f"A message cannot be written to {self.folder}: {error}.") from error

    def mail(self, to: str, subject: str, text: str, headers: Mapping[str, str]) -> None:
        self._drop(".eml", bytes(message(to, subject, text, headers)))

    def hook(self, address: str, body: bytes) -> None:
        self._drop(".json", json.dumps({"to": address, "body": json.loads(body)}).encode())

    def short(self, to: str, text: str) -> None:
        self._drop(".txt", f"{to}\n{text}".encode())


@dataclass(frozen=True)
class NetSink:
    """Mail by a server, web hooks by the network; short messages stay files for the modem."""

    host: str
    port: int
    files: FileSink
    post: Post
    user: str = ""
    password: str = field(default="", repr=False)

    def mail(self, to: str, subject: str, text: str, headers: Mapping[str, str]) -> None:
        try:
            with smtplib.SMTP(self.host, self.port, timeout=20) as server:
                if self.user:
                    server.starttls(context=ssl.create_default_context())
                    server.login(self.user, self.password)
                server.send_message(message(to, subject, text, headers))
        except (OSError, smtplib.SMTPException) as error:
            raise PlaceError(f"The mail server {self.host} refuses: {error}.") from error

    def hook(self, address: str, body: bytes) -> None:
        status = self.post(address, body, {"Content-Type": "application/json"})
        if status >= 300:
            raise PlaceError(f"{address} answered {status}.")

    def short(self, to: str, text: str) -> None:
        self.files.short(to, text)


def sink_of(settings: Settings, post: Post) -> Sink:
    """The sink of an installation; `post` carries web hooks where a mail server is set."""
    files = FileSink(settings.home / "outbox")
    server = os.environ.get("MARSAD_SMTP", "")
    if not server:
        return files
    host, _, port = server.rpartition(":")
    if not host or not port.isdecimal():
        raise PlaceError(f"MARSAD_SMTP is a host and a port such as mail:25, not {server!r}.")
    user, password = (os.environ.get(f"MARSAD_SMTP_{k}", "") for k in ("USER", "PASSWORD"))
    return NetSink(host, int(port), files, post, user=user, password=password)
