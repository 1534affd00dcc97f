"""The command line as its user meets it: help, a whole small flow, and errors in one sentence."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from marsad.base.errors import InputError
from marsad.cli.main import main
from marsad.cli.scaffold import make
from marsad.lake.control import Control

COMMANDS = {
    "up",
    "alerts",
    "bulletins",
    "sms",
    "users",
    "flow",
    "ingest",
    "sources",
    "try",
    "indicators",
    "new",
    "runs",
    "forget",
    "payloads",
    "withdraw",
    "exchange",
    "library",
    "watch",
    "approve",
    "audit",
    "backup",
    "doctor",
    "erase",
    "subject",
    "restore",
    "sample",
    "measure",
    "code",
    "train",
    "taxonomy",
    "review",
    "recompute",
    "keys",
    "retrain",
    "research",
}


def _marsad(home: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("marsad")), *words],
        env={"PATH": os.environ["PATH"], "MARSAD_HOME": str(home), **env},
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_help_names_every_command_with_a_sentence() -> None:
    assert set(main.commands) == COMMANDS
    for name, command in main.commands.items():
        answer = CliRunner().invoke(main, [name, "--help"])
        assert answer.exit_code == 0
        assert len(command.help or "") > 30, name


def test_ads_of_a_csv_go_from_file_to_release(tmp_path: Path) -> None:
    ads = tmp_path / "ads.csv"
    ads.write_text(
        "title_clean,company_clean,location_clean,description_clean,source,link\n"
        "Comptable (H/F),Atlas,Fès,Recherche comptable. Tel 0612345678,Rekrute,l1\n"
        "Comptable (H/F),Atlas,Fès,Recherche comptable. Tel 0612345678,Inconnu,l2\n"
        ",Atlas,Fès,,Rekrute,l3\n",
        encoding="utf-8",
    )
    done = _marsad(tmp_path / "home", "ingest", "ads", str(ads), "--seen-on", "2026-05-02")
    assert done.returncode == 0, done.stderr
    assert "3 in, 1 stored, 2 set aside" in done.stdout
    assert "row 3: unknown source 'Inconnu'" in done.stderr
    assert "row 4: an ad needs a title" in done.stderr
    control = Control(tmp_path / "home" / "control.db")
    aside = [issue["content"] for issue in control.issues(1)]
    assert len(aside) == 2
    assert (
        "Recherche comptable" in aside[0]
    )  # whole, but for personal data: only the vault has them
    assert "[phone]" in aside[0]
    assert "0612345678" not in "".join(aside)
    control.close()
    released = _marsad(tmp_path / "home", "flow", "enrich", "release")
    assert released.returncode == 0, released.stderr
    assert "Release: 2" in released.stdout
    listed = _marsad(tmp_path / "home", "runs")
    assert "morocco_boards" in listed.stdout
    assert "1 personal data removed" in listed.stdout


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jsonl", '{"foo": 1}\n', "no source reads the fields foo"),
        ("a.jsonl", "{broken\n", "not JSON"),
        ("a.xlsx", "PK\x03\x04nonsense", "not a workbook that can be read"),
        ("a.xml", "<jobs><job></jobs>", "not well-formed XML"),
        ("a.xml", '<!DOCTYPE x [<!ENTITY e "e">]><jobs>&e;</jobs>', "may not declare a document type"),
        ("a.csv", "title_clean,source\na,b,c\n", "row 2: 2 cells expected by the heading"),
        ("a.csv", "title_clean,source\n", "no row below a heading"),
        ("a.json", "%PDF-1.7", "it cannot be read as a PDF"),
        ("a.html", "<p>nothing</p>", "gave 0 records"),
    ],
)  # fmt: skip
def test_bad_files_end_in_one_sentence(tmp_path: Path, name: str, content: str, words: str) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    done = _marsad(tmp_path / "home", "ingest", "ads", str(file))
    assert done.returncode == 2
    assert words in done.stderr
    assert name in done.stderr or "source" in done.stderr
    assert "Traceback" not in done.stderr


def test_unknown_names_are_not_found(tmp_path: Path) -> None:
    done = _marsad(tmp_path, "try", "nothing")
    assert done.returncode == 4
    assert "There is no source 'nothing'. Sources: " in done.stderr
    done = _marsad(tmp_path, "flow", "fly")
    assert done.returncode == 4
    assert "Steps: collect, enrich, edition, release, upkeep" in done.stderr


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = _marsad(tmp_path, "up", MARSAD_PORT=port)
    assert done.returncode == 6
    assert f"Port {port} is taken by another program" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_bad_setting_is_said_in_one_sentence(tmp_path: Path) -> None:
    done = _marsad(tmp_path, "runs", MARSAD_PORT="eighty")
    assert done.returncode == 6
    assert "MARSAD_PORT must be a whole number" in done.stderr


def test_an_unwritable_home_is_said_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with socket.socket() as free:  # a port of its own: another Marsad may be running on 8000
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    done = _marsad(file / "home", "up", MARSAD_PORT=port)
    assert done.returncode == 6
    assert "cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("kind", ["source", "indicator", "page"])
def test_new_makes_a_folder_with_what_belongs_there(tmp_path: Path, kind: str) -> None:
    folder, then = make(kind, "my_thing", tmp_path)
    assert folder.is_dir()
    assert any(folder.rglob("*.yml")) or kind == "page"
    assert "marsad" in then or "make test" in then
    assert "NAME" not in "".join(p.read_text(encoding="utf-8") for p in folder.rglob("*.*"))
    with pytest.raises(InputError, match="already"):
        make(kind, "my_thing", tmp_path)
    with pytest.raises(InputError, match="lower-case"):
        make(kind, "../x", tmp_path)


def test_a_new_page_uses_a_layout_that_exists(tmp_path: Path) -> None:
    folder, _ = make("page", "my_page", tmp_path)
    base = (folder / "page.html").read_text(encoding="utf-8").split('"')[1]
    import marsad.web

    assert (Path(marsad.web.__file__).parent / base).exists()
