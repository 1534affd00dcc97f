"""Whether a source may be asked now: what its declaration gives the right to, and what its host answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from marsad.base.labels import pick
from marsad.base.records import Row
from marsad.collect.fetch.plan import WARNING_DAYS
from marsad.collect.register import Source, sources
from marsad.lake.control import Control
from marsad.lake.control.polls import SUSPENDED

ASKED_OF = frozenset(("active", "ends_soon"))
"""States in which a source is fetched."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a source is fetched: `state` and `reason` are codes (code lists `source_state` and
    `source_reason`), `note` the words of the host or of the person, `since` an instant or a day; `checked_on` the day on which
    a person last read robots.txt and terms, `contact` the address that is named to the host."""

    state: str
    reason: str = ""
    note: str = ""
    since: str = ""

    checked_on: str = ""
    contact: str = ""

    @property
    def may_fetch(self) -> bool:
        """Whether requests may go out."""
        return self.state in ASKED_OF


def standing(spec: Source, kept: Row | None, today: dt.date) -> Standing:
    """The standing of a source, from its declaration and the row that is kept of it. No plan, no request;
    a refusal that is declared, or that its host gave, suspends; an agreement that has ended stops; robots
    and terms that nobody has read (in the declaration or in this installation) keep it from being asked, as does a check of which too few persons
    approve."""
    declared = str(spec.right.checked_on or "")
    checked_on = max(declared, kept["checked_on"] if kept else "")
    contact = (kept["contact"] if kept else "") or spec.right.contact
    approved = kept is None or kept["approved"] >= kept["approvals"]
    checked = bool(checked_on and contact and approved)
    state = _standing(spec, kept, today, checked=checked)
    return replace(state, checked_on=checked_on, contact=contact)


def _standing(spec: Source, kept: Row | None, today: dt.date, *, checked: bool) -> Standing:
    agreement = spec.right.agreement
    if spec.fetch is None:
        return Standing("by_hand")
    if any(spec.right.last_refusal.values()):
        return Standing(SUSPENDED, "declared", pick(spec.right.last_refusal, "en"))
    if agreement and not agreement.since <= today <= agreement.until:
        reason = "agreement_ended" if today > agreement.until else "agreement_ahead"
        return Standing("expired", reason, agreement.reference, agreement.until.isoformat())
    if kept and kept["state"] == SUSPENDED:
        return Standing(SUSPENDED, kept["reason"], kept["note"], kept["since"])
    if not checked:
        return Standing("unchecked", "unchecked")
    if agreement and (agreement.until - today).days <= WARNING_DAYS:
        return Standing(
            "ends_soon", "agreement_ends", agreement.reference, agreement.until.isoformat()
        )
    reason, note = (kept["reason"], kept["note"]) if kept else ("", "")
    return Standing("active", reason, note, kept["since"] if kept else "")


def standings(
    control: Control, today: dt.date
) -> Iterator[tuple[Source, Row, Row | None, Row | None]]:
    """Every source with its standing, the row that is kept of it, and its last poll."""
    kept = control.collection()
    for spec in sources():
        last = next(iter(control.polls(spec.id, 1)), None) if spec.fetch else None
        row = kept.get(spec.id)
        yield spec, asdict(standing(spec, row, today)), row, last
