"""The pages. One folder is one page, and the folder is the registration.

`page.py` says at which address (`PATH`), under which title (`TITLE`) and with which contents:
`context` gives the page's `View`, a frozen dataclass whose fields are the names in its template
`page.html`. A page never imports another. `context` may give a ready Response instead (a file, a way
elsewhere). More names are optional: `POST = True` takes forms
sent to the page (`request.form`, `request.files`), `CACHEABLE = False` keeps the answer out of every
store, for pages that depend on what a person said of themselves; `HEADERS` are sent with the page;
`FIGURES = True` says that a page shows figures and texts alone, so that it stays as it is when the ads have a
new edition.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from marsad.base.errors import DeclarationError
from marsad.web.request import PageRequest

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Page:
    """One page as its folder declares it."""

    id: str
    path: str
    title: str
    context: Callable[[PageRequest], object]
    post: bool = False
    cacheable: bool = True
    figures: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


@cache
def pages() -> dict[str, Page]:
    """Every page by the name of its folder; DeclarationError when a folder is not a page."""
    declared = {}
    for folder in sorted(p.parent for p in FOLDER.glob("*/page.html")):
        module = importlib.import_module(f"{__name__}.{folder.name}.page")
        try:
            declared[folder.name] = Page(
                folder.name,
                module.PATH,
                module.TITLE,
                module.context,
                post=getattr(module, "POST", False),
                cacheable=getattr(module, "CACHEABLE", True),
                figures=getattr(module, "FIGURES", False),
                headers=getattr(module, "HEADERS", {}),
            )
        except AttributeError as error:
            raise DeclarationError(
                f"The page {folder.name} lacks PATH, TITLE or context."
            ) from error
    return declared
