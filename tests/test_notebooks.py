"""The notebooks run from the first cell to the last against a real server, and hold no output."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from marsad.flow.steps import Flow

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "notebooks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.ipynb"))


def _read(name: str) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    return notebook


@pytest.fixture
def run(live_site: str, embedded: Flow, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the code cells of a notebook in order in a fresh namespace; the namespace."""
    monkeypatch.setenv("MARSAD_URL", live_site)
    monkeypatch.setenv("MARSAD_HOME", str(embedded.settings.home))

    def execute(name: str) -> dict[str, Any]:
        space: dict[str, Any] = {"__name__": "__main__"}
        for number, cell in enumerate(_read(name)["cells"]):
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), f"{name}[{number}]", "exec"), space)
        return space

    return execute


def test_there_are_three() -> None:
    assert NAMES == ["recompute_a_figure", "skills_rising", "unemployment_as_known_in_2024"]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_holds_no_output_and_speaks_three_languages(name: str) -> None:
    notebook = _read(name)
    assert (notebook["nbformat"], notebook["metadata"]["kernelspec"]["name"]) == (4, "python3")
    cells = notebook["cells"]
    assert all(c["outputs"] == [] and c["execution_count"] is None
               for c in cells if c["cell_type"] == "code")  # fmt: skip
    assert len({cell["id"] for cell in cells}) == len(cells)
    first = "".join(cells[0]["source"])
    assert first.startswith("# ")
    assert re.search("[\u0621-\u064a]{3}", first)
    assert "*In short:" in first


def test_unemployment_as_known_in_2024(run: Any) -> None:
    space = run("unemployment_as_known_in_2024")
    then, now = space["alors"], space["maintenant"]
    assert 0 < len(then) < len(now)
    assert max(then["period"].astype(str)) <= "2024-Q4"
    table = space["comparaison"]
    assert len(table) >= 8
    assert (table["period"] <= table["period (dernier)"]).all()
    assert table["value"].between(0, 50).all()


def test_skills_rising(run: Any) -> None:
    space = run("skills_rising")
    assert len(space["mois"]) >= 6
    assert isinstance(space["montent"], pd.Series)
    assert (space["montent"] > space["SEUIL"]).all()
    table = space["competences"]
    assert len(table) > 0
    assert table["category"].str.len().gt(2).all()
    # The noise of counts differs in each installation, and so does the occupation that rises most: some
    # of its skills may be suppressed, and then have neither value nor interval.
    known = table[table["value"].notna()]
    assert (known["lower"] <= known["value"]).all()
    assert table["value"].isna().equals(table["lower"].isna())
    assert table["synthetic"].all()


def test_recompute_a_figure(run: Any) -> None:
    space = run("recompute_a_figure")
    assert space["chiffre"]["value"] == 13.3
    assert space["chaine"]["equal"] is True
    assert {step["step"] for step in space["chaine"]["steps"]} >= {
        "table",
        "code",
        "values",
        "number",
    }


def test_a_figure_is_told_where_the_data_are_elsewhere(
    run: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("MARSAD_HOME")
    assert run("recompute_a_figure")["chaine"] is None
    assert "marsad recompute A.MA.unemployment_rate" in capsys.readouterr().out
