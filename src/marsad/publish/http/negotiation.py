"""What a header of preferences (Accept, Accept-Language) asks for, by its weights (RFC 9110, 12.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from babel import negotiate_locale

from marsad.base.labels import LANGUAGES


@dataclass(frozen=True, slots=True)
class Range:
    """One range of a header: what it names in lower case, its weight (0 to 1) and parameters."""

    type: str
    quality: float
    parameters: Mapping[str, str] = field(default_factory=dict)


def ranges(header: str) -> list[Range]:
    """The ranges of a header that are accepted, best first; a weight that is none refuses."""
    listed = []
    for part in header.split(","):
        name, *rest = (piece.strip() for piece in part.split(";"))
        if not name:
            continue
        parameters = {
            k.strip().lower(): v.strip().strip('"') for k, _, v in (r.partition("=") for r in rest)
        }
        try:
            quality = float(parameters.pop("q", "1"))
        except ValueError:
            quality = 0.0
        listed.append(Range(name.lower(), quality, parameters))
    return sorted((r for r in listed if r.quality > 0), key=lambda r: -r.quality)


def languages(header: str) -> dict[str, float]:
    """Language -> its greatest weight in an Accept-Language header, best first; `*` for any other."""
    weights: dict[str, float] = {}
    for language_range in ranges(header):
        weights.setdefault(language_range.type.split("-")[0], language_range.quality)
    return weights


def language_of(header: str, offered: Sequence[str] = LANGUAGES, otherwise: str = "en") -> str:
    """The language of those offered that an Accept-Language header prefers."""
    return negotiate_locale(languages(header), offered, sep="-") or otherwise


@lru_cache(maxsize=256)
def encoding_of(accepted: str) -> str:
    """The encoding that an answer is compressed in for an Accept-Encoding header."""
    names = {r.type for r in ranges(accepted)}
    refused = {part.split(";")[0].strip().lower() for part in accepted.split(",")} - names
    for name in ("br", "gzip"):
        if name in names or ("*" in names and name not in refused):
            return name
    return "identity"
