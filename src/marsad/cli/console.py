"""What commands write on the terminal: lines, tables, JSON. The library of it loads at the first
word, so that `marsad --help` need not wait for it."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_PIPE_WIDTH = 160  # a file or a pipe has no width of its own


@cache
def _console(*, err: bool, terminal: bool) -> Console:
    from rich.console import Console

    width = None if terminal or err else _PIPE_WIDTH
    return Console(stderr=err, highlight=False, width=width)


def output() -> Console:
    """The console of standard output."""
    return _console(err=False, terminal=sys.stdout.isatty())


def errors() -> Console:
    """The console of standard error."""
    return _console(err=True, terminal=True)


def display(content: str | Table, *, markup: bool = True) -> None:
    """Write a line or a table to standard output; `markup=False` for words of others."""
    output().print(content, markup=markup)


def display_json(text: str) -> None:
    """Write a JSON text to standard output, indented."""
    output().print_json(text)


def table(*columns: str, whole: tuple[str, ...] = ()) -> Table:
    """An empty table with these headings; columns in `whole` are never broken over lines."""
    from rich.table import Table

    empty = Table(*columns, box=None)
    for column in empty.columns:
        column.no_wrap = column.header in whole
    return empty
