"""A backup holds everything that an installation needs, and what is restored is the same."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from marsad.base.errors import PlaceError
from marsad.base.settings import Settings
from marsad.cli.main import main
from marsad.flow.steps import Flow
from marsad.lake.backup import backup, restore
from marsad.lake.control import Control
from marsad.lake.control.schema import metadata
from marsad.lake.folders import seal
from marsad.lake.secret import secret
from marsad.lake.tables import table as table_of


def _tables(control: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(control)) as db:
        names = [
            row[0] for row in db.execute("select name from sqlite_master where type = 'table'")
        ]
        return {name: db.execute(f"select * from {name}").fetchall() for name in sorted(names)}


def test_a_restored_installation_is_the_same(embedded: Flow, tmp_path: Path) -> None:
    home = embedded.settings.home
    secret(home)
    with embedded.control.lease("an entry of now", task="test"):
        pass
    assert (home / "control.db-wal").stat().st_size > 0, "the newest entries stand in the log"
    environment = {"MARSAD_HOME": str(home)}
    done = CliRunner().invoke(main, ["backup", str(tmp_path / "copy")], env=environment)
    assert done.exit_code == 0, done.output
    environment = {"MARSAD_HOME": str(tmp_path / "new")}
    done = CliRunner().invoke(main, ["restore", str(tmp_path / "copy")], env=environment)
    assert done.exit_code == 0, done.output
    again = Flow(Settings(home=tmp_path / "new"))
    assert secret(tmp_path / "new") == secret(home)
    assert _tables(tmp_path / "new" / "control.db") == _tables(home / "control.db")
    newest, before = again.current(), embedded.current()
    assert newest is not None
    assert before is not None
    assert newest.name == before.name
    for table in ("core_ads", "out_history", "core_observations"):
        keys = [(name, "ascending") for name in table_of(table).key]
        rows = (lake.read(table).sort_by(keys) for lake in (again.lake, embedded.lake))
        assert next(rows).equals(next(rows))
        assert again.lake.version(table) == embedded.lake.version(table)
    for name in ("secret", "control.db"):
        assert (tmp_path / "new" / name).stat().st_mode & 0o077 == 0
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


@pytest.fixture
def small(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    Flow(Settings(home=home))
    secret(home)
    return home


def test_a_damaged_backup_is_refused_whole(small: Path, tmp_path: Path) -> None:
    backup(small, tmp_path / "copy", "1")
    (tmp_path / "copy" / "secret").write_bytes(b"x" * 32)
    with pytest.raises(PlaceError, match="secret is not what was written"):
        restore(tmp_path / "copy", tmp_path / "new")
    assert not (tmp_path / "new").exists()
    (tmp_path / "copy" / "secret").unlink()
    with pytest.raises(PlaceError, match="secret is missing"):
        restore(tmp_path / "copy", tmp_path / "new")


def test_nothing_is_written_over(small: Path, tmp_path: Path) -> None:
    backup(small, tmp_path / "copy", "1")
    with pytest.raises(PlaceError, match="not an empty folder"):
        backup(small, tmp_path / "copy", "1")
    with pytest.raises(PlaceError, match="not an empty folder"):
        restore(tmp_path / "copy", small)
    with pytest.raises(PlaceError, match="another folder"):
        backup(small, small / "copy", "1")
    with pytest.raises(PlaceError, match="no installation"):
        backup(tmp_path / "nowhere", tmp_path / "other", "1")
    with pytest.raises(PlaceError, match="no backup"):
        restore(small, tmp_path / "new")


def test_what_people_leave_is_for_the_owner_alone(small: Path) -> None:
    assert small.stat().st_mode & 0o077 == 0
    assert {p.name for p in small.iterdir() if p.is_file() and p.stat().st_mode & 0o077} == set()


def test_damage_is_not_handed_on(small: Path, tmp_path: Path) -> None:
    """A damaged control database stops a backup; a damaged release is left out and named."""
    release = small / "releases" / "20260101T000000000Z"
    release.mkdir(parents=True)
    (release / "mart").write_bytes(b"whole")
    seal(release)
    (release / "mart").write_bytes(b"WHOLE")
    files, left_out = backup(small, tmp_path / "copy", "1")
    assert left_out == [release.name]
    assert files > 0
    assert not (tmp_path / "copy" / "releases" / release.name).exists()
    control = small / "control.db"
    with closing(sqlite3.connect(control)) as db:
        db.execute("pragma wal_checkpoint(truncate)")
    content = bytearray(control.read_bytes())
    content[4096 * 3 : 4096 * 6] = bytes(4096 * 3)
    control.write_bytes(bytes(content))
    with pytest.raises(PlaceError, match=r"damaged|cannot be written"):
        backup(small, tmp_path / "second", "1")


def _everything(control: Control) -> dict[str, list[tuple[object, ...]]]:
    with control.engine.begin() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def _marsad(home: Path, database: str, *words: str) -> None:
    environment = {"MARSAD_HOME": str(home), "MARSAD_DATABASE": database}
    done = CliRunner().invoke(main, list(words), env=environment)
    assert done.exit_code == 0, done.output


def test_control_data_move_to_postgresql_and_back_by_backups(
    tmp_path: Path, postgres_server: str, postgres_database: str
) -> None:
    """A file -> a backup -> PostgreSQL -> a backup -> a file: every row the same, and numbers go on."""
    home = tmp_path / "home"
    with closing(Control(home / "control.db")) as control:
        for step in ("collect", "enrich"):
            with control.run(step, "ads") as run:
                control.keep_issue(run, "warning", "rule", "a.csv", None, "été")
        control.keep_user("amal", "administrator", b"\x00salt", b"\xffhash")
        control.keep_judgement("isco08", "ad", "2411", previous="", score=0.5, judge="amal")
        control.publish("r1", dt.date(2026, 5, 1), {"out_values": 3})
        before = _everything(control)
    _marsad(home, "", "backup", str(tmp_path / "one"))
    _marsad(tmp_path / "two", postgres_database, "restore", str(tmp_path / "one"))
    assert not (tmp_path / "two" / "control.db").exists()
    with closing(Control(postgres_database)) as control:
        assert _everything(control) == before
        with control.run("release", "all") as run:
            assert run.id == 3
        before = _everything(control)
    _marsad(tmp_path / "two", postgres_database, "backup", str(tmp_path / "three"))
    _marsad(tmp_path / "four", "", "restore", str(tmp_path / "three"))
    with closing(Control(tmp_path / "four" / "control.db")) as control:
        assert _everything(control) == before
    with pytest.raises(PlaceError, match="holds data: nothing was copied") as refused:
        restore(tmp_path / "three", tmp_path / "five", postgres_database)
    assert "3141" not in str(refused.value)
    assert not (tmp_path / "five").exists()
