"""Commands about sources: what there is, whether each is fetched and what came of it, and `marsad watch`."""

from __future__ import annotations

import datetime as dt
import getpass
import re
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from marsad.base.errors import InputError, PlaceError, RefusedError
from marsad.base.settings import read_settings
from marsad.cli.console import display, table
from marsad.cli.services import send_alerts

if TYPE_CHECKING:
    from marsad.base.records import Row
    from marsad.collect.register import Source
    from marsad.lake.control import Control

UNCHECKED = "unchecked"
_CONTACT = re.compile(r"[!-~]*[@/][!-~]+")


def _control() -> Control:
    from marsad.lake.control import open_control

    return open_control(read_settings())


@click.group(invoke_without_command=True)
@click.pass_context
def sources(context: click.Context) -> None:
    """List the sources: kind, right to collect, last run."""
    if context.invoked_subcommand:
        return
    from marsad.base.labels import pick
    from marsad.collect.register import sources as declared

    control = _control()
    listing = table("source", "kind", "title", "licence", "last run", whole=("source",))
    for spec in declared():
        last = control.last_run("collect", spec.id)
        last_run = (
            f"{last['status']} {last['ended_at'][:16]} ({last['rows_out']:,})" if last else "never"
        )
        listing.add_row(spec.id, spec.kind, pick(spec.title, "en"), spec.licence, last_run)
    display(listing)


@sources.command()
@click.option("--all", "every", is_flag=True, help="Sources that are given by hand, too.")
def status(every: bool) -> None:
    """Show of every source that is fetched whether it may be, the last look and the next, and what came.

    A source is suspended by itself when its robots.txt or its host refuses, and stops when its agreement
    ends (30 days ahead that is said); `marsad sources resume` is for a person who has settled it.
    """
    from marsad.flow.rights import ASKED_OF, standings

    names = (
        "source",
        "state",
        "last look",
        "next look",
        "records",
        "new",
        "changed",
        "closed",
        "what",
    )
    listing, unchecked = table(*names, whole=("source",)), list[str]()
    for spec, state, kept, last in standings(_control(), dt.date.today()):
        if every or spec.fetch:
            counts = [
                f"{last[name]:,}" if last else ""
                for name in ("records", "added", "changed", "closed")
            ]
            is_fetched = state["state"] in ASKED_OF
            looks = (_minute(last, "started_at"), _minute(kept, "next_at") if is_fetched else "")
            listing.add_row(spec.id, _state(state), *looks, *counts, _what(last))
        if state["state"] == UNCHECKED:
            unchecked.append(spec.id)
    display(listing, markup=False)
    for identifier in unchecked:
        display(_to_check(identifier), markup=False)


def _state(state: Row) -> str:
    from marsad.base.codes import label

    words = label("source_state", state["state"], "en")
    reason = label("source_reason", state["reason"], "en") if state["reason"] else ""
    read = f"(checked {state['checked_on']})" if state["checked_on"] else ""
    return " ".join(filter(None, (": ".join(filter(None, (words, reason, state["note"]))), read)))


def _minute(row: Row | None, name: str) -> str:
    return str(row[name])[:16].replace("T", " ") if row and row[name] else ""


def _what(last: Row | None) -> str:
    if not last:
        return ""
    words = f"alarm: {last['alarm']}" if last["alarm"] else str(last["note"])
    return f"{last['how']}{'. ' if words else ''}{words}"


@sources.command()
@click.argument("identifier", metavar="SOURCE")
@click.option("--reason", required=True, help="Why it may be asked again; kept in the audit trail.")
@click.option("--by", default="", help="Who decides so (the user of the system when left out).")
def resume(identifier: str, reason: str, by: str) -> None:
    """Let SOURCE, which was suspended, be fetched again: a decision of a person, with its reason."""
    from marsad.collect.register import source
    from marsad.flow.rights import standing

    spec, control = source(identifier), _control()
    if not reason.strip():
        raise InputError("a source is resumed for a reason: --reason WORDS")
    state = standing(spec, control.collection().get(spec.id), dt.date.today())
    if state.may_fetch:
        raise InputError(f"{spec.id} is not suspended: {_state(asdict(state))}")
    if state.state == UNCHECKED:
        raise RefusedError(_to_check(spec.id))
    if state.reason not in ("robots", "host"):
        raise RefusedError(
            f"{spec.id} cannot be resumed here: what keeps it from being fetched stands in its source.yml"
            f" ({state.reason or 'no fetch'})."
        )
    control.resume(spec.id, reason.strip(), by or getpass.getuser())
    display(
        f"{spec.id} is fetched again: {_state(asdict(standing(spec, control.collection()[spec.id], dt.date.today())))}",
        markup=False,
    )


