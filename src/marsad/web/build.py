"""The portal's static files, made once: letters, the outlines of regions and provinces, scripts.

`python -m marsad.web.build` reads `node_modules` (after `npm ci --ignore-scripts --omit=dev`) and
`web/assets`, and writes `web/assets/dist` with a hash of its content in every file's name.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from marsad.base.errors import MarsadError, PlaceError
from marsad.web.outlines import map_of

ASSETS = Path(__file__).parent / "assets"
DIST = ASSETS / "dist"
FAMILY = "Marsad Sans"
"""The subset's own name: the licence reserves the original one for unmodified files."""
AMAZIGH = "Marsad Tifinagh"

_WEIGHTS = {"regular": "Regular", "semibold": "SemiBold"}
_PACKAGES = ("@ibm/plex-sans-arabic", "@fontsource/noto-sans-tifinagh", "morocco-map", "htmx.org",
             "topojson-client")  # fmt: skip


def _letters() -> Iterable[int]:
    """Arabic with the Moroccan letters, ASCII, French, and the signs of figures and intervals."""
    yield from range(0x20, 0x7F)
    yield from map(ord, "àâäæçéèêëîïôœöùûüÿÀÂÄÆÇÉÈÊËÎÏÔŒÖÙÛÜŸ«»©°·×±–—‘’“”…−→←≥≤")
    yield from (0xA0, 0x202F, 0x200C, 0x200D, 0x200E, 0x200F)
    yield from range(0x0621, 0x063B)
    yield from range(0x0640, 0x0653)
    yield from map(ord, "،؛؟٪ٰڭݣگپچڤ")


def _tifinagh() -> Iterable[int]:
    """The 33 letters of the alphabet of IRCAM and the sign of labialisation (Unicode 2D30-2D6F)."""
    yield from range(0x2D30, 0x2D68)
    yield 0x2D6F


def modules(starts: Iterable[Path] = ()) -> Path:
    """The node_modules folder in one of `starts` (else here or above this package); PlaceError when
    it, or a package of it, is missing."""
    for parent in starts or (Path.cwd(), *Path(__file__).resolve().parents):
        if (parent / "node_modules").is_dir():
            folder = parent / "node_modules"
            break
    else:
        raise PlaceError("There is no node_modules folder: run `npm ci` in the project first.")
    if lacking := [name for name in _PACKAGES if not (folder / name).is_dir()]:
        raise PlaceError(f"{folder} lacks {', '.join(lacking)}: run `npm ci` in the project first.")
    return folder


def font(source: Path, style: str, letters: Iterable[int], family: str = FAMILY) -> bytes:
    """A woff2 with some letters only, under our own family name."""
    face = TTFont(source)
    options = subset.Options()
    options.layout_features = [*options.layout_features, "tnum"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.hinting = False
    cut = subset.Subsetter(options)
    cut.populate(unicodes=letters)
    cut.subset(face)
    names = {1: family, 2: style, 3: f"{family} {style}", 4: f"{family} {style}"}
    for key, text in {**names, 6: f"{family.replace(' ', '')}-{style}"}.items():
        face["name"].setName(text, key, 3, 1, 0x409)
    face.flavor = "woff2"
    face["head"].modified = face["head"].created  # the same bytes whenever it is built
    face.recalcTimestamp = False
    out = io.BytesIO()
    face.save(out)
    return out.getvalue()


def document_fonts(node_modules: Path) -> dict[str, bytes]:
    """The letters as TrueType, for documents: the whole face under its own name."""
    fonts = {}
    for name, style in _WEIGHTS.items():
        path = (
            node_modules
            / f"@ibm/plex-sans-arabic/fonts/complete/woff2/IBMPlexSansArabic-{style}.woff2"
        )
        face, out = TTFont(path, recalcTimestamp=False), io.BytesIO()
        face.flavor = None
        face.save(out)
        fonts[f"plex-arabic-{name}.ttf"] = out.getvalue()
    return fonts


def _hashed(name: str, data: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(data).hexdigest()[:10]}.{ending}"


def files(node_modules: Path) -> dict[str, bytes]:
    """Every static file by its plain name; style sheets come last, for they name the others."""
    plex = node_modules / "@ibm/plex-sans-arabic"
    woff2 = plex / "fonts/complete/woff2"
    contents = {
        f"marsad-sans-{name}.woff2": font(
            woff2 / f"IBMPlexSansArabic-{style}.woff2", style, _letters()
        )
        for name, style in _WEIGHTS.items()
    }
    noto = node_modules / "@fontsource/noto-sans-tifinagh"
    face = noto / "files/noto-sans-tifinagh-tifinagh-400-normal.woff2"
    contents["marsad-tifinagh.woff2"] = font(face, "Regular", _tifinagh(), AMAZIGH)
    contents["marsad-tifinagh-licence.txt"] = (noto / "LICENSE").read_bytes()
    contents["marsad-sans-licence.txt"] = (plex / "LICENSE.txt").read_bytes()
    contents["htmx.js"] = (node_modules / "htmx.org/dist/htmx.min.js").read_bytes()
    for path in sorted(ASSETS.iterdir()):
        if path.suffix in {".js", ".svg", ".css"}:
            contents[path.name] = path.read_bytes()
    return dict(sorted(contents.items(), key=lambda item: item[0].endswith(".css")))


def build(dist: Path = DIST) -> dict[str, str]:
    """Write every file and the manifest (plain name -> hashed name), which is returned."""
    node_modules = modules()
    outlines = map_of(node_modules)
    made = files(node_modules)
    part = dist.with_name(f"{dist.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    (part / "map").mkdir(parents=True)
    shutil.copyfile(ASSETS / "map" / "NOTICE.txt", part / "map" / "NOTICE.txt")
    (part / "map" / "outlines.json").write_text(
        json.dumps(outlines, separators=(",", ":")), "utf-8"
    )
    (part / "fonts").mkdir()
    for name, data in document_fonts(node_modules).items():
        (part / "fonts" / name).write_bytes(data)
    manifest: dict[str, str] = {}
    for name, data in made.items():
        if name.endswith(".css"):
            for plain, hashed in manifest.items():
                data = data.replace(f"/static/{plain}".encode(), hashed.encode())
        manifest[name] = _hashed(name, data)
        (part / manifest[name]).write_bytes(data)
    (part / "manifest.json").write_text(json.dumps(manifest, indent=1), "utf-8")
    shutil.rmtree(dist, ignore_errors=True)
    part.rename(dist)
    return manifest


def main() -> int:
    """Build, and say in one sentence what was made or why not."""
    try:
        manifest = build()
    except MarsadError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(f"{len(manifest)} static files and the map are in {DIST}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
