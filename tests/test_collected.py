"""What is gathered besides ads: tables of a catalogue of open data, and pages of trainings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loopback import Site, fetched, last, poll, serving
from marsad.base.errors import InputError
from marsad.base.settings import Settings
from marsad.collect.fetch.discover import links
from marsad.collect.fetch.plan import Fetch
from marsad.collect.register import source
from marsad.flow.steps import Flow

TABLE = """Taux de chômage par sexe (%),,,
,,,
Sexe,Milieu de résidence,2021,2022
Total,National,"12,3",11.8
Masculin,National,"10,9","10,3"
Féminin,National,"16,8","17,2"
"""
MORE: dict[str, object] = {"every": "60s", "delay": 0.0, "loopback": True, "refresh": "30d"}


def _catalogue(site: Site, files: dict[str, str], of: int, start: int = 0) -> str:
    """One page of CKAN's package_search: file -> when it changed."""
    packages = [
        {
            "name": name.partition(".")[0], "metadata_modified": "2026-01-01T00:00:00",
            "resources": [{"url": f"{site.address}/{name}", "last_modified": changed, "format": "CSV"}],
        }
        for name, changed in files.items()
    ]  # fmt: skip
    return json.dumps({"success": True, "result": {"count": of, "results": packages}})


@pytest.fixture
def flow(tmp_path: Path) -> Flow:
    return Flow(Settings(home=tmp_path / "home", sample=False))


def _tables(site: Site) -> Fetch:
    start = f"{site.address}/api/3/action/package_search?q=taux"
    return Fetch(starts=(start,), discover="pages", links=r"\.csv$", **MORE)  # type: ignore[arg-type]


def test_a_catalogue_is_followed_and_only_what_changed_is_read_again(flow: Flow) -> None:
    with serving(Site()) as site:
        base = "/api/3/action/package_search?q=taux"
        first = {"rates.csv": "2026-02-01", "notes.pdf": "2026-02-01"}
        site.put(base, _catalogue(site, first, of=3))
        site.put(f"{base}&start=2", _catalogue(site, {"bad.csv": "2026-02-01"}, of=3))
        site.put("/rates.csv", TABLE)
        site.put("/bad.csv", "Nombre de moulins par province\n\nProvince,2021\nSafi,12\n")
        spec = fetched("hcp_table", _tables(site))
        poll(flow, spec)
        rows = flow.lake.read("core_observations", partition="hcp_table").to_pylist()
        assert {(r["period"], r["sex"]): r["value"] for r in rows} == {
            ("2021", "_T"): 12.3, ("2022", "_T"): 11.8, ("2021", "M"): 10.9,
            ("2022", "M"): 10.3, ("2021", "F"): 16.8, ("2022", "F"): 17.2,
        }  # fmt: skip
        ended = last(flow, spec)
        assert (ended["records"], ended["set_aside"], ended["how"]) == (6, 1, "complete")
        assert "1 of 2 files refused" in str(ended["note"])
        assert "/notes.pdf" not in site.paths()

        site.put("/rates.csv", TABLE.replace("11.8", "11.9"))
        poll(flow, spec)
        assert site.paths().count("/rates.csv") == 1, "its list says that it has not changed"
        site.put(base, _catalogue(site, {**first, "rates.csv": "2026-03-01"}, of=3))
        poll(flow, spec)
        assert (site.paths().count("/rates.csv"), site.paths().count("/bad.csv")) == (2, 1)
        rows = flow.lake.read("core_observations", partition="hcp_table").to_pylist()
        assert [r["value"] for r in rows if (r["period"], r["sex"]) == ("2022", "_T")] == [11.9]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('{"success": false, "error": {"__type": "Not Found"}}', "no catalogue of CKAN or DCAT"),
        ('{"result": {"results": [', "not JSON"),
        ('{"result": ' * 100_000, "not JSON"),
    ],
)
def test_an_answer_that_is_no_catalogue_is_refused(text: str, rule: str) -> None:
    plan = Fetch(starts=("https://a.example/x",), discover="pages")
    with pytest.raises(InputError, match=rule):
        links(plan, "https://a.example/x", text.encode())


def test_a_catalogue_of_dcat_names_its_files_and_when_they_changed() -> None:
    plan = Fetch(starts=("https://a.example/data.json",), discover="pages", links=r"\.xlsx$")
    text = json.dumps({"dataset": [
        {"modified": "2026-01-05", "distribution": [{"downloadURL": "https://a.example/t.xlsx"}, 7]},
        {"distribution": [{"downloadURL": "https://elsewhere.example/u.xlsx"}]}, "x",
    ]})  # fmt: skip
    named = links(plan, "https://a.example/data.json", text.encode())
    assert [(link.address, link.lastmod) for link in named] == [
        ("https://a.example/t.xlsx", "2026-01-05")
    ]


def test_pages_of_trainings_are_gathered_by_a_sitemap(flow: Flow) -> None:
    folder = source("course_pages").folder / "sample"
    pages = sorted(path for path in folder.iterdir())
    with serving(Site()) as site:
        names = "".join(f"<url><loc>{site.address}/{path.name}</loc></url>" for path in pages)
        site.put("/sitemap.xml", f"<urlset>{names}</urlset>")
        for path in pages:
            site.put(f"/{path.name}", path.read_bytes())
        start = (f"{site.address}/sitemap.xml",)
        plan = Fetch(starts=start, discover="pages", links=r"\.html$", **MORE)  # type: ignore[arg-type]
        spec = fetched("course_pages", plan)
        poll(flow, spec)
        rows = flow.lake.read("core_courses", partition="course_pages").to_pylist()
        assert "Soudure à l'arc" in {row["title"] for row in rows}
        assert len(rows) == last(flow, spec)["records"]
        before = len(flow.lake.read("core_courses", partition="course_pages"))
        poll(flow, spec)
        assert last(flow, spec)["how"] == "complete"
        assert len(flow.lake.read("core_courses", partition="course_pages")) == before
