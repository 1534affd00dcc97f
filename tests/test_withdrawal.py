"""A wrong file is taken back, whole, and what stood before stands again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from marsad.base.errors import InputError, NotFoundError
from marsad.base.settings import Settings
from marsad.collect.register import source
from marsad.flow.steps import Flow
from marsad.flow.withdrawal import payloads, withdraw

FIELDS = ("id", "site", "title", "company", "location", "date_posted", "description")


def feed(path: Path, *rows: tuple[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FIELDS)
        for identifier, title in rows:
            text = f"{title} à Fès, deux ans d'expérience."
            writer.writerow(
                [identifier, "a", title, "Atelier Essai", "Fès, Morocco", "2026-05-01", text]
            )
    return path


@pytest.fixture
def flow(tmp_path: Path) -> Flow:
    return Flow(Settings(home=tmp_path / "home", sample=False))


def titles(flow: Flow) -> list[str]:
    return sorted(flow.lake.read("core_ads")["title"].to_pylist())


def test_what_a_file_gave_on_any_day_is_taken_back(flow: Flow, tmp_path: Path) -> None:
    spec = source("job_feed")
    flow.ingest(spec, [feed(tmp_path / "right.csv", ("1", "Soudeur TIG"))])
    wrong = feed(tmp_path / "wrong.csv", ("1", "Comptable"), ("2", "Infirmier"))
    flow.ingest(spec, [wrong])
    flow.enrich()
    assert titles(flow) == ["Comptable", "Infirmier"]
    (entry,) = (row for row in payloads(flow) if row["name"] == "wrong.csv")
    assert withdraw(flow, entry["sha256"][:12], "another year's file") == 2
    flow.enrich()
    assert titles(flow) == ["Soudeur TIG"]
    (run,) = flow.control.runs("withdraw")
    assert run["message"] == "wrong.csv taken back: another year's file"
    flow.ingest(spec, [wrong])
    flow.enrich()
    assert titles(flow) == ["Comptable", "Infirmier"], "given again, it counts again"


@pytest.mark.parametrize(
    ("name", "reason", "error"),
    [("abc", "x", InputError), ("0" * 12, "x", NotFoundError), ("0" * 12, " ", InputError)],
)
def test_what_is_not_known_is_refused(
    flow: Flow, name: str, reason: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        withdraw(flow, name, reason)
