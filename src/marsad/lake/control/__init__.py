"""Control data: what ran, what was received and released, and what people write.

SQLite in WAL mode by default, many processes reading while one writes; PostgreSQL where several
servers share it. The schema is numbered: an older database is brought forward when it is opened.
"""

from __future__ import annotations

from pathlib import Path

from marsad.base.settings import Settings
from marsad.lake.control.access import Access
from marsad.lake.control.alerts import AlertList
from marsad.lake.control.erasures import Erasures
from marsad.lake.control.judgements import Judgements
from marsad.lake.control.polls import Polls
from marsad.lake.control.runs import Run, Runs

__all__ = ["Control", "Run", "open_control"]


class Control(Runs, Judgements, AlertList, Access, Polls, Erasures):
    """The control database of one installation."""


def open_control(settings: Settings, *, accept_new: bool = False) -> Control:
    """The control database of an installation, where its settings say.

    PlaceError when it is empty, or not there, beside a folder that holds data: users, keys, alerts,
    judgements and the list of releases are lost then, and a new one must be wanted (`accept_new`).
    """
    if accept_new or not holds_data(settings.home):
        return Control(settings.control)
    return Control(
        settings.control,
        refuse_new=f"is empty, but {settings.home} holds data: bring a backup back with `marsad"
        " restore FOLDER`, correct MARSAD_DATABASE, or go on without accounts, keys, alerts and"
        " judgements with `marsad doctor --accept-new-control`",
    )


def holds_data(home: Path) -> bool:
    """Whether tables, releases, payloads, messages or a secret are kept in the folder of an installation."""
    patterns = ("lake/*/_delta_log", "releases/*", "vault/*", "secret", "outbox/*", "bulletins/*")
    return any(next(home.glob(pattern), None) for pattern in patterns)
