"""`marsad --help` is there at once, and a package that is not installed is named in one sentence."""

from __future__ import annotations

import builtins
import subprocess
import sys
from typing import Any

import click
import pytest
from click.testing import CliRunner

from marsad.cli.main import main

_HEAVY = ("rich", "msgspec", "yaml", "numpy", "pyarrow", "fastapi", "duckdb", "sqlalchemy")


def test_help_loads_no_library_but_click() -> None:
    code = (
        "import sys; from marsad.cli.main import main; main(['--help'], standalone_mode=False);"
        f" print([name for name in {_HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "recompute" in done.stdout
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(("module", "extra"), [("sklearn", "train"), ("psycopg", "postgres")])
def test_a_missing_extra_is_one_sentence(
    module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == module:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return whole(name, *rest, **more)

    @click.command()
    def probe() -> None:
        __import__(f"{module}.part")

    monkeypatch.setitem(main.commands, "probe", probe)
    monkeypatch.setattr(builtins, "__import__", without)
    done = CliRunner().invoke(main, ["probe"])
    assert done.exit_code == 6
    assert done.stderr.count("\n") == 1
    assert f"pip install 'marsad[{extra}]'" in done.stderr
