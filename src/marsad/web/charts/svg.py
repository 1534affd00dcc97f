"""A small writer of SVG: elements in, escaped text out."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

Part = Markup | str


def el(tag: str, *children: Part, **attributes: object) -> Markup:
    """One element; `class_` is written `class`, other underscores become hyphens."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_short(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    inner = "".join(escape(child) for child in children)
    return Markup(f"<{tag}{written}>{inner}</{tag}>") if inner else Markup(f"<{tag}{written}/>")  # noqa: S704


def _short(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def join(parts: Iterable[Part]) -> Markup:
    """Several parts as one."""
    return Markup("").join(parts)


def picture(
    key: str, kind: str, width: int, height: int, title: str, description: str, *parts: Part
) -> Markup:
    """A drawing with its name and description for those who cannot see it."""
    return el(
        "svg",
        el("title", title, id=f"{key}-t"),
        el("desc", description, id=f"{key}-d"),
        *parts,
        class_=kind,
        role="img",
        aria_labelledby=f"{key}-t {key}-d",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
    )


def both(wide: Markup, narrow: Markup) -> Markup:
    """The two forms in one frame, whose direction the style sheet holds."""
    return el("div", wide, narrow, class_="chart", dir="ltr")
