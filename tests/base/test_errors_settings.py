"""Errors say what the caller can do; settings and declarations say what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from marsad.base.declare import load_declaration, load_yaml
from marsad.base.errors import (
    CoherenceError,
    DeclarationError,
    InputError,
    MarsadError,
    NotFoundError,
    PlaceError,
    RefusedError,
)
from marsad.base.settings import read_settings


def test_input_error_names_file_row_and_rule() -> None:
    error = InputError("a title is missing", file="ads.csv", row=12)
    assert str(error) == "ads.csv: row 12: a title is missing"
    assert (error.rule, error.file, error.row) == ("a title is missing", "ads.csv", 12)
    assert str(InputError("no")) == "no"
    assert str(InputError("no", row=0)) == "row 0: no"


def test_coherence_error_carries_its_findings() -> None:
    error = CoherenceError("refused", file="t.csv", findings=("a", "b"))
    assert isinstance(error, InputError)
    assert error.findings == ("a", "b")
    assert str(error) == "t.csv: refused"


def test_exit_codes_tell_errors_apart() -> None:
    kinds = (InputError, DeclarationError, NotFoundError, RefusedError, PlaceError)
    codes = [kind.exit_code for kind in kinds]
    assert len(set(codes)) == len(codes)
    assert all(issubclass(kind, MarsadError) for kind in kinds)
    assert MarsadError.exit_code not in codes
    assert 0 not in codes


def test_settings_from_the_environment(tmp_path: Path) -> None:
    settings = read_settings(
        {"MARSAD_HOME": str(tmp_path), "MARSAD_HOST": "0.0.0.0", "MARSAD_PORT": "81"}
    )
    assert settings.home == tmp_path.resolve()
    assert settings.url == "http://0.0.0.0:81"
    assert settings.workers >= 1


def test_pages_for_administrators_are_shown_on_demand() -> None:
    assert not read_settings({"MARSAD_ADMIN": "0"}).admin
    assert read_settings({"MARSAD_ADMIN": "1"}).admin
    with pytest.raises(PlaceError, match="MARSAD_ADMIN must be 0 or 1, not 'yes'"):
        read_settings({"MARSAD_ADMIN": "yes"})


def test_settings_have_defaults() -> None:
    settings = read_settings({})
    assert not settings.admin
    assert settings.home.is_absolute()
    assert settings.home.name == "data"
    assert settings.url == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MARSAD_PORT", "0"),
        ("MARSAD_PORT", "65536"),
        ("MARSAD_PORT", "http"),
        ("MARSAD_PORT", "-1"),
        ("MARSAD_PORT", ""),
        ("MARSAD_WORKERS", "0"),
        ("MARSAD_WORKERS", "many"),
        ("MARSAD_WORKERS", "²"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(name: str, value: str) -> None:
    with pytest.raises(PlaceError, match=name):
        read_settings({name: value})


class _Thing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    size: int = 1


def test_declarations_are_read_strictly(tmp_path: Path) -> None:
    path = tmp_path / "thing.yml"
    path.write_text("name: a\nsize: 2\n")
    assert load_declaration(path, _Thing) == _Thing("a", 2)
    for text, rule in [
        ("name: a\ncolour: red\n", "colour"),
        ("size: 2\n", "name"),
        ("name: a\nsize: big\n", "size"),
        ("- a\n", "must hold a mapping"),
        ("name: [\n", "cannot be read"),
        ("name: !!python/object:os.system x\n", "cannot be read"),
    ]:
        path.write_text(text)
        with pytest.raises(DeclarationError, match=rule) as refused:
            load_declaration(path, _Thing)
        assert "thing.yml" in str(refused.value)


def test_a_missing_declaration_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="nowhere"):
        load_yaml(tmp_path / "nowhere.yml")
