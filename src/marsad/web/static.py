"""Static files: letters, style, scripts. A name holds the hash of its content, so it never changes.

The map's outlines are read here too: they are drawn into pages on the server.
"""

from __future__ import annotations

import json
import mimetypes
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from marsad.base.errors import NotFoundError, PlaceError
from marsad.base.records import Row
from marsad.base.refusals import refused
from marsad.base.settings import site_path

DIST = Path(__file__).parent / "assets" / "dist"
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


@cache
def manifest() -> dict[str, str]:
    """Plain name -> name with hash; PlaceError when the files were not built."""
    path = DIST / "manifest.json"
    if not path.exists():
        raise PlaceError("The portal's files are not built: run `python -m marsad.web.build`.")
    names: dict[str, str] = json.loads(path.read_text("utf-8"))
    return names


@cache
def outlines() -> Row:
    """`width`, `height`, and per layer (`regions`, `provinces`) code -> [path, x, y]."""
    path = DIST / "map" / "outlines.json"
    if not path.exists():
        raise PlaceError("The map is not built: run `python -m marsad.web.build`.")
    layers: Row = json.loads(path.read_text("utf-8"))
    return layers


def static_url(name: str) -> str:
    """Where a static file is served."""
    return site_path(f"/static/{manifest()[name]}")


@cache
def _file(name: str) -> tuple[bytes, str]:
    kind = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "text/plain"
    return (DIST / name).read_bytes(), kind


def static_file(request: Request) -> Response:
    """One file, to be kept for a year; NotFoundError for a name the manifest does not hold."""
    name = request.path_params["name"]
    if name not in manifest().values():
        raise NotFoundError(refused("nothing_here"))
    data, kind = _file(name)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(data, media_type=kind, headers=headers)


def worker(_request: Request) -> Response:
    """The script that keeps pages for reading without a network; asked anew each time."""
    data, kind = _file(manifest()["worker.js"])
    return Response(data, media_type=kind, headers={"Cache-Control": "no-cache"})
