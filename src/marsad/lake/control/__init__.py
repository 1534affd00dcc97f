"""Control data: what ran, what was received and released, and what people write.

SQLite in WAL mode by default, many processes reading while one writes; PostgreSQL where several
servers share it. The schema is numbered: an older database is brought forward when it is opened.
"""

from __future__ import annotations

from marsad.lake.control.access import Access
from marsad.lake.control.alerts import AlertList
from marsad.lake.control.judgements import Judgements
from marsad.lake.control.runs import Run, Runs

__all__ = ["Control", "Run"]


class Control(Runs, Judgements, AlertList, Access):
    """The control database of one installation."""
