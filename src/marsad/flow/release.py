"""A release: every published table together, as one read-only mart and one search index.

Its tables are declared in `lake/tables/mart`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

import marsad
from marsad.base.build import hash_of
from marsad.base.codes import codelist
from marsad.base.errors import PlaceError
from marsad.base.labels import LANGUAGES
from marsad.base.periods import end, start
from marsad.base.records import Row
from marsad.base.text import match_form, name_of
from marsad.collect.register import Source, sources
from marsad.flow import sample
from marsad.lake import folders, mart, mart_tables, search
from marsad.lake.control import Control
from marsad.lake.mart_tables import schema
from marsad.lake.store import Lake
from marsad.lake.tables import table
from marsad.products import vintages, windows
from marsad.products.changes import changes
from marsad.products.declare import indicators
from marsad.products.tabular import OPEN

COUNTRY = "MA"

_SAME = ("id", "kind", "publisher", "homepage", "licence", "frequency", "synthetic")
_MAPS = ("legal_basis", "robots", "terms", "personal_data", "last_refusal")
_AS_IS = {
    "occupation_skills": "core_occupation_skills",
    "review": "out_review",
    "codes": "core_codes",
    "breaks": "core_breaks",
    "cards": "core_cards",
    "changes": "out_changes",
}
"""Tables of a release that are those of the lake."""
CODE = "code"
"""The name under which a release keeps the hash of the code that made it."""


def released() -> tuple[str, ...]:
    """The tables whose versions a release names: what it holds, and what indicators read."""
    read = {name for indicator in indicators() for name in indicator.inputs}
    return tuple(sorted({"out_values", "out_history", "out_review", "core_ad_links", *read}))


@cache
def code_hash() -> str:
    """The hash of the code and declarations that turn tables into published values."""
    root = Path(marsad.__file__).resolve().parent
    return hash_of((root / "base", root / "products"), frozenset({".py", ".yml", ".csv"}))


def _ads(lake: Lake, today: dt.date) -> list[Row]:
    """Public ads of the country, one for each opening with the number of its copies and its state on
    the reference day; synthetic ads only where nothing is real. `body` is for the search index,
    `text` for people and empty where the source's terms do not let it be shown."""
    every = [row for row in lake.read("core_ads").to_pylist() if row["confidentiality"] == OPEN]
    real = sample.beside_real(lake)
    published = [
        row
        for row in every
        if row["is_canonical"] and row["country"] == COUNTRY and not (real and row["synthetic"])
    ]
    read_to = {board: spans[-1][1] for board, spans in windows.read_windows(every).items()}
    # The sample tells of the day until which it was written, real ads of today.
    reference = today if real else max(read_to.values(), default=today)
    copies: Counter[str] = Counter()
    for row in every:
        copies[row["cluster"]] += row["sightings"]
    names = [name for name in schema("ads").names if name in table("core_ads").columns]
    return [
        {
            **{name: row[name] for name in names},
            "body": f"{row['company']}\n{row['text']}",
            "text": row["text"] if row["publishes_text"] else "",
            "copies": copies[row["ad_key"]],
            "state": windows.state(row, read_to.get(windows.board_of(row)), reference),
            "major": row["isco08"][:1],
            "realm": "synthetic" if row["synthetic"] else "real",
        }
        for row in published
    ]


def _source(spec: Source, records: int, last: Row) -> Row:
    return {
        **{name: getattr(spec, name) for name in _SAME},
        "title": json.dumps(spec.title, ensure_ascii=False),
        **{name: json.dumps(getattr(spec.right, name), ensure_ascii=False) for name in _MAPS},
        "retention_days": spec.right.retention_days,
        "records": records,
        "last_run": last.get("ended_at"),
        "last_status": last.get("status", "never"),
        "last_message": last.get("message", ""),
    }


def _register(lake: Lake, control: Control) -> Iterator[Row]:
    """Every source with its right to collect, its records and its last run."""
    counts: Counter[str] = Counter()
    for name in ("core_observations", "raw_ads", "core_courses"):
        for row in pc.value_counts(lake.read(name)["source_id"]).to_pylist():
            counts[row["values"]] += row["counts"]
    for spec in sources():
        yield _source(spec, counts[spec.id], control.last_run("collect", spec.id) or {})


def _values(lake: Lake) -> pa.Table:
    """Every version of the values of the indicators that are declared now (one that was removed is
    not released)."""
    history = lake.read("out_history")
    declared = pa.array([i.id for i in indicators()])
    return spanned(history.filter(pc.is_in(history["indicator"], declared)))


def spanned(history: pa.Table) -> pa.Table:
    """Table out_history with the first and last day of each period (`starts_on`, `ends_on`), and
    `until`: `valid_to`, or the end of time, which is faster to ask than an empty cell."""
    periods = pc.dictionary_encode(history["period"].combine_chunks())
    for name, edge in (("starts_on", start), ("ends_on", end)):
        days = pa.array([edge(p) for p in periods.dictionary.to_pylist()], pa.date32())
        history = history.append_column(name, pc.take(days, periods.indices))
    never = pa.scalar(vintages.UNDATED, history.schema.field("valid_to").type)
    return history.append_column("until", pc.coalesce(history["valid_to"], never))


