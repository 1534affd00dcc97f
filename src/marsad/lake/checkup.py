"""What of an installation is damaged, part by part, and what can be done about each."""

from __future__ import annotations

import hashlib
import os
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from marsad.base.errors import NotFoundError, PlaceError
from marsad.base.settings import Settings
from marsad.lake import edition, mart, secret, wholeness
from marsad.lake.control import Control, open_control
from marsad.lake.folders import damage, manifest
from marsad.lake.tables import tables
from marsad.lake.vault import Vault

_RESTORE = "restore a backup"
LEAST_FREE_BYTES = 500_000_000
"""Free space of the disk below which nothing is begun."""


class Finding(NamedTuple):
    """A damaged part of an installation: what, how, and what can be done. `step` computes a table
    anew or releases, `folder` is of no use any more, `private` is open to others."""

    part: str
    damage: str
    remedy: str
    table: str = ""
    step: str = ""
    folder: Path | None = None
    private: Path | None = None


def examine(settings: Settings) -> list[Finding]:
    """Everything that is damaged in an installation; nothing is changed."""
    home = settings.home
    findings = [*_place(home), *_tables(home / "lake"), *_editions(home), *_secret(home)]
    try:
        control = open_control(settings)
    except PlaceError as error:
        return [Finding("control database", str(error), _RESTORE), *findings]
    if reason := control.damage():
        findings.append(Finding("control database", reason, _RESTORE))
        return findings
    findings += [*_releases(home, control), *_ledger(control)]
    return [*findings, *_vault(home / "vault", control)]


def _place(home: Path) -> Iterator[Finding]:
    """The disk, and what others of this machine could read."""
    free = shutil.disk_usage(home).free
    if free < LEAST_FREE_BYTES:
        words = f"{free // 1_000_000:,} MB are free, {LEAST_FREE_BYTES // 1_000_000} are needed"
        yield Finding("disk", words, "free some, or move MARSAD_HOME to another disk")
    if not os.access(home, os.W_OK):
        yield Finding("disk", f"{home} cannot be written", "give the right back, or mount it anew")
    kept = [home, *home.glob("control.db*"), *home.glob("secret*"), home / "outbox", home / "vault"]
    kept += [*(home / "outbox").glob("*"), *(home / "vault").rglob("*")]
    for path in kept:
        if path.exists() and (mode := path.stat().st_mode) & 0o077:
            words = f"others may read it ({mode & 0o777:04o})"
            part = "rights of " + (str(path.relative_to(home)) if path != home else home.name)
            yield Finding(part, words, "--mend (for its owner alone)", private=path)
    for path in (home / "outbox").glob("*.part"):
        yield Finding(
            f"message {path.name}", "its writing was cut off", "--mend (removes it)", folder=path
        )


def _ledger(control: Control) -> Iterator[Finding]:
    """The clock, the audit trail, and runs that ended without a word."""
    newest = next(iter(control.releases()), None)
    if newest and newest["published_at"] > control.now():
        words = f"it says {control.now()[:19]}, release {newest['id']} was published at {newest['published_at'][:19]}"
        yield Finding("clock", words, "set the clock of the machine right")
    if (number := control.broken_audit()) is not None:
        words = f"entry {number} does not follow from the one before: it was changed, or one was taken out"
        yield Finding("audit trail", words, "compare with a backup: `marsad audit --verify`")
    for run in control.left_running():
        words = f"it left `running` since {run['started_at'][:19]}, its process has ended"
        yield Finding(
            f"run {run['id']} ({run['step']})", words, "the next step settles it; or --mend"
        )


def _tables(root: Path) -> Iterator[Finding]:
    for name, reason in wholeness.damages(root, files=True).items():
        step = tables()[name].rebuilt_by if name in tables() else ""
        remedy = (
            f"--mend (by {step})" if step else f"{_RESTORE}, or take it as it is: --accept {name}"
        )
        yield Finding(f"table {name}", reason, remedy, name, step)


def _editions(home: Path) -> Iterator[Finding]:
    """Editions of the ads that are not whole, and those whose making was cut off."""
    for folder in sorted((home / edition.FOLDER).glob("*")):
        part = f"edition {folder.name}"
        if folder.suffix == ".part" or not manifest(folder):
            yield Finding(part, "its making was cut off", "--mend (removes it)", folder=folder)
        elif reason := damage(folder, hashes=True):
            remedy = "--mend (removes it and makes one anew)"
            yield Finding(part, reason, remedy, step="edition", folder=folder)


def _secret(home: Path) -> Iterator[Finding]:
    if reason := secret.damage(home):
        yield Finding("secret", reason, _RESTORE)


def _releases(home: Path, control: Control) -> Iterator[Finding]:
    """Releases that are named and not whole, newest first, folders that no release names, and whether their
    ads can be shown."""
    root = home / "releases"
    named = [str(release["id"]) for release in control.releases()]
    for number, name in enumerate(named):
        folder = root / name
        if folder.exists() and (reason := _damage(folder)):
            remedy = "--mend (removes it" + (")" if number else " and releases anew)")
            step = "" if number else "release"
            yield Finding(f"release {name}", reason, remedy, step=step, folder=folder)
        elif not folder.exists() and not number:
            words = "its folder is gone"
            yield Finding(f"release {name}", words, "--mend (releases anew)", step="release")
    if named and edition.newest(home) is None:
        yield Finding("editions", "there is none", "--mend (makes one anew)", step="edition")
    for folder in sorted(root.glob("*")):
        if folder.name not in named:
            words = "no release of that name was published: its making was cut off"
            yield Finding(f"release {folder.name}", words, "--mend (removes it)", folder=folder)


def _damage(folder: Path) -> str:
    if (folder / mart.NAME).exists() and manifest(folder) is None:
        return "its manifest is missing, or cannot be read"
    return damage(folder, hashes=True)


def _vault(root: Path, control: Control) -> Iterator[Finding]:
    vault = Vault(root)
    documents = control.documents()
    if unknown := vault.names() - {document["sha256"] for document in documents}:
        words = "no entry says of which source they are, nor until when they may be kept"
        remedy = "`marsad forget` destroys them; or restore a backup of the control database"
        yield Finding(f"{len(unknown)} payloads", words, remedy)
    for document in documents:
        if document["expires_on"] == document["received_at"][:10]:  # of a source that keeps none
            continue
        if reason := _payload_damage(vault, document["sha256"]):
            part = f"payload {document['sha256'][:12]} of {document['source_id']}"
            yield Finding(part, reason, f"{_RESTORE}; what was read from it is in the tables")


def _payload_damage(vault: Vault, sha256: str) -> str:
    try:
        data = vault.open(sha256)
    except NotFoundError:
        return "it is missing"
    except (OSError, EOFError, zlib.error) as error:
        return f"it cannot be unpacked ({error})"
    return "" if hashlib.sha256(data).hexdigest() == sha256 else "it is not what was received"
