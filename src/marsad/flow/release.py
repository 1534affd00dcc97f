"""A release: every published table together, as one read-only mart and one search index.

What a release holds of an ad and of a source is listed here, column by column.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import marsad
from marsad.base.codes import codelist
from marsad.base.labels import LANGUAGES
from marsad.base.periods import end, start
from marsad.base.text import match_form, name_of
from marsad.collect.register import Source, sources
from marsad.lake import mart, search
from marsad.lake.control import Control
from marsad.lake.secret import keyed, secret
from marsad.lake.store import Lake
from marsad.lake.tables import table
from marsad.products import vintages
from marsad.products.changes import changes
from marsad.products.declare import DIMENSIONS, indicators

Row = dict[str, Any]
COUNTRY = "MA"

_CODED = (
    "language", "isco08", "region", "province", "commune", "contract", "diploma", "working_time",
    "remote", "isic", "work_kind",
)  # fmt: skip
_PAY = ("min", "max", "currency", "period", "basis", "month_min_mad", "month_max_mad", "score",
        "evidence")  # fmt: skip
_AD = [
    "ad_key",
    "title",
    "company",
    "place_text",
    "text",
    "board",
    "url",
    "posted_on",
    "deadline_on",
    "last_seen_on",
    "esco",
    "synthetic",
    "experience_years",
    "experience_score",
    "experience_evidence",
    "isced_level",
    "positions",
    "flags",
    "flags_evidence",
]
_AD += [f"salary_{part}" for part in _PAY]
_AD += [f"{name}{part}" for name in _CODED for part in ("", "_score", "_evidence")]
_AD_SCHEMA = pa.schema(
    [table("core_ads").schema.field(name) for name in _AD]
    + [("copies", pa.int64()), ("major", pa.string()), ("realm", pa.string())]
)
_SAME = ("id", "kind", "publisher", "homepage", "licence", "frequency", "synthetic")
_MAPS = ("legal_basis", "robots", "terms", "personal_data")
_SOURCE_TYPES = {
    **dict.fromkeys((*_SAME, "title", *_MAPS, "last_refusal"), pa.string()),
    **dict.fromkeys(("last_run", "last_status", "last_message"), pa.string()),
    "synthetic": pa.bool_(),
    "retention_days": pa.int64(),
    "records": pa.int64(),
}
_CODED_VALUES = (
    "indicator", *DIMENSIONS, "period", "area_level", "vintage", "unit", "obs_status",
    "conf_status", "reliability", "source", "source_date", "note",
)  # fmt: skip
_ORDER = {
    "out_values": ("freq", "area", "indicator", *DIMENSIONS[2:], "period", "valid_from"),
    "ad_skills": ("ad_key",),
    "occupation_skills": ("occupation", "skill"),
    "esco_occupations": ("code",),
    "courses": ("source_id", "title", "training"),
    "review": ("scheme", "rank"),
    "changes": ("seq",),
}
"""By what each table of a release is sorted."""
CODE = "code"
"""The name under which a release keeps the hash of the code that made it."""


def released() -> tuple[str, ...]:
    """The tables whose versions a release names: what it holds, and what indicators read."""
    read = {name for found in indicators() for name in found.inputs}
    return tuple(sorted({"out_values", "out_history", "out_review", "core_ad_links", *read}))


@cache
def code_hash() -> str:
    """The hash of the code and declarations that turn tables into published values."""
    root, found = Path(marsad.__file__).parent, hashlib.sha256()
    for room in ("base", "products"):
        for path in sorted((root / room).rglob("*")):
            if path.suffix in {".py", ".yml", ".csv"}:
                found.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
    return found.hexdigest()


def _ads(lake: Lake) -> list[Row]:
    """Ads of the country, one for each opening with the number of its copies; `body` is for the
    search index, `text` for people and empty where the source's terms do not let it be shown."""
    every = lake.read("core_ads").to_pylist()
    copies: Counter[str] = Counter()
    for row in every:
        copies[row["cluster"]] += row["sightings"]
    return [
        {
            **{name: row[name] for name in _AD},
            "body": f"{row['company']}\n{row['text']}",
            "text": row["text"] if row["publishes_text"] else "",
            "copies": copies[row["ad_key"]],
            "major": row["isco08"][:1],
            "realm": "synthetic" if row["synthetic"] else "real",
        }
        for row in every
        if row["is_canonical"] and row["country"] == COUNTRY
    ]


