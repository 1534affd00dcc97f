"""Words that texts must not use, as the glossary lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

import marsad
from marsad.base.declare import load_yaml

HOME = Path(marsad.__file__).parent
GLOSSARY = HOME.parents[1] / "docs" / "GLOSSARY.md"
_ROW = re.compile(r"^\| (ar|fr|en) \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", re.M)
_ASKED = HOME / "publish" / "read" / "questions"  # how people ask, not how we write


def forbidden() -> list[tuple[str, str]]:
    """(language, word) of the table of words not to use."""
    return [(m[1], m[2].strip()) for m in _ROW.finditer(GLOSSARY.read_text(encoding="utf-8"))]


def _texts(value: object, language: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == language and isinstance(inner, str):
                yield inner
            yield from _texts(inner, language)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, language)


def shown(language: str) -> Iterator[tuple[str, str]]:
    """(file, text) of every text of a language that people read."""
    for path in sorted(HOME.rglob("*.yml")):
        if "node_modules" not in path.parts and _ASKED not in path.parents:
            yield from ((path.name, text) for text in _texts(load_yaml(path), language))
    catalogue = HOME / "web" / "locale" / f"{language}.po"
    if catalogue.exists():
        with catalogue.open("rb") as file:
            for message in read_po(file, locale=language):
                strings = message.string if isinstance(message.string, tuple) else (message.string,)
                yield from ((catalogue.name, text) for text in strings if message.id)


def test_no_text_uses_a_word_of_the_table() -> None:
    table = forbidden()
    assert len(table) >= 12
    used = [
        f"{where}: {word}: {text[:80]}"
        for language in ("ar", "fr")
        for where, text in shown(language)
        for other, word in table
        if other == language and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    ]
    assert used == []
