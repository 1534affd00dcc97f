"""Arabic texts that a reader sees: digits joined by a hyphen read the other way round («09-08» as 08-09)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

import marsad
from marsad.base.declare import load_yaml

HOME = Path(marsad.__file__).parent
_JOINED = re.compile(r"(?<![A-Za-z\d])\d+[-–]\d+")


def _texts(value: object, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "ar" and isinstance(inner, str):
                yield where, inner
            yield from _texts(inner, f"{where} {key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, where)


def _declared() -> Iterator[tuple[str, str]]:
    for path in sorted(HOME.rglob("*.yml")):
        if "node_modules" not in path.parts:
            yield from _texts(load_yaml(path), path.name)


def _interface() -> Iterator[tuple[str, str]]:
    with (HOME / "web/locale/ar.po").open("rb") as file:
        for message in read_po(file, locale="ar"):
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            yield from (("ar.po", text) for text in strings if message.id)


def test_no_arabic_text_joins_digits_by_a_hyphen() -> None:
    every = [*_declared(), *_interface()]
    assert len(every) > 1000
    assert [f"{where}: {text}" for where, text in every if _JOINED.search(text)] == []
