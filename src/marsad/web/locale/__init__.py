"""The interface's words: English in the code, Arabic and French in `ar.po` and `fr.po`.

Only what the portal itself says is here. Names of indicators, codes and sources are statistical
text: language maps beside the data, for they also leave by the API.
"""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent


def N_(message: str) -> str:
    """Marks a message for translation where it stands; it is translated where it is shown."""
    return message


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The messages of a language, read from its .po file; English has none and needs none."""
    path = FOLDER / f"{language}.po"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open(encoding="utf-8") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
