"""The documentation is complete: reference up to date, three languages, no dead link."""

from __future__ import annotations

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
