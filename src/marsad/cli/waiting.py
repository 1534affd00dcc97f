"""What commands that write the lake have in common: they wait for another one, or refuse."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from pathlib import Path

    from marsad.lake.control import Control

_Function = TypeVar("_Function", bound=Callable[..., object])
WAIT_SECONDS = 30.0


def waits(function: _Function) -> _Function:
    """The option of a command that writes: how long it waits for another one."""
    option = click.option(
        "--wait", "wait_seconds", default=WAIT_SECONDS, show_default=True, metavar="SECONDS",
        type=click.FloatRange(min=0), help="How long to wait for another command that writes.",
    )  # fmt: skip
    return option(function)


def writing(control: Control, home: Path, wait_seconds: float) -> AbstractContextManager[None]:
    """Be the one who writes the lake of an installation, for the whole of this command; PlaceError
    names another who does."""
    from marsad.lake.writing import writing as be_writer

    return be_writer(control, home / "lake", wait_seconds, command(), say)


def command() -> str:
    """The words of the command that runs, as `marsad sample remove`."""
    context, words = click.get_current_context(), list[str]()
    while context.parent:
        words.insert(0, context.info_name or "")
        context = context.parent
    return " ".join(("marsad", *words))


def say(words: str) -> None:
    """Write a line of ours to standard error."""
    click.echo(f"marsad: {words}", err=True)
