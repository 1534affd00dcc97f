"""The static files are made the same each time, small, and refused in words when they cannot be."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from marsad.base.areas import at_level
from marsad.base.errors import PlaceError
from marsad.web.build import build, modules


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        modules()
    except PlaceError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("dist")
    build(folder)
    return folder


def test_a_machine_without_the_packages_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PlaceError, match="npm ci"):
        modules([tmp_path])
    (tmp_path / "node_modules").mkdir()
    with pytest.raises(PlaceError, match=r"htmx\.org.*npm ci"):
        modules([tmp_path])


def test_building_twice_gives_the_same_names(built: Path, tmp_path: Path) -> None:
    assert build(tmp_path / "again") == json.loads((built / "manifest.json").read_text("utf-8"))


def test_the_letters_are_ours_by_name_and_moroccan_by_content(built: Path) -> None:
    faces = sorted(built.glob("*.woff2"))
    assert len(faces) == 3
    for path in faces:
        data = path.read_bytes()
        assert len(data) <= 36_000
        face = TTFont(io.BytesIO(data))
        if "tifinagh" in path.name:
            assert {ord(c) for c in "ⴰⴳⴷⴹⵣⵥⵯ"} <= set(face.getBestCmap())
        else:
            assert {ord(c) for c in "ڭݣگپچڤشضéœç€0٫"[:-2]} - set(face.getBestCmap()) <= {ord("€")}
        assert all("Marsad" in str(face["name"].getName(i, 3, 1, 0x409)) for i in (1, 3, 4, 6))


def test_the_map_holds_every_region_and_province_under_our_codes(built: Path) -> None:
    drawn = json.loads((built / "map" / "outlines.json").read_text("utf-8"))
    provinces = {a.code for a in at_level("province") if len(a.code) == len("MA-01-511")}
    assert set(drawn["regions"]) == {a.code for a in at_level("region")}
    assert set(drawn["provinces"]) == provinces
    assert len(provinces) == 75
    assert "ODbL" in (built / "map" / "NOTICE.txt").read_text("utf-8")
    size = sum(
        len(path) for layer in ("regions", "provinces") for path, _x, _y in drawn[layer].values()
    )
    assert size < 90_000


def test_the_lock_names_no_registry() -> None:
    lock = Path(__file__).parents[2] / "package-lock.json"
    packages = json.loads(lock.read_text("utf-8"))["packages"]
    assert all("resolved" not in package for package in packages.values())
    assert all("integrity" in package for name, package in packages.items() if name)
