"""Erasing ads and addresses from everything that is kept, as the law lets a person ask (law 09-08, articles 8
and 9): sightings and words, their earlier versions and the files of both, payloads, editions and their index,
releases, answers held, messages that wait, what people wrote. What is erased is entered first, so that an
erasure that was cut off is done again, and nothing comes back with a file or a backup.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.errors import InputError, NotFoundError
from marsad.base.records import Row
from marsad.flow.steps import Flow
from marsad.lake import answer_store, edition, mart
from marsad.lake.control.erasures import AD, ADDRESS, hash_of_address
from marsad.lake.folders import manifest, seal

_WORDS = ("raw_contents", "core_contents")
_BY_AD = {
    "raw_sightings": "ad_key in ({0})",
    "core_ad_log": "ad_key in ({0})",
    "core_block_log": "ad_key in ({0})",
    "core_link_log": "ad_a in ({0}) or ad_b in ({0})",
}
_KEY = re.compile(r"[\w-]{8,40}")
_LEAST = 5
"""Letters by which a person may be looked for."""


def keys_with(flow: Flow, words: str) -> list[str]:
    """The keys of the ads whose words bear what a person is known by: a name, an address, a number."""
    if len(words.strip()) < _LEAST:
        raise InputError(f"say at least {_LEAST} letters of what is looked for")
    columns = " || ' ' || ".join(
        n for n in ("raw_title", "raw_text", "raw_company", "raw_place", "url")
    )
    query = f"""select distinct a.ad_key as ad_key from raw_sightings a join raw_contents b
      on a.source_id = b.source_id and a.content = b.content
      where contains(lower({columns}), lower((select words from given)))"""  # noqa: S608 - names of ours
    given = {"given": pa.table({"words": [words.strip()]})}
    schema = pa.schema([("ad_key", pa.string())])
    names = ("raw_sightings", "raw_contents")
    keys: list[str] = flow.lake.table(query, names, schema, given)["ad_key"].to_pylist()
    return sorted(keys)


def held_of(flow: Flow, words: str) -> list[Row]:
    """What is held of a person (subject access): place and content."""
    keys = keys_with(flow, words)
    rows = [{"place": "ads", "content": key} for key in keys]
    for row in flow.control.documents():
        if words.encode() in _payload(flow, str(row["sha256"])):
            rows.append({"place": "vault", "content": f"{row['name']} ({row['sha256'][:16]})"})
    for path in sorted((flow.settings.home / "outbox").glob("*")):
        if words in path.read_text("utf-8", "replace"):
            rows.append({"place": "outbox", "content": path.name})
    return rows + flow.control.written_of(words)


def _payload(flow: Flow, sha256: str) -> bytes:
    try:
        return flow.vault.open(sha256)
    except (NotFoundError, OSError, EOFError):
        return b""


def erase(flow: Flow, kind: str, values: Collection[str], reason: str, who: str) -> int:
    """Erase ads by their keys, or what an address asked for; how many ads or alerts there were. InputError: no
    reason."""
    if not reason.strip():
        raise InputError("someone is erased for a reason: say it with --reason")
    if bad := [v for v in values if kind == AD and not _KEY.fullmatch(v)]:
        raise InputError(f"{bad[0]!r} is no key of an ad")
    kept = [hash_of_address(v) for v in values] if kind == ADDRESS else list(values)
    with flow.writing(), flow.control.run("erase", kind) as run:
        rows = [{"kind": kind, "value": v, "reason": reason, "who": who} for v in kept]
        flow.control.enter_erasures(rows)
        run.rows_out = _take_out(flow, kind, kept)
        run.message = f"{len(kept)} {kind} erased"
    if kind == ADDRESS:
        _forget_messages(flow.settings.home, values)
    flow.control.note(who, f"erased {kind}", f"{len(kept)}: {reason}")
    flow.control.forget_traces()
    return run.rows_out


def replay(flow: Flow) -> int:
    """Erase anew whom the list of erasures names; how many are on it."""
    rows = flow.control.erasures()
    with flow.writing(), flow.control.run("erase", "again") as run:
        for kind in (AD, ADDRESS):
            run.rows_out += _take_out(flow, kind, [r["value"] for r in rows if r["kind"] == kind])
    return len(rows)


def _take_out(flow: Flow, kind: str, values: Collection[str]) -> int:
    if kind == ADDRESS:
        return sum(flow.control.forget_address(value) for value in values)
    lake, home = flow.lake, flow.settings.home
    keys = sorted(filter(_KEY.fullmatch, values))
    sightings = lake.read("raw_sightings", where=("ad_key", keys)) if keys else None
    if keys:
        flow.control.forget_ads(keys)
        _forget_messages(home, keys)
    if sightings is None or not sightings.num_rows:
        return 0
    quoted = ", ".join(f"'{key}'" for key in sightings["ad_key"].unique().to_pylist())
    words = {
        (row["source_id"], row["content"])
        for row in sightings.select(["source_id", "content"]).to_pylist()
        if row["content"]
    }
    addresses = {row["url"] for row in sightings.select(["url"]).to_pylist()}
    flow.control.forget_words(addresses)
    for payload in sightings["payload"].unique().to_pylist():
        _forget_payload(flow, payload)
    lake.remove("raw_sightings", _BY_AD["raw_sightings"].format(quoted))
    flow.leave_out(keys)
    for folder in edition.editions(home)[1:]:
        shutil.rmtree(folder, ignore_errors=True)
    _forget_contents(flow, words)
    for name, condition in _BY_AD.items():
        lake.remove(name, condition.format(quoted))
    judged = " or ".join(f"subject like '%{key}%'" for key in keys)
    for name in ("out_review", "core_judgements"):
        lake.remove(name, judged)
    for name in (*_BY_AD, *_WORDS, "out_review", "core_judgements"):
        lake.forget_versions(name)
    shutil.rmtree(home / "lake" / "_damaged", ignore_errors=True)
    for path in (home / answer_store.FOLDER).glob("*"):
        path.unlink(missing_ok=True)
    for folder in (home / "releases").glob("*"):
        _clean_release(folder, keys)
    return int(pc.count_distinct(sightings["ad_key"]).as_py())


def _forget_payload(flow: Flow, payload: str) -> None:
    """Destroy the payload in which an ad came: it cannot be cut."""
    for row in flow.control.documents():
        if any(str(row["sha256"]).startswith(name[:16]) for name in payload.split("+") if name):
            flow.vault.forget(row["sha256"])
            flow.control.forget_document(row["sha256"], row["source_id"])


def _forget_contents(flow: Flow, words: set[tuple[str, str]]) -> None:
    """Take out the words that no other ad bears."""
    held = pa.table({"content": pa.array(sorted(content for _, content in words), pa.string())})
    query = "select distinct source_id, content from raw_sightings where content in (select content from asked)"
    schema = pa.schema([("source_id", pa.string()), ("content", pa.string())])
    rows = flow.lake.table(query, ("raw_sightings",), schema, {"asked": held}).to_pylist()
    gone = words - {(row["source_id"], row["content"]) for row in rows}
    for source_id in {source_id for source_id, _ in gone}:
        contents = ", ".join(f"'{c}'" for s, c in sorted(gone) if s == source_id)
        for name in _WORDS:
            flow.lake.remove(name, f"source_id = '{source_id}' and content in ({contents})")


def _forget_messages(home: Path, words: Collection[str]) -> None:
    """Destroy messages that wait and bear one of these words."""
    for path in (home / "outbox").glob("*"):
        text = path.read_text("utf-8", "replace")
        if any(word in text for word in words):
            path.unlink()


def _clean_release(folder: Path, keys: Collection[str]) -> None:
    """Write a release anew without cases of review about these ads, where it has some."""
    file, sealed = folder / mart.NAME, manifest(folder)
    if sealed is None or not file.exists():
        return
    of_them = " or ".join(f"subject like '%{key}%' or ad_key = '{key}'" for key in keys)
    files = {"old": file}
    query = f"select count(*) as n from old.review where {of_them}"  # noqa: S608 - keys are hexadecimal
    if not mart.query_files(files, query, {})["n"][0].as_py():
        return
    names = mart.query_files(
        files, "select table_name as name from duckdb_tables() where database_name = 'old'", {}
    )["name"].to_pylist()
    left = folder / f"{mart.NAME}.left"
    queries = {name: f'select * from old."{name}"' for name in names}  # noqa: S608 - names of ours
    mart.copied(left, files, queries | {"review": f"{queries['review']} where not ({of_them})"})
    left.replace(file)
    seal(folder, None, **{name: value for name, value in sealed.items() if name != "files"})
