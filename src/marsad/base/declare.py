"""Declarations: facts in yml, read into a frozen type that refuses what it does not know."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from marsad.base.errors import DeclarationError

T = TypeVar("T")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a yml file; DeclarationError says which file is not one."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - safe
    except (OSError, yaml.YAMLError) as error:
        raise DeclarationError(f"{path} cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise DeclarationError(f"{path} must hold a mapping of names to values.")
    return data


def load_declaration(path: Path, kind: type[T]) -> T:
    """The yml at `path` as a `kind` (a msgspec Struct with forbid_unknown_fields)."""
    try:
        return msgspec.convert(load_yaml(path), kind)
    except msgspec.ValidationError as error:
        raise DeclarationError(f"{path}: {error}") from error
