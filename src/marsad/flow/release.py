"""A release: every published table together, as one read-only mart and one search index.

Its tables are declared in `lake/tables/mart`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
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
from marsad.base.settings import Settings
from marsad.base.text import match_form, name_of
from marsad.collect.register import Source, sources
from marsad.flow import review, sample
from marsad.lake import folders, mart, mart_tables
from marsad.lake.control import Control
from marsad.lake.mart_tables import schema
from marsad.lake.store import Lake
from marsad.lake.tables import tables
from marsad.products import vintages
from marsad.products.declare import indicators

ABOUT = "release.json"
"""What a release is: its identifier, when it was made, its day, and a hash of what it was made of."""
_MADE = frozenset(
    "core_breaks core_codes core_cards core_models core_occupation_skills out_values out_history"
    " out_review out_changes".split()
)
"""Tables that a release writes itself."""
_SAME = ("id", "kind", "publisher", "homepage", "licence", "frequency", "synthetic")
_MAPS = ("legal_basis", "robots", "terms", "personal_data", "last_refusal")
_AS_IS = {
    "occupation_skills": "core_occupation_skills",
    "review": "out_review",
    "codes": "core_codes",
    "breaks": "core_breaks",
    "cards": "core_cards",
    "studies": "core_studies",
}
"""Tables of a release that are those of the lake."""
CODE = "code"
"""The name under which a release keeps the hash of the code that made it."""


def released() -> tuple[str, ...]:
    """The tables whose versions a release names: what it holds, and what indicators read."""
    read = {name for indicator in indicators() for name in indicator.inputs}
    return tuple(
        sorted(
            {
                "out_values",
                "out_history",
                "out_review",
                "core_ad_links",
                "core_studies",
                "core_study_pages",
                *read,
            }
        )
    )


@cache
def code_hash() -> str:
    """The hash of the code and declarations that turn tables into published values."""
    root = Path(marsad.__file__).resolve().parent
    return hash_of((root / "base", root / "products"), frozenset({".py", ".yml", ".csv"}))


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
    counted = pa.schema([("source_id", pa.string()), ("n", pa.int64())])
    for name in ("core_observations", "raw_ads", "core_courses"):
        query = f"select source_id, count(*) as n from {name} group by source_id"  # noqa: S608
        counts.update(
            {row["source_id"]: row["n"] for row in lake.table(query, (name,), counted).to_pylist()}
        )
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


def _study_pages(lake: Lake) -> pa.Table:
    """The pages of studies with the words that they are searched by."""
    pages = lake.read("core_study_pages")
    words = [f" {match_form(text)}" for text in pages["text"].to_pylist()]
    return pages.append_column("words", pa.array(words, pa.string()))


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


def basis(lake: Lake, control: Control, *, sample_shown: bool) -> str:
    """A hash of all that a release is made of: where it is that of the release before, nothing changed."""
    package = Path(marsad.__file__).resolve().parent
    versions = {name: lake.version(name) for name in sorted(tables()) if name not in _MADE}
    last = [control.last_run("collect", spec.id) for spec in sources()]
    runs = [run["ended_at"] if run else "" for run in last]
    code = hash_of((package,), frozenset({".py", ".yml", ".csv"}))
    judged = [
        [scheme, row["subject"], row["value"]]
        for scheme in review.SCHEMES
        for row in control.judgements(scheme)
    ]
    made_of = [versions, runs, code, judged, sample_shown]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()


def unchanged(releases: Path, newest: str, made_of: str) -> Path | None:
    """The folder of the newest release, where it was made of the same and is whole."""
    folder = releases / newest
    try:
        about = json.loads((folder / ABOUT).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    whole = (folder / mart.NAME).exists() and not folders.damage(folder)
    return folder if whole and about.get("basis") == made_of else None


def publish(
    lake: Lake, control: Control, settings: Settings, made_of: str, same: Path | None = None
) -> str:
    """Build the mart of a new release, then name it in the ledger; its identifier. Where nothing has
    changed since the release `same`, its mart is shared. It is served once the persons of the settings
    have approved of it and its embargo is over.

    Readers see the release only once it is named, so never half of it. PlaceError when the disk or the clock refuses.
    """
    now = _now(control)
    identifier = now.strftime("%Y%m%dT%H%M%S%fZ")[:18] + "Z"
    if not same:
        remember(lake, now, identifier)
    folder = settings.home / "releases" / identifier
    folder.mkdir(parents=True, exist_ok=True)
    about = {
        "id": identifier,
        "published_at": now.isoformat(),
        "reference_on": now.date().isoformat(),
        "basis": made_of,
    }
    (folder / ABOUT).write_text(json.dumps(about), "utf-8")
    if same:
        folders.share(same / mart.NAME, folder / mart.NAME)
    else:
        mart_tables.build(folder / mart.NAME, _tables(lake, control))
    folders.seal(folder, same, release=identifier)
    versions: dict[str, int | str] = {name: lake.version(name) for name in released()}
    control.publish(
        identifier, now.date(), {**versions, CODE: code_hash()},
        approvals=settings.approvals, embargo_until=settings.embargo_until,
    )  # fmt: skip
    return identifier


def _tables(lake: Lake, control: Control) -> dict[str, pa.Table]:
    return {
        "out_values": _values(lake),
        "courses": _courses(lake),
        "esco_occupations": esco_occupations(lake),
        "study_pages": _study_pages(lake),
        "sources": pa.Table.from_pylist(list(_register(lake, control)), schema=schema("sources")),
        **{name: lake.read(source).select(schema(name).names) for name, source in _AS_IS.items()},
    }
