"""Declarations: facts in yml, read into a frozen type that refuses what it does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from marsad.base.errors import DeclarationError

T = TypeVar("T")
BLANK = re.compile("⟨[^⟩]*⟩?")
"""A text that someone has yet to write, as `marsad new` marks it."""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


YamlMap = dict[str, Any]
"""What a yml file holds at its top: a map, of whatever its reader then checks."""


def load_yaml(path: Path) -> YamlMap:
    """The mapping in a yml file. DeclarationError says which file is not one, or which of its texts
    still holds a blank (⟨...⟩) of the folder that `marsad new` made."""
    try:
        text = path.read_text(encoding="utf-8")
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 - safe
    except (OSError, yaml.YAMLError) as error:
        raise DeclarationError(f"{path} cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise DeclarationError(f"{path} must hold a mapping of names to values.")
    if BLANK.search(text):
        for name, blank in _blanks(data, ""):
            raise DeclarationError(f"{path}: {name} is not filled in yet ({blank}).")
    return data


def _blanks(value: object, name: str) -> Iterator[tuple[str, str]]:
    """The texts in `value` that hold a blank: their dotted name and the blank."""
    if isinstance(value, str) and (blank := BLANK.search(value)):
        yield name, blank.group()
    parts = value if isinstance(value, dict) else {}
    if isinstance(value, list):
        parts = dict(enumerate(value, 1))
    for key, part in parts.items():
        yield from _blanks(part, f"{name}.{key}".lstrip("."))


def load_declaration(path: Path, kind: type[T]) -> T:
    """The yml at `path` as a `kind` (a msgspec Struct with forbid_unknown_fields)."""
    try:
        return msgspec.convert(load_yaml(path), kind)
    except msgspec.ValidationError as error:
        raise DeclarationError(f"{path}: {error}") from error