@sources.command()
@click.argument("identifier", metavar="SOURCE")
@click.option("--by", default="", help="Who read them (the user of the system when left out).")
@click.option("--on", "day", default="", metavar="DAY", help="When they were read (today).")
@click.option(
    "--contact",
    default="",
    metavar="ADDRESS",
    help="By which its host reaches you; sent with every request.",
)
def checked(identifier: str, by: str, day: str, contact: str) -> None:
    """Say that a person read the robots.txt and the terms of SOURCE, and that they allow what its `fetch`
    asks for: before that nothing is asked of its host. It enters the audit trail."""
    from marsad.collect.register import source
    from marsad.flow.rights import standing

    spec, control, today = source(identifier), _control(), dt.date.today()
    if not spec.fetch:
        raise RefusedError(f"{spec.id} is not fetched: its source.yml has no `fetch`.")
    on = _day(day) if day else today
    before = standing(spec, control.collection().get(spec.id), today)
    if on > today:
        raise InputError(f"{on} is still to come: say when they were read")
    contact = contact.strip()
    if contact and not _CONTACT.fullmatch(contact):
        raise InputError("--contact takes an address of mail or of a page")
    if not contact and not before.contact:
        raise InputError(
            f"say by which address the host of {spec.id} reaches you: --contact ADDRESS"
        )
    stored = contact or (before.contact if before.contact != spec.right.contact else "")
    needs = read_settings().approvals
    control.checked(spec.id, on, stored, by.strip() or getpass.getuser(), needs=needs)
    if needs:
        display(
            f"{needs} persons must approve of it: `marsad approve source {spec.id} --name NAME`"
        )
    display(f"{spec.id}: {_state(asdict(standing(spec, control.collection()[spec.id], today)))}")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is no day: write 2026-11-30") from None


def _to_check(identifier: str) -> str:
    return (
        f"{identifier} is not fetched yet: read its robots.txt and its terms, then say so with"
        f" marsad sources checked {identifier} --by NAME --contact ADDRESS"
    )


@click.command()
@click.option("--once", is_flag=True, help="One poll of each source, then end.")
@click.option(
    "--source",
    "identifiers",
    multiple=True,
    metavar="SOURCE",
    help="Only this one; may be repeated.",
)
@click.option(
    "--alerts", is_flag=True, help="Send alerts when there is something new, not on a timer."
)
@click.option("--base", default="", help="The address of the site, for the links in alerts.")
def watch(once: bool, identifiers: tuple[str, ...], alerts: bool, base: str) -> None:
    """Follow every source that is fetched, each by its own rhythm, until told to stop (SIGTERM, Ctrl+C).

    What a poll shows is coded and in the portal, the API, the search and the feed of changes within
    seconds. Several may run, on several machines (MARSAD_DATABASE): no source is taken by two.
    """
    from marsad.collect.register import source
    from marsad.collect.register import sources as declared
    from marsad.flow.steps import Flow
    from marsad.flow.watch import Watch

    specs = _fetched([source(name) for name in identifiers] or declared())
    flow = Flow(read_settings())
    _tell_unasked(specs, flow.control, named=bool(identifiers))
    watching = Watch(
        flow, specs, say=lambda words: display(words, markup=False),
        shown=lambda: send_alerts(flow, base) if alerts else None,
    )  # fmt: skip
    began = flow.control.now()
    watching.run(once=once)
    if once:
        _hold_to_account(specs, flow.control, began)


def _hold_to_account(specs: list[Source], control: Control, began: str) -> None:
    """PlaceError, for whoever called from a timer, when a poll that was to be made was not complete."""
    short = []
    for spec in specs:
        last = next(iter(control.polls(spec.id, 1)), None)
        if last and last["how"] == "later" and last["started_at"] < began:
            until = _minute(control.collection().get(spec.id), "next_at")
            short.append(f"{spec.id} asked to be left alone until {until}: not asked")
        elif last and last["started_at"] >= began and (last["how"] != "complete" or last["alarm"]):
            short.append(f"{spec.id}: {_what(last)}")
    if short:
        raise PlaceError("\n".join(short))


def _tell_unasked(specs: list[Source], control: Control, *, named: bool) -> None:
    """Say of the sources that may not be asked why, of those that were not named only where a person has to
    check them; RefusedError when none may."""
    from marsad.flow.rights import standing

    kept, today, words, unasked = control.collection(), dt.date.today(), list[str](), 0
    for spec in specs:
        state = standing(spec, kept.get(spec.id), today)
        unasked += not state.may_fetch
        if state.state == UNCHECKED:
            words.append(_to_check(spec.id))
        elif named and not state.may_fetch:
            words.append(f"{spec.id} is not asked: {_state(asdict(state))}")
    if unasked == len(specs):
        raise RefusedError("\n".join(words) or "No source may be asked: see marsad sources status.")
    if words:
        display("\n".join(words), markup=False)


def _fetched(specs: list[Source] | tuple[Source, ...]) -> list[Source]:
    """The sources that are fetched; RefusedError when none is."""
    fetched = [spec for spec in specs if spec.fetch]
    if not fetched:
        raise RefusedError(
            "No source is declared to be fetched: that takes `fetch` and the right to collect in its"
            " source.yml (docs/en/watch.md)."
        )
    return fetched