def _source(spec: Source, records: int, last: Row) -> Row:
    return {
        **{name: getattr(spec, name) for name in _SAME},
        "title": json.dumps(spec.title, ensure_ascii=False),
        **{name: json.dumps(getattr(spec.right, name), ensure_ascii=False) for name in _MAPS},
        "retention_days": spec.right.retention_days,
        "last_refusal": spec.right.last_refusal,
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
    found = lake.read("out_history")
    declared = pa.array([i.id for i in indicators()])
    return spanned(found.filter(pc.is_in(found["indicator"], declared)))


def spanned(found: pa.Table) -> pa.Table:
    """Table out_history with the first and last day of each period (`starts_on`, `ends_on`), and
    `until`: `valid_to`, or the end of time, which is faster to ask than an empty cell."""
    periods = pc.dictionary_encode(found["period"].combine_chunks())
    for name, edge in (("starts_on", start), ("ends_on", end)):
        days = pa.array([edge(p) for p in periods.dictionary.to_pylist()], pa.date32())
        found = found.append_column(name, pc.take(days, periods.indices))
    never = pa.scalar(vintages.UNDATED, found.schema.field("valid_to").type)
    return found.append_column("until", pc.coalesce(found["valid_to"], never))


def remember(lake: Lake, now: dt.datetime, release: str) -> None:
    """Enter the values of every declared indicator into the history, as of a release at `now`."""
    for found in indicators():
        history = lake.read("out_history", partition=found.id)
        values = lake.read("out_values", partition=found.id)
        lake.replace("out_history", found.id, vintages.merge(history, values, now, release))


def record_keys(ads: Iterable[Row], key: bytes) -> pa.Array:
    """The record key of each ad, 0 to 2^32 - 1: always the same for an ad of this installation."""
    found = (keyed(key, "record", ad["ad_key"], 4) for ad in ads)
    return pa.array([int.from_bytes(one, "big") for one in found], pa.int64())


def _courses(lake: Lake) -> pa.Table:
    """Trainings with a public name, and in `words` what they are searched by."""
    found, fields = lake.read("core_courses"), codelist("isced_f")
    rows = found.select(["source_id", "course_id", "title", "provider", "isced_f"]).to_pylist()
    words = [
        match_form(" ".join((r["title"], r["provider"], *fields.get(r["isced_f"], {}).values())))
        for r in rows
    ]
    names = [name_of(f"{r['source_id']}\x1f{r['course_id']}") for r in rows]
    return found.append_column("training", pa.array(names, pa.string())).append_column(
        "words", pa.array(words, pa.string())
    )


def esco_occupations(lake: Lake) -> pa.Table:
    """Occupations of an imported ESCO: code, unit group of ISCO-08, and preferred labels (empty where
    not imported in a language). No row where none was imported."""
    found: dict[str, dict[str, str]] = {}
    concepts, labels = lake.read("core_concepts"), lake.read("core_concept_labels")
    concepts = concepts.filter(pc.equal(concepts["kind"], "occupation"))
    labels = labels.filter(labels["preferred"])
    for row in labels.join(concepts, ["scheme", "uri"], join_type="inner").to_pylist():
        found.setdefault(row["code"], {})[row["language"]] = row["label"]
    rows = [
        {"code": code, "isco08": code[:4], **{k: texts.get(k, "") for k in LANGUAGES}}
        for code, texts in sorted(found.items())
        if code
    ]
    names = ("code", "isco08", *LANGUAGES)
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in names]))


def _searched(ads: Iterable[Row]) -> Iterator[dict[str, str]]:
    for ad in ads:
        yield {"key": ad["ad_key"], "title": ad["title"], "body": ad["body"]}


def publish(lake: Lake, control: Control, releases: Path) -> str:
    """Build the mart and the index of a new release, then name it in the ledger; its identifier.

    Readers see the release only once it is named, so never half of it.
    """
    now = dt.datetime.now(dt.UTC)
    identifier = now.strftime("%Y%m%dT%H%M%S%fZ")[:18] + "Z"
    remember(lake, now, identifier)
    folder = releases / identifier
    folder.mkdir(parents=True, exist_ok=True)
    ads = _ads(lake)
    news = changes(lake.read("out_changes").to_pylist(), ads, identifier, now)
    lake.replace("out_changes", identifier, news)
    said = {
        "id": identifier,
        "published_at": now.isoformat(),
        "reference_on": now.date().isoformat(),
    }
    skills, needed = lake.read("core_ad_skills"), lake.read("core_occupation_skills")
    tables = {
        "release": pa.Table.from_pylist([said]),
        "out_values": _values(lake),
        "ads": pa.Table.from_pylist(ads, schema=_AD_SCHEMA).append_column(
            "record_key", record_keys(ads, secret(releases.parent))
        ),
        "courses": _courses(lake),
        "ad_skills": skills.select(["ad_key", "skill", "score", "evidence"]),
        "occupation_skills": needed.select(["occupation", "skill", "essential"]),
        "esco_occupations": esco_occupations(lake),
        "review": lake.read("out_review"),
        "codes": lake.read("core_codes"),
        "breaks": lake.read("core_breaks"),
        "cards": lake.read("core_cards"),
        "changes": lake.read("out_changes"),
        "sources": pa.Table.from_pylist(
            list(_register(lake, control)), schema=pa.schema(_SOURCE_TYPES.items())
        ),
    }
    mart.build(folder / mart.NAME, tables, _ORDER, {"out_values": _CODED_VALUES})
    search.build(folder / search.NAME, _searched(ads))
    versions: dict[str, int | str] = {name: lake.version(name) for name in released()}
    control.publish(identifier, now.date(), {**versions, CODE: code_hash()})
    return identifier
