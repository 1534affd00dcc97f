"""Documents made of figures: a bulletin as PDF/UA-1, and a chart as SVG or PNG, by typst.

Everything in a document comes from the release: the sentences are those of the pages, the tables and
charts the same figures. What others wrote is passed as data and never as markup.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from marsad.base.errors import PlaceError
from marsad.web.charts.svg import el
from marsad.web.charts.svg import picture as drawing
from marsad.web.static import DIST

_STYLE = (
    "text{font-family:'IBM Plex Sans Arabic';font-size:14px;fill:#4b5a54}.end{font-weight:600;"
    "fill:#16241f}.break-text{fill:#a3261b}.grid{stroke:#e3e5df;fill:none}.zero{stroke:#8a958f}"
    ".break{stroke:#a3261b;stroke-dasharray:3 4;fill:none}.line{fill:none;stroke-width:2.5}"
    ".band{opacity:.15}.s0 .line{stroke:#0b6b62}.s1 .line{stroke:#b4460f;stroke-dasharray:7 4}"
    ".s2 .line{stroke:#3a53c5;stroke-dasharray:2 4}.s0 .dot,.s0 .band,.e0{fill:#0b6b62}"
    ".s1 .dot,.s1 .band,.e1{fill:#b4460f}.s2 .dot,.s2 .band,.e2{fill:#3a53c5}"
)
_WIDTH, _HEIGHT, _TITLE = 900, 380, 30
_ARABIC = re.compile("[\u0600-\u06ff]")
_TEMPLATE = Path(__file__).with_name("bulletin.typ")


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its title, what it says in words, and its drawing."""

    title: str
    description: str
    svg: str


def standalone(chart: str) -> str:
    """A chart of a page as an SVG file of its own, with its colours and letters."""
    text = chart.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" direction="ltr" ', 1)
    head, _, rest = text.partition(">")
    return f"{head}><style>{_STYLE}</style>{rest}\n"


def stacked(pictures: Sequence[Picture]) -> Picture:
    """Charts one above the other as one SVG file, each under its name in words that anyone reads."""
    parts: list[Markup] = []
    for row, picture in enumerate(pictures):
        top = row * (_TITLE + _HEIGHT)
        rtl = _ARABIC.search(picture.title) is not None
        words = f"\u200f{picture.title}\u200f" if rtl else picture.title
        x, anchor = (_WIDTH - 4, "end") if rtl else (4, "start")
        name = el("text", words, x=x, y=top + 20, text_anchor=anchor, class_="end")
        drawn = picture.svg.replace("<svg ", f'<svg y="{top + _TITLE}" ', 1)
        parts += [name, Markup(drawn)]  # noqa: S704 - drawn by our own charts
    height = len(pictures) * (_TITLE + _HEIGHT)
    title = " / ".join(picture.title for picture in pictures)
    description = " ".join(picture.description for picture in pictures)
    whole = drawing("rates", "wide", _WIDTH, height, title, description, *parts)
    return Picture(title, description, standalone(str(whole)))


def _compile(source: str, files: Mapping[str, str], **options: Any) -> bytes:
    """What typst makes of a source with files beside it; PlaceError when it cannot."""
    import typst  # heavy, and of use to bulletins alone

    with tempfile.TemporaryDirectory() as place:
        for name, text in {**files, "main.typ": source}.items():
            (Path(place) / name).write_text(text, "utf-8")
        try:
            made = typst.compile(
                str(Path(place) / "main.typ"), root=place, font_paths=[str(DIST / "fonts")],
                ignore_system_fonts=True, **options,
            )  # fmt: skip
        except (typst.TypstError, RuntimeError) as error:
            raise PlaceError(f"The document cannot be made: {error}") from error
    assert isinstance(made, bytes)
    return made


def pdf(contents: Mapping[str, object], pictures: list[Picture]) -> bytes:
    """A bulletin as PDF/UA-1 from its contents: `title`, `language`, `date` and what
    `bulletin.typ` reads."""
    files = {f"chart-{i}.svg": standalone(picture.svg) for i, picture in enumerate(pictures)}
    shown = [
        {"file": f"chart-{i}.svg", "title": picture.title, "description": picture.description}
        for i, picture in enumerate(pictures)
    ]
    files["bulletin.json"] = json.dumps({**contents, "pictures": shown}, ensure_ascii=False)
    source = _TEMPLATE.read_text("utf-8")
    return _compile(source, files, format="pdf", pdf_standards=["ua-1"])


def png(svg: str) -> bytes:
    """A chart as a picture of points, twice as fine as a screen."""
    source = '#set page(width: 900pt, height: auto, margin: 12pt)\n#image("chart.svg", width: 100%, alt: "chart")\n'
    return _compile(source, {"chart.svg": svg}, format="png", ppi=144.0)
