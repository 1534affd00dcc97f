"""What is damaged is named, nothing is served or computed from it, and what can be is made whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from benchmarks.damage import FAULTS
from click.testing import CliRunner, Result

from marsad.base.errors import PlaceError
from marsad.base.settings import Settings
from marsad.cli.main import main
from marsad.cli.serve import Current
from marsad.flow.steps import Flow
from marsad.lake.control import Control, open_control


@pytest.fixture
def home(small_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(small_home, tmp_path / "home")
    return tmp_path / "home"


def _doctor(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["doctor", *words], env={"MARSAD_HOME": str(home)})


def _commit(home: Path, table: str) -> Path:
    return max((home / "lake" / table / "_delta_log").glob("*.json"))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def _zero(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 6] = bytes(4096 * 3)
    path.write_bytes(content)


def _payload(home: Path) -> Path:
    return next((home / "vault").glob("*/*.gz"))


def _edition(home: Path) -> Path:
    return max((home / "editions").iterdir())


def _newest(home: Path) -> Path:
    return max((home / "releases").iterdir())


def test_where_nothing_is_nothing_is_made(tmp_path: Path) -> None:
    done = _doctor(tmp_path / "nowhere")
    assert done.exit_code == 4
    assert not (tmp_path / "nowhere").exists()


def test_a_whole_installation_is_said_to_be_so(home: Path) -> None:
    done = _doctor(home)
    assert (done.exit_code, done.output) == (0, "Everything is whole.\n")


@pytest.mark.parametrize(
    ("harm", "part"),
    [
        (lambda home: _commit(home, "raw_sightings").write_bytes(b""), "table raw_sightings"),
        (lambda home: _commit(home, "core_ad_log").unlink(), "table core_ad_log"),
        (lambda home: _cut(_payload(home)), "payload"),
        (lambda home: _payload(home).unlink(), "payload"),
        (lambda home: _cut(next(_newest(home).glob("*.duckdb"))), "release"),
        (lambda home: _cut(next(_edition(home).glob("search/*.store"))), "edition"),
        (lambda home: _cut(home / "secret"), "secret"),
        (lambda home: _zero(home / "control.db"), "control database"),
        (lambda home: (home / "control.db").write_bytes(b""), "control database"),
    ],
)
def test_each_part_that_is_damaged_is_named(
    home: Path, harm: Callable[[Path], None], part: str
) -> None:
    harm(home)
    done = _doctor(home)
    assert done.exit_code == 6
    assert part in done.output
    assert "Traceback" not in done.output
    assert not isinstance(done.exception, OSError)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_planted_fault_is_named_with_how_to_mend_it(home: Path, fault: str) -> None:
    part, harm = FAULTS[fault]
    harm(home)
    done = _doctor(home)
    assert done.exit_code == 6, done.output
    (line,) = [line for line in done.output.splitlines() if line.strip().startswith(part)][:1]
    assert part in line
    assert isinstance(done.exception, SystemExit)


def test_a_full_disk_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = SimpleNamespace(free=1_000_000, total=10**9, used=10**9)
    monkeypatch.setattr("marsad.lake.checkup.shutil.disk_usage", lambda _place: full)
    assert "1 MB are free, 500 are needed" in " ".join(_doctor(home).output.split())


@pytest.mark.parametrize(
    "fault", ["control database open", "home open", "message open", "payload open", "editions gone",
              "manifest emptied", "message half written", "mart gone"]
)  # fmt: skip
def test_what_can_be_mended_is(home: Path, fault: str) -> None:
    FAULTS[fault][1](home)
    done = _doctor(home, "--mend")
    assert done.exit_code == 0, done.output
    assert "Everything is whole." in done.output


@pytest.mark.parametrize("fault", ["mart cut", "mart flipped", "mart emptied", "mart gone"])
def test_of_a_damaged_release_the_one_before_is_served(home: Path, fault: str) -> None:
    before = sorted((home / "releases").iterdir())[-2]
    FAULTS[fault][1](home)
    flow = Flow(Settings(home=home, workers=1))
    current = Current(flow.releases, flow.editions)
    assert current().release().id == before.name
    flow.control.close()


@pytest.mark.parametrize(
    "fault", ["control database emptied", "control database of a byte", "control database gone"]
)
def test_an_emptied_control_database_is_told_by_the_secret_alone(home: Path, fault: str) -> None:
    shutil.rmtree(home / "lake")
    shutil.rmtree(home / "releases")
    shutil.rmtree(home / "vault")  # the secret alone tells that there was something
    FAULTS[fault][1](home)
    with pytest.raises(PlaceError, match="accept-new-control"):
        open_control(Settings(home=home))


def test_from_a_damaged_table_nothing_is_computed_and_the_release_before_is_served(
    home: Path,
) -> None:
    newest = _newest(home)
    _commit(home, "raw_sightings").unlink()
    flow = Flow(Settings(home=home, workers=1))
    for step in (flow.enrich, flow.release):
        with pytest.raises(PlaceError, match="table raw_sightings: its log"):
            step()
    assert flow.current() == newest
    refused = _doctor(home, "--mend")
    assert refused.exit_code == 6
    assert "would be computed from damaged tables (raw_sightings)" in refused.output
    accepted = _doctor(home, "--accept", "raw_sightings")
    assert accepted.exit_code == 0, accepted.output


def test_what_a_killed_process_left_half_made_goes_with_the_next_writer(home: Path) -> None:
    whole = sorted([*(home / "releases").iterdir(), *(home / "editions").iterdir()])
    for name in ("releases/20200101T000000000Z", "editions/20200101T000000000000Z.part"):
        (home / name).mkdir()
        (home / name / "file").write_bytes(b"half")
    flow = Flow(Settings(home=home, workers=1))
    with flow.writing():
        pass
    assert sorted([*(home / "releases").iterdir(), *(home / "editions").iterdir()]) == whole


def test_what_is_computed_is_made_anew(home: Path) -> None:
    before = Flow(Settings(home=home, workers=1)).lake.read("core_ads").sort_by("ad_key")
    _commit(home, "core_contents").write_bytes(b"")
    _commit(home, "core_codes").unlink()
    damaged = _newest(home)
    _cut(next(damaged.glob("*.duckdb")))
    edition = _edition(home)
    _cut(next(edition.glob("search/*.store")))
    torn = home / "editions" / "20200101T000000000000Z.part"
    torn.mkdir()
    orphan = home / "releases" / "20200101T000000000Z"
    orphan.mkdir()
    done = _doctor(home, "--mend")
    assert done.exit_code == 0, done.output
    assert "table core_contents: taken away" in done.output
    assert "table core_codes: taken" in done.output
    assert "Everything is whole." in done.output
    for folder in (orphan, damaged, edition, torn):
        assert not folder.exists(), folder
    flow = Flow(Settings(home=home, workers=1))
    assert flow.lake.read("core_ads").sort_by("ad_key").equals(before)
    assert flow.current() == _newest(home)
    assert _newest(home) > damaged


def test_what_is_damaged_stays_where_it_cannot_be_made_anew(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = _newest(home)
    _cut(next(damaged.glob("*.duckdb")))

    def fails(*_: object) -> None:
        raise PlaceError("the disk is full")

    monkeypatch.setattr(Flow, "run", fails)
    assert _doctor(home, "--mend").exit_code != 0
    assert damaged.exists()


def test_payloads_that_no_entry_names_are_told_and_destroyed(home: Path) -> None:
    flow = Flow(Settings(home=home, workers=1))
    flow.vault.keep("a" * 64, b"words of a person")
    assert "1 payloads" in _doctor(home).output
    assert flow.forget() == 1
    assert _doctor(home).exit_code == 0


@pytest.mark.parametrize("content", [None, b"", b"x"])
def test_an_emptied_control_database_is_never_taken_for_a_new_one(
    home: Path, content: bytes | None
) -> None:
    newest = _newest(home)
    for path in home.glob("control.db*"):
        path.unlink()
    if content is not None:
        (home / "control.db").write_bytes(content)
    for words in (["runs"], ["users", "list"], ["flow", "release"], ["keys", "list"]):
        done = CliRunner().invoke(main, words, env={"MARSAD_HOME": str(home)})
        assert done.exit_code == 6
        assert "is empty, but" in done.output
        assert "marsad restore FOLDER" in done.output
        assert "marsad doctor --accept-new-control" in done.output
    done = _doctor(home, "--accept-new-control")
    assert "with 2 releases" in done.output
    assert Flow(Settings(home=home)).current() == newest


def test_an_empty_database_of_postgresql_beside_data_is_refused_too(
    home: Path, tmp_path: Path, postgres_database: str
) -> None:
    settings = Settings(home=home, database=postgres_database)
    with pytest.raises(PlaceError, match=r"is empty, but .* holds data"):
        open_control(settings)
    open_control(Settings(home=tmp_path / "new", database=postgres_database)).close()
    Control(postgres_database).close()
