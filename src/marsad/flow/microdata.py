"""The researchers' door: ads one by one as codes, under an agreement, and what documents them.

A file holds no text, company, address, place word or anything personal: coded fields with their
scores, weeks instead of days, provinces at most, and pay in steps of 500 dirhams. The name of a
record is a keyed hash that differs from one agreement to the next, so that files cannot be joined
with each other or with the portal by it. Real and synthetic ads are never in one file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from marsad import __version__
from marsad.base import areas
from marsad.base.codes import codelist
from marsad.base.declare import load_yaml
from marsad.base.errors import InputError, NotFoundError, PlaceError, RefusedError
from marsad.base.fields import CODE, properties
from marsad.base.labels import Text
from marsad.base.periods import end, start
from marsad.base.records import Row
from marsad.lake.control import Control
from marsad.lake.secret import keyed, secret
from marsad.lake.store import Lake
from marsad.publish.formats.ddi import File, Study, Variable, codebook

_TEXTS = load_yaml(Path(__file__).with_name("microdata_texts.yml"))
COUNTRY = "MA"
PAY_STEP, MOST_POSITIONS, MOST_COPIES = 500, 10, 10
"""Pay is rounded to this many dirhams; more posts or copies than these count as these."""
REALMS = {"real": "REAL", "synthetic": "SYNTHETIC"}
_TYPES = {"string": pa.string(), "double?": pa.float64(), "int?": pa.int64()}
_OWN = {
    "record_id": pa.string(),
    "synthetic": pa.bool_(),
    "posted_week": pa.string(),
    "last_seen_week": pa.string(),
    "pay_low_mad": pa.int64(),
    "pay_high_mad": pa.int64(),
    "pay_score": pa.float64(),
    "skills": pa.string(),
    "cluster_size": pa.int64(),
}
"""Variables that are made for the files; the others are properties of an ad as its fields declare."""


def schema() -> pa.Schema:
    """The variables of a file with their types."""
    columns = dict(_OWN)
    for name, declared in properties().items():
        if declared.variable and declared.type == CODE:
            columns[name] = pa.string()
            if not declared.rests_on:
                columns[f"{name}_score"] = pa.float64()
        elif declared.variable and declared.type != "list":
            columns[name] = _TYPES[declared.type]
    return pa.schema(columns.items())


def agree(control: Control, name: str, purpose: str, until: dt.date) -> None:
    """Enter an agreement; InputError for an empty name or purpose, or an end that has passed."""
    if not name.strip() or not purpose.strip():
        raise InputError("an agreement needs a name and a purpose")
    if until < dt.date.today():
        raise InputError(f"the agreement would have ended already, on {until}")
    control.keep_agreement(name, purpose, until)


def agreement(control: Control, name: str, today: dt.date) -> Row:
    """The agreement of a name; RefusedError when there is none or it has ended."""
    for row in control.agreements():
        if row["name"] == name:
            if row["until_on"] < today.isoformat():
                raise RefusedError(f"The agreement of {name!r} ended on {row['until_on']}.")
            return row
    raise RefusedError(
        f"There is no agreement of {name!r}: enter one with `marsad research agree`."
    )


def _week(day: dt.date | None) -> str | None:
    if day is None:
        return None
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def _pay(amount: float | None) -> int | None:
    return None if amount is None else PAY_STEP * round(amount / PAY_STEP)


def _record(ad: Row, name: str, skills: list[str], copies: int) -> Row:
    variables = schema().names
    record = {name: ad[name] or None if isinstance(ad[name], str) else ad[name]
              for name in variables if name in ad}  # fmt: skip
    return {
        **record,
        "record_id": name,
        "posted_week": _week(ad["posted_on"]),
        "last_seen_week": _week(ad["last_seen_on"]),
        "pay_low_mad": _pay(ad["salary_month_min_mad"]),
        "pay_high_mad": _pay(ad["salary_month_max_mad"]),
        "pay_score": ad["salary_score"],
        "positions": None if ad["positions"] is None else min(ad["positions"], MOST_POSITIONS),
        "skills": " ".join(sorted(skills)) or None,
        "cluster_size": min(copies, MOST_COPIES),
    }


def records(lake: Lake, key: bytes, name: str) -> dict[str, pa.Table]:
    """The records of each realm that has ads, one an opening, by their names; `key` is the secret of
    the installation, `name` the agreement (empty for none)."""
    ads = lake.read("core_ads").to_pylist()
    skills: dict[str, list[str]] = defaultdict(list)
    for row in lake.read("core_ad_skills").select(["ad_key", "skill"]).to_pylist():
        skills[row["ad_key"]].append(row["skill"])
    copies: Counter[str] = Counter()
    for ad in ads:
        copies[ad["cluster"]] += ad["sightings"]
    by_realm: dict[str, list[Row]] = {realm: [] for realm in REALMS}
    for ad in ads:
        if (
            ad["is_canonical"]
            and ad["country"] == COUNTRY
            and ad["confidentiality"] != "aggregate_only"
        ):
            identifier = keyed(key, f"research\x1f{name}", ad["ad_key"], 12).hex()
            record = _record(ad, identifier, skills[ad["ad_key"]], copies[ad["ad_key"]])
            by_realm["synthetic" if ad["synthetic"] else "real"].append(record)
    return {
        realm: pa.Table.from_pylist(sorted(rows, key=lambda r: r["record_id"]), schema=schema())
        for realm, rows in by_realm.items()
        if rows
    }


def export(home: Path, control: Control, name: str, folder: Path) -> list[Path]:
    """Write the files of an agreement into a folder, Parquet and CSV; entered in the ledger, as is a
    refusal. RefusedError without an agreement in force; NotFoundError when there are no ads."""
    with control.run("research", name) as run:
        under = agreement(control, name, dt.date.today())
        made = records(Lake(home / "lake"), secret(home), name)
        if not made:
            raise NotFoundError("There are no ads yet: run `marsad flow`.")
        written = [
            path for realm, table in made.items() for path in _write(folder, realm, table, under)
        ]
        run.rows_out = sum(table.num_rows for table in made.values())
        run.files = ", ".join(path.name for path in written)
        hashes = (f"{p.name} {hashlib.sha256(p.read_bytes()).hexdigest()[:16]}" for p in written)
        run.message = f"{under['purpose']}: {'; '.join(hashes)}"
    return written


def _write(folder: Path, realm: str, records: pa.Table, under: Row) -> Iterator[Path]:
    about = {
        "agreement": under["name"],
        "purpose": under["purpose"],
        "until": under["until_on"],
        "realm": realm,
        "access": _TEXTS["study"]["access"],
    }
    table = records.replace_schema_metadata({"marsad": json.dumps(about, ensure_ascii=False)})
    stem = folder / f"marsad_ads_{REALMS[realm]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, stem.with_suffix(".parquet"), compression="zstd")
        pc.write_csv(table, stem.with_suffix(".csv"))
    except OSError as error:
        raise PlaceError(f"The files cannot be written in {folder}: {error}.") from error
    yield from (stem.with_suffix(".parquet"), stem.with_suffix(".csv"))


def _categories(name: str) -> dict[str, Text]:
    """The labels of a coded variable; nothing for one that is not coded by a list."""
    declared = properties().get(name)
    if declared and declared.codelist == "area":
        return {a.code: a.name for a in areas.areas().values() if a.level == name}
    if declared and declared.type == CODE:
        return dict(codelist(declared.codelist))
    return dict(_TEXTS["yes_no"]) if name == "synthetic" else {}


def variables() -> tuple[Variable, ...]:
    """Every variable of a file, in its order, with labels in three languages."""
    own, score, variables = _TEXTS["labels"], _TEXTS["score"], []
    labels = {**own, **{name: p.variable for name, p in properties().items() if p.variable}}
    for name in schema().names:
        of = labels.get(name.removesuffix("_score"), {})
        label = labels.get(name) or {k: f"{of[k]}{score[k]}" for k in score}
        unit = "MAD" if name.endswith("_mad") else ""
        variables.append(Variable(name, label, _categories(name), unit))
    return tuple(variables)


def documentation(home: Path) -> bytes:
    """The codebook of the files as they would be exported now, as DDI Codebook 2.5.

    NotFoundError when there are no ads.
    """
    made = records(Lake(home / "lake"), secret(home), "")
    if not made:
        raise NotFoundError("There are no ads yet: run `marsad flow`.")
    weeks = sorted(w for t in made.values() for w in t["posted_week"].to_pylist() if w)
    today = dt.date.today()
    study = Study(
        **_TEXTS["study"],
        identifier=f"MARSAD-ADS-{today:%Y%m%d}",
        first=start(weeks[0]).isoformat() if weeks else "",
        last=end(weeks[-1]).isoformat() if weeks else "",
        made_on=today,
        version=__version__,
    )
    lower = [File(f"marsad_ads_{REALMS[realm]}.parquet", table) for realm, table in made.items()]
    return codebook(study, variables(), lower)
