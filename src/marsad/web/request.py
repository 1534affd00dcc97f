"""The request for one page: its address, what was sent to it, and who sent it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from marsad.backoffice.ports import NOBODY, Desk
from marsad.publish.http import answer_cache
from marsad.web.localisation import Site

_CONTROL_BUT_LINES = re.compile("[\u0000-\u0009\u000b-\u000c\u000e-\u001f\u007f-\u009f]")
_CONTROL = re.compile("[\u0000-\u001f\u007f-\u009f]")
LONGEST = 200
SESSION = answer_cache.SESSION
"""The cookie of someone on duty."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a visitor sent: its name as given, and its bytes. It is never written anywhere."""

    name: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class PageRequest(Site):
    """What a page is given: the portal in the visitor's language, and what was asked of it.

    `page` is its name and `where` its address without the language; `path` holds the parts named in its
    PATH, `query` the address's fields, `form` and `files` what was sent to it, `session` the cookie of
    someone on duty, `address` where the visitor is (`limits.caller_of`).
    """

    page: str
    where: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[Upload, ...] = ()
    desk: Desk = NOBODY
    session: str = ""
    address: str = ""

    @property
    def sent(self) -> bool:
        """Whether a form was sent to the page."""
        return self.method == "POST"

    def form_value(self, name: str, longest: int = LONGEST) -> str:
        """A field of the form sent, without control characters except line ends."""
        text = next(iter(self.form.get(name, ())), "")
        return _CONTROL_BUT_LINES.sub(" ", text)[:longest].strip()

    def get(self, name: str) -> str:
        """A field of the address, without control characters, at most LONGEST characters."""
        return _CONTROL.sub(" ", self.query.get(name, ""))[:LONGEST].strip()

    @property
    def parameters(self) -> dict[str, str]:
        """The fields of the address, as `get` gives them."""
        return {name: self.get(name) for name in self.query}

    def here(self, language: str = "", **changes: str) -> str:
        """This page with the same state, in another language or with some fields changed."""
        return self.link(self.where, {**self.query, **changes}, language)
