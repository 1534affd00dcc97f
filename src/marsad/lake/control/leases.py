"""Leases: who does a thing that only one may do, until when.

A lease is a row with an end. Its holder renews it from a thread for as long as it works; a holder that
was killed renews no more, and whoever comes after the end takes it over. Time is the clock of the
database where several machines share one (PostgreSQL), that of this machine otherwise.
"""

from __future__ import annotations

import datetime as dt
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import delete, func, select, update

from marsad.base.errors import PlaceError
from marsad.base.records import Row
from marsad.lake.control.database import Database, instant
from marsad.lake.control.processes import is_gone, named, this_process
from marsad.lake.control.schema import leases

SECONDS = 60.0
"""How long a lease holds without being renewed."""
_POLL_SECONDS = 0.2
Waiting = Callable[[str], None]
"""Told once, in words, who is waited for."""


def silent(_: str) -> None:
    """Waits without a word."""


def _clock() -> float:
    """Seconds since the boot, those of a machine asleep included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass
class Lease:
    """A lease that is held, and until when (`end`, by the clock since the boot)."""

    name: str
    seconds: float
    end: float
    token: str = field(default_factory=lambda: secrets.token_hex(8))

    def check(self) -> None:
        """PlaceError when it is held no more: another may have it by now."""
        if _clock() > self.end:
            raise PlaceError(
                f"This process held {self.name!r} and could not renew it within {self.seconds:.0f}"
                " seconds: another may have taken it over. Run this again."
            )


class Leases(Database):
    """The leases of an installation."""

    @contextmanager
    def lease(
        self,
        name: str,
        seconds: float = SECONDS,
        *,
        task: str = "",
        wait_seconds: float = 0,
        waiting: Waiting = silent,
        reclaim: bool = False,
    ) -> Iterator[Lease]:
        """Hold a lease while the caller works, renewing it; `task` says what for.

        Waits up to `wait_seconds` for another holder, then PlaceError in one sentence that names it.
        With `reclaim`, one whose process on this machine has ended is not waited for. PlaceError at
        the end, too, when it could not be renewed in time: then another may have worked meanwhile.
        """
        held = self._wait_for(name, seconds, task, wait_seconds, waiting, reclaim)
        stop = threading.Event()
        renewing = threading.Thread(target=self._renew, args=(held, stop), daemon=True)
        renewing.start()
        try:
            yield held
            held.check()
        finally:
            stop.set()
            renewing.join()
            self._execute(delete(leases).where(leases.c.name == name, leases.c.token == held.token))

    def leases(self) -> list[Row]:
        """The leases in force: name, holder, task, since, until."""
        return self._rows(select(leases).where(leases.c.until > self.now()).order_by(leases.c.name))

    def now(self) -> str:
        """This moment by the clock that all who share the database go by."""
        if self.dialect == "sqlite":
            return instant(dt.datetime.now(dt.UTC))
        with self._transaction() as connection:
            moment: dt.datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return instant(moment)

    def _wait_for(
        self, name: str, seconds: float, task: str, wait: float, waiting: Waiting, reclaim: bool
    ) -> Lease:  # fmt: skip
        until, silent = time.monotonic() + wait, True
        while True:
            if held := self._take(name, seconds, task):
                return held
            row = self._first(select(leases).where(leases.c.name == name))
            if row is None:
                continue  # given back meanwhile
            if reclaim and is_gone(row["holder"]):
                self._execute(
                    delete(leases).where(leases.c.name == name, leases.c.token == row["token"])
                )
                continue
            if time.monotonic() >= until:
                how = ", or wait for it with `--wait SECONDS`" if name == WRITER else ""
                raise PlaceError(f"{_holder(row)}: run this again when it has ended{how}.")
            if silent:
                waiting(f"{_holder(row)}: waiting for it.")
                silent = False
            time.sleep(min(_POLL_SECONDS, max(0.0, until - time.monotonic())))

    def _take(self, name: str, seconds: float, task: str) -> Lease | None:
        """The lease when it is free or has ended; None while another holds it. One statement: of any
        number who come at once, one has it."""
        lease = Lease(name, seconds, _clock() + seconds)
        now = self.now()
        values = {
            "holder": this_process(),
            "task": task,
            "token": lease.token,
            "since": now,
            "until": _later(now, seconds),
        }
        statement = self._insert_of(leases).values(name=name, **values)
        free = statement.on_conflict_do_update(
            leases.primary_key, set_=values, where=leases.c.until <= now
        )
        return lease if self._rows(free.returning(leases.c.token)) else None

    def _renew(self, lease: Lease, stop: threading.Event) -> None:
        """Push the end of a lease on until told to stop, or until another has it."""
        while not stop.wait(lease.seconds / 3):
            end = _clock() + lease.seconds
            mine = update(leases).where(leases.c.name == lease.name, leases.c.token == lease.token)
            try:
                if not self._execute(mine.values(until=_later(self.now(), lease.seconds))):
                    lease.end = 0.0
                    return
            except PlaceError:
                continue  # busy or out of reach: tried again until its end
            lease.end = end


def _later(moment: str, seconds: float) -> str:
    return instant(dt.datetime.fromisoformat(moment) + dt.timedelta(seconds=seconds))


def _holder(row: Row) -> str:
    task = f"`{row['task']}` " if row["task"] else ""
    what = "The lake is being written by" if row["name"] == WRITER else f"{row['name']} is held by"
    return f"{what} {task}({named(row['holder'])}, since {row['since'][:19].replace('T', ' ')} UTC)"


WRITER = "writer"
"""The lease of who writes the lake."""
