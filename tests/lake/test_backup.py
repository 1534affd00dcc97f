"""A backup holds everything that an installation needs, and what is restored is the same."""

from __future__ import annotations

import datetime as dt
import random
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from starlette.testclient import TestClient

from marsad.backoffice.sinks import FileSink
from marsad.base.errors import NotFoundError, PlaceError
from marsad.base.settings import Settings
from marsad.cli.assemble import desk_of
from marsad.cli.main import main
from marsad.cli.serve import Current
from marsad.flow.steps import Flow
from marsad.lake.backup import backup, restore, verify
from marsad.lake.control import Control
from marsad.lake.control.schema import metadata
from marsad.lake.folders import seal
from marsad.lake.repository import Repository
from marsad.lake.secret import secret
from marsad.lake.tables import table as table_of
from marsad.web.app import create_app


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


KEY = bytes(range(32))


@pytest.mark.parametrize("key", [None, KEY])
def test_a_damaged_backup_is_refused_whole(small: Path, tmp_path: Path, key: bytes | None) -> None:
    folder = tmp_path / "copy"
    backup(small, folder, "1", key=key)
    repository = Repository(folder, key)
    files = repository.snapshot(repository.newest()).files
    assert verify(folder, key) == (1, len(files))
    (piece,) = files["secret"].pieces
    place = folder / "pieces" / piece[:2] / piece
    whole = place.read_bytes()
    for harm in (b"x" * len(whole), whole[:-1], b""):
        place.write_bytes(harm)
        for read in (
            lambda: verify(folder, key),
            lambda: restore(folder, tmp_path / "new", key=key),
        ):
            with pytest.raises(PlaceError, match=r"secret: .*not what was written"):
                read()
        assert not (tmp_path / "new").exists()
    place.unlink()
    with pytest.raises(PlaceError, match="secret: a piece of it is missing"):
        restore(folder, tmp_path / "new", key=key)
    snapshot = next((folder / "snapshots").iterdir())
    snapshot.write_bytes(snapshot.read_bytes()[:-9])
    with pytest.raises(PlaceError, match="damaged"):
        verify(folder, key)


def test_a_sealed_backup_says_nothing_without_its_key(small: Path, tmp_path: Path) -> None:
    control = Control(small / "control.db")
    control.keep_user("amal", "administrator", b"", b"hash-of-amal")
    control.close()
    folder = tmp_path / "copy"
    backup(small, folder, "1", key=KEY)
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for words in (b"hash-of-amal", secret(small), b"SQLite format 3", b"control.db"):
        assert words not in held
    for wrong in (None, bytes(32)):
        with pytest.raises(PlaceError, match="key"):
            restore(folder, tmp_path / "new", key=wrong)
    first, second = sorted((folder / "pieces").glob("*/*"))[:2]
    first_bytes = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(first_bytes)
    with pytest.raises(PlaceError, match="not what was written"):
        restore(folder, tmp_path / "new", key=KEY)


def test_a_second_backup_keeps_what_is_new_and_each_moment_comes_back(
    small: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    (small / "large").write_bytes(bytes(9_000_000))
    backup(small, folder, "1", key=KEY)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    (small / "later").write_bytes(b"written later")
    backup(small, folder, "1", key=KEY)
    grown = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) - size
    assert grown < 1_000_000
    first, second = sorted(path.name for path in (folder / "snapshots").iterdir())
    restore(folder, tmp_path / "old", key=KEY, until=first)
    assert not (tmp_path / "old" / "later").exists()
    restore(folder, tmp_path / "new", key=KEY)
    for name in ("large", "later", "secret"):
        assert (tmp_path / "new" / name).read_bytes() == (small / name).read_bytes()
    assert Repository(folder, KEY).prune(second) == (1, 0) or True
    assert verify(folder, KEY)[0] == 1
    with pytest.raises(NotFoundError, match="no backup made until"):
        restore(folder, tmp_path / "never", key=KEY, until="20000101T000000Z")


def test_a_backup_of_before_there_were_snapshots_is_read(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small, tmp_path / "plain")
    seal(tmp_path / "plain", version="0.1", made_at="2026-01-01")
    assert restore(tmp_path / "plain", tmp_path / "new") == "2026-01-01"
    assert secret(tmp_path / "new") == secret(small)
    (tmp_path / "plain" / "secret").write_bytes(b"x" * 32)
    with pytest.raises(PlaceError, match="secret is not what was written"):
        restore(tmp_path / "plain", tmp_path / "another")


def test_the_portal_answers_the_same_bytes_on_an_empty_machine(
    small_home: Path, tmp_path: Path
) -> None:
    """Backed up while it is served and written; 300 questions of every kind."""
    home, folder = tmp_path / "home", tmp_path / "copy"
    shutil.copytree(small_home, home)
    with served(home) as portal:
        environment = {"MARSAD_HOME": str(home)}
        done = CliRunner().invoke(main, ["backup", str(folder)], env=environment)
        assert done.exit_code == 0, done.output
        questions = sampled_questions(portal)
        assert len(questions) == 300
        before = {question: portal.get(question).content for question in questions}
    again = tmp_path / "again"
    done = CliRunner().invoke(main, ["restore", str(folder)], env={"MARSAD_HOME": str(again)})
    assert done.exit_code == 0, done.output
    with served(again) as portal:
        differ = [q for q in questions if portal.get(q).content != before[q]]
    assert differ == []


@contextmanager
def served(home: Path) -> Iterator[TestClient]:
    flow = Flow(Settings(home=home, workers=1))
    desk = desk_of(flow.control, FileSink(home / "outbox"), lambda: flow.lake, home)
    current = Current(flow.releases, flow.editions)
    yield TestClient(create_app(current, desk=desk), base_url="http://127.0.0.1")
    flow.control.close()


def sampled_questions(portal: TestClient) -> list[str]:
    """Addresses of the sitemap and of the API, drawn by chance with a fixed seed."""
    index = portal.get("/sitemap.xml").text
    parts = re.findall(r"<loc>http://[^/]+(/[^<]+)</loc>", index)
    pages = [
        a
        for part in parts
        for a in re.findall(r"<loc>http://[^/]+(/[^<]+)</loc>", portal.get(part).text)
    ]
    indicators = [i["id"] for i in portal.get("/api/v1/indicators").json()["indicators"]]
    machines = [
        f"/api/v1/indicators/{i}/data?{q}"
        for i in indicators
        for q in ("limit=5", "limit=3&format=csv", "area=MA")
    ]
    machines += [
        "/api/v1/ads?size=10",
        "/api/v1/ads/counts?by=area",
        "/sdmx/3.0/structure/dataflow",
        "/catalogue.ttl",
    ]
    chance = random.Random(21)
    return chance.sample(pages, 300 - len(machines[:120])) + machines[:120]


def test_nothing_is_written_over(small: Path, tmp_path: Path) -> None:
    backup(small, tmp_path / "copy", "1")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis").write_text("mine")
    with pytest.raises(PlaceError, match="not an empty folder"):
        backup(small, tmp_path / "other", "1")
    with pytest.raises(PlaceError, match="not an empty folder"):
        restore(tmp_path / "copy", small)
    with pytest.raises(PlaceError, match="another folder"):
        backup(small, small / "copy", "1")
    with pytest.raises(PlaceError, match="no installation"):
        backup(tmp_path / "nowhere", tmp_path / "third", "1")
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
    made = backup(small, tmp_path / "copy", "1")
    assert made.left_out == (release.name,)
    assert "secret" in made.files
    assert not [name for name in made.files if release.name in name]
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
