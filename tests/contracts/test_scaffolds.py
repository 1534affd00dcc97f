"""What `marsad new` makes: with a blank left it is refused by the blank's name; filled in, it passes
the contracts of its kind. Tried on a copy of the package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from marsad.base.declare import BLANK, load_yaml
from marsad.base.errors import DeclarationError
from marsad.cli.scaffold import make

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "marsad"
READ = {".py", ".yml", ".html", ".po", ".csv"}
HANDLED = {PACKAGE / "cli" / "scaffold.py", PACKAGE / "base" / "declare.py"}


def test_no_blank_is_left_in_the_package() -> None:
    left = [
        f"{path.relative_to(PACKAGE)}: {blank}"
        for path in PACKAGE.rglob("*")
        if path.suffix in READ and path not in HANDLED
        for blank in BLANK.findall(path.read_text(encoding="utf-8"))
    ]
    assert left == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("title: {ar: ع, fr: ⟨français⟩}", r"title\.fr .*\(⟨français⟩\)"),
        ("rows: [a, {note: see ⟨which⟩ page}]", r"rows\.2\.note .*\(⟨which⟩\)"),
    ],
)
def test_a_declaration_with_a_blank_is_refused_by_its_name(
    tmp_path: Path, text: str, name: str
) -> None:
    (tmp_path / "x.yml").write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError, match=name):
        load_yaml(tmp_path / "x.yml")


def _place(source: str, target: str) -> None:
    """A copy of what is read as text or code, a link to what is only loaded."""
    if Path(source).suffix in {*READ, ".json", ".jsonl"}:
        shutil.copyfile(source, target)
    else:
        Path(target).symlink_to(source)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package in another place, with the contracts beside it."""
    place = tmp_path_factory.mktemp("scaffolds")
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, place / "src" / "marsad", ignore=skip, copy_function=_place)
    shutil.copytree(ROOT / "tests" / "contracts", place / "contracts", ignore=skip)
    shutil.copy(ROOT / "tests" / "cubes.py", place / "contracts")
    return place


def _fill(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".pdf":
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub("⟨([^⟩]*)⟩", r"\1", text), encoding="utf-8")


def _contracts(copy: Path, file: str, name: str) -> subprocess.CompletedProcess[str]:
    command = ["-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(copy), "-k", name]
    return subprocess.run(
        [sys.executable, *command, str(copy / "contracts" / file)],
        cwd=copy, env={**os.environ, "PYTHONPATH": str(copy / "src")},
        capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "file", "blank", "tests"),
    [
        ("source", "test_sources.py", "title.ar is not filled in yet (⟨عربية⟩)", 9),
        ("indicator", "test_indicators.py", "title.ar is not filled in yet (⟨عربية⟩)", 6),
    ],
)
def test_a_folder_fails_by_its_blank_and_passes_once_it_is_filled(
    copy: Path, kind: str, file: str, blank: str, tests: int
) -> None:
    folder, _ = make(kind, "my_thing", copy / "src" / "marsad")
    try:
        before = _contracts(copy, file, "my_thing")
        assert before.returncode != 0
        assert blank in before.stdout
        _fill(folder)
        after = _contracts(copy, file, "my_thing")
        assert after.returncode == 0, after.stdout[-3000:]
        assert int(re.findall(r"(\d+) passed", after.stdout)[0]) >= tests
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    "like", ["job_feed", "intermediation_list", "hcp_table", "course_table", "worldbank_indicators"]
)
def test_a_source_like_another_reads_as_it_does_once_its_right_is_written(
    copy: Path, like: str
) -> None:
    folder, _ = make("source", "my_thing", copy / "src" / "marsad", like)
    try:
        assert (
            "title.ar is not filled in yet"
            in _contracts(copy, "test_sources.py", "my_thing").stdout
        )
        _fill(folder)
        after = _contracts(copy, "test_sources.py", "my_thing")
        assert after.returncode == 0, after.stdout[-3000:]
    finally:
        shutil.rmtree(folder)


def _run(copy: Path, code: str) -> subprocess.CompletedProcess[str]:
    """What a program prints that works with the copy of the package."""
    return subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "tests" / "site")],
        env={**os.environ, "PYTHONPATH": str(copy / "src")}, capture_output=True, text=True,
    )  # fmt: skip


def test_a_field_is_read_and_declared_everywhere_once_it_is_filled(copy: Path) -> None:
    folder, _ = make("field", "my_field", copy / "src" / "marsad")
    code = (
        "from marsad.enrich.fields import AdWords, code; from marsad.base.codes import codelist;"
        "from marsad.lake.tables import table; from marsad.lake.mart_tables import schema;"
        "from marsad.publish.read.ad_filters import filters;"
        "ad = AdWords('', 'the Second of them'); code([ad]);"
        "assert ad.code('my_field') in codelist('my_field');"
        "assert 'my_field_score' in table('core_ads').columns and 'my_field' in schema('ads').names;"
        "print(ad.code('my_field'), 'my_field' in filters())"
    )
    try:
        assert "field.yml: without_card is not filled in yet" in _run(copy, code).stderr
        _fill(folder)
        done = _run(copy, code)
        assert done.stdout == "SECOND True\n", done.stderr[-2000:]
    finally:
        shutil.rmtree(folder)


def test_a_format_is_given_by_its_name_once_it_is_filled(copy: Path) -> None:
    module, _ = make("format", "my_format", copy / "src" / "marsad")
    code = (
        "import types, pyarrow as pa; from marsad.publish.formats.registry import format_named;"
        "from marsad.publish.read.cube import COLUMNS;"
        "answer = types.SimpleNamespace(table=pa.table({name: [] for name in COLUMNS}));"
        "print(format_named('my_format').write(answer))"
    )
    try:
        assert module.name == "my_format.py"
        assert "⟨media type⟩" in BLANK.findall(module.read_text(encoding="utf-8"))
        module.write_text(re.sub("[⟨⟩]", "", module.read_text("utf-8")), encoding="utf-8")
        done = _run(copy, code)
        assert done.stdout == "b'[]'\n", done.stderr[-2000:]
    finally:
        module.unlink()


def test_a_page_is_shown_once_it_is_filled(copy: Path) -> None:
    folder, _ = make("page", "my_page", copy / "src" / "marsad")
    try:
        blanks = BLANK.findall((folder / "page.py").read_text(encoding="utf-8"))
        assert "⟨Title⟩" in blanks
        _fill(folder)
        code = (
            "import sys; sys.path.insert(0, sys.argv[1]); from fake import FakeReader;"
            "from starlette.testclient import TestClient; from marsad.web.app import create_app;"
            "reader = FakeReader(); client = TestClient(create_app(lambda: reader));"
            "answer = client.get('/fr/my_page'); print(answer.status_code, answer.text)"
        )
        done = _run(copy, code)
        assert done.stdout.startswith("200 "), done.stderr[-2000:]
        assert re.search("<h1>[^<⟨]+</h1>", done.stdout)
    finally:
        shutil.rmtree(folder)
