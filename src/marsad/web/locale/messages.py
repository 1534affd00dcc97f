"""The list of messages that the portal's code and templates mark for translation.

`python -m marsad.web.locale.messages` rewrites the .po files: new messages come in empty, unused
ones go; what is translated stays. `... messages zgh` gives a translator every message to fill.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from marsad.web.locale import FOLDER

WEB = Path(__file__).parents[1]
PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 ? 4 : 5);"
}
_KEYWORDS = {"_": None, "N_": None, "in_tongue": None, "ngettext": (1, 2)}
_METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]


def used() -> dict[str | tuple[str, ...], list[tuple[str, int]]]:
    """Message (or singular and plural) -> where it is used."""
    places_by_message: dict[str | tuple[str, ...], list[tuple[str, int]]] = {}
    rows = extract_from_dir(WEB, _METHODS, keywords=_KEYWORDS)
    for file, line, message, _comments, _context in sorted(rows, key=lambda r: (r[0], r[1])):
        places_by_message.setdefault(message, []).append((file, line))
    return places_by_message


def catalogue(language: str) -> Catalog:
    """The .po file of a language as it stands."""
    path = FOLDER / f"{language}.po"
    with path.open(encoding="utf-8") as file:
        return read_po(file, locale=language)


def untranslated(language: str) -> list[str]:
    """Messages in use that the language lacks, wholly or in a plural form."""
    have = catalogue(language)
    missing = []
    for message in used():
        entry = have.get(message[0] if isinstance(message, tuple) else message)
        texts = entry.string if entry and isinstance(entry.string, tuple) else ()
        if not entry or not entry.string or (isinstance(message, tuple) and not all(texts)):
            missing.append(str(message))
    return missing


def unused(language: str) -> list[str]:
    """Messages of the .po file that nothing uses."""
    keys = {m[0] if isinstance(m, tuple) else m for m in used()}
    ids = (m.id[0] if isinstance(m.id, tuple) else m.id for m in catalogue(language) if m.id)
    return [str(i) for i in ids if i not in keys]


def named(message: object) -> set[str]:
    """The names of the values that a message asks for: %(count)s and the like."""
    texts = message if isinstance(message, list | tuple) else (message,)
    return {name for text in texts for name in re.findall(r"%\((\w+)\)s", str(text or ""))}


def rewrite(language: str) -> None:
    """Bring a .po file to the messages in use, keeping every translation, note and mark."""
    have = catalogue(language)
    fresh = Catalog(
        locale=language,
        project="Marsad",
        version="1",
        header_comment="# Marsad: what the portal itself says.",
        msgid_bugs_address="the register of issues of the project",
        last_translator="Marsad",
        language_team=language,
        creation_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        revision_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        fuzzy=False,
    )
    if language in PLURALS:  # Babel's own rule for Arabic counts 11 to 99 among the hundreds
        fresh.mime_headers = [("Plural-Forms", PLURALS[language])]
    for message, places in used().items():
        key = message[0] if isinstance(message, tuple) else message
        old = have.get(key)
        files = sorted({file for file, _line in places})
        fresh.add(
            message,
            old.string if old else None,
            locations=[(f, 0) for f in files],
            flags=old.flags if old else (),
            user_comments=old.user_comments if old else (),
        )
    with (FOLDER / f"{language}.po").open("wb") as file:
        write_po(file, fresh, width=100, sort_output=True, include_lineno=False, omit_header=False)


if __name__ == "__main__":
    for code in sys.argv[1:] or ("ar", "fr"):
        rewrite(code)
        print(code, len(untranslated(code)), "untranslated")
