"""Content negotiation: which of our formats an Accept header wants (SDMX REST, media types)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marsad.publish.http.negotiation import Range, ranges
from marsad.publish.sdmx.structure.artefacts import V21, V30, V31


@dataclass(frozen=True, slots=True)
class Media:
    """A format we write: its media type and version, and the shorter names it answers to."""

    key: str
    type: str
    version: str
    sdmx: str
    also: tuple[str, ...] = ()
    edition: str = ""  # where the form is that of a later version of the standard

    @property
    def content_type(self) -> str:
        """The Content-Type of an answer in it."""
        space = " " if self.type.endswith("csv") else ""  # as each specification writes it
        return f"{self.type};{space}version={self.version}"


_XML, _JSON, _CSV = (
    ("application/xml", "text/xml"),
    ("application/json",),
    ("text/csv", "application/csv"),
)


def _media(
    key: str, name: str, version: str, sdmx: str, also: tuple[str, ...] = (), edition: str = ""
) -> Media:
    return Media(key, f"application/vnd.sdmx.{name}", version, sdmx, also, edition or sdmx)


_STRUCTURE = {
    V21: _media("ml", "structure+xml", "2.1", V21, _XML),
    V30: _media("ml", "structure+xml", "3.0.0", V30, _XML),
    "json": _media("json", "structure+json", "2.0.0", V30, _JSON),
    "json1": _media("json1", "structure+json", "1.0.0", V21, _JSON),
}
_CSV1 = _media("csv1", "data+csv", "1.0.0", V21, _CSV)
_CSV2 = _media("csv2", "data+csv", "2.0.0", V30, _CSV)
_JSON1 = _media("json1", "data+json", "1.0.0", V21, _JSON)
_JSON2 = _media("json2", "data+json", "2.0.0", V30, _JSON)
_ML3 = _media("ss30", "data+xml", "3.0.0", V30, _XML)
_ML21 = (
    _media("gen21", "genericdata+xml", "2.1", V21, _XML),
    _media("ss21", "structurespecificdata+xml", "2.1", V21, _XML),
    _media("gents21", "generictimeseriesdata+xml", "2.1", V21, _XML),
    _media("ssts21", "structurespecifictimeseriesdata+xml", "2.1", V21, _XML),
)
_METADATA = (
    _media("metajson", "metadata+json", "2.0.0", V30, _JSON),
    _media("metaml", "metadata+xml", "3.0.0", V30, _XML),
)
_STRUCTURE_31 = (
    _media("json", "structure+json", "2.1.0", V30, edition=V31),
    _media("ml", "structure+xml", "3.1.0", V30, edition=V31),
)
_DATA_31 = (
    _media("json2", "data+json", "2.1.0", V30, edition=V31),
    _media("ss30", "data+xml", "3.1.0", V30, edition=V31),
    _media("csv2", "data+csv", "2.1.0", V30, edition=V31),
)
_SCHEMA_31 = _media("schema", "schema+xml", "3.1.0", V30, edition=V31)
_SCHEMA = {v: _media("schema", "schema+xml", n, v, _XML) for v, n in ((V21, "2.1"), (V30, "3.0.0"))}

OFFERED: Mapping[tuple[str, str], tuple[Media, ...]] = {
    (V21, "structure"): (
        _STRUCTURE[V21],
        _STRUCTURE["json1"],
        _STRUCTURE["json"],
        _STRUCTURE[V30],
    ),
    (V30, "structure"): (
        _STRUCTURE["json"],
        _STRUCTURE[V30],
        _STRUCTURE[V21],
        _STRUCTURE["json1"],
        *_STRUCTURE_31,
    ),
    (V21, "data"): (*_ML21, _CSV1, _JSON1, _CSV2, _JSON2, _ML3),
    (V30, "data"): (_JSON2, _ML3, _CSV2, *_ML21, _CSV1, _JSON1, *_DATA_31),
    (V30, "metadata"): _METADATA,
    (V21, "schema"): (_SCHEMA[V21], _SCHEMA[V30], _STRUCTURE[V21], _STRUCTURE["json"]),
    (V30, "schema"): (
        _SCHEMA[V30],
        _STRUCTURE[V30],
        _STRUCTURE["json"],
        _SCHEMA[V21],
        _SCHEMA_31,
    ),
}
"""(root, resource) -> formats, the default first. What the default of SDMX REST is not offered
(the schema as JSON) the next one is."""


ANYTHING = Range("*/*", 1.0)


def _same_version(requested: str, ours: str) -> bool:
    """Whether a version asked for is ours: exact, shorter, a working draft of it ('1.0.0-wd'), or
    semantic with a plus ('2+.0.0')."""
    requested = requested.removesuffix("-wd")
    if "+" in requested:
        return requested.replace("+", "").split(".")[0] == ours.split(".")[0]
    pad = [*requested.split("."), "0", "0"][:3]
    return pad == [*ours.split("."), "0", "0"][:3]


def _matches(media_range: Range, media: Media) -> bool:
    if media_range.type in ("*/*", "application/*"):
        return True
    if media_range.type in media.also or (
        media_range.type == "text/*" and media.also[:1] != () and media.also[0].startswith("text/")
    ):
        return True
    requested = media_range.parameters.get("version", "")
    return media_range.type == media.type and (
        not requested or _same_version(requested, media.version)
    )


def choose(accept: str, offered: Sequence[Media]) -> tuple[Media, Mapping[str, str]] | None:
    """The format preferred and the parameters it was asked with; None is 406."""
    for media_range in ranges(accept) if accept.strip(" ,") else (ANYTHING,):
        for media in offered:
            if _matches(media_range, media):
                return media, media_range.parameters
    return None
