"""The desk of a running installation: keeps what visitors leave, in the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from marsad.backoffice.accounts import People
from marsad.backoffice.alerts import Alerts
from marsad.backoffice.ports import FIELDS, CaseAd, Desk
from marsad.backoffice.sinks import Sink
from marsad.base.codes import codelist
from marsad.base.errors import InputError, NotFoundError
from marsad.base.records import Row
from marsad.base.settings import Settings
from marsad.enrich.privacy import scrub
from marsad.enrich.vectors import remember
from marsad.lake.answer_store import FOLDER, AnswerStore
from marsad.lake.control import Control
from marsad.lake.inbox import Inbox
from marsad.publish.http import process
from marsad.publish.read.model import SourceState
from marsad.web.bulletins.editions import Editions

if TYPE_CHECKING:
    from marsad.lake.store import Lake

MOST_WAITING, MOST_OF_AN_AD, LONGEST_NOTE = 5_000, 20, 300
VISITORS_WORDS = 4_000
"""Words whose meaning a portal remembers."""
_GOLD = {"occupation": "isco08", "language": "language"}
"""Fields whose accepted reports become judgements, with their scheme."""


class Reports:
    """What visitors say is wrong with an ad, waiting for a person on duty."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def keep(self, ad: str, field: str, shown: str, value: str, note: str) -> int:
        """As `publish.desk.Reports.keep`; personal data is taken out of the note."""
        if field not in FIELDS:
            raise InputError(f"{field!r} is not something that can be reported of an ad")
        scheme = _GOLD.get(field)
        if value and scheme and value not in codelist(scheme):
            raise InputError(f"{value!r} is not a code of the list {scheme!r}")
        if len(self._control.reports()) >= MOST_WAITING:
            raise InputError("Too many reports wait to be read: please come back later")
        if len(self._control.reports(ad=ad)) >= MOST_OF_AN_AD:
            raise InputError("This ad has been reported often already, and will be looked at")
        return self._control.keep_report(ad, field, shown, value, scrub(note[:LONGEST_NOTE])[0])

    def open(self) -> list[Row]:
        """As `publish.desk.Reports.open`."""
        return self._control.reports()

    def settle(self, number: int, accept: bool, judge: str) -> None:
        """As `publish.desk.Reports.settle`."""
        if not judge.strip():
            raise InputError("a judgement needs the name of its judge")
        row = self._control.settle_report(number, "accepted" if accept else "refused", judge)
        if row is None:
            raise NotFoundError(f"There is no open report {number}.")
        scheme = _GOLD.get(row["field"])
        if accept and scheme and row["value"]:
            self._control.keep_judgement(
                scheme, row["ad"], row["value"], previous=row["shown"], score=None, judge=judge,
                note=f"report {number} of a visitor",
            )  # fmt: skip


class Reviews:
    """The cases of one installation, and what people judge of them. What reads the lake is loaded when
    someone on duty comes: who only reads pages has no use for it."""

    def __init__(self, open_lake: Callable[[], Lake], control: Control) -> None:
        self._open_lake, self._control = open_lake, control

    @cached_property
    def _lake(self) -> Lake:
        return self._open_lake()

    def judged(self) -> set[tuple[str, str]]:
        """As `publish.desk.Reviews.judged`."""
        from marsad.flow import review

        return {
            (scheme, row["subject"])
            for scheme in review.SCHEMES
            for row in self._control.judgements(scheme)
        }

    def case(self, subject: str) -> tuple[CaseAd, ...]:
        """As `publish.desk.Reviews.case`."""
        return tuple(self._ad(key) for key in subject.split(" "))

    def _ad(self, key: str) -> CaseAd:
        from marsad.flow import review

        case = review.show(self._lake, self._control, key)
        ad = case.ad
        return CaseAd(
            key=key, title=ad["title"], company=ad["company"], place=ad["place_text"],
            board=ad["board"], text=ad["text"], synthetic=ad["synthetic"], isco08=ad["isco08"],
            isco08_score=ad["isco08_score"], isco08_evidence=ad["isco08_evidence"],
            language=ad["language"], readings=tuple((c.code, c.score) for c in case.alternatives),
            links=case.links, judged=case.judged,
        )  # fmt: skip

    def judge(
        self,
        scheme: str,
        subject: str,
        value: str,
        *,
        judge: str,
        note: str = "",
        again: bool = False,
    ) -> int:
        """As `publish.desk.Reviews.judge`; personal data is taken out of the note."""
        from marsad.flow import review

        if scheme not in review.SCHEMES:
            raise InputError(f"{scheme!r} is not one of {', '.join(review.SCHEMES)}")
        note = scrub(note[:LONGEST_NOTE])[0]
        if scheme != "dedup":
            return review.judge_code(
                self._lake, self._control, scheme, subject, value, judge=judge, note=note, again=again
            )  # fmt: skip
        one, _, two = subject.partition(" ")
        return review.judge_pair(
            self._lake, self._control, one, two, value, judge=judge, note=note, again=again
        )


class Collection:
    """How the sources of an installation are fetched."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def states(self) -> tuple[SourceState, ...]:
        """As `backoffice.ports.Collection.states`."""
        from marsad.flow.rights import standings

        rows = []
        for spec, state, kept, last in standings(self._control, dt.date.today()):
            look = last or {}
            del state["contact"]
            day = state.pop("checked_on")
            rows.append(
                SourceState(
                    id=spec.id, **state, checked_on=dt.date.fromisoformat(day) if day else None,
                    last_look=_moment(look.get("started_at")),
                    next_look=_moment((kept or {}).get("next_at")), how=look.get("how", ""),
                    alarm=look.get("alarm", ""), ads=look.get("records", 0),
                    added=look.get("added", 0), changed=look.get("changed", 0),
                    closed=look.get("closed", 0),
                )
            )  # fmt: skip
        return tuple(rows)


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def lake_of(settings: Settings) -> Lake:
    """The tables of an installation, to be read by who serves it."""
    from marsad.lake.store import Lake

    return Lake(settings.home / "lake")


def desk_of(control: Control, sink: Sink, open_lake: Callable[[], Lake], home: Path) -> Desk:
    """The desk over one ledger, lake and installation; messages leave by `sink`."""
    return Desk(
        Reports(control), Alerts(control, sink), People(control), Reviews(open_lake, control),
        Editions(home / "bulletins"), Inbox(home), Collection(control),
    )  # fmt: skip


def answers_of(settings: Settings) -> AnswerStore:
    """Where answers are held that all processes of this machine give."""
    return AnswerStore(settings.home / FOLDER, settings.answers_mb * 1_000_000)


def use_little_memory() -> None:
    """Prepare a process that only serves, before it reads anything."""
    process.use_little_memory()
    remember(VISITORS_WORDS)
