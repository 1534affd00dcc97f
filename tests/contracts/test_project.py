"""Promises of the project as a whole: its rooms, its lists of packages, its size, its languages."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from marsad.base.labels import LANGUAGES, missing

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "marsad"
FOLDERS = ("src", "tests", "docs", "scripts", "benchmarks", ".ci")


def _files() -> list[Path]:
    """The project's own files, whether or not this machine has git."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    found += [path for path in ROOT.iterdir() if path.is_file()]
    return [path for path in found if not {"dist", "__pycache__"} & set(path.parts)]


def test_rooms_import_only_what_they_may() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_no_import_is_excepted() -> None:
    assert "ignore_imports" not in (ROOT / ".importlinter").read_text()


def test_no_file_names_a_package_registry() -> None:
    hosts = re.compile(
        r"pypi\.o" + r"rg|pythonhosted\.o" + r"rg|registry\.npm" + r"js|deb\.deb" + r"ian"
    )
    found = []
    for path in _files():
        if path.stat().st_size < 3_000_000:
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
            found += [path] if hosts.search(text) else []
    assert found == []


def test_locks_carry_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-build.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        pins = re.findall(r"^[a-z0-9][\w.-]*==", text, re.M)
        assert len(pins) >= 5
        assert text.count("--hash=sha256:") >= len(pins)
        assert "://" not in text
    lock = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_files_and_functions_stay_short() -> None:
    long = []
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > 400:
            long.append(f"{path} {text.count(chr(10))}")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > 50:
                    long.append(f"{path}:{node.name} {lines}")
    assert long == []


def test_no_broad_handler() -> None:
    broad = [
        f"{path}:{node.lineno}"
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception"})
    ]
    assert broad == []


def _holds_words(node: ast.expr) -> bool:
    if isinstance(node, (ast.Tuple, ast.List)):
        return any(_holds_words(part) for part in node.elts)
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def test_words_of_several_languages_stand_in_yml() -> None:
    maps = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Dict)
        and len({k.value for k in node.keys if isinstance(k, ast.Constant)} & {*LANGUAGES}) > 1
        and any(map(_holds_words, node.values))
    ]
    assert maps == []


@pytest.mark.parametrize(
    "path", sorted((SOURCE / "base/codelists").glob("*.yml")), ids=lambda p: p.stem
)
def test_code_lists_speak_three_languages(path: Path) -> None:
    for code, text in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        assert set(text) == set(LANGUAGES), code
        assert not missing(text), code


def test_readme_starts_with_the_two_commands() -> None:
    top = (ROOT / "README.md").read_text(encoding="utf-8").split("\n")[:10]
    assert any("make run" in line for line in top)
    assert any("make test" in line for line in top)
    assert "make test" in (ROOT / ".ci" / "run").read_text()


VAGUE = {"found", "said", "told", "asked"}


def _bound(node: ast.AST) -> list[str]:
    """The names that a node of the syntax tree binds."""
    if isinstance(node, ast.Name):
        return [node.id] if isinstance(node.ctx, ast.Store) else []
    if isinstance(node, ast.arg):
        return [node.arg]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.alias):
        return [node.asname or node.name]
    return []


def test_names_say_what_a_thing_is() -> None:
    vague = [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)} {name}"
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _bound(node)
        if name.strip("_").lower() in VAGUE
    ]
    assert vague == []


def test_few_things_are_of_any_type() -> None:
    """Rows stay inside a room (`base.records.Row`); what crosses is a record, a struct or a table."""
    words = [
        w for path in SOURCE.rglob("*.py") for w in re.findall(r"\bAny\b", path.read_text("utf-8"))
    ]
    assert len(words) < 60
    public = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for room in ("base", "lake", "products", "publish")
        for path in (SOURCE / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        for part in (
            *(a.annotation for a in [*node.args.args, *node.args.kwonlyargs]),
            node.returns,
        )
        if part is not None and "Any" in re.findall(r"\w+", ast.unparse(part))
    ]
    assert public == []
