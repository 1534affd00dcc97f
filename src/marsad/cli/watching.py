"""What an operator watches: figures of an installation for alarms, and logs as lines of JSON."""

from __future__ import annotations

import datetime as dt
import json
import logging
import shutil
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from marsad.lake.backup import DONE

if TYPE_CHECKING:
    from marsad.base.settings import Settings
    from marsad.lake.control import Control


def gauges(settings: Settings, control: Control, health: Callable[[], str]) -> Mapping[str, float]:
    """Whether all is well, ages of the release and of each source's last poll, what waits, the disk."""
    now = dt.datetime.now(dt.UTC)

    def age(moment: str) -> float:
        return (now - dt.datetime.fromisoformat(moment)).total_seconds()

    figures = {
        "marsad_healthy": float(health() == "ok"),
        "marsad_disk_free_bytes": float(shutil.disk_usage(settings.home).free),
        "marsad_reports_waiting": float(len(control.reports())),
        "marsad_messages_waiting": float(sum(1 for _ in (settings.home / "outbox").glob("*"))),
        "marsad_runs_left": float(len(control.left_running())),
    }
    if waiting := control.reports():
        figures["marsad_report_oldest_seconds"] = age(waiting[0]["made_at"])
    if releases := control.served_releases():
        figures["marsad_release_age_seconds"] = age(releases[0]["published_at"])
    if (done := settings.home / DONE).exists():
        figures["marsad_backup_age_seconds"] = age(done.read_text("ascii").strip())
    for source_id, row in control.collection().items():
        labels = f'{{source="{source_id}"}}'
        figures[f"marsad_source_suspended{labels}"] = float(row["state"] == "suspended")
        for poll in control.polls(source_id, 1):
            figures[f"marsad_source_poll_age_seconds{labels}"] = age(poll["ended_at"])
            figures[f"marsad_source_alarm{labels}"] = float(bool(poll["alarm"]))
    return figures


class Lines(logging.Formatter):
    """A line of JSON for each entry: when, how grave, of whom, what. No entry of ours names a visitor."""

    def format(self, record: logging.LogRecord) -> str:
        words = record.getMessage()
        entry: dict[str, object] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        entry |= json.loads(words) if record.name == "marsad.access" else {"message": words}
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def log_lines() -> None:
    """Write the log as lines of JSON, one for each answer too (MARSAD_LOG=json)."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.getLogger().handlers = [handler]
    for name in ("marsad", "marsad.access"):
        logging.getLogger(name).setLevel(logging.INFO)
