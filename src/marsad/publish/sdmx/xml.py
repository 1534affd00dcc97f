"""Small pieces of XML: escaped text, elements, localised names, messages and their headers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from marsad.publish.sdmx.structure.artefacts import AGENCY

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_IN_ATTRIBUTE = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_BASE = "http://www.sdmx.org/resources/sdmxml/schemas/v{}_{}/{}"


def legal(text: str) -> str:
    """Text without the characters that XML cannot hold (U+FFFD stands for them)."""
    return _ILLEGAL.sub("\ufffd", text)


def attribute_text(text: str) -> str:
    """Text as the value of an attribute."""
    return escape(legal(text), _IN_ATTRIBUTE)


def namespace(sdmx: str, module: str) -> str:
    """A namespace of SDMX-ML ('message', 'structure', 'common', 'data/generic'...)."""
    major, _, minor = sdmx.partition(".")
    return _BASE.format(major, minor[:1], module)


def tag(name: str, content: str = "", attributes: Mapping[str, object] | None = None) -> str:
    """An element; attributes that are None or empty are left out, `content` is XML already."""
    written = "".join(
        f' {key}="{attribute_text(str(value))}"'
        for key, value in (attributes or {}).items()
        if value not in (None, "")
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def text(name: str, content: str) -> str:
    """An element that holds text."""
    return f"<{name}>{escape(legal(content))}</{name}>"


def localised(name: str, texts: Mapping[str, str]) -> str:
    """One element for each language."""
    return "".join(
        f'<{name} xml:lang="{language}">{escape(legal(wording))}</{name}>'
        for language, wording in texts.items()
        if wording
    )


def utc(moment: dt.datetime) -> str:
    """A moment as xs:dateTime in UTC."""
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def opening(root: str, sdmx: str, prefixes: Mapping[str, str], extra: str = "") -> str:
    """The declaration and the opening of a message."""
    spaces = {"mes": "message", "com": "common", **prefixes}
    declarations = "".join(
        f' xmlns:{p}="{namespace(sdmx, module)}"' for p, module in spaces.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<mes:{root}{declarations}{extra}>'


def header(identifier: str, prepared: dt.datetime, content: str = "") -> str:
    """The header of a message; `content` follows its sender."""
    return (
        f"<mes:Header><mes:ID>{identifier}</mes:ID><mes:Test>false</mes:Test>"
        f'<mes:Prepared>{utc(prepared)}</mes:Prepared><mes:Sender id="{AGENCY}"/>'
        f"{content}</mes:Header>"
    )
