"""What a release says of its sources, of the accuracy of its coders, and of what people should look at."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields

from marsad.lake.mart import Mart
from marsad.publish.read.model import Card, ReviewCase, SourceRow
from marsad.publish.read.rows import card_of

_MAPS = ("title", "legal_basis", "robots", "terms", "personal_data", "last_refusal")
_CASE = ", ".join(f.name for f in fields(ReviewCase))


def sources(mart: Mart) -> tuple[SourceRow, ...]:
    """The register: every source, by what right it is read, and its last run."""
    rows = []
    for row in mart.rows("select * from sources order by kind desc, id"):
        row = {**row, **{name: _map(row[name]) for name in _MAPS}}
        last = row["last_run"]
        row["last_run"] = dt.datetime.fromisoformat(last) if last else None
        rows.append(SourceRow(**row))
    return tuple(rows)


def _map(text: str) -> dict[str, str]:
    """A language map from its JSON; of a release of an earlier version, where it was English text."""
    if not text.startswith("{"):
        return {"en": text} if text else {}
    texts: dict[str, str] = json.loads(text)
    return texts


def cards(mart: Mart) -> tuple[Card, ...]:
    """The measured accuracy of every classifier, by language."""
    rows = mart.rows("select * from cards order by classifier, language, data")
    return tuple(card_of(row) for row in rows)


def review(mart: Mart, scheme: str, limit: int) -> tuple[ReviewCase, ...]:
    """What a person should look at first, by scheme and rank (every scheme without a name)."""
    if not mart.holds("review"):
        return ()
    rows = mart.rows(
        f"select {_CASE} from review where ? in ('', scheme) and rank <= ? order by scheme, rank",
        [scheme, max(1, limit)],
    )
    return tuple(ReviewCase(**row) for row in rows)
