"""Commands that carry messages: alerts to people, answers to short messages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from marsad.base.errors import InputError, MarsadError
from marsad.base.settings import read_settings

if TYPE_CHECKING:
    from marsad.backoffice.alerts import Sent
    from marsad.backoffice.sinks import Sink
    from marsad.flow.steps import Flow
    from marsad.publish.read.reader import Reader


@click.group()
def alerts() -> None:
    """Alerts that people asked for: mails and web hooks about what is new."""


@alerts.command()
@click.option("--base", default="", help="The address of the site, for the links in messages.")
def send(base: str) -> None:
    """Tell everyone what is new; for a timer, after each release (`marsad watch --alerts` does it by itself)."""
    from marsad.flow.steps import Flow

    flow = Flow(read_settings())
    if flow.current() is None:
        raise click.ClickException("Nothing is released yet: run `marsad flow`.")
    done = send_alerts(flow, base)
    click.echo(
        f"{done.sent} sent, {done.quiet} without news, {done.failed} failed, {done.forgotten} forgotten."
    )


def send_alerts(flow: Flow, base: str) -> Sent:
    """Tell everyone who asked what is new in the newest release and edition; how many were told."""
    from marsad.backoffice.alerts import Alerts
    from marsad.backoffice.sinks import sink_of
    from marsad.cli.serve import Current
    from marsad.collect.fetch.client import post

    reader = Current(flow.releases, flow.editions)()
    return Alerts(flow.control, sink_of(flow.settings, post)).send(
        reader, base or flow.settings.url
    )


@click.command()
@click.option("--base", default="", help="The address of the site, for the links in the files.")
def bulletins(base: str) -> None:
    """Write the bulletins of the quarter that ended last: every place, in Arabic and French; for a timer.

    They are made from the release of the day. An edition is never changed: asking for it again is an
    error.
    """
    import datetime as dt

    from marsad.flow.steps import Flow
    from marsad.publish.read.reader import Reader
    from marsad.web.bulletins.editions import Editions

    settings = read_settings()
    folder = Flow(settings).current()
    if folder is None:
        raise click.ClickException("Nothing is released yet: run `marsad flow`.")
    editions = Editions(settings.home / "bulletins")
    made = editions.write(Reader(folder), base or settings.url, dt.date.today())
    click.echo(f"The edition {made.name} is in {made}.")


@click.command()
@click.argument("inbox", type=click.Path(exists=True, file_okay=False, path_type=Path))
def sms(inbox: Path) -> None:
    """Answer the short messages in the folder INBOX.

    A message is a file .txt: the sender on the first line, then the words. The answer goes to the
    outbox of the installation, and the message is deleted.
    """
    from marsad.backoffice.sinks import sink_of
    from marsad.collect.fetch.client import post
    from marsad.flow.steps import Flow
    from marsad.publish.read.reader import Reader

    settings = read_settings()
    flow = Flow(settings)
    folder = flow.current()
    if folder is None:
        raise click.ClickException("Nothing is released yet: run `marsad flow`.")
    with flow.control.lease("sms", task="marsad sms"):  # nobody is answered twice
        count = _answer(inbox, Reader(folder), sink_of(settings, post))
    click.echo(f"{count} answered.")


def _answer(inbox: Path, reader: Reader, sink: Sink) -> int:
    """Answer every message of a folder; how many."""
    from marsad.publish.feeds.sms import reply

    count = 0
    for path in sorted(inbox.glob("*.txt")):
        sender, _, words = path.read_text("utf-8", "replace").partition("\n")
        if not sender.strip() or not words.strip():
            raise InputError(f"{path}: the first line is the sender, the rest the words")
        try:
            answer = reply(reader, " ".join(words.split())[:200])
        except MarsadError as error:
            click.echo(f"{path}: {error}", err=True)  # set aside: others are not kept waiting
            path.rename(path.with_suffix(".refused"))
            continue
        sink.short(sender.strip(), answer)
        path.unlink()
        count += 1
    return count
