"""Alerts: people ask to be told, confirm it, are told what is new, and leave with one click.

Of a person nothing is kept but the address and what they follow; both are deleted when they leave,
when they never confirm (two days), or when ten messages in a row could not be delivered.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from marsad.backoffice.sinks import Sink
from marsad.base.declare import load_declaration
from marsad.base.errors import InputError, MarsadError, NotFoundError, RefusedError
from marsad.base.labels import Text
from marsad.base.records import Row
from marsad.base.refusals import refused
from marsad.lake.control import Control
from marsad.publish.feeds.news import KINDS, Item, news, subject, where
from marsad.publish.read.reader import Reader

CHANNELS = ("email", "webhook")
MOST_OF_AN_ADDRESS, MOST_UNCONFIRMED, MOST_FAILURES, DAYS_TO_CONFIRM = 20, 3, 10, 2
_MAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_HOOK = re.compile(r"https?://[^\s<>\"]{3,500}")


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    confirm: Text
    confirm_text: Text
    news: Text
    all: Text
    leave: Text


_WORDS = load_declaration(Path(__file__).with_name("alerts.yml"), _Words)


class Sent(NamedTuple):
    """What a round of sending did: messages sent, alerts without news, those that failed, and those
    forgotten."""

    sent: int
    quiet: int
    failed: int
    forgotten: int


class Alerts:
    """The alerts of one installation."""

    def __init__(self, control: Control, sink: Sink) -> None:
        self._control = control
        self._sink = sink

    def ask(
        self, channel: str, address: str, language: str, kind: str, about: Mapping[str, str],
        base: str,
    ) -> None:  # fmt: skip
        """As `publish.desk.Alerts.ask`."""
        pattern = {"email": _MAIL, "webhook": _HOOK}.get(channel)
        if pattern is None:
            raise InputError(refused("alert_channel", code=channel, known=", ".join(CHANNELS)))
        if not pattern.fullmatch(address):
            raise InputError(refused("alert_address", code=address, channel=channel))
        if kind not in KINDS:
            raise InputError(refused("no_alert_kind", code=kind, known=", ".join(KINDS)))
        alerts = [row for row in self._control.alerts() if row["address"] == address]
        subject_json = json.dumps(dict(about), ensure_ascii=False)
        for row in alerts:
            if (row["kind"], row["about"], row["language"]) == (kind, subject_json, language):
                if row["message_at"] is None:  # asked for already, but its message never left
                    self._to_confirm(row, base)
                return
        if len(alerts) >= MOST_OF_AN_ADDRESS:
            raise InputError(refused("alert_most", most=str(MOST_OF_AN_ADDRESS)))
        if sum(row["confirmed_at"] is None for row in alerts) >= MOST_UNCONFIRMED:
            raise InputError(refused("alert_unconfirmed", most=str(MOST_UNCONFIRMED)))
        token = secrets.token_urlsafe(24)
        self._control.keep_alert(token, channel, address, language, kind, subject_json)
        self._to_confirm(self._control.alerts(token)[0], base)

    def _to_confirm(self, alert: Row, base: str) -> None:
        """Send the message by which an alert is confirmed, and remember that it left."""
        language, address = alert["language"], alert["address"]
        link = f"{base}/{language}/alerts/{alert['token']}"
        if alert["channel"] == "webhook":
            self._sink.hook(address, json.dumps({"type": "confirm", "confirm": link}).encode())
        else:
            text = _WORDS.confirm_text[language].format(confirm=link)
            self._sink.mail(address, _WORDS.confirm[language], text, {})
        self._control.mark_message(alert["token"])

    def known(self, token: str) -> Row:
        """As `publish.desk.Alerts.known`; `about` is a mapping."""
        alerts = self._control.alerts(token) if token else []
        if not alerts:
            raise NotFoundError(refused("no_alert"))
        return {**alerts[0], "about": json.loads(alerts[0]["about"])}

    def confirm(self, token: str) -> None:
        """As `publish.desk.Alerts.confirm`."""
        self.known(token)
        self._control.confirm_alert(token)

    def forget(self, token: str) -> None:
        """As `publish.desk.Alerts.forget`."""
        self._control.forget_alert(token)

    def send(self, reader: Reader, base: str, now: dt.datetime | None = None) -> Sent:
        """Tell everyone what is new since they were last told. An alert that fails is tried again
        the next time with the same news; others are not held up by it. PlaceError when another
        process sends: nobody is told twice."""
        with self._control.lease("alerts", task="marsad alerts send"):
            return self._send(reader, base, now or dt.datetime.now(dt.UTC))

    def _send(self, reader: Reader, base: str, now: dt.datetime) -> Sent:
        edge = (now - dt.timedelta(days=DAYS_TO_CONFIRM)).isoformat()
        forgotten = self._control.forget_unconfirmed(edge)
        sent = quiet = failed = 0
        for row in self._control.alerts(confirmed=True):
            since = dt.datetime.fromisoformat(row["since"])
            try:
                has_news = self._tell(reader, row, since, base)
            except MarsadError as error:
                failed += 1
                failures = row["failures"] + 1
                if failures >= MOST_FAILURES or isinstance(error, RefusedError):
                    forgotten += self._control.forget_alert(row["token"])
                else:
                    self._control.mark_alert(row["token"], row["since"], failures)
                continue
            self._control.mark_alert(row["token"], now.isoformat(), 0)
            sent, quiet = sent + has_news, quiet + (not has_news)
        return Sent(sent, quiet, failed, forgotten)

    def _tell(self, reader: Reader, row: Row, since: dt.datetime, base: str) -> bool:
        about, language = json.loads(row["about"]), row["language"]
        items = news(reader, row["kind"], about, language, since)
        if not items:
            return False
        named = subject(reader, row["kind"], about, language)
        leave = f"{base}/{language}/alerts/{row['token']}"
        every = f"{base}/{language}{where(row['kind'], about)}"
        if row["channel"] == "webhook":
            entries = [
                {"id": i.id, "title": i.title, "url": f"{base}/{language}{i.path}",
                 "at": i.at.isoformat()} for i in items
            ]  # fmt: skip
            body = {"type": "news", "about": named, "items": entries, "all": every, "leave": leave}
            self._sink.hook(row["address"], json.dumps(body, ensure_ascii=False).encode())
            return True
        subject_line = f"{_WORDS.news[language]} {' '.join(named.split())}"
        text = _mail(items, base, language, every, leave)
        headers = {
            "List-Unsubscribe": f"<{leave}?leave=1>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        self._sink.mail(row["address"], subject_line, text, headers)
        return True


def _mail(items: list[Item], base: str, language: str, every: str, leave: str) -> str:
    lines = [f"- {' '.join(i.title.split())}\n  {base}/{language}{i.path}" for i in items]
    words = {"all": _WORDS.all[language], "leave": _WORDS.leave[language]}
    return "\n".join([*lines, "", words["all"], every, "", words["leave"], leave, ""])
