"""Where backups lie: pieces of files by what they hold, and snapshots that name them.

    marsad-backup.json   the format, and whether a key is needed
    pieces/ab/abcd...    a piece of at most 8 MB, once however many files or snapshots have it
    snapshots/<moment>   every file of an installation at a moment, with its pieces
    erasures             who was erased since, for what is brought back later

With a key everything but the first file is sealed by AES-256-GCM (NIST SP 800-38D) under random nonces, bound to
its name, and pieces are named by a keyed hash: who has the folder alone can neither read, guess nor exchange them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from marsad.base.errors import NotFoundError, PlaceError
from marsad.lake.folders import make_private

HEADER, ERASURES = "marsad-backup.json", "erasures"
PIECE_BYTES, KEY_BYTES, _NONCE = 8_000_000, 32, 12
_MOMENT = re.compile(r"\d{8}T\d{6}\d*Z")


class Entry(msgspec.Struct, frozen=True):
    """A file of a snapshot: bytes, time of change (ns), rights, SHA-256, and its pieces in order."""

    size: int
    changed: int
    mode: int
    sha256: str
    pieces: tuple[str, ...]


class Snapshot(msgspec.Struct, frozen=True):
    """An installation at a moment: the version of Marsad that it ran, its files by path, and releases that were
    left out because they were damaged."""

    made_at: str
    version: str
    files: dict[str, Entry]
    left_out: tuple[str, ...] = ()


def key_at(path: Path, *, make: bool = False) -> bytes:
    """The key in a file; with `make` a new one where there is no file, for its owner alone. PlaceError: there is
    none, or it is no key."""
    try:
        if make and not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(KEY_BYTES) + "\n", "ascii")
        key = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise PlaceError(f"The key of the backup at {path} cannot be read: {error}.") from None
    if len(key) != KEY_BYTES:
        raise PlaceError(
            f"{path} is no key of a backup: it holds {len(key)} bytes, not {KEY_BYTES}."
        )
    return key


class Repository:
    """The backups in one folder."""

    def __init__(self, folder: Path, key: bytes | None = None) -> None:
        """PlaceError: the folder holds something else, or is sealed under another key than the given one."""
        self.folder, self._key = folder, key
        self._cipher = AESGCM(key) if key else None
        header = folder / HEADER
        if not header.exists():
            return
        try:
            sealed = json.loads(header.read_text("utf-8"))["sealed"]
        except (ValueError, KeyError, TypeError):
            raise PlaceError(
                f"{header} is damaged: the folder cannot be read as a backup."
            ) from None
        if bool(sealed) != bool(key):
            need = "needs its key (--key FILE)" if sealed else "is not sealed: it takes no key"
            raise PlaceError(f"The backup {folder} {need}.")
        if sealed and sealed != self._name(b"marsad"):
            raise PlaceError(f"The backup {folder} is sealed under another key.")

    @property
    def there(self) -> bool:
        """Whether the folder holds backups."""
        return (self.folder / HEADER).exists()

    def begin(self) -> None:
        """Make the folder ready for its first snapshot; PlaceError when it holds anything else."""
        if self.there:
            return
        if self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            raise PlaceError(
                f"The backup {self.folder} is not an empty folder, and no backup: nothing was written."
            )
        make_private(self.folder)
        header = {"format": 2, "sealed": self._name(b"marsad") if self._key else ""}
        _write(self.folder / HEADER, json.dumps(header).encode())

    def keep(self, path: Path) -> Entry:
        """Keep a file; its entry."""
        state, whole, pieces, size = path.stat(), hashlib.sha256(), list[str](), 0
        with path.open("rb") as file:
            while part := file.read(PIECE_BYTES):
                whole.update(part)
                size += len(part)
                pieces.append(self._keep_piece(part))
        return Entry(
            size, state.st_mtime_ns, state.st_mode & 0o777, whole.hexdigest(), tuple(pieces)
        )

    def _keep_piece(self, part: bytes) -> str:
        name = self._name(part)
        if not (place := self._piece(name)).exists():
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(place, self._seal(part, name))
        return name

    def bring(self, entry: Entry, target: Path) -> None:
        """Write a file as it was; PlaceError when a piece is missing, or not what was kept."""
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.touch(mode=0o600)
        with target.open("wb") as file:
            for part in self.parts(entry):
                file.write(part)
        target.chmod(entry.mode)
        os.utime(target, ns=(entry.changed, entry.changed))

    def parts(self, entry: Entry) -> Iterator[bytes]:
        """What a file holds, piece by piece; PlaceError as `bring`."""
        whole = hashlib.sha256()
        for name in entry.pieces:
            try:
                part = self._open(self._piece(name).read_bytes(), name)
            except FileNotFoundError:
                raise PlaceError(f"a piece of it is missing ({name[:12]})") from None
            if self._name(part) != name:
                raise PlaceError(f"a piece of it is not what was written ({name[:12]})")
            whole.update(part)
            yield part
        if whole.hexdigest() != entry.sha256:
            raise PlaceError("it is not what was written")

    def snapshots(self) -> list[str]:
        """The names of the snapshots, which are their moments (UTC), newest first."""
        places = (self.folder / "snapshots").glob("*")
        return sorted((p.name for p in places if _MOMENT.fullmatch(p.name)), reverse=True)

    def snapshot(self, name: str) -> Snapshot:
        """A snapshot; PlaceError when it cannot be read."""
        try:
            data = self._open((self.folder / "snapshots" / name).read_bytes(), name)
            return msgspec.json.decode(data, type=Snapshot)
        except (OSError, msgspec.DecodeError, PlaceError) as error:
            raise PlaceError(
                f"The backup of {name} in {self.folder} is damaged ({error})."
            ) from None

    def newest(self, until: str = "") -> str:
        """The newest snapshot, of those made until a moment where one is given; NotFoundError for none."""
        names = [name for name in self.snapshots() if not until or name <= until]
        if not names:
            when = f" made until {until}" if until else ""
            raise NotFoundError(f"There is no backup{when} in {self.folder}.")
        return names[0]

    def enter(self, name: str, snapshot: Snapshot) -> None:
        """Enter a snapshot once all of its pieces are kept."""
        folder = self.folder / "snapshots"
        folder.mkdir(exist_ok=True, mode=0o700)
        _write(folder / name, self._seal(msgspec.json.encode(snapshot), name))

    def prune(self, before: str) -> tuple[int, int]:
        """Destroy the snapshots made before a moment, but the newest, and the pieces that no other has; how many
        of each."""
        names = self.snapshots()
        old = [name for name in names[1:] if name < before]
        for name in old:
            (self.folder / "snapshots" / name).unlink()
        kept = {
            piece
            for name in self.snapshots()
            for entry in self.snapshot(name).files.values()
            for piece in entry.pieces
        }
        gone = [p for p in (self.folder / "pieces").glob("*/*") if p.name not in kept]
        for place in gone:
            place.unlink()
        return len(old), len(gone)

    def erasures(self) -> list[dict[str, str]]:
        """Who was erased after snapshots were made."""
        place = self.folder / ERASURES
        if not place.exists():
            return []
        rows: list[dict[str, str]] = json.loads(self._open(place.read_bytes(), ERASURES))
        return rows

    def keep_erasures(self, rows: list[dict[str, str]]) -> None:
        """Keep the list of erasures, for what is brought back later."""
        _write(self.folder / ERASURES, self._seal(json.dumps(rows).encode(), ERASURES))

    def _piece(self, name: str) -> Path:
        return self.folder / "pieces" / name[:2] / name

    def _name(self, part: bytes) -> str:
        return hashlib.blake2b(part, digest_size=32, key=self._key or b"").hexdigest()

    def _seal(self, data: bytes, name: str) -> bytes:
        if not self._cipher:
            return data
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, data, name.encode())

    def _open(self, data: bytes, name: str) -> bytes:
        if not self._cipher:
            return data
        try:
            return self._cipher.decrypt(data[:_NONCE], data[_NONCE:], name.encode())
        except (InvalidTag, ValueError):
            raise PlaceError(
                f"what is sealed in it is not what was written ({name[:12]})"
            ) from None


def _write(place: Path, data: bytes) -> None:
    """Write a file as a whole, on the disk before it is named."""
    part = place.with_name(f"{place.name}.part")
    part.touch(mode=0o600)
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(place)
