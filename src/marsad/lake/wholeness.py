"""Whether the tables of a lake are as they were left: what a log that went back does not tell itself.

A log that loses its newest commits, or whose commit was emptied, is a whole log of an older table: rows
vanish without an error. So after each writing the files of every log, with their sizes, are written
down beside the tables (`_whole/<table>.json`; their hashes in `_whole/logs`), and compared before the next one. A log that is ahead of
what was written down (its writer was killed) is taken as it is when its commits can be read. Of the files of
rows, size and hash are written down (`_whole/rows/<table>.json`): sizes are compared before each writing,
hashes when someone asks whether everything is whole.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

import pyarrow.parquet as pq

from marsad.base.errors import NotFoundError, PlaceError

_LOG, _KNOWN, _ASIDE = "_delta_log", "_whole", "_damaged"
_FILE = re.compile(r"(\d{20})\.(json|checkpoint[\w.-]*\.parquet)")


def _log(folder: Path) -> dict[str, int]:
    """The files of a table's log that make it what it is: those of its newest checkpoint, and the
    commits after it; name -> bytes."""
    sizes = {
        path.name: path.stat().st_size
        for path in (folder / _LOG).glob("*")
        if _FILE.fullmatch(path.name)
    }
    newest = max((version(name) for name in sizes if "checkpoint" in name), default=-1)
    return {
        name: size
        for name, size in sizes.items()
        if version(name) > newest or (version(name) == newest and "checkpoint" in name)
    }


def version(name: str) -> int:
    """The version that a file of a log makes."""
    return int(name[:20])


def _known(root: Path, name: str) -> dict[str, int]:
    try:
        files = json.loads((root / _KNOWN / f"{name}.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        return {}  # cut off by a full disk: as if it had not been written
    return {str(k): int(v) for k, v in files.items()} if isinstance(files, dict) else {}


def _names(root: Path) -> list[str]:
    """The tables that are there, or of which something is written down."""
    tables = {path.parent.name for path in root.glob(f"*/{_LOG}")}
    return sorted(tables | {path.stem for path in (root / _KNOWN).glob("*.json")})


def remember(root: Path) -> None:
    """Write down the log and the files of rows of every table as they are now; PlaceError when the disk
    refuses."""
    for name in _names(root):
        log = _log(root / name)
        if log and log != _known(root, name):
            try:
                _write_down(_rows_path(root, name), _rows_now(root, name, log))
                _write_down(_logs_path(root, name), _hashes(root, name, log))
                _write_down(root / _KNOWN / f"{name}.json", log)
            except OSError as error:
                raise PlaceError(f"The lake cannot be written at {root}: {error}.") from error


def _logs_path(root: Path, name: str) -> Path:
    return root / _KNOWN / "logs" / f"{name}.json"


def _hashes_known(root: Path, name: str) -> dict[str, str]:
    try:
        hashes: dict[str, str] = json.loads(_logs_path(root, name).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return hashes


def _hashes(root: Path, name: str, log: Mapping[str, int]) -> dict[str, str]:
    """The hashes of the files of a log; those that were written down are not read again."""
    known = _hashes_known(root, name)
    return {file: known.get(file) or _hash(root / name / _LOG / file) for file in log}


def _write_down(path: Path, files: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(files), "utf-8")
    part.replace(path)


Rows = dict[str, tuple[int, str]]
"""Files of rows of a table: name -> bytes and SHA-256."""


def _rows_path(root: Path, name: str) -> Path:
    return root / _KNOWN / "rows" / f"{name}.json"


def _rows_known(root: Path, name: str) -> Rows:
    try:
        files = json.loads(_rows_path(root, name).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(file): (int(size), str(sha)) for file, (size, sha) in files.items()}


def _rows_now(root: Path, name: str, log: Mapping[str, int]) -> Rows:
    """The files of rows as the log names them now: those written down, brought forward by the commits that
    are new; all of them anew where a commit between is not there any more."""
    known, folder = _rows_known(root, name), root / name
    was = max(map(version, _known(root, name)), default=-1)
    new = sorted(f for f in log if version(f) > was and f.endswith(".json"))
    follows = bool(new) and version(new[0]) == was + 1 and (known or was < 0)
    sizes = {file: size for file, (size, _) in known.items()} if follows else {}
    for action in _commits(folder, new) if follows else _actions(folder):
        if added := action.get("add"):
            sizes[str(added["path"])] = int(str(added["size"]))
        if removed := action.get("remove"):
            sizes.pop(str(removed["path"]), None)
    return {
        file: known[file] if file in known else (size, _hash(folder / unquote(file)))
        for file, size in sizes.items()
    }


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _commits(folder: Path, files: Sequence[str]) -> Iterator[dict[str, dict[str, object]]]:
    for file in files:
        yield from map(json.loads, (folder / _LOG / file).read_text("utf-8").splitlines())


def accept(root: Path, name: str, stamp: str) -> str:
    """Take a damaged table for whole as it is now, without commits that cannot be read; what was done.

    NotFoundError when no damaged table has that name.
    """
    if name not in damages(root, files=True):
        raise NotFoundError(f"There is no damaged table {name!r}.")
    _forget(root, name)
    return set_back(root, name, stamp) if _log_damage(root, name)[1] else "taken as it is"


def _forget(root: Path, name: str) -> None:
    (root / _KNOWN / f"{name}.json").unlink(missing_ok=True)
    _rows_path(root, name).unlink(missing_ok=True)
    _logs_path(root, name).unlink(missing_ok=True)


def damages(root: Path, *, files: bool = False) -> dict[str, str]:
    """Table -> what is wrong with it, for those that are not as they were left: its log, and the sizes of
    its files of rows; with `files` what stands in these as well."""
    reasons = {name: _log_damage(root, name)[1] for name in _names(root)}
    for name in reasons:
        reasons[name] = reasons[name] or next(_size_damage(root, name), "")
        if files:
            reasons[name] = reasons[name] or _unreadable(root, name)
            reasons[name] = reasons[name] or next(_rows_damage(root, name), "")
    return {name: reason for name, reason in reasons.items() if reason}


def _unreadable(root: Path, name: str) -> str:
    """What is wrong with the contents of a table's log, or with what was written down of it."""
    hashes = _hashes_known(root, name)
    for file in sorted(_log(root / name)):
        path = root / name / _LOG / file
        if not _readable(path) or hashes.get(file) not in (None, _hash(path)):
            return f"{file} of its log is not what was written"
    for path in (root / _KNOWN / f"{name}.json", _rows_path(root, name), _logs_path(root, name)):
        try:
            if path.exists():
                json.loads(path.read_text("utf-8"))
        except ValueError:
            return "what was written down of it cannot be read"
    return ""


