"""One visit of one page: the language, what the address asks for, and the read path."""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from markupsafe import Markup, escape

from marsad.backoffice.ports import NOBODY, Desk
from marsad.base import areas
from marsad.base.codes import TOTAL
from marsad.base.labels import Text, pick
from marsad.publish.read.reader import Reader
from marsad.web.layout.format import Format
from marsad.web.locale import N_, translations

_CONTROL_BUT_LINES = re.compile("[\u0000-\u0009\u000b-\u000c\u000e-\u001f\u007f-\u009f]")
_CONTROL = re.compile("[\u0000-\u001f\u007f-\u009f]")
LONGEST = 200
SESSION = "marsad_session"
"""The cookie of someone on duty."""
_LEVELS = {
    "country": N_("country"),
    "region_group": N_("group of regions"),
    "region": N_("region"),
    "province": N_("province or prefecture"),
    "commune": N_("commune"),
}


_STATES = {
    "ok": N_("Last reading succeeded"),
    "warning": N_("Last reading succeeded with warnings"),
    "failed": N_("Last reading failed"),
    "never": N_("Not read yet"),
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a visitor sent: its name as given, and its bytes. It is never written anywhere."""

    name: str
    data: bytes


@dataclass(frozen=True)
class PageRequest:
    """What a page is given. `language` is that of the content, `tongue` that of the address, of the
    menu and of every way on (the same but where the content is not translated). `path` holds the parts named in its PATH, `query` the address's fields,
    `form` and `files` what was sent to it, `session` the cookie of someone on duty."""

    language: str
    reader: Reader
    page: str
    where: str
    base: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[Upload, ...] = ()
    desk: Desk = NOBODY
    session: str = ""
    tongue: str = ""

    @property
    def sent(self) -> bool:
        """Whether a form was sent to the page."""
        return self.method == "POST"

    def form_value(self, name: str, longest: int = LONGEST) -> str:
        """A field of the form sent, without control characters except line ends."""
        text = next(iter(self.form.get(name, ())), "")
        return _CONTROL_BUT_LINES.sub(" ", text)[:longest].strip()

    @cached_property
    def words(self) -> gettext.NullTranslations:
        """The interface's words in this language."""
        return translations(self.language)

    def in_tongue(self, message: str) -> Markup:
        """A word of the ways through the portal, in the visit's tongue where it has it."""
        translated = translations(self.tongue).gettext(message) if self.tongue else message
        if self.tongue in ("", self.language) or translated == message:
            return escape(self._(message))
        return Markup('<span lang="{}">{}</span>').format(self.tongue, translated)

    @cached_property
    def format(self) -> Format:
        """Numbers and dates in this language."""
        return Format(self.language, self.words.gettext)

    def _(self, message: str) -> str:
        return self.words.gettext(message)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """A counted message in the right plural form, its %(count)s written as a figure."""
        return self.words.ngettext(singular, plural, count) % {"count": self.format.number(count)}

    def get(self, name: str) -> str:
        """A field of the address, without control characters, at most LONGEST characters."""
        return _CONTROL.sub(" ", self.query.get(name, ""))[:LONGEST].strip()

    def text(self, text: Text) -> str:
        """A language map in this language."""
        return pick(text, self.language)

    def label(self, dimension: str, code: str, indicator: str = "") -> str:
        """The label of a code in this language."""
        label = self.reader.label(dimension, code, self.language, indicator)
        return self._("Total") if label == TOTAL else label

    def state(self, status: str) -> str:
        """The state of a source after its last reading."""
        return self._(_STATES.get(status, status))

    def level(self, area: str) -> str:
        """What an area is, with what it lies in: "commune, Casablanca-Settat region"."""
        place = areas.area(area)
        name = self._(_LEVELS[place.level])
        above = place.parent if place.level in ("commune", "province") else None
        return f"{name}{self._(', ')}{self.label('area', above)}" if above else name

    def link(self, path: str, query: Mapping[str, str] | None = None, language: str = "") -> str:
        """The address of a page in this (or another) language; empty fields are left out."""
        query_string = urlencode({k: v for k, v in (query or {}).items() if v})
        return f"/{language or self.tongue or self.language}{path}" + (
            f"?{query_string}" if query_string else ""
        )

    def here(self, language: str = "", **changes: str) -> str:
        """This page with the same state, in another language or with some fields changed."""
        return self.link(self.where, {**self.query, **changes}, language)

    def api(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """An address of the machine interface; empty fields are left out."""
        query_string = urlencode({k: v for k, v in (query or {}).items() if v}, safe=",*")
        return path + (f"?{query_string}" if query_string else "")
