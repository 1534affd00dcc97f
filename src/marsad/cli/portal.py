"""The command `marsad up`: the portal and the API, in one process or in several."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

import click

from marsad.base.errors import InputError
from marsad.base.settings import engine_named, read_settings
from marsad.cli.console import display, errors
from marsad.cli.waiting import writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI

    from marsad.base.settings import Settings
    from marsad.cli.serve import Current
    from marsad.lake.control import Control
    from marsad.publish.http.limits import Limiter

FIRST_LOAD_SECONDS = 600.0
"""How long the first start waits for another process that loads the data of the package."""
_STEPS = ("collect", "enrich", "release")


def load(
    steps: tuple[str, ...],
    wait_seconds: float,
    *,
    first: bool = False,
    engine: str = "",
    embargo: str = "",
) -> None:
    """Run steps of the flow under a progress bar, as the one who writes; with `first` nothing when
    another process has released meanwhile. `engine` is another one than that of the settings, `embargo` the
    moment from which a release is served."""
    from dataclasses import replace

    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from marsad.flow.steps import Flow

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors(), transient=False) as bar:
        task = bar.add_task("Loading", total=1.0)
        settings = read_settings()
        settings = replace(settings, engine=engine_named(engine or settings.engine))
        settings = replace(settings, embargo_until=_moment(embargo))
        flow = Flow(
            settings,
            lambda words, share: bar.update(task, description=words, completed=share),
        )
        with writing(flow.control, flow.settings.home, wait_seconds):
            if not (first and flow.current()):
                flow.run(steps)


def _moment(text: str) -> str:
    """A moment as control data hold it, '' for none; InputError for one without a zone, or that is none."""
    from marsad.lake.control.database import instant

    if not text:
        return ""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is no moment: write 2026-12-05T10:00:00+01:00") from None
    if moment.tzinfo is None:
        raise InputError(f"{text!r} names no time zone: write 2026-12-05T10:00:00+01:00")
    return instant(moment)


@click.command()
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64),
    help="Processes that answer; each holds the release for itself, so mind the memory.",
)  # fmt: skip
def up(workers: int) -> None:
    """Start the portal and the API (the first time, load the data that come with Marsad).

    With --workers N, N processes answer behind one address; one that ends is started again. They
    share accounts, sessions, keys, alerts and limits, and take up a new release within seconds.
    """
    from marsad.cli.serve import STOP_SECONDS, check_place, serve

    settings = read_settings()
    check_place(settings)
    if workers == 1:
        serve(_portal(settings, _prepare(settings)), settings)
        return
    from marsad.cli.workers import Workers, in_child, listening
    from marsad.publish.http.shared_limits import SharedLimiter

    if code := in_child(partial(_prepare, settings)):
        raise SystemExit(code)
    address = listening(settings.host, settings.port)
    limiter = SharedLimiter()  # made before the processes part

    def answer() -> None:
        serve(_portal(settings, limiter=limiter), settings, address)

    Workers(answer, workers, STOP_SECONDS + 5).run()


def _prepare(settings: Settings) -> Current:
    """The newest release that opens, after the data of the package are loaded where nothing is
    released; says where it is served."""
    from marsad.lake.control import open_control
    from marsad.lake.releases import current as current_release

    control = open_control(settings)
    if current_release(settings.home, control) is None:
        display("Loading the data that come with Marsad: a few minutes, the first time only.")
        load(_STEPS, FIRST_LOAD_SECONDS, first=True)
    current = _current(settings, control)
    release = current().release()
    display(f"Marsad, release {release.id}: {release.values:,} values.")
    display(f"  portal   {settings.url}/")
    display(f"  API      {settings.url}/api/v1/indicators")
    display(
        f"  SDMX     {settings.url}/sdmx/3.0/data/dataflow/MARSAD/DF_LABOUR/1.0/*?c[INDICATOR]=unemployment_rate"
    )
    display("Stop with Ctrl+C.")
    return current


def _portal(
    settings: Settings, current: Current | None = None, limiter: Limiter | None = None
) -> FastAPI:
    """The application over the releases and the control data of an installation."""
    from marsad.backoffice.api_keys import limit_of, reaches
    from marsad.backoffice.sinks import sink_of
    from marsad.cli.assemble import answers_of, desk_of, lake_of, use_little_memory
    from marsad.cli.watching import gauges, log_lines
    from marsad.lake.control import open_control
    from marsad.web.app import create_app

    if settings.log == "json":
        log_lines()
    control = open_control(settings)
    current = current or _current(settings, control)
    current()  # a release is open before the first visitor comes
    sink = sink_of(settings, _post)
    desk = desk_of(control, sink, partial(lake_of, settings), settings.home)
    keys = partial(limit_of, control)
    use_little_memory()
    return create_app(
        current, keys, desk, current.health, answers_of(settings),
        limiter=limiter, reaches=partial(reaches, control),
        gauges=partial(gauges, settings, control, current.health) if settings.metrics else None,
    )  # fmt: skip


def _current(settings: Settings, control: Control) -> Current:
    from marsad.cli.serve import Current
    from marsad.lake.edition import editions
    from marsad.lake.releases import releases

    return Current(
        partial(releases, settings.home, control), partial(editions, settings.home), aside=True
    )


def _post(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """As `collect.fetch.client.post`, which is loaded when a message leaves."""
    from marsad.collect.fetch.client import post

    return post(address, body, headers)
