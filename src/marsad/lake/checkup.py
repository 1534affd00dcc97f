"""What of an installation is damaged, part by part, and what can be done about each."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from marsad.base.errors import NotFoundError, PlaceError
from marsad.base.settings import Settings
from marsad.lake import edition, wholeness
from marsad.lake.control import Control, open_control
from marsad.lake.folders import damage, manifest
from marsad.lake.secret import NAME, SIZE
from marsad.lake.tables import tables
from marsad.lake.vault import Vault

_RESTORE = "restore a backup"


class Finding(NamedTuple):
    """A damaged part of an installation: what, how, and what can be done. `step` computes a table
    anew or releases, `folder` is of no use any more."""

    part: str
    damage: str
    remedy: str
    table: str = ""
    step: str = ""
    folder: Path | None = None


def examine(settings: Settings) -> list[Finding]:
    """Everything that is damaged in an installation; nothing is changed."""
    home = settings.home
    findings = [*_tables(home / "lake"), *_editions(home), *_secret(home)]
    try:
        control = open_control(settings)
    except PlaceError as error:
        return [Finding("control database", str(error), _RESTORE), *findings]
    if reason := control.damage():
        findings.append(Finding("control database", reason, _RESTORE))
        return findings
    return [*findings, *_releases(home / "releases", control), *_vault(home / "vault", control)]


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
    path = home / NAME
    if path.exists() and path.stat().st_size != SIZE:
        yield Finding("secret", f"it has {path.stat().st_size} bytes, not {SIZE}", _RESTORE)


def _releases(root: Path, control: Control) -> Iterator[Finding]:
    """Releases that are named and not whole, newest first, and folders that no release names."""
    named = [str(release["id"]) for release in control.releases()]
    for number, name in enumerate(named):
        folder = root / name
        if folder.exists() and (reason := damage(folder, hashes=True)):
            remedy = "--mend (removes it" + (")" if number else " and releases anew)")
            step = "" if number else "release"
            yield Finding(f"release {name}", reason, remedy, step=step, folder=folder)
        elif not folder.exists() and not number:
            words = "its folder is gone"
            yield Finding(f"release {name}", words, "--mend (releases anew)", step="release")
    for folder in sorted(root.glob("*")):
        if folder.name not in named:
            words = "no release of that name was published: its making was cut off"
            yield Finding(f"release {folder.name}", words, "--mend (removes it)", folder=folder)


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
