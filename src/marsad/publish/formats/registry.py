"""Every format in which values leave. A module in `writers/` is one or more formats, and nothing else
names them: REST, the catalogue, the buttons of pages and the documentation follow from it."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from marsad.base.errors import DeclarationError, InputError
from marsad.base.refusals import refused
from marsad.publish.formats.answer import Answer


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    `id` is its name in `format=`, `media_type` what HTTP says, `extension` the ending of its files,
    `file_type` its code in the EU's authority table of file types (for DCAT), `label` its name as
    people write it. `order` puts it among the others; `offered` puts it among the buttons of a page.
    `inline`: shown by a browser rather than saved as a file; `paged`: read page by page, so that
    without a limit it gives the first page. `whole`: can hold every value of an indicator. `body` is the type of an answer in JSON, for those that are.
    """

    id: str
    media_type: str
    extension: str
    file_type: str
    label: str
    order: int
    write: Callable[[Answer], bytes]
    offered: bool = False
    inline: bool = False
    paged: bool = False
    body: type | None = None
    whole: bool = True


@cache
def formats() -> Mapping[str, Format]:
    """Every format by its id, in order: what the modules in `writers/` declare as FORMATS."""
    package = f"{__package__}.writers"
    folder = import_module(package).__path__
    declared = [
        declaration
        for module in pkgutil.iter_modules(folder)
        for declaration in import_module(f"{package}.{module.name}").FORMATS
    ]
    ids = [f.id for f in declared]
    if len(set(ids)) < len(ids):
        raise DeclarationError(f"publish/formats/writers: a format stands twice in {sorted(ids)}.")
    return {f.id: f for f in sorted(declared, key=lambda f: f.order)}


def format_named(name: str) -> Format:
    """A format by its id; InputError lists those there are."""
    if name not in formats():
        raise InputError(refused("no_format", name=name, known=", ".join(formats())))
    return formats()[name]
