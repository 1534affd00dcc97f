"""Templates: Jinja2 with escaping always on, for everything shown was written by others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from marsad.web.static import static_url

_WEB = Path(__file__).parents[1]
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def plain(text: object) -> str:
    """Text without control characters and without marks that turn the reading direction."""
    return _HIDDEN.sub("", str(text or ""))


def isolated(text: str) -> Markup:
    """Text whose values stand between marks of direction (see `base.refusals`), as elements `bdi`."""
    first, *rest = text.split("\u2068")
    parts = [plain(first)]
    for part in rest:
        value, _, after = part.rpartition("\u2069")
        parts.append(Markup("<bdi>{}</bdi>{}").format(plain(value), plain(after)))
    return Markup("").join(parts)


def safe_url(url: str) -> str:
    """A web address of another site, or an empty text when it is anything else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""


def json_script(data: object) -> Markup:
    """JSON that may stand inside a script element: no character in it can close the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704


def marks_told(cells: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    """The marks of cells (see `marsad.web.marks`), each once: id and words."""
    words = {cell["mark_id"]: cell["marks"] for cell in cells if cell.get("mark_id")}
    return sorted(words.items())


@cache
def environment() -> Environment:
    """The one template environment; a name that a page forgot to give is an error."""
    made = Environment(
        loader=FileSystemLoader(_WEB),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(
        plain=plain,
        isolated=isolated,
        safe_url=safe_url,
        json_script=json_script,
        marks_told=marks_told,
    )
    made.globals.update(static=static_url)
    return made
