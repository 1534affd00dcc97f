"""The documentation is complete: reference up to date, three languages, no dead link."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])


def test_the_reference_is_what_the_declarations_say() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts" / "reference.py", "--check"], cwd=ROOT)
    assert done.returncode == 0, "run: python scripts/reference.py"


def test_every_tutorial_is_in_three_languages() -> None:
    names = {lang: {p.name for p in (DOCS / lang).glob("*.md")} for lang in ("ar", "fr", "en")}
    assert names["en"] == names["fr"] == names["ar"]
    for page in (DOCS / "ar").glob("*.md"):
        assert len(re.findall("[\u0621-\u064a]", page.read_text(encoding="utf-8"))) > 300


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def test_documented_commands_exist() -> None:
    from marsad.cli.main import main

    for page in PAGES:
        for name in re.findall(r"(?:bin/|`)marsad ([a-z]+)", page.read_text(encoding="utf-8")):
            assert name in main.commands, (page, name)


def _defined(path: Path) -> set[str]:
    """The functions and classes of a module, and `Class.method` of its methods."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
            names |= {
                f"{node.name}.{m.name}" for m in ast.walk(node) if isinstance(m, ast.FunctionDef)
            }
    return names


def test_every_address_of_the_architecture_page_is_in_the_code() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    addresses = re.findall(r"`((?:[\w.*<>-]+/)+[\w.*<>-]*)(?:: ([\w.]+))?`", text)
    assert len(addresses) > 80
    for address, name in addresses:
        pattern = re.sub(r"<\w+>", "*", address).rstrip("/")
        paths = [p for base in (ROOT, ROOT / "src" / "marsad") for p in base.glob(pattern)]
        assert paths, f"{address} is not there"
        assert not name or name in _defined(paths[0]), f"{address} has no {name}"


def test_the_architecture_page_names_every_room() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    rooms = [p.name for p in (ROOT / "src" / "marsad").iterdir() if (p / "__init__.py").exists()]
    assert [room for room in rooms if not re.search(rf"^{room}/ ", text, re.MULTILINE)] == []
