"""Who is erased stands in no file any more, and does not come back."""

from __future__ import annotations

import datetime as dt
import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from marsad.backoffice.alerts import Alerts
from marsad.backoffice.sinks import FileSink
from marsad.base.errors import PlaceError
from marsad.base.settings import Settings
from marsad.cli.main import main
from marsad.flow.steps import Flow
from marsad.lake.checkup import examine
from marsad.lake.control import Control
from marsad.lake.control.schema import sessions
from marsad.publish.read.reader import AdQuery, Reader

WORDS = "Oujda"


@pytest.fixture
def home(small_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(small_home, tmp_path / "home")
    return tmp_path / "home"


def _marsad(home: Path, *words: str) -> Result:
    done = CliRunner().invoke(main, list(words), env={"MARSAD_HOME": str(home)})
    assert done.exit_code == 0, (done.output, done.exception)
    return done


def _bytes(home: Path) -> Iterator[tuple[Path, bytes]]:
    for path in home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            yield path, gzip.decompress(data) if path.suffix == ".gz" else data


def _key(home: Path, place: str = WORDS) -> str:
    rows = Flow(Settings(home=home, workers=1)).lake.read("core_ads").to_pylist()
    return next(row["ad_key"] for row in rows if place in row["company"])


def _ads(home: Path) -> set[str]:
    flow = Flow(Settings(home=home, workers=1))
    reader = Reader(flow.releases()[0], flow.editions()[0])
    return {ad.key for ad in reader.search_ads(AdQuery()).ads}


def test_an_erased_ad_stands_in_no_file(home: Path) -> None:
    key, others = _key(home), _ads(home) - {_key(home)}
    assert key in _ads(home)
    _marsad(home, "erase", "ad", key, "--reason", "letter of 1 May")
    assert _ads(home) == others
    left = [
        path for path, data in _bytes(home) if key.encode() in data and path.name != "control.db"
    ]
    left = [path for path in left if not path.name.startswith("control.db")]
    assert [
        path for path in left if "out_changes" not in str(path) and "editions" not in str(path)
    ] == []
    named = [path for path, data in _bytes(home) if f"Four de {WORDS}".encode() in data]
    assert named == []
    assert examine(Settings(home=home, workers=1)) == []
    flow = Flow(Settings(home=home, workers=1))
    for table in ("raw_contents", "raw_sightings", "core_ad_log"):
        with pytest.raises(PlaceError, match="kept no more"):
            flow.lake.read(table, version=0)


def test_it_does_not_come_back_with_its_file(home: Path, tmp_path: Path) -> None:
    key = _key(home)
    (payload,) = (gzip.decompress(p.read_bytes()) for p in (home / "vault").glob("*/*.gz"))
    file = tmp_path / "ads.csv"
    file.write_bytes(payload)
    _marsad(home, "erase", "ad", key, "--reason", "letter")
    assert not list((home / "vault").glob("*/*.gz")), "a file cannot be cut: it is destroyed"
    before = _ads(home)
    _marsad(home, "ingest", "ads", str(file), "--source", "morocco_boards")
    assert _ads(home) == before
    assert key not in before


def test_a_person_is_found_and_erased_with_what_they_asked_for(home: Path) -> None:
    control = Control(home / "control.db")
    alerts = Alerts(control, FileSink(home / "outbox"))
    alerts.ask("email", "oujda@exemple.ma", "fr", "search", {"q": "pain"}, "http://localhost")
    control.close()
    shown = _marsad(home, "subject", WORDS).output
    assert "ads" in shown
    assert "vault" in shown
    assert "outbox" in _marsad(home, "subject", "oujda@exemple.ma").output
    _marsad(home, "erase", "person", "oujda@exemple.ma", f"Four de {WORDS}", "--reason", "letter")
    assert "Nothing is held." in _marsad(home, "subject", "oujda@exemple.ma").output
    assert "Nothing is held." in _marsad(home, "subject", f"Four de {WORDS}").output
    assert [path for path, data in _bytes(home) if b"oujda@exemple.ma" in data] == []


@pytest.mark.parametrize("newer", [False, True])
def test_it_stays_erased_after_a_backup_is_restored(
    home: Path, tmp_path: Path, newer: bool
) -> None:
    """Whether the backups are told of it, or a later one holds the list."""
    key, place, again = _key(home), str(tmp_path / "backups"), tmp_path / "again"
    _marsad(home, "backup", place)
    first = next((tmp_path / "backups" / "snapshots").iterdir()).name
    told = () if newer else ("--backup", place)
    _marsad(home, "erase", "ad", key, "--reason", "letter", *told)
    if newer:
        _marsad(home, "backup", place)
    at = f"{first[:4]}-{first[4:6]}-{first[6:8]}T{first[9:11]}:{first[11:13]}:{first[13:15]}.{first[15:21]}"
    done = _marsad(again, "restore", place, "--at", at)
    assert "1 erasures done again" in done.output
    assert key not in _ads(again)
    assert _ads(again) == _ads(home)


def test_what_may_be_kept_no_longer_goes_with_the_daily_upkeep(home: Path) -> None:
    flow = Flow(Settings(home=home, workers=1))
    control = flow.control
    assert list((home / "vault").glob("*/*.gz"))
    with control.run("collect", "essai") as run:
        control.keep_issue(run, "rejected", "rule", "a.csv", 1, "what a row said")
    control.keep_session("token", "amal", "2020-01-01T00:00:00+00:00")
    control.keep_alert("token", "email", "a@exemple.ma", "fr", "search", "{}")
    flow.keep(dt.datetime.now(dt.UTC) + dt.timedelta(days=4_000))
    assert not list((home / "vault").glob("*/*.gz"))
    assert control.issues(run.id)[0]["content"] == ""
    assert control.issues(run.id)[0]["rule"] == "rule"
    assert control.alerts() == []
    with control.engine.connect() as connection:
        assert connection.execute(select(sessions)).all() == []
