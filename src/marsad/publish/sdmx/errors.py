"""Refusals of the SDMX interface, with the HTTP status and what each status means in words.

REST 1.x has codes of its own (SDMX 2.1, section 7); from 2.0 on the HTTP status is the code.
"""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import msgspec

from marsad.base.declare import load_declaration
from marsad.base.errors import MarsadError
from marsad.base.labels import LANGUAGES, Text
from marsad.base.refusals import in_language, refused
from marsad.publish.sdmx.structure.artefacts import V21

_CODES = {400: 140, 403: 150, 404: 100, 413: 510, 422: 150}
_TITLES = load_declaration(Path(__file__).with_name("errors.yml"), dict[int, Text])


class SdmxError(MarsadError):
    """A question that the SDMX interface refuses, with its HTTP status; why is the sentence `name` of
    `refusals.yml` with its values, or nothing."""

    def __init__(self, status: int, name: str = "", /, **values: str) -> None:
        self.status, self.detail = status, refused(name, **values) if name else ""
        super().__init__(self.detail)


def title_of(status: int) -> str:
    """What a status means, in English."""
    return _TITLES.get(status, _TITLES[500])["en"]


def sdmx_code(status: int, sdmx: str) -> int:
    """The code of an error in a message."""
    return _CODES.get(status, status) if sdmx == V21 else status


def http_status(status: int, sdmx: str) -> int:
    """The HTTP status of an error: a semantic error is 403 in REST 1.x and 422 afterwards."""
    return 403 if status == 422 and sdmx == V21 else status


def _texts(status: int, error: MarsadError) -> dict[str, str]:
    title = _TITLES.get(status, _TITLES[500])
    details = {la: in_language(error, la) for la in LANGUAGES}
    return {la: ": ".join(filter(None, (title[la], details[la]))) for la in LANGUAGES}


def error_ml(status: int, error: MarsadError, sdmx: str) -> bytes:
    """The error message of SDMX-ML, in every language."""
    base = f"http://www.sdmx.org/resources/sdmxml/schemas/v{sdmx.replace('.', '_')}"
    texts = "".join(
        f'<com:Text xml:lang="{la}">{escape(text)}</com:Text>'
        for la, text in _texts(status, error).items()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<mes:Error xmlns:mes="{base}/message"'
        f' xmlns:com="{base}/common"><mes:ErrorMessage code="{sdmx_code(status, sdmx)}">'
        f"{texts}</mes:ErrorMessage></mes:Error>"
    ).encode()


def error_json(status: int, reason: MarsadError, sdmx: str, language: str) -> bytes:
    """The error message of SDMX-JSON: in the reader's language, and in every one."""
    texts = _texts(status, reason)
    titles = _TITLES.get(status, _TITLES[500])
    error = {"code": sdmx_code(status, sdmx), "title": titles[language], "titles": titles,
             "detail": texts[language], "details": texts}  # fmt: skip
    return msgspec.json.encode({"errors": [error]})
