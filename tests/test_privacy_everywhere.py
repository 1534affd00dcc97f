"""Personal data are planted in ads and courses, everything is run, and every file is looked through."""

from __future__ import annotations

import json
import random
import re
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from benchmarks.truth.personal import HALVES, leaks, squeezed
from benchmarks.truth.personal_forms import Planted
from click.testing import CliRunner

from marsad.base.settings import Settings
from marsad.cli.main import main
from marsad.flow.steps import Flow
from marsad.lake import edition, search

JOBS = ("Soudeur", "Comptable", "Cuisinière", "سائق شاحنة", "Chauffeur", "ممرضة")


def _planted() -> list[tuple[str, str, Planted]]:
    """(form, ad text, what was planted): every form of both halves, once."""
    dice = random.Random(29)
    every = []
    for forms, carriers in HALVES.values():
        for form, (_, write) in forms.items():
            what = write(dice)
            carrier = dice.choice(carriers[dice.choice(list(carriers))])
            every.append((form, carrier.format(what[0]), what))
    return every


@pytest.fixture(scope="module")
def planted() -> list[tuple[str, str, Planted]]:
    return _planted()


@pytest.fixture(scope="module")
def home(
    planted: list[tuple[str, str, Planted]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """An installation that took the planted ads by its own commands, and all that was printed."""
    folder = tmp_path_factory.mktemp("planted")
    home = folder / "home"
    notices, boards = [], []
    for i, (_, text, what) in enumerate(planted):
        title = f"{JOBS[i % len(JOBS)]} {i}"
        notices.append({"uuid": f"n{i}", "titre": title, "administration": f"Atelier {text}", "categorie": "",
                        "date_limite": "", "date_limite_text": "", "detail_url": f"https://exemple.ma/{i}", "pdf_url": "",
                        "pdf_nom": "", "region_detectee": "", "date_detection": "2026-11-01", "description": text})  # fmt: skip
        boards.append({"title_clean": f"{title} {what[0]}", "company_clean": what[0], "location_clean": f"Fès {what[0]}",
                       "description_clean": text, "source": "Rekrute", "link": f"https://exemple.ma/b{i}"})  # fmt: skip
    notices.append(
        {
            **notices[0],
            "uuid": "bad",
            "titre": "",
            "description": "\n".join(t for _, t, _ in planted),
        }
    )
    files = {"emploi_public_fr": notices, "morocco_boards": boards}
    printed = ""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MARSAD_HOME", str(home))
        patch.setenv("MARSAD_WORKERS", "1")
        for source, rows in files.items():
            path = folder / f"{source}.jsonl"
            path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), "utf-8")
            result = CliRunner().invoke(main, ["ingest", "ads", "--source", source, str(path)])
            assert result.exit_code == 0, result.output
            printed += result.output
    Flow(Settings(home=home, workers=1)).run(["enrich", "release"])
    return home, printed


def _words(cells: Iterable[object]) -> str:
    """The cells of a row that are words: not times of the clock, not hashes."""
    texts = (cell for cell in cells if isinstance(cell, str))
    return " | ".join(
        t for t in texts if not re.match(r"\d{4}-\d\d-\d\d[ T]|[0-9a-f]{16,}(\+|$)", t)
    )


def _sqlite(path: Path) -> Iterator[str]:
    with sqlite3.connect(path) as database:
        for (name,) in database.execute("select name from sqlite_master where type = 'table'"):
            for row in database.execute(f'select * from "{name}"'):
                yield _words(row)


def _duckdb(path: Path) -> Iterator[str]:
    with duckdb.connect(str(path), read_only=True) as database:
        for (name,) in database.execute(
            "select table_name from information_schema.tables"
        ).fetchall():
            for row in database.execute(f'select * from "{name}"').fetchall():
                yield _words(row)


def _parquet(path: Path) -> Iterator[str]:
    for row in pq.read_table(path).to_pylist():
        yield _words(row.values())


READERS = {".db": _sqlite, ".duckdb": _duckdb, ".parquet": _parquet}


def _texts(home: Path) -> Iterator[tuple[str, str]]:
    """(file, words) of every row of every file; the sealed payloads, which only `flow` opens, apart."""
    for path in sorted(p for p in home.rglob("*") if p.is_file()):
        name = str(path.relative_to(home))
        if name.startswith("vault/"):
            continue
        if path.suffix in READERS:
            yield from ((name, words) for words in READERS[path.suffix](path))
        elif search.NAME not in path.parts:
            yield name, path.read_bytes().decode("utf-8", "replace")


def _long(what: Planted) -> list[str]:
    """The secrets of what was planted, short ones joined: four letters stand in any file by chance."""
    every = [squeezed(secret) for secret in what[1]]
    return [secret for secret in every if len(secret) > 6] or ["".join(every)]


def _telling(secret: str, file: str) -> bool:
    """Six digits stand in any log by chance: they are looked for in rows."""
    return not secret.isdecimal() or Path(file).suffix in READERS


def test_no_planted_datum_stands_in_any_file(
    home: tuple[Path, str], planted: list[tuple[str, str, Planted]]
) -> None:
    folder, printed = home
    everything: dict[str, list[str]] = {"printed": [squeezed(printed)]}
    for name, words in _texts(folder):
        everything.setdefault(name, []).append(squeezed(words))
    assert len(everything) > 40
    assert any("control.db" in name for name in everything)
    whole = {name: "\n".join(words) for name, words in everything.items()}
    left = [
        (form, name)
        for form, _, what in planted
        for name, words in whole.items()
        if any(secret in words for secret in _long(what) if _telling(secret, name))
    ]
    assert left == []


def test_a_refusal_names_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words of a file that is refused whole go to the ledger and to the terminal without persons."""
    monkeypatch.setenv("MARSAD_HOME", str(tmp_path / "home"))
    path = tmp_path / "cv_nora.essai@exemple.ma.jsonl"
    path.write_text('{"essai_0612345678": 1, "nora&#64;exemple.ma": 2}\n', "utf-8")
    result = CliRunner().invoke(main, ["ingest", "ads", "--source", "emploi_public_fr", str(path)])
    assert result.exit_code != 0
    runs = " ".join(_sqlite(tmp_path / "home" / "control.db"))
    for words in (result.output, runs):
        assert not re.search(r"0612345678|nora.{0,6}exemple|essai@", words)


def test_what_is_searched_finds_no_planted_datum(
    home: tuple[Path, str], planted: list[tuple[str, str, Planted]]
) -> None:
    current = Flow(Settings(home=home[0], workers=1)).current()
    assert current is not None
    shown = edition.newest(home[0])
    assert shown is not None
    index = search.Search(shown / search.NAME)
    assert index.keys("soudeur")
    left = {form: index.keys(secret) for form, _, what in planted for secret in what[1]}
    assert {form: keys for form, keys in left.items() if keys} == {}


def test_the_ads_are_there_and_say_their_work(home: tuple[Path, str]) -> None:
    rows = Flow(Settings(home=home[0], workers=1)).lake.read("core_ads").to_pylist()
    assert len(rows) > 270
    assert all(row["title"].split()[0] in " ".join(JOBS) for row in rows)
    assert sum(row["isco08"] != "" for row in rows) > 0.65 * len(rows)


def test_every_form_is_removed_from_every_carrier(planted: list[tuple[str, str, Planted]]) -> None:
    from marsad.enrich.privacy import scrub

    assert [form for form, text, what in planted if leaks(scrub(text)[0], what)] == []
