"""A real PostgreSQL on loopback, in a folder of its own, from the programs of the system's packages."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

PASSWORD = "geheim-3141"
_PLACES = (*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/local/bin"))
_OWNERS = ("postgres", "nobody")


def _program(name: str) -> str:
    path = shutil.which(name) or shutil.which(name, path=os.pathsep.join(map(str, _PLACES)))
    if path is None:
        pytest.skip(f"no server of PostgreSQL on this machine ({name}): apt-get install postgresql")
    return path


def _owner() -> str | None:
    """The user who runs the server: it refuses to be run by root."""
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return None if os.geteuid() else next(name for name in _OWNERS if name in names)


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a server, which ends with the caller; its words sort as French does, not as bytes."""
    initdb, server = _program("initdb"), _program("postgres")
    folder, owner = Path(mkdtemp(prefix="marsad-postgres-")), _owner()
    password = folder / "password"
    password.write_text(PASSWORD)
    if owner:
        shutil.chown(folder, owner)
        shutil.chown(password, owner)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    sorting = ("--locale=C", "--encoding=UTF8", "--locale-provider=icu", "--icu-locale=fr")
    made = subprocess.run(
        [initdb, "-D", folder / "data", "-U", "marsad", "-A", "scram-sha-256", "--no-sync",
         "--pwfile", password, *sorting],
        user=owner, group=owner and (owner if owner != "nobody" else None), cwd=folder,
        capture_output=True, text=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    options = {"fsync": "off", "listen_addresses": "127.0.0.1", "port": port,
               "unix_socket_directories": str(folder), "max_connections": "60"}  # fmt: skip
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [server, "-D", folder / "data", *words], user=owner, cwd=folder, stdout=log, stderr=log
    )
    address = f"postgresql://marsad:{PASSWORD}@127.0.0.1:{port}"
    try:
        _wait(process, f"{address}/postgres", folder / "log")
        yield address
    finally:
        process.send_signal(2)  # fast: whoever is connected is cut off
        process.wait(60)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        else:
            return


def new_database(address: str, name: str) -> str:
    """The address of a new, empty database of a server."""
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    return f"{address}/{name}"
