"""The interface's words: English in the code, Arabic and French in `ar.po` and `fr.po`.

`zgh.po` holds the words of the ways through the portal in Amazigh; what is not in it is said in the
language of the content, which is French there. A word that no reader has confirmed is marked fuzzy.

Only what the portal itself says is here. Names of indicators, codes and sources are statistical
text: language maps beside the data, for they also leave by the API.
"""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from marsad.base.labels import french

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language that the portal is offered in: its own name, the language that its content is
    written in, and the direction of writing."""

    name: str
    content: str
    direction: str


TONGUES = {
    "ar": Tongue("العربية", "ar", "rtl"),
    "zgh": Tongue("ⵜⴰⵎⴰⵣⵉⵖⵜ", "fr", "ltr"),
    "fr": Tongue("Français", "fr", "ltr"),
    "en": Tongue("English", "en", "ltr"),
}
"""By language, in the order of the choice: the official languages first. Where the content is in
another language, figures and dates are in that one too."""


def N_(message: str) -> str:
    """Marks a message for translation where it stands; it is translated where it is shown."""
    return message


def _set(string: str | tuple[str, ...] | list[str]) -> str | tuple[str, ...]:
    return french(string) if isinstance(string, str) else tuple(map(french, string))


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The messages of a language, read from its .po file; English has none and needs none."""
    path = FOLDER / f"{language}.po"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open(encoding="utf-8") as file:
        catalogue = read_po(file, locale=language)
    if language == "fr":
        for message in catalogue:
            if message.id and message.string:
                message.string = _set(message.string)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue, use_fuzzy=True)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