def remember(lake: Lake, now: dt.datetime, release: str) -> None:
    """Enter the values of every declared indicator into the history, as of a release at `now`."""
    for indicator in indicators():
        history = lake.read("out_history", partition=indicator.id)
        values = lake.read("out_values", partition=indicator.id)
        lake.replace("out_history", indicator.id, vintages.merge(history, values, now, release))


def _skills(lake: Lake, ads: Iterable[Row]) -> pa.Table:
    """The skills that the published ads ask."""
    skills = lake.read("core_ad_skills").select(schema("ad_skills").names)
    return skills.filter(
        pc.is_in(skills["ad_key"], pa.array([ad["ad_key"] for ad in ads], pa.string()))
    )


def _courses(lake: Lake) -> pa.Table:
    """Trainings with a public name, and in `words` what they are searched by; synthetic ones only where
    nothing is real."""
    courses, fields = lake.read("core_courses"), codelist("isced_f")
    if sample.beside_real(lake):
        courses = courses.filter(pc.invert(courses["synthetic"]))
    rows = courses.select(["source_id", "course_id", "title", "provider", "isced_f"]).to_pylist()
    words = [
        match_form(" ".join((r["title"], r["provider"], *fields.get(r["isced_f"], {}).values())))
        for r in rows
    ]
    names = [name_of(f"{r['source_id']}\x1f{r['course_id']}") for r in rows]
    return courses.append_column("training", pa.array(names, pa.string())).append_column(
        "words", pa.array(words, pa.string())
    )


def esco_occupations(lake: Lake) -> pa.Table:
    """Occupations of an imported ESCO: code, unit group of ISCO-08, and preferred labels (empty where
    not imported in a language). No row where none was imported."""
    labels_by_code: dict[str, dict[str, str]] = {}
    concepts, labels = lake.read("core_concepts"), lake.read("core_concept_labels")
    concepts = concepts.filter(pc.equal(concepts["kind"], "occupation"))
    labels = labels.filter(labels["preferred"])
    for row in labels.join(concepts, ["scheme", "uri"], join_type="inner").to_pylist():
        labels_by_code.setdefault(row["code"], {})[row["language"]] = row["label"]
    rows = [
        {"code": code, "isco08": code[:4], **{k: texts.get(k, "") for k in LANGUAGES}}
        for code, texts in sorted(labels_by_code.items())
        if code
    ]
    return pa.Table.from_pylist(rows, schema=schema("esco_occupations"))


def _searched(ads: Iterable[Row]) -> Iterator[dict[str, str]]:
    for ad in ads:
        yield {"key": ad["ad_key"], "title": ad["title"], "body": ad["body"]}


def _now(control: Control) -> dt.datetime:
    """This moment; PlaceError when the newest release is of a later one: versions of values would end
    before they began, and the release would never be the newest."""
    now, newest = dt.datetime.now(dt.UTC), next(iter(control.releases()), None)
    if newest and newest["published_at"] >= now.isoformat(timespec="microseconds"):
        raise PlaceError(
            f"The clock of this machine says {now:%Y-%m-%d %H:%M:%S} UTC, but release {newest['id']}"
            f" was published at {newest['published_at'][:19]}: set the clock right, then run this again."
        )
    return now


def publish(lake: Lake, control: Control, releases: Path) -> str:
    """Build the mart and the index of a new release, then name it in the ledger; its identifier.

    Readers see the release only once it is named, so never half of it. PlaceError when the disk or the clock refuses.
    """
    now = _now(control)
    identifier = now.strftime("%Y%m%dT%H%M%S%fZ")[:18] + "Z"
    remember(lake, now, identifier)
    folder = releases / identifier
    folder.mkdir(parents=True, exist_ok=True)
    ads = _ads(lake, now.date())
    feed = changes(lake.read("out_changes").to_pylist(), ads, identifier, now)
    lake.replace("out_changes", identifier, feed)
    about = {
        "id": identifier,
        "published_at": now.isoformat(),
        "reference_on": now.date().isoformat(),
    }
    tables = {
        "release": pa.Table.from_pylist([about], schema=schema("release")),
        "out_values": _values(lake),
        "ads": pa.Table.from_pylist(ads, schema=schema("ads")),
        "ad_skills": _skills(lake, ads),
        "courses": _courses(lake),
        "esco_occupations": esco_occupations(lake),
        "sources": pa.Table.from_pylist(list(_register(lake, control)), schema=schema("sources")),
        **{name: lake.read(source).select(schema(name).names) for name, source in _AS_IS.items()},
    }
    mart_tables.build(folder / mart.NAME, tables)
    search.build(folder / search.NAME, _searched(ads))
    folders.seal(folder, release=identifier)
    versions: dict[str, int | str] = {name: lake.version(name) for name in released()}
    control.publish(identifier, now.date(), {**versions, CODE: code_hash()})
    return identifier