def require(root: Path) -> None:
    """PlaceError, naming the tables, when some are not as they were left."""
    if reasons := damages(root):
        names = "; ".join(f"table {name}: {reason}" for name, reason in reasons.items())
        raise PlaceError(
            f"The lake is damaged ({names}). Nothing was done, and the last release is served:"
            " `marsad doctor` says what can be done."
        )


def _log_damage(root: Path, name: str) -> tuple[int, str]:
    """The first version that is damaged, and what is wrong; (0, '') when nothing is."""
    log, known = _log(root / name), _known(root, name)
    if not log:
        return 0, "its log is gone" if known else ""
    first = min(map(version, log))  # the newest checkpoint's, where there is one
    checked = any("checkpoint" in file for file in log)
    newest, was = max(map(version, log)), max(map(version, known), default=-1)
    for file in sorted({*log, *known}):
        size = log.get(file)
        if size is None:
            if version(file) < first or (checked and version(file) == first):
                continue  # the checkpoint stands for it
            if version(file) > newest:
                return version(file), f"its log went back from version {was} to {newest}"
            return version(file), f"{file} of its log is missing"
        if size != known.get(file, size):
            return version(file), f"{file} of its log has {size:,} bytes, not {known[file]:,}"
        if file not in known and not _readable(root / name / _LOG / file):
            return version(file), f"{file} of its log cannot be read"
    return 0, ""


def _readable(path: Path) -> bool:
    """Whether a file of a log is a checkpoint, or a commit of whole lines of JSON."""
    try:
        if path.suffix == ".parquet":
            return bool(pq.ParquetFile(path).metadata.num_rows)
        return len([json.loads(line) for line in path.read_text("utf-8").splitlines()]) > 0
    except (OSError, ValueError):
        return False


def _actions(folder: Path) -> Iterator[dict[str, dict[str, object]]]:
    for file in sorted(_log(folder), key=lambda name: (version(name), "json" in name)):
        path = folder / _LOG / file
        if path.suffix == ".parquet":
            yield from pq.read_table(path, columns=["add.path", "add.size"]).to_pylist()
        else:
            yield from map(json.loads, path.read_text("utf-8").splitlines())


def _size_damage(root: Path, name: str) -> Iterator[str]:
    """What is wrong with the files of rows that were written down, by their sizes."""
    ahead = bool(_log(root / name).keys() - _known(root, name).keys())
    for file, (size, _) in _rows_known(root, name).items():
        try:
            size_now = (root / name / unquote(file)).stat().st_size
        except FileNotFoundError:
            if not ahead:  # else a run that was killed may have taken it out: its log tells
                yield f"its file {file} is missing"
            continue
        if size_now != size:
            yield f"its file {file} has {size_now:,} bytes, not {size:,}"


def _rows_damage(root: Path, name: str) -> Iterator[str]:
    """What is wrong with the files of rows that a log names."""
    sizes: dict[str, object] = {}
    folder, known = root / name, _rows_known(root, name)
    for action in _actions(folder):
        if added := action.get("add"):
            sizes[str(added["path"])] = added["size"]
        if removed := action.get("remove"):
            sizes.pop(str(removed["path"]), None)
    for file, size in sizes.items():
        path = folder / unquote(file)
        if not path.is_file():
            yield f"its file {file} is missing"
        elif path.stat().st_size != size:
            yield f"its file {file} has {path.stat().st_size:,} bytes, not {size:,}"
        elif file in known and _hash(path) != known[file][1]:
            yield f"its file {file} is not what was written"


def set_back(root: Path, name: str, stamp: str, *, entirely: bool = False) -> str:
    """Take a damaged table back to its last version that is whole, or away when there is none; what
    was done; or away `entirely`, where the tables computed with it must go too. The files go to
    `_damaged`. For tables that are computed anew afterwards."""
    folder, aside = root / name, root / _ASIDE / f"{name}-{stamp}"
    first, reason = _log_damage(root, name)
    aside.parent.mkdir(exist_ok=True)
    if (
        entirely
        or not reason
        or not first
        or any("checkpoint" in f for f in _log(folder) if version(f) >= first)
    ):
        if folder.exists():
            shutil.move(folder, aside)
        _forget(root, name)
        return "taken away, to be computed anew"
    aside.mkdir()
    for path in (folder / _LOG).glob("*"):
        if _FILE.fullmatch(path.name) and version(path.name) >= first:
            shutil.move(path, aside / path.name)
    _forget(root, name)
    return f"taken back to version {first - 1}"
