"""Who asked to be told of what."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from marsad.base.records import Row
from marsad.lake.control.database import Database, now
from marsad.lake.control.schema import alerts


class AlertList(Database):
    """The alerts of an installation."""

    def keep_alert(
        self, token: str, channel: str, address: str, language: str, kind: str, about: str
    ) -> None:
        """Keep an alert that waits to be confirmed."""
        made = now()
        self._insert(
            alerts,
            token=token,
            channel=channel,
            address=address,
            language=language,
            kind=kind,
            about=about,
            made_at=made,
            since=made,
        )

    def alerts(self, token: str = "", *, confirmed: bool = False) -> list[Row]:
        """Alerts by token (every one for an empty text); only those in force if `confirmed`."""
        query = select(alerts).order_by(alerts.c.made_at)
        if token:
            query = query.where(alerts.c.token == token)
        return self._rows(query.where(alerts.c.confirmed_at.is_not(None)) if confirmed else query)

    def confirm_alert(self, token: str) -> bool:
        """Put an alert in force; whether there is one of that token."""
        at = func.coalesce(alerts.c.confirmed_at, now())
        return (
            self._execute(update(alerts).where(alerts.c.token == token).values(confirmed_at=at)) > 0
        )

    def mark_message(self, token: str) -> None:
        """Remember that the message by which an alert is confirmed has left."""
        self._execute(update(alerts).where(alerts.c.token == token).values(message_at=now()))

    def mark_alert(self, token: str, since: str, failures: int) -> None:
        """Remember up to when an alert was sent, and how often in a row it failed."""
        self._execute(
            update(alerts).where(alerts.c.token == token).values(since=since, failures=failures)
        )

    def forget_alert(self, token: str) -> bool:
        """Delete an alert with its address; whether there was one."""
        return self._execute(delete(alerts).where(alerts.c.token == token)) > 0

    def forget_unconfirmed(self, before: str) -> int:
        """Delete the alerts that nobody confirmed; how many."""
        return self._execute(
            delete(alerts).where(alerts.c.confirmed_at.is_(None), alerts.c.made_at < before)
        )
