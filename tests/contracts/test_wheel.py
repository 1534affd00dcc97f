"""The wheel carries everything that a server needs: code, data, the built assets, its requirements.

`make wheel-check` goes on from here: it installs the wheel in an empty environment and runs it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "flit_core.wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("marsad-*.whl"))


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def test_it_carries_every_file_of_the_package(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    files = {
        path.relative_to(SOURCE).as_posix()
        for path in (SOURCE / "marsad").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files <= names
    assert not [name for name in names if "__pycache__" in name or "node_modules" in name]


def test_it_carries_the_built_assets(wheel: Path) -> None:
    dist = "marsad/web/assets/dist"
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
        manifest = json.loads(archive.read(f"{dist}/manifest.json"))
    assert {f"{dist}/{name}" for name in manifest.values()} <= names
    assert f"{dist}/map/outlines.json" in names
    assert f"{dist}/map/NOTICE.txt" in names
    assert len([name for name in names if name.startswith(f"{dist}/fonts/")]) == 2


def test_it_asks_for_what_is_declared(metadata: Message) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [Requirement(text) for text in metadata.get_all("Requires-Dist", [])]
    plain = {str(requirement) for requirement in asked if requirement.marker is None}
    assert plain == {str(Requirement(text)) for text in project["dependencies"]}
    assert set(metadata.get_all("Provides-Extra", [])) == set(project["optional-dependencies"])
    assert metadata["Requires-Python"] == project["requires-python"]
